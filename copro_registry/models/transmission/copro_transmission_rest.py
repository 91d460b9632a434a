from odoo import api, fields, models
from odoo.tools import SQL, format_datetime

from .copro_transmission import LOCAL


class CoproTransmission(models.Model):
    """What the registry does not take now waits until it does, without an attempt."""

    _inherit = "copro.transmission"

    next_call = fields.Datetime(
        compute="_compute_next_call", help="When it is sent, or asked about, at the soonest"
    )

    @api.depends("next_attempt")
    def _compute_next_call(self):
        for transmission in self:
            busy_until = transmission.company_id.sudo().copro_account_id.busy_until
            moments = (transmission.next_attempt, busy_until)
            transmission.next_call = max(filter(None, moments), default=False)

    def _those_the_registry_takes(self):
        """The others are due when the registry takes calls again: `_first_of_each_company`."""
        resting = self._companies_at_rest(self.company_id.ids)
        return self.filtered(lambda t: t.company_id.id not in resting)

    @api.model
    def _companies_at_rest(self, company_ids):
        """Those of these companies whose registry has asked to wait."""
        if not company_ids:
            return set()
        query = SQL(
            "SELECT company_id FROM copro_declarant_account "
            "WHERE company_id IN %s AND busy_until > %s",
            *(tuple(company_ids), fields.Datetime.now()),
        )
        return {company_id for (company_id,) in self.env.execute_query(query)}

    def _sentence(self):
        """What waits says why, and until when."""
        told = super()._sentence()
        if self.state != "queued" or self.on_hold or self.failure_code == LOCAL:
            return told
        moment = format_datetime(self.env, self.next_call, dt_format="short")
        account = self.company_id.sudo().copro_account_id
        if account._is_resting():
            return account.hold_reason or self.env._(
                "The registry asks to wait until %(moment)s: this upload leaves then.",
                moment=moment,
            )
        if told and self.next_call > fields.Datetime.now():
            return self.env._("%(told)s Next attempt: %(moment)s.", told=told, moment=moment)
        return told
