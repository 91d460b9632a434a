from odoo import api, fields, models

from ..tools.groups import READER


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

    def write(self, vals):
        """An archived company owes nothing; one that is back owes what it did."""
        result = super().write(vals)
        if "active" in vals:
            self.env["copro.condominium"]._review_soon([("company_id", "in", self.ids)])
        return result

    def _copro_language(self, user):
        """The language of a message to ``user``: the company's for what started by itself."""
        by_itself = user == self.env.ref("base.user_root")
        return (by_itself and self.partner_id.lang) or user.lang

    def action_open_copro_account(self):
        """The technical parameters have a screen of their own: no system right is needed."""
        self.ensure_one()
        return self.env["copro.declarant.account"]._open(self)
