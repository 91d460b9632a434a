from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# pylint: disable=invalid-commit


class CoproTransmission(models.Model):
    """Sending: how the flow claims what is queued, and what it calls."""

    _inherit = "copro.transmission"

    @api.model
    def _queue_domain(self):
        due = Domain("next_attempt", "<=", fields.Datetime.now())
        return Domain("state", "=", "queued") & Domain("on_hold", "=", False) & due

    def _claim(self):
        """Lock, check again, write ``sending``, commit. Returns what was claimed."""
        self.invalidate_recordset()
        locked = self.try_lock_for_update().filtered_domain(self._queue_domain())
        leaving = locked._those_of_running_batches()
        for attempts, alike in leaving.grouped("attempts").items():
            alike.write(
                {
                    "state": "sending",
                    "attempts": attempts + 1,
                    "claimed_at": fields.Datetime.now(),
                }
            )
        # The claim is on disk before the call.
        self.env.cr.commit()
        return leaving

    def _those_of_running_batches(self):
        """The others wait, or are cancelled, with their batch.

        Pausing marks what is queued; what comes back to the queue later is caught here.
        The lock keeps a batch from being paused, or resumed, under this claim.
        """
        batches = self.batch_id
        if not batches:
            return self
        query = SQL(
            "SELECT id, state FROM copro_upload_batch WHERE id IN %s FOR SHARE",
            tuple(batches.ids),
        )
        states = dict(self.env.execute_query(query))
        self.filtered(lambda t: states.get(t.batch_id.id) == "paused").write({"on_hold": True})
        self.filtered(lambda t: states.get(t.batch_id.id) == "cancelled")._cancel()
        stopped = ("paused", "cancelled")
        return self.filtered(lambda t: states.get(t.batch_id.id) not in stopped)

    def _call(self, client):
        """The call to make: plain values only, the threads know nothing of the ORM."""
        return partial(
            client.send,
            self.service,
            (self.payload or "").encode("utf-8"),
            reference=self.reference,
            number=self.number or "",
        )

    def _put_back(self):
        """Time is up: what has not left is queued as it was."""
        for transmission in self:
            transmission.write({"state": "queued", "attempts": transmission.attempts - 1})

    @api.model
    def _recover_lost_claims(self):
        """What was being sent when its process died is unknown: to be asked."""
        sending = self.search([("state", "=", "sending")])
        lost = sending.filtered(lambda t: t._is_lost()).try_lock_for_update()
        for transmission in lost.filtered(lambda t: t.state == "sending"):
            transmission._note_interruption()
            transmission._become_unknown()
        self.env.cr.commit()

    def _is_lost(self):
        """Whether nobody can be calling for this claim any more."""
        longest = timedelta(seconds=self._limits().longest_call)
        return self.claimed_at + longest < fields.Datetime.now()
