from datetime import timedelta

import psycopg2.errors

from odoo import api, fields, models
from odoo.tools import format_datetime

from ...rnc.client import ANSWERED, REJECTED
from ...rnc.contract import CALLER
from ...rnc.dispatch import NOT_IN_TIME
from ...tools.in_parts import attempt
from ..transmission.copro_transmission_queue import HELD_BACK

# An upload and its account are put off by the same answer, not at the very same moment.
MARGIN = timedelta(seconds=10)


class CoproDeclarantAccount(models.Model):
    """The registry asks to wait, or does not let the account in: that concerns all its uploads.

    Its queue is passed over until ``busy_until``; ``hold_reason`` says why, when our own
    side has to be put right.
    """

    _inherit = "copro.declarant.account"

    busy_until = fields.Datetime(
        string="Registry busy until",
        readonly=True,
        protected=True,
        copy=False,
        help="The registry has asked not to be called until then.",
    )
    hold_reason = fields.Char(
        string="Why the registry does not let the account in",
        readonly=True,
        protected=True,
        copy=False,
    )
    rest_message = fields.Char(compute="_compute_rest_message")

    @api.depends("busy_until", "hold_reason")
    @api.depends_context("lang", "tz")
    def _compute_rest_message(self):
        for account in self:
            account.rest_message = account._is_resting() and account._rest_sentence()

    def _rest_sentence(self):
        moment = format_datetime(self.env, self.busy_until, dt_format="short")
        if self.hold_reason:
            return self.env._(
                "The registry does not let the account in: %(reason)s The uploads wait until "
                "this is put right: they leave as soon as the technical parameters are corrected "
                "or a connection test succeeds, and one is tried again at %(moment)s.",
                reason=self.hold_reason,
                moment=moment,
            )
        return self.env._(
            "The registry asks to wait until %(moment)s: the uploads leave then, or as soon "
            "as a connection test by a main administrator succeeds.",
            moment=moment,
        )

    def _heed(self, outcome):
        """What an answer says of the account, whatever it says of a file.

        ``Retry-After`` (our own pace concerns nobody else), a refusal of the account itself;
        or that it is let in again.
        """
        if outcome.kind == REJECTED and outcome.concerns == CALLER:
            self._rest(HELD_BACK.total_seconds(), self._why_not_let_in(outcome))
        elif outcome.retry_after and outcome.code != NOT_IN_TIME:
            self._rest(outcome.retry_after)
        elif outcome.kind == ANSWERED and self.hold_reason:
            attempt(self, lambda account: account._let_leave_once())

    def _why_not_let_in(self, outcome):
        """A refusal of the account, in the registry's words."""
        told = [self._told(one, outcome.profile) for one in outcome.answer.refusals]
        said = "\n".join(filter(None, told))
        return said or self.with_context(lang=self._language()).env._(
            "The registry does not let the account in, and does not say why (HTTP %(status)s): "
            "test the connection, then ask the registry's support.",
            status=outcome.status or "",
        )

    def _language(self):
        """Of what is kept for the people of the company, and written by a scheduled action."""
        return self.company_id.partner_id.lang or self.env.lang

    def _rest(self, seconds, reason=False):
        """No call before so many seconds (RFC 9110, 10.2.3), for ``reason`` if it is ours."""
        until = fields.Datetime.now() + timedelta(seconds=seconds)
        rests_already = self.busy_until and self.busy_until >= until - MARGIN
        if rests_already and self.hold_reason == reason:
            return
        try:
            with self.env.cr.savepoint():
                self.write(
                    {
                        "busy_until": max(until, self.busy_until or until),
                        "hold_reason": reason or self.hold_reason,
                    }
                )
        except psycopg2.errors.SerializationFailure:
            self.invalidate_recordset(["busy_until", "hold_reason"])  # another was told the same

    def _tell_of_the_hold(self):
        """Whoever can put it right is told, once: after what was recorded is committed."""
        for account in self.filtered("hold_reason"):
            account._tell_of_uploads_held_back(account.hold_reason)

    def _is_resting(self):
        return bool(self.busy_until and self.busy_until > fields.Datetime.now())

    def _let_leave_once(self):
        """Unless another worker, who was let in too, is at it or has done it."""
        if self.try_lock_for_update(allow_referencing=True).hold_reason:
            self._let_leave()

    def _let_leave(self):
        """What the registry has put off is due too: it answers again."""
        if self.busy_until:
            put_off = self._open_uploads(("next_attempt", ">=", self.busy_until - MARGIN))
            self.sudo().write({"busy_until": False, "hold_reason": False})
            put_off.write({"next_attempt": fields.Datetime.now()})
            self.env["copro.transmission"]._schedule_next()
        return super()._let_leave()
