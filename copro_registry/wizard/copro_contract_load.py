import base64

from odoo import fields, models
from odoo.exceptions import AccessError


class CoproContractLoad(models.TransientModel):
    """Load a contract profile from a zip: by the main administrator alone."""

    _name = "copro.contract.load"
    _inherit = "copro.protected.mixin"
    _description = "Load a contract profile"

    archive = fields.Binary(string="Profile (zip)", required=True, attachment=False)
    archive_name = fields.Char()

    def action_load(self):
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("copro_registry.group_main_administrator"):
            raise AccessError(self.env._("Only the main administrator may load a profile."))
        content = base64.b64decode(self.archive)
        profile = self.env["copro.contract.profile"].sudo()._load(content)
        return {
            "type": "ir.actions.act_window",
            "res_model": profile._name,
            "res_id": profile.id,
            "views": [(False, "form")],
        }
