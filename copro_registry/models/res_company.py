from odoo import api, fields, models

READER = "copro_registry.group_reader"


class ResCompany(models.Model):
    _inherit = "res.company"

    copro_account_ids = fields.One2many(
        "copro.declarant.account", "company_id", string="Declarant accounts", groups=READER
    )
    copro_account_id = fields.Many2one(
        "copro.declarant.account",
        string="Declarant account",
        compute="_compute_copro_account_id",
        groups=READER,
    )

    @api.depends("copro_account_ids")
    def _compute_copro_account_id(self):
        for company in self:
            company.copro_account_id = company.copro_account_ids[:1]

    def action_open_copro_account(self):
        """The technical parameters have a screen of their own: no system right is needed."""
        self.ensure_one()
        return self.env["copro.declarant.account"]._open(self)
