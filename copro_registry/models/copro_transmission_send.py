import logging
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.modules.registry import Registry

# The commits are the design: see CoproTransmission below.
# pylint: disable=invalid-commit

_logger = logging.getLogger(__name__)

BATCH = 40
# A claim older than this has lost its process: nobody knows what became of it.
LONGEST_CALL = timedelta(minutes=10)


class CoproTransmission(models.Model):
    """The queue: claim, commit, call, commit.

    A call is never made before the claim is on disk, and no database transaction is
    open around a call: a retry of the transaction can never send twice.
    """

    _inherit = "copro.transmission"

    def _leave_soon(self):
        """Send once this transaction is safe: one at once, many by the queue."""
        if not self:
            return
        self.env.ref("copro_registry.ir_cron_send")._trigger()
        if len(self) == 1:
            send = partial(_send_one, self.env.cr.dbname, self.id, self.env.context)
            self.env.cr.postcommit.add(send)

    @api.model
    def _queue_domain(self):
        now = fields.Datetime.now()
        return Domain("state", "=", "queued") & Domain("next_attempt", "<=", now)

    @api.model
    def _process_queue(self, batch=BATCH):
        """Scheduled action: send what is queued, batch after batch."""
        self._recover_lost_claims()
        progress = self.env["ir.cron"]._commit_progress
        remaining = self.search_count(self._queue_domain())
        seconds_left = progress(0, remaining=remaining)
        while seconds_left > 0:
            waiting = self.search(self._queue_domain(), order="next_attempt, id", limit=batch)
            claimed = waiting._claim()
            if not claimed:
                break
            claimed._call_and_record()
            seconds_left = progress(len(claimed))
        self._schedule_next()

    def _claim(self):
        """Lock, check again, write ``sending``, commit. Returns what was claimed."""
        locked = self.try_lock_for_update().filtered_domain(self._queue_domain())
        for transmission in locked:
            transmission.write(
                {
                    "state": "sending",
                    "attempts": transmission.attempts + 1,
                    "claimed_at": fields.Datetime.now(),
                }
            )
        self.env.cr.commit()
        return locked

    @api.model
    def _recover_lost_claims(self):
        """What was being sent when its process died is unknown: to be asked."""
        before = fields.Datetime.now() - LONGEST_CALL
        lost = self.search([("state", "=", "sending"), ("claimed_at", "<", before)])
        lost = lost.try_lock_for_update().filtered(lambda t: t.state == "sending")
        lost.write({"state": "unknown", "next_attempt": fields.Datetime.now()})
        self.env.cr.commit()

    def _call_and_record(self):
        """Make the calls of claimed transmissions; record each outcome as it comes."""
        for company in self.company_id:
            transmissions = self.filtered(lambda t, c=company: t.company_id == c)
            try:
                client = company.sudo().copro_account_id._client()
            except UserError as error:
                transmissions._hold_back(str(error))
                self.env.cr.commit()
                continue
            transmissions._call_with(client)

    def _call_with(self, client):
        # Plain values only: the threads know nothing of the ORM.
        calls = {
            transmission.id: (
                transmission.service,
                (transmission.payload or "").encode("utf-8"),
                {"reference": transmission.reference, "number": transmission.number or ""},
            )
            for transmission in self
        }
        self.env.cr.commit()
        with ThreadPoolExecutor(client.profile.limits.connections) as threads:
            futures = {
                threads.submit(client.send, service, body, **names): transmission_id
                for transmission_id, (service, body, names) in calls.items()
            }
            for future in as_completed(futures):
                transmission = self.browse(futures[future])
                transmission._record_safely(future.result())
        client.channel.close()

    def _record_safely(self, outcome):
        """Record one outcome, commit. One bad record never blocks the others."""
        try:
            self._record(outcome)
            self.env.cr.commit()
        except Exception:
            self.env.cr.rollback()
            # The registry has answered: whatever failed here, it can be asked again.
            _logger.exception("The outcome of upload %s could not be recorded", self.id)
            self._record_nothing()

    def _record_nothing(self):
        self.write({"state": "unknown", "next_attempt": fields.Datetime.now()})
        self.env.cr.commit()

    @api.model
    def _schedule_next(self):
        """Come back when the next one is due to be sent, or asked about."""
        for states, cron in ((["queued"], "send"), (["accepted", "unknown"], "status")):
            domain = [("state", "in", states)]
            following = self.search(domain, order="next_attempt", limit=1)
            if following:
                action = self.env.ref(f"copro_registry.ir_cron_{cron}")
                action._trigger(at=following.next_attempt)


def _send_one(database, transmission_id, context):
    """Send one upload in a transaction of its own, then ask once what became of it."""
    with Registry(database).cursor() as cursor:
        environment = api.Environment(cursor, api.SUPERUSER_ID, dict(context))
        transmission = environment["copro.transmission"].browse(transmission_id)
        claimed = transmission._claim()
        claimed._call_and_record()
        claimed.filtered(lambda t: t.state in ("accepted", "unknown"))._ask_status()
