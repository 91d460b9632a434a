import logging
from datetime import timedelta
from functools import partial

import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.modules.registry import Registry
from odoo.tools import SQL

from ..registry.dispatch import Dispatch

_logger = logging.getLogger(__name__)

# The commits are the design: see CoproTransmission below.
# pylint: disable=invalid-commit

BATCH = 40
MOST_CLAIM_TURNS = 5
# From how many uploads on a second worker is asked to help.
MANY = 200


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
        if len(self) >= MANY:
            self.env.ref("copro_registry.ir_cron_send_along")._trigger()
        if len(self) == 1:
            send = partial(_send_one, self.env.cr.dbname, self.id, self.env.context)
            self.env.cr.postcommit.add(send)

    @api.model
    def _queue_domain(self):
        now = fields.Datetime.now()
        return Domain("state", "=", "queued") & Domain("next_attempt", "<=", now)

    @api.model
    def _process_queue(self, batch=BATCH):
        """Scheduled action: send what is queued.

        The next claim is made while the last calls of the one before are still in the
        air, so that no connection waits for another.
        """
        self._recover_lost_claims()
        progress = self.env["ir.cron"]._commit_progress
        seconds_left = progress(0, remaining=self.search_count(self._queue_domain()))
        with Dispatch() as dispatch:
            nothing_left = False
            while dispatch or not nothing_left:
                if seconds_left <= 0:
                    self.browse(dispatch.call_off())._put_back()
                    nothing_left = True
                if not nothing_left and len(dispatch) <= batch // 2:
                    claimed = self._claim_next(batch)
                    claimed._take_off(dispatch)
                    nothing_left = not claimed
                seconds_left = progress(self._record_landed(dispatch))
        self._schedule_next()

    @api.model
    def _claim_next(self, batch):
        """Claim the oldest that are due, whatever other workers do. At most ``batch``.

        Each turn is a transaction of its own, and its first query takes the locks:
        what another worker has just claimed is then either locked, and skipped, or
        no longer queued.
        """
        for _turn in range(MOST_CLAIM_TURNS):
            self.env.cr.commit()
            try:
                return self.browse(self._lock_next(batch))._claim()
            except psycopg2.errors.SerializationFailure:
                self.env.cr.rollback()
                self.env.invalidate_all()
        return self.browse()

    @api.model
    def _lock_next(self, batch):
        self.flush_model(["state", "next_attempt"])
        query = SQL(
            "SELECT id FROM copro_transmission WHERE state = 'queued' AND next_attempt <= %s "
            "ORDER BY next_attempt, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED",
            *(fields.Datetime.now(), batch),
        )
        return [row[0] for row in self.env.execute_query(query)]

    def _claim(self):
        """Lock, check again, write ``sending``, commit. Returns what was claimed."""
        self.env.invalidate_all()
        locked = self.try_lock_for_update().filtered_domain(self._queue_domain())
        for transmission in locked:
            transmission.write(
                {
                    "state": "sending",
                    "attempts": transmission.attempts + 1,
                    "claimed_at": fields.Datetime.now(),
                }
            )
        # The claim is on disk before the call.
        self.env.cr.commit()
        return locked

    @api.model
    def _recover_lost_claims(self):
        """What was being sent when its process died is unknown: to be asked."""
        sending = self.search([("state", "=", "sending")])
        lost = sending.filtered(lambda t: t._is_lost()).try_lock_for_update()
        lost.filtered(lambda t: t.state == "sending")._become_unknown()
        self.env.cr.commit()

    def _is_lost(self):
        """Whether nobody can be calling for this claim any more."""
        longest = timedelta(seconds=self._limits().longest_call)
        return self.claimed_at + longest < fields.Datetime.now()

    def _limits(self):
        return self.company_id.sudo().copro_account_id._profile().limits

    def _take_off(self, dispatch):
        """Give the calls of claimed transmissions to ``dispatch``."""
        for company in self.company_id:
            transmissions = self.filtered(lambda t, c=company: t.company_id == c)
            try:
                client = dispatch.client(company.id, company.sudo().copro_account_id._client)
            except UserError as error:
                transmissions._hold_back(str(error))
                continue
            for transmission in transmissions:
                dispatch.submit(transmission.id, client, transmission._call(client))
        self.env.cr.commit()

    def _call(self, client):
        """The call to make: plain values only, the threads know nothing of the ORM."""
        return partial(
            client.send,
            self.service,
            (self.payload or "").encode("utf-8"),
            reference=self.reference,
            number=self.number or "",
        )

    @api.model
    def _record_landed(self, dispatch):
        """Record the outcomes that have come; returns how many."""
        landed = dispatch.landed()
        for transmission_id, outcome in landed:
            self.browse(transmission_id)._record_safely(outcome)
        return len(landed)

    def _put_back(self):
        """Time is up: what has not left is queued as it was."""
        for transmission in self:
            transmission.write({"state": "queued", "attempts": transmission.attempts - 1})

    def _send_now(self):
        """Claim and send these at once. Returns what was sent."""
        claimed = self._claim()
        with Dispatch() as dispatch:
            claimed._take_off(dispatch)
            while dispatch:
                self._record_landed(dispatch)
        return claimed

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
        self._become_unknown()
        self.env.cr.commit()

    @api.model
    def _schedule_next(self):
        """Come back when the next one is due to be sent, or asked about."""
        for states, cron in ((["queued"], "send"), (["accepted", "unknown"], "status")):
            domain = [("state", "in", states)]
            following = self.search(domain, order="next_attempt, id", limit=1)
            if following:
                action = self.env.ref(f"copro_registry.ir_cron_{cron}")
                action._trigger(at=following.next_attempt)


def _send_one(database, transmission_id, context):
    """Send one upload in a transaction of its own, then ask once what became of it."""
    with Registry(database).cursor() as cursor:
        environment = api.Environment(cursor, api.SUPERUSER_ID, dict(context))
        sent = environment["copro.transmission"].browse(transmission_id)._send_now()
        sent.filtered(lambda t: t.state in ("accepted", "unknown"))._ask_status()
