import logging
import math
import time
from functools import partial

import psycopg2.errors
import psycopg2.extensions

from odoo import api, models
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tools import SQL

from ...rnc.dispatch import Dispatch
from ...rnc.states import Event
from ...tools.in_parts import attempt
from ...tools.time_limits import CLICK_AHEAD, QUEUE_AHEAD, seconds_of_a_click
from .copro_transmission_message import INTERNAL
from .copro_transmission_queue import ASK, SEND

_logger = logging.getLogger(__name__)

# The commits are the design: see CoproTransmissionRun below.
# pylint: disable=invalid-commit

MAX_CLAIM_TRIES = 5
# From how many uploads on a second worker is asked to help.
HELPED_FROM = 200
# Seconds after which it is seen whether anything else is due, whatever has not ended.
DUE_POLL = 1.0
# Seconds after which it is seen whether the next turn of an account has come near.
TURN_POLL = 0.2


class CoproTransmissionRun(models.AbstractModel):
    """The loop, the same for sending and for asking:

    claim, commit ──► submit the calls ──► completed ──► settle, commit ──► tell

    A call is never made before the claim is on disk, and no database transaction is
    open around a call: a retry of the transaction can never send twice.
    """

    _name = "copro.transmission.run"
    _description = "Calls about the uploads"

    # -- what starts it -----------------------------------------------------------

    def _leave_soon(self):
        """Send once this transaction is safe: one at once, many by the queue."""
        self._wake(len(self))
        if len(self) == 1:
            send = partial(_send_one, self.env.cr.dbname, self.id, self.env.context)
            self.env.cr.postcommit.add(send)

    @api.model
    def _wake(self, count):
        """Have the queue looked at: so many wait in it."""
        if count:
            self.env.ref(SEND.cron)._trigger()
        if count >= HELPED_FROM:
            self.env.ref("copro_registry.ir_cron_send_along")._trigger()

    @api.model
    def _process_queue(self):
        """Scheduled action: send what is queued."""
        self.env["copro.declarant.account"]._notify_copies()
        self._recover_lost_claims()
        self._tell_pending()
        self._run(SEND)
        self._schedule_next()

    @api.model
    def _process_status(self):
        """Scheduled action: ask what became of what the registry may have received."""
        self._tell_pending()
        self._run(ASK)
        self._schedule_next()

    def _send_now(self):
        """Send this one at once, then ask once what became of it.

        A person waits: what takes longer than a click may is left to the scheduled
        actions. What is postponed is not left to their regular run.
        """
        # One: the question goes by the connection of the file.
        with Dispatch(seconds_of_a_click()) as dispatch:
            self._call_now(dispatch, SEND)
            if self.state in ASK.in_flight:
                self._call_now(dispatch, ASK)
        self._schedule_next()

    def _call_now(self, dispatch, operation):
        within = min(CLICK_AHEAD, dispatch.seconds_left())
        own = SQL("id = %s", self.id)
        _due, claimed, turns = self._claim_next(operation, self._account(), own, 1, within)
        claimed._submit(dispatch, operation, turns)
        while dispatch:
            self._settle_completed(dispatch, operation)
            self.env.cr.commit()

    # -- the loop -------------------------------------------------------------------

    @api.model
    def _run(self, operation):
        """Make the calls that are due, as long as the scheduled action may run.

        The next claim is made while the last calls of the one before are still in the
        air, so that no connection waits for another; company by company, so that one
        whose calls hang, or whose queue is long, keeps no other waiting.
        """
        seconds_left = self._progress(0, remaining=self._count_due(operation))
        with Dispatch() as dispatch:
            while seconds_left > 0:
                within = min(QUEUE_AHEAD, seconds_left)
                if not self._claim_for_each(dispatch, operation, within) and not dispatch:
                    break
                if not dispatch:
                    time.sleep(TURN_POLL)
                seconds_left = self._settle_next(dispatch, operation)
            self._finish(dispatch, operation)
        self.env["copro.upload.batch"]._follow_all()

    @api.model
    def _finish(self, dispatch, operation):
        """Time is up: what is in the air is awaited, what has not left is requeued.

        A call is short. Companies that have nothing in the air go on meanwhile.
        """
        late = dispatch.busy()
        while late:
            self._requeue_pending(dispatch, operation, late)
            self._claim_for_each(dispatch, operation, within=0, excluded=late)
            self._settle_next(dispatch, operation)
            late &= dispatch.busy()
        self._requeue_pending(dispatch, operation, dispatch.busy())
        while dispatch:
            self._settle_next(dispatch, operation)

    @api.model
    def _progress(self, count, remaining=None):
        """Report so many as done, commit; returns the seconds that are left."""
        return self.env["ir.cron"]._commit_progress(count, remaining=remaining)

    @api.model
    def _settle_next(self, dispatch, operation):
        """Settle what completes within a moment; returns the seconds that are left."""
        seconds_left = self._progress(self._settle_completed(dispatch, operation, DUE_POLL))
        self._requeue_pending(dispatch, operation, self._companies_paused(dispatch.busy()))
        return seconds_left

    @api.model
    def _requeue_pending(self, dispatch, operation, company_ids):
        """Requeue what has not left, of these companies, as it was."""
        pending = self._still_calling(dispatch.cancel_pending(company_ids), operation)
        if pending:
            pending._apply(Event.REQUEUE)
            self.env.cr.commit()

    # -- claim, submit --------------------------------------------------------------

    @api.model
    def _claim_for_each(self, dispatch, operation, within, excluded=()):
        """Claim what each company has due, as far as its calls have room; whether any was.

        What has no turn within so many seconds is left in the queue.
        One whose account fails never keeps the others from theirs.
        """
        found, until = False, time.monotonic() + DUE_POLL
        for company_id in self._companies_with_due(operation):
            if company_id in excluded:
                continue
            try:
                found = self._claim_for(dispatch, operation, company_id, within) or found
            except psycopg2.extensions.TransactionRollbackError:
                self.env.cr.rollback()  # another worker is at it
            except psycopg2.OperationalError:
                raise  # the database is away
            except Exception:
                _logger.exception("The queue of company %s is postponed", company_id)
                self.env.cr.rollback()
                self._postpone(operation, company_id)
            if time.monotonic() > until:  # what has completed meanwhile is settled first
                break
        return found

    @api.model
    def _claim_for(self, dispatch, operation, company_id, within):
        """Claim and submit what a company has due; whether any was."""
        account = self.env["res.company"].browse(company_id).sudo().copro_account_id
        room = dispatch.room(company_id, account._limits().connections)
        if not room:
            return False
        own = SQL("company_id = %s", company_id)
        due, claimed, turns = self._claim_next(operation, account, own, room, within)
        claimed._submit(dispatch, operation, turns)
        return due

    @api.model
    def _claim_next(self, operation, account, condition, limit, within):
        """Claim the oldest of an account that are due, whatever other workers do.

        At most ``limit``, by ``condition`` (SQL), and those whose turn to call comes ``within``
        so many seconds. Returns (whether any was due, what was claimed, the turns of these).

        Each try is a transaction of its own, and its first query takes the locks: what
        another worker has just claimed is then either locked, and skipped, or no longer due.
        """
        for _try in range(MAX_CLAIM_TRIES):
            self.env.cr.commit()
            try:
                due = self._lock_due(operation, condition, limit)
                ready = due._may_call(operation)
                turns = account._take_turns(len(ready), within)
                claimed = ready[: len(turns)]
                if claimed:
                    claimed._claim(operation)
                if ready or not due:  # else all of them were stopped: look further
                    return bool(due), claimed, turns
            except psycopg2.errors.SerializationFailure:
                self.env.cr.rollback()
        return False, self.browse(), []

    def _submit(self, dispatch, operation, turns):
        """Give the calls of claimed uploads of one company to ``dispatch``, in their ``turns``."""
        turn_of = dict(zip(self.ids, turns, strict=False))
        client = self._client_for(dispatch, operation) if self else None
        for upload in self._without_misfits(operation) if client else ():
            call, turn = upload._call(operation, client), turn_of[upload.id]
            dispatch.submit(upload.company_id.id, upload._claimed(), call, turn)
        self.env.cr.commit()

    def _client_for(self, dispatch, operation):
        """The client of the company; None when its account cannot be used: nothing leaves."""
        company_id = self.company_id.id
        try:
            return dispatch.client(company_id, self._account_in_its_language()._client)
        except UserError as error:
            fault = self._fault(str(error))
        except Exception:  # the other companies go on
            _logger.exception("The account of company %s cannot be used", company_id)
            fault = self._own_fault(INTERNAL)
        if operation is SEND:  # a question is simply asked later
            self._hold(fault)
        return None

    # -- settle, tell -----------------------------------------------------------------

    @api.model
    def _settle_completed(self, dispatch, operation, patience=math.inf):
        """Write the outcomes that have come together; returns how many.

        None have when none has come within ``patience`` seconds.

        One commit serves them all. Should one of them fail, each is settled and committed
        alone: one bad record never blocks the others. Then, and only then, people are told:
        that is the caller's commit.
        """
        self.env.cr.commit()  # no transaction is open while calls are awaited
        completed = dispatch.completed(patience)
        try:
            settled = self._settle_all(completed, operation)
            self.env.cr.commit()
        except Exception:
            _logger.info("Settling %s outcomes one by one", len(completed), exc_info=True)
            self.env.cr.rollback()
            alone = [self._settle_alone(claim, outcome, operation) for claim, outcome in completed]
            settled = self.browse().concat(*alone)
        settled._tell()
        return len(completed)

    def _tell(self):
        """Tell those who have to know of what is settled and committed."""
        self._tell_news()
        self._account()._notify_hold()
        attempt(self.batch_id, lambda batches: batches._send_progress_throttled())

    @api.model
    def _settle_all(self, completed, operation):
        """Write [(claim, outcome)]; returns their uploads."""
        expected = self._still_calling([claim for claim, _outcome in completed], operation)
        outcomes = {claim[0]: outcome for claim, outcome in completed}
        self.env["copro.transmission.attempt"]._log(
            [(upload, operation.name, outcomes[upload.id]) for upload in expected]
        )
        for upload in expected:
            upload._settle(operation, outcomes[upload.id])
        self.env.flush_all()
        expected.invalidate_recordset(flush=False)
        return expected

    @api.model
    def _still_calling(self, claims, operation):
        """Lock and return those whose outcome is still expected.

        A worker that was away for too long finds that its claim was taken for lost, and
        perhaps that another has claimed since: what it brings is then too late, and the
        registry has been asked.
        """
        if not claims:
            return self.browse()
        query = SQL(
            "SELECT id FROM copro_transmission WHERE (id, COALESCE(attempts, 0)) IN %s "
            "AND state IN %s ORDER BY id FOR NO KEY UPDATE",
            *(tuple(claims), operation.in_flight),
        )
        expected = self.browse([row[0] for row in self.env.execute_query(query)])
        # Several may have asked.
        expected.invalidate_recordset(["state", "asks", "asks_in_vain", "quiet_until"])
        return expected

    @api.model
    def _settle_alone(self, claim, outcome, operation):
        """Settle one outcome; returns its upload.

        What follows the changes of a condominium is written with them, at the commit: should
        that fail, the outcome is written without a trace of what it changed.
        """
        for uploads in (self, self.with_context(tracking_disable=True)):
            try:
                settled = uploads._settle_all([(claim, outcome)], operation)
                self.env.cr.commit()
                return settled
            except Exception:
                self.env.cr.rollback()
                _logger.exception("The outcome of upload %s could not be recorded", claim[0])
        # The registry has answered: whatever failed here, it can be asked again.
        unrecorded = self._still_calling([claim], operation)
        attempt(unrecorded, lambda upload: upload._keep_unrecorded(operation.name, outcome))
        unrecorded._apply(Event.UNRECORDED)
        self.env.cr.commit()
        return unrecorded


def _send_one(database, transmission_id, context):
    """Send one upload in a transaction of its own.

    It is queued, and committed: whatever happens here, the scheduled action goes on, and
    the user is not told of a failure that is none.
    """
    try:
        with Registry(database).cursor() as cursor:
            # Of the click, the language and the time zone: what else its context says would
            # shape what is recorded, or silence it.
            told = {key: context[key] for key in ("lang", "tz") if key in context}
            environment = api.Environment(cursor, api.SUPERUSER_ID, told)
            environment["copro.transmission"].browse(transmission_id)._send_now()
    except psycopg2.errors.SerializationFailure:
        _logger.info("Upload %s is being sent by another worker", transmission_id)
    except Exception:
        _logger.exception("Upload %s is left to the scheduled action", transmission_id)
