from odoo import api, fields, models


class CoproTransmission(models.Model):
    """What a copy of a database holds: it stays where it is, untouched.

    Nothing is written in a copy: Odoo may be neutralising it at this very moment.
    """

    _inherit = "copro.transmission"

    @api.model
    def _process_queue(self):
        self.env["copro.declarant.account"]._notify_copies()
        self.env.cr.commit()  # pylint: disable=invalid-commit
        return super()._process_queue()

    @api.model
    def _first_of_each_company(self, errand):
        """Without those for which this database does not send."""
        first = super()._first_of_each_company(errand)
        held = self._companies_held([company_id for company_id, _moment in first])
        return [line for line in first if line[0] not in held]

    def _those_the_registry_takes(self):
        """Asked within the transaction of the claim, of what is true now."""
        taken = super()._those_the_registry_takes()
        held = self._companies_held(taken.company_id.ids)
        return taken.filtered(lambda t: t.company_id.id not in held)

    @api.model
    def _companies_held(self, company_ids):
        """Those of these companies for which this database does not send."""
        accounts = self.env["copro.declarant.account"].sudo()
        found = accounts.search([("company_id", "in", list(company_ids))])
        return {account.company_id.id for account in found._held_from_here()}

    def _claim(self):
        claimed = super()._claim()
        for company, uploads in claimed.grouped("company_id").items():
            account = company.sudo().copro_account_id
            account._note_claim(uploads[0].claimed_at, uploads[0])
        return claimed

    def _ask_before_sending(self):
        """Of what is queued nobody knows whether it has left: the registry is asked."""
        told = self.env._(
            "This database was copied or restored: the registry is asked whether it has this "
            "upload already. It leaves once the registry says that it has not."
        )
        now = fields.Datetime.now()
        due = {"next_attempt": now, "quiet_until": now, "asks": 0}
        self.write({"state": "unknown", **due, **self._fault(told)})
        if self:
            self.env.ref("copro_registry.ir_cron_status")._trigger()

    def _sentence(self):
        """What waits in a copy says so."""
        if self.state == "queued":
            told = self.company_id.sudo().copro_account_id.copy_message
            if told:
                return told
        return super()._sentence()
