from odoo import api, models
from odoo.exceptions import AccessError


class CoproCondominium(models.Model):
    """What is worked out is nobody's to write.

    ``readonly`` binds the screens only: a call could name another company's upload as
    the last one of a condominium, and read what it says.
    """

    _inherit = "copro.condominium"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_nothing_is_pretended(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_nothing_is_pretended(vals)
        return super().write(vals)

    def _check_nothing_is_pretended(self, vals):
        if not self.env.su and any(self._is_worked_out(name) for name in vals):
            raise AccessError(self.env._("What Odoo works out by itself cannot be written."))

    def _is_worked_out(self, name):
        field = self._fields.get(name)
        return bool(field and field.compute and field.readonly and not field.inverse)
