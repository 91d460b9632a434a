from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...rnc.client import ANSWERED, REFERENCE, REJECTED
from ...rnc.contract import CALLER
from ...tools.upload_states import ASKED
from .copro_transmission_news import ACTIVITY
from .copro_transmission_outcome import MOST_ATTEMPTS
from .copro_transmission_queue import HELD_BACK

# pylint: disable=invalid-commit


class CoproTransmission(models.Model):
    """Asking: what became of what the registry may have received.

    Asking changes nothing there, so that two workers may ask the same at worst; a claim
    keeps them from doing so without need.
    """

    _inherit = "copro.transmission"

    asked_as = fields.Char(
        string="Asked as",
        readonly=True,
        protected=True,
        help="The declarant, and the registry's address, of the last question",
    )

    @api.model
    def _status_domain(self):
        return Domain("state", "in", ASKED)

    def _claim_question(self):
        """Lock, check again, keep other workers away for as long as a call, commit."""
        self.invalidate_recordset()
        locked = self.try_lock_for_update().filtered_domain(self._status_domain())
        asked = locked._those_the_registry_takes()
        for company in asked.company_id:
            own = asked.filtered(lambda t, c=company: t.company_id == c)
            lease = timedelta(seconds=own[0]._limits().longest_call)
            recipient = company.sudo().copro_account_id._recipient()
            own.write({"next_attempt": fields.Datetime.now() + lease, "asked_as": recipient})
        self.env.cr.commit()
        return asked

    def _question(self, client):
        return partial(client.status, self.reference, number=self.number or "")

    def _ask_again_now(self):
        """Time is up: what was not asked is due as it was."""
        self.write({"next_attempt": fields.Datetime.now()})

    def _record_status(self, outcome):
        """Write what was answered to a question."""
        self.company_id.sudo().copro_account_id._heed(outcome)
        if not outcome.concludes:
            self._record_not_told(outcome)
            return
        self.asks += 1
        if outcome.kind == ANSWERED:
            self._record_answer(outcome)
        elif outcome.kind != REJECTED:
            self._ask_later(self.state, outcome.retry_after)
        elif not self._was_asked_where_it_was_sent():
            self._ask_later(self.state, in_vain=True)
        elif outcome.concerns != REFERENCE:
            self._record_rejected(outcome)
        elif self.state == "unknown":
            self._record_never_received()
        else:  # it said "received", and now knows nothing of it
            self._ask_later(self.state, in_vain=True)

    def _record_not_told(self, outcome):
        """The registry does not answer us: that says nothing of the file, which is asked about."""
        account = self.company_id.sudo().copro_account_id
        self.write(self._fault(account._why_not_let_in(outcome)))
        if outcome.concerns == CALLER:  # of the whole account: no question was answered
            self.next_attempt = fields.Datetime.now() + HELD_BACK
            return
        self.asks += 1
        self._ask_later(self.state, in_vain=True)

    def _record_never_received(self):
        """Proof that nothing was received, once the registry has had time to finish."""
        now = fields.Datetime.now()
        if self.quiet_until and now < self.quiet_until:
            self.next_attempt = self.quiet_until
        elif self.attempts >= MOST_ATTEMPTS:
            self._give_up()
        else:
            self.write({"state": "queued", "asks": 0, "next_attempt": now, "news": False})

    def _was_asked_where_it_was_sent(self):
        """Whether what is said of the file proves anything; notes why when it does not.

        A registry that files by account knows nothing of what another one has sent.
        """
        asked_as = self.asked_as or self.company_id.sudo().copro_account_id._recipient()
        if not self.recipient or self.recipient == asked_as:
            return True
        told = self.env._(
            "Sent as %(sent)s, which the technical parameters no longer say: the registry "
            "cannot tell what became of it. Put them back, or close this upload once you have "
            "checked on the registry's site.",
            sent=self.recipient,
        )
        self.write(self._fault(told))
        return False

    def action_close(self):
        """Ask no more: a main administrator has seen elsewhere what became of it."""
        if not self.env.user.has_group("copro_registry.group_main_administrator"):
            raise AccessError(self.env._("Only a main administrator closes an upload."))
        self.check_access("read")
        for transmission in self.sudo().try_lock_for_update():
            if transmission.state in ASKED:
                transmission._close()

    def _close(self):
        told = self.env._(
            "Closed without an answer of the registry by %(user)s: whether it was accepted is to "
            "be seen on the registry's site.",
            user=self.env.user.name,
        )
        self.write(self._fault(told))
        self._cancel(self.env.user)
        self.needs_person = False
        self.condominium_id.activity_feedback([ACTIVITY])
        self.condominium_id._closed(self)
