from odoo import api, models
from odoo.tools import SQL

from ...rnc.rules.version import version
from ...tools.today import today

AT_ONCE = 200
PARAMETER = "copro_registry.rules"  # by which rules the findings of the database were found


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


class CoproCondominium(models.Model):
    """What is judged again, though nothing of it has changed."""

    _inherit = "copro.condominium"

    @api.model
    def _review_soon(self, domain):
        """Have the scheduled action judge again those of a domain, the archived ones too."""
        self.env.flush_all()
        found = self.sudo().with_context(active_test=False)._search(domain)
        # By the ORM, every date that follows from this one would be computed here and now.
        self.env.cr.execute(
            SQL(
                "UPDATE copro_condominium SET review_date = %s WHERE id IN %s",
                *(today(), found.subselect()),
            )
        )
        self.invalidate_model(["review_date"])
        self.env.ref("copro_registry.ir_cron_review")._trigger()

    @api.model
    def _review_after_upgrade(self):
        """At each upgrade: what other rules, or another catalogue, have found is found again.

        Called by ``data/copro_review.xml``, which every ``-u`` reads.
        """
        parameters = self.env["ir.config_parameter"].sudo()
        if parameters.get_param(PARAMETER) != version():
            parameters.set_param(PARAMETER, version())
            self._review_soon([])
