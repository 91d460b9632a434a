from odoo import api, models

from .today import today

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
            return
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE copro_condominium SET review_date = %s WHERE company_id IN %s",
            (today(), tuple(self.company_id.ids)),
        )
        Condominium.invalidate_model(["review_date"])
        self.env.ref("copro_registry.ir_cron_review")._trigger()
