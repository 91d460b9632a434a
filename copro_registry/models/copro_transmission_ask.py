from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain

from ..registry.client import ACCEPTED, REJECTED
from .copro_transmission_outcome import MOST_ASKS, MOST_ATTEMPTS

# pylint: disable=invalid-commit


class CoproTransmission(models.Model):
    """Asking: what became of what the registry may have received.

    Asking changes nothing there, so that two workers may ask the same at worst; a claim
    keeps them from doing so without need.
    """

    _inherit = "copro.transmission"

    @api.model
    def _status_domain(self):
        return Domain("state", "in", ("accepted", "unknown"))

    def _claim_question(self):
        """Lock, check again, keep other workers away for as long as a call, commit."""
        self.invalidate_recordset()
        locked = self.try_lock_for_update().filtered_domain(self._status_domain())
        for company in locked.company_id:
            asked = locked.filtered(lambda t, c=company: t.company_id == c)
            lease = timedelta(seconds=asked[0]._limits().longest_call)
            asked.write({"next_attempt": fields.Datetime.now() + lease})
        self.env.cr.commit()
        return locked

    def _question(self, client):
        return partial(client.status, self.reference, number=self.number or "")

    def _ask_again_now(self):
        """Time is up: what was not asked is due as it was."""
        self.write({"next_attempt": fields.Datetime.now()})

    def _record_status(self, outcome):
        self.asks += 1
        never_received = (
            self.company_id.sudo().copro_account_id._profile().http["unknown_reference"]
        )
        if outcome.kind == ACCEPTED:
            self._record_answer(outcome)
        elif outcome.kind != REJECTED:
            self._ask_later(self.state)
        elif [r.code for r in outcome.answer.refusals] != [never_received]:
            self._record_rejected(outcome)
        elif self.state == "unknown":
            self._record_never_received()
        else:
            self._ask_later(self.state)
            if self.asks == MOST_ASKS:  # it said "received", and now knows nothing of it
                self._tell_the_person_in_charge()

    def _record_never_received(self):
        """Proof that nothing was received, once the registry has had time to finish."""
        now = fields.Datetime.now()
        if self.quiet_until and now < self.quiet_until:
            self.next_attempt = self.quiet_until
        elif self.attempts >= MOST_ATTEMPTS:
            self._give_up()
        else:
            self.write({"state": "queued", "asks": 0, "next_attempt": now})
