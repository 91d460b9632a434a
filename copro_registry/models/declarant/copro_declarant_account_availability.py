from datetime import timedelta

import psycopg2.errors

from odoo import api, fields, models
from odoo.tools import format_datetime

from ...rnc.client import ANSWERED, REJECTED
from ...rnc.contract import CALLER
from ...rnc.dispatch import NOT_IN_TIME
from ...rnc.states import HOLD
from ...tools.in_parts import attempt
from ...tools.sentences import LOCAL

# An upload and its account are postponed by the same answer, not at the very same moment.
MARGIN = timedelta(seconds=10)
HOLD_ACTIVITY = "copro_registry.mail_activity_held_back"


class CoproDeclarantAccountAvailability(models.AbstractModel):
    """The registry asks to wait, or does not let the account in: that concerns all its uploads.

    Its queue is passed over until ``busy_until``; ``hold_reason`` says why, when our own
    side has to be put right. The people who can repair it are notified, then the uploads leave.
    """

    _name = "copro.declarant.account.availability"
    _inherit = ["mail.activity.mixin", "copro.protected.mixin"]
    _description = "Availability of a declarant account"

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
    pause_message = fields.Char(compute="_compute_pause_message")

    @api.depends("busy_until", "hold_reason")
    @api.depends_context("lang", "tz")
    def _compute_pause_message(self):
        for account in self:
            account.pause_message = account._is_paused() and account._get_pause_message()

    def _get_pause_message(self):
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

    # -- paused by an answer ---------------------------------------------------------

    def _apply_retry_after(self, outcome):
        """Apply what an answer says of the account, whatever it says of a file.

        ``Retry-After`` pauses it (the wait of our own rate limiter concerns nothing else), a
        refusal of the account holds it, an answer ends the hold.
        """
        now = fields.Datetime.now()
        if outcome.kind == REJECTED and outcome.concerns == CALLER:
            self._pause_until(now + HOLD, self._why_not_let_in(outcome))
        elif outcome.retry_after and outcome.code != NOT_IN_TIME:
            self._pause_until(now + timedelta(seconds=outcome.retry_after))
        elif outcome.kind == ANSWERED and self.hold_reason:
            attempt(self, lambda account: account._resume_once())

    def _why_not_let_in(self, outcome):
        """A refusal of the account, in the registry's words."""
        refusals = outcome.answer.refusals
        messages = [self._refusal_message(one, outcome.profile) for one in refusals]
        message = "\n".join(filter(None, messages))
        return message or self.with_context(lang=self._language()).env._(
            "The registry does not let the account in, and does not say why (HTTP %(status)s): "
            "test the connection, then ask the registry's support.",
            status=outcome.status or "",
        )

    def _language(self):
        """The language of what a scheduled action writes for the people of the company."""
        return self.company_id.partner_id.lang or self.env.lang

    def _pause_until(self, until, reason=False):
        """No call before ``until`` (RFC 9110, 10.2.3), for ``reason`` if it is ours."""
        is_known = self.busy_until and self.busy_until >= until - MARGIN
        if is_known and self.hold_reason == reason:
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
            # Another worker wrote the same.
            self.invalidate_recordset(["busy_until", "hold_reason"])

    def _is_paused(self):
        return bool(self.busy_until and self.busy_until > fields.Datetime.now())

    # -- held by our own side --------------------------------------------------------

    def _notify_hold(self):
        """Notify those who can put it right, once: after what was recorded is committed."""
        for account in self.filtered("hold_reason"):
            account._notify_uploads_held(account.hold_reason)

    def _notify_uploads_held(self, reason):
        """One activity for each main administrator, until something is repaired."""
        # A click may ask for silence; what keeps everything from leaving is never silenced.
        speaking = self.sudo().with_context(mail_activity_automation_skip=False)
        if not speaking._has_activity(HOLD_ACTIVITY):
            attempt(speaking, lambda account: account._schedule_hold_activities(reason))

    def _schedule_hold_activities(self, reason):
        self.activity_unlink([HOLD_ACTIVITY])  # of people who have left
        self._notify_main_administrators(
            HOLD_ACTIVITY, lambda account: account._hold_activity_texts(reason)
        )

    def _hold_activity_texts(self, reason):
        """Summary and note, in the reader's language, in which the reason is found anew."""
        copied = self._why_not_from_here()
        if copied:
            return {"summary": self.env._("This database does not send"), "note": copied}
        reason = self._why_not_usable() or self._why_sealed() or reason
        note = self.env._(
            "%(reason)s The uploads wait: they leave by themselves as soon as this is put "
            "right in the technical parameters.",
            reason=reason,
        )
        return {"summary": self.env._("Uploads cannot leave"), "note": note}

    # -- resumed -----------------------------------------------------------------------

    def _resume_once(self):
        """Resume, unless another worker that got an answer too is at it or has done it."""
        if self.try_lock_for_update(allow_referencing=True).hold_reason:
            self._resume()

    def _resume(self):
        """The registry answers again, or our own side was put right: what waited is due."""
        if self.busy_until:
            self._end_pause()
        activities = self.sudo().activity_search([HOLD_ACTIVITY])
        activities.try_lock_for_update().unlink()  # another worker may be at it
        held = self._open_uploads(("state", "=", "queued"), ("failure_code", "=", LOCAL))
        held.write({"next_attempt": fields.Datetime.now()})
        held._wake(len(held))

    def _end_pause(self):
        postponed = self._open_uploads(("next_attempt", ">=", self.busy_until - MARGIN))
        self.sudo().write({"busy_until": False, "hold_reason": False})
        postponed.write({"next_attempt": fields.Datetime.now()})
        self.env["copro.transmission"]._schedule_next()
