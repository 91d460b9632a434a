from datetime import timedelta

import psycopg2.errors

from odoo import api, fields, models
from odoo.tools import SQL, format_datetime

from ..registry.dispatch import NOT_IN_TIME
from .copro_transmission import LOCAL

# An upload and its account are put off by the same answer, not at the very same moment.
MARGIN = timedelta(seconds=10)


class CoproDeclarantAccount(models.Model):
    """The registry asks to wait: it asks the account, and not one upload."""

    _inherit = "copro.declarant.account"

    busy_until = fields.Datetime(
        string="Registry busy until",
        readonly=True,
        protected=True,
        copy=False,
        help="The registry has asked not to be called until then.",
    )
    rest_message = fields.Char(compute="_compute_rest_message")

    @api.depends("busy_until")
    @api.depends_context("lang", "tz")
    def _compute_rest_message(self):
        for account in self:
            account.rest_message = account._is_resting() and account.env._(
                "The registry asks to wait until %(moment)s: the uploads leave then, or as soon "
                "as a connection test by a main administrator succeeds.",
                moment=format_datetime(self.env, account.busy_until, dt_format="short"),
            )

    def _heed(self, outcome):
        """Heed the ``Retry-After`` of an answer; our own pace concerns nobody else."""
        if outcome.retry_after and outcome.code != NOT_IN_TIME:
            self._rest(outcome.retry_after)

    def _rest(self, seconds):
        """No call before so many seconds (RFC 9110, 10.2.3)."""
        until = fields.Datetime.now() + timedelta(seconds=seconds)
        if self.busy_until and self.busy_until >= until:
            return
        try:
            with self.env.cr.savepoint():
                self.busy_until = until
        except psycopg2.errors.SerializationFailure:
            self.invalidate_recordset(["busy_until"])  # another worker was told the same

    def _is_resting(self):
        return bool(self.busy_until and self.busy_until > fields.Datetime.now())

    def _let_leave(self):
        """What the registry has put off is due too: it answers again."""
        if self.busy_until:
            put_off = self._open_uploads(("next_attempt", ">=", self.busy_until - MARGIN))
            self.sudo().busy_until = False
            put_off.write({"next_attempt": fields.Datetime.now()})
            self.env["copro.transmission"]._schedule_next()
        return super()._let_leave()


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
        if self.company_id.sudo().copro_account_id._is_resting():
            return self.env._(
                "The registry asks to wait until %(moment)s: this upload leaves then.",
                moment=moment,
            )
        if told and self.next_call > fields.Datetime.now():
            return self.env._("%(told)s Next attempt: %(moment)s.", told=told, moment=moment)
        return told
