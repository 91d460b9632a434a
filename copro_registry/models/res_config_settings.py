from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    copro_problem = fields.Char(
        compute="_compute_copro_problem",
        groups="copro_registry.group_reader",
        string="What is missing for the condominium registry",
    )

    @api.depends("company_id")
    def _compute_copro_problem(self):
        for settings in self:
            settings.copro_problem = settings.company_id.copro_account_id._why_not_usable()

    def action_open_copro_account(self):
        """The technical parameters have a screen of their own."""
        return self.env["copro.declarant.account"].action_open_mine()
