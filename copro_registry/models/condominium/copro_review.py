from odoo import api, models
from odoo.tools import SQL

from ...rnc.rules.version import version
from ...tools.today import today

PARAMETER = "copro_registry.rules"  # by which rules the findings of the database were found


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
