from odoo import api, models

AT_ONCE = 200


class CoproDeclarantAccount(models.Model):
    """A company's account is part of each of its dossiers."""

    _inherit = "copro.declarant.account"

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        accounts._review_portfolio()
        return accounts

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {*self._declared_fields(), "contract_profile", "company_id"}:
            self._review_portfolio()
        return result

    def _review_portfolio(self):
        """Judge again the condominiums of these accounts: a few at once, many soon."""
        Condominium = self.env["copro.condominium"].sudo()
        domain = [("company_id", "in", self.company_id.ids)]
        some = Condominium.search(domain, limit=AT_ONCE + 1)
        if len(some) <= AT_ONCE:
            some._judge_again()
        else:
            Condominium._review_soon(domain)
