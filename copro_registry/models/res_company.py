from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    copro_account_ids = fields.One2many(
        "copro.declarant.account", "company_id", string="Declarant accounts"
    )
    copro_account_id = fields.Many2one(
        "copro.declarant.account",
        string="Declarant account",
        compute="_compute_copro_account_id",
    )

    @api.depends("copro_account_ids")
    def _compute_copro_account_id(self):
        for company in self:
            company.copro_account_id = company.copro_account_ids[:1]

    def _copro_client(self):
        """A client of the registry for this company. Raises UserError."""
        return self.sudo().copro_account_id._client()
