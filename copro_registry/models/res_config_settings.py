from odoo import models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    def action_open_copro_account(self):
        """The technical parameters have a screen of their own."""
        return self.env["copro.declarant.account"].action_open_mine()
