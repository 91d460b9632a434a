from odoo import api, models

from ...tools.in_parts import apart, attempt, in_parts

TOGETHER = 500


class CoproUploadBatch(models.Model):
    """Annual updates that fall due leave by themselves, where a company wants it."""

    _inherit = "copro.upload.batch"

    @api.model
    def _process_annual_updates(self, together=TOGETHER):
        """Scheduled action: a batch of the annual updates that are due and ready.

        What was refused waits for a person: it is not sent again each night.
        """
        for part in in_parts(self._with_annual_updates(), together):
            self._start_annual_updates(part)

    @api.model
    def _with_annual_updates(self):
        """Those of the companies that opted in, whose fiscal year is approved, by company."""
        accounts = self.env["copro.declarant.account"].search(
            [("auto_annual", "=", True), ("company_id.active", "=", True)]
        )
        usable = apart(accounts, lambda some: some.mapped("problem"))
        usable = usable.filtered(lambda account: not account.problem)
        domain = [
            ("company_id", "in", usable.company_id.ids),
            ("registration_number", "!=", False),
            ("service_due", "=", "WS2_ANNUAL"),
            ("readiness_state", "!=", "not_ready"),
            *("|", ("transmission_id", "=", False), ("transmission_id.state", "=", "accepted")),
        ]
        due = self.env["copro.condominium"].search(domain, order="company_id, id")
        lines = self.env["copro.upload.batch.line"]
        return due - lines.search(lines._waiting_domain()).condominium_id

    @api.model
    def _start_annual_updates(self, condominiums):
        for company, due in condominiums.grouped("company_id").items():
            attempt(company, lambda one, due=due: self._start_for(one, due))

    @api.model
    def _start_for(self, company, condominiums):
        language = company.partner_id.lang or self.env.lang
        self.with_context(lang=language)._preview(condominiums).action_start()
