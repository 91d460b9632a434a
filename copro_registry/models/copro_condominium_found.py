from odoo import api, models
from odoo.exceptions import AccessError
from odoo.models import MAGIC_COLUMNS


class CoproCondominium(models.Model):
    """What is worked out, or found at the registry, is nobody's to write.

    ``readonly`` binds the screens only: a call could name another company's upload as
    the last one of a condominium, and read what it says; or pretend that the registry has
    attached it, or has its data. The number alone may be typed: it is on the registry's site.

    Loaded last: it sees what is asked for, not what the other parts add to it.
    """

    _inherit = "copro.condominium"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_nothing_is_pretended(vals)
        return super(CoproCondominium, self._without_pretended_defaults()).create(vals_list)

    def write(self, vals):
        self._check_nothing_is_pretended(vals)
        return super().write(vals)

    def _check_nothing_is_pretended(self, vals):
        if not self.env.su and any(self._is_found(name) for name in vals):
            raise AccessError(
                self.env._(
                    "What Odoo works out and what the registry says are not typed in: upload the "
                    "condominium, or compare it with the registry."
                )
            )

    def _without_pretended_defaults(self):
        """A context may bring values too, by the names of the fields."""
        pretended = [key for key in self.env.context if self._is_found(_field_of(key))]
        if self.env.su or not pretended:
            return self
        kept = {key: one for key, one in self.env.context.items() if key not in pretended}
        return self.with_env(self.env(context=kept))

    def _is_found(self, name):
        field = self._fields.get(name)
        return bool(field and field.readonly and not field.inverse and name not in MAGIC_COLUMNS)


def _field_of(key):
    return key.removeprefix("default_") if key.startswith("default_") else ""
