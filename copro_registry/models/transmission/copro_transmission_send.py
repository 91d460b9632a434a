from datetime import timedelta
from functools import partial

import psycopg2.errors

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.in_parts import apart

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
        leaving = locked._those_the_registry_takes()._those_of_running_batches()
        # The machines that claim share the database's clock, not their own.
        now = self.env.cr.now().replace(microsecond=0)
        alike = leaving.grouped(lambda t: (t.attempts, t.company_id))
        for (attempts, company), transmissions in alike.items():
            transmissions.write(
                {
                    "state": "sending",
                    "attempts": attempts + 1,
                    "claimed_at": now,
                    "recipient": company.sudo().copro_account_id._recipient(),
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

    def _put_back(self, seconds=0):
        """What has not left is queued as it was, or for so many seconds later."""
        later = {}
        if seconds:
            later["next_attempt"] = fields.Datetime.now() + timedelta(seconds=seconds)
        for transmission in self:
            before = transmission.attempts - 1
            transmission.write({"state": "queued", "attempts": before, **later})

    def _keep_what_is_for_another(self):
        """Hold back what was written for another environment or contract; returns it.

        The account changes when nothing is queued: only what was queued at that very
        moment comes here.
        """
        account = self.company_id.sudo().copro_account_id
        kept = self.filtered(lambda t: not account._is_written_for(t))
        if kept:
            kept._hold_back(
                self.env._(
                    "This upload was prepared for other technical parameters: cancel it, then "
                    "upload the condominium again."
                )
            )
        return kept

    @api.model
    def _recover_lost_claims(self):
        """What was being sent when its process died is unknown: to be asked."""
        self.env.cr.commit()
        try:
            sending = self.search([("state", "=", "sending")])
            lost = sending.filtered(lambda t: t._is_lost()).try_lock_for_update()
            apart(lost.filtered(lambda t: t.state == "sending"), lambda t: t._recover())
            self.env.cr.commit()
        except psycopg2.errors.SerializationFailure:
            self.env.cr.rollback()  # another worker recovers them at this very moment

    def _recover(self):
        for transmission in self:
            transmission._note_interruption()
            transmission._become_unknown()

    def _is_lost(self):
        """Whether nobody can be calling for this claim any more; one without a moment is."""
        longest = timedelta(seconds=self._limits().longest_call)
        return not self.claimed_at or self.claimed_at + longest < self.env.cr.now()
