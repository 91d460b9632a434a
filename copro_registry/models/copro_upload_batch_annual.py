from odoo import api, models

TOGETHER = 500


class CoproUploadBatch(models.Model):
    """Annual updates that fall due leave by themselves, where a company wants it."""

    _inherit = "copro.upload.batch"

    @api.model
    def _process_annual_updates(self, together=TOGETHER):
        """Scheduled action: a batch of the annual updates that are due and ready.

        What was refused waits for a person: it is not sent again each night.
        """
        condominiums = self._with_annual_updates()
        progress = self.env["ir.cron"]._commit_progress
        seconds_left = progress(0, remaining=len(condominiums))
        for start in range(0, len(condominiums), together):
            if seconds_left <= 0:
                break
            part = condominiums[start : start + together]
            self._start_annual_updates(part)
            seconds_left = progress(len(part))

    @api.model
    def _with_annual_updates(self):
        """Those of the companies that opted in, whose exercise is approved, by company."""
        accounts = self.env["copro.declarant.account"].search([("auto_annual", "=", True)])
        usable = accounts.filtered(lambda account: not account._why_not_usable())
        domain = [
            ("company_id", "in", usable.company_id.ids),
            ("registration_number", "!=", False),
            ("service_due", "=", "WS2_ANNUAL"),
            ("readiness_state", "!=", "not_ready"),
            *("|", ("transmission_id", "=", False), ("transmission_id.state", "=", "registered")),
        ]
        return self.env["copro.condominium"].search(domain, order="company_id, id")

    @api.model
    def _start_annual_updates(self, condominiums):
        for company in condominiums.company_id:
            due = condominiums.filtered(lambda c, own=company: c.company_id == own)
            language = company.partner_id.lang or self.env.lang
            self.with_context(lang=language)._preview(due).action_start()
