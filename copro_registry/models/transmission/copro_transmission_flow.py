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
from ...tools.in_parts import attempt
from ...tools.localised import internal_error
from ..declarant.copro_declarant_account_connection import seconds_of_a_click
from ..declarant.copro_declarant_account_pace import CLICK_AHEAD, QUEUE_AHEAD
from .copro_transmission_queue import ASK, SEND

_logger = logging.getLogger(__name__)

# The commits are the design: see CoproTransmission below.
# pylint: disable=invalid-commit

MOST_CLAIM_TURNS = 5
# From how many uploads on a second worker is asked to help.
MANY = 200
# Seconds after which it is seen whether anything else is due, whatever has not ended.
LOOK_AGAIN = 1.0
# Seconds after which it is seen whether the next turn of an account has come near.
FOR_A_TURN = 0.2


class CoproTransmission(models.Model):
    """The flow: claim, commit, call, record, commit; for sending and for asking.

    A call is never made before the claim is on disk, and no database transaction is
    open around a call: a retry of the transaction can never send twice.
    """

    _inherit = "copro.transmission"

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
            self.env.ref("copro_registry.ir_cron_send")._trigger()
        if count >= MANY:
            self.env.ref("copro_registry.ir_cron_send_along")._trigger()

    @api.model
    def _process_queue(self):
        """Scheduled action: send what is queued."""
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

    @api.model
    def _run(self, errand):
        """Make the calls that are due, as long as the scheduled action may run.

        The next claim is made while the last calls of the one before are still in the
        air, so that no connection waits for another; company by company, so that one
        whose calls hang, or whose queue is long, keeps no other waiting.

        Once time is up, what is in the air is awaited: a call is short. Companies that
        have nothing there go on meanwhile.
        """
        progress = self.env["ir.cron"]._commit_progress
        seconds_left = progress(0, remaining=self._count_due(errand))
        awaited = None
        with Dispatch() as dispatch:
            while True:
                if seconds_left <= 0:
                    busy = dispatch.busy()
                    awaited = busy if awaited is None else awaited & busy
                    self._call_off(dispatch, errand, awaited or None)
                found = awaited != set() and self._claim_for_each(
                    dispatch, errand, awaited or (), within=min(QUEUE_AHEAD, max(seconds_left, 0))
                )
                if not (found or dispatch):
                    break
                if not dispatch:
                    time.sleep(FOR_A_TURN)
                seconds_left = progress(self._record_landed(dispatch, errand, LOOK_AGAIN))
                self._call_off(dispatch, errand, self._companies_at_rest(dispatch.busy()))
        self.env["copro.upload.batch"]._follow_all()

    @api.model
    def _call_off(self, dispatch, errand, company_ids):
        """Put back what has not left, of these companies or of all."""
        kept = self._still_calling(dispatch.call_off(company_ids), errand)
        if kept:
            getattr(kept, errand.put_back)()
            self.env.cr.commit()

    @api.model
    def _claim_for_each(self, dispatch, errand, but=(), within=QUEUE_AHEAD):
        """Claim what each company has due, as far as its calls have room; whether there was.

        What has no turn within so many seconds is left in the queue.
        One whose account fails never keeps the others from theirs.
        """
        found, until = False, time.monotonic() + LOOK_AGAIN
        for company_id in self._companies_with_due(errand):
            room = 0 if company_id in but else dispatch.room(company_id)
            try:
                if room:
                    due, claimed, turns = self._claim_next(errand, company_id, room, within)
                    claimed._take_off(dispatch, errand, turns)
                    found = found or due
            except psycopg2.extensions.TransactionRollbackError:
                self.env.cr.rollback()  # another worker is at it
            except psycopg2.OperationalError:
                raise  # the database is away
            except Exception:
                _logger.exception("The queue of company %s is put off", company_id)
                self.env.cr.rollback()
                self._put_off(errand, company_id)
            if time.monotonic() > until:  # what has landed meanwhile is recorded first
                break
        return found

    @api.model
    def _claim_next(self, errand, company_id, most, within=QUEUE_AHEAD):
        """Claim the oldest of a company that are due, whatever other workers do.

        At most ``most``, and those whose turn to call comes ``within`` so many seconds.
        Returns (whether any was due, what was claimed, the turns of these).

        Each try is a transaction of its own, and its first query takes the locks: what
        another worker has just claimed is then either locked, and skipped, or no longer due.
        """
        account = self.env["res.company"].browse(company_id).sudo().copro_account_id
        for _turn in range(MOST_CLAIM_TURNS):
            self.env.cr.commit()
            try:
                due = self._lock_due(errand, company_id, most)
                turns = account._take_turns(len(due), within)
                claimed = getattr(due[: len(turns)], errand.claim)()
                if claimed or not turns:  # else all of them were stopped: look further
                    return bool(due), claimed, turns
            except psycopg2.errors.SerializationFailure:
                self.env.cr.rollback()
        return False, self.browse(), []

    def _limits(self):
        return self.company_id.sudo().copro_account_id._limits()

    def _claimed(self):
        """What identifies this claim: another one of the same upload has another number."""
        return self.id, self.attempts

    def _take_off(self, dispatch, errand, turns):
        """Give the calls of claimed transmissions to ``dispatch``, in their ``turns``."""
        turn_of = dict(zip(self.ids, turns, strict=False))
        for company in self.company_id:
            transmissions = self.filtered(lambda t, c=company: t.company_id == c)
            try:
                client = dispatch.client(company.id, company._copro_client)
            except UserError as error:
                if errand == SEND:  # a question is simply asked later
                    transmissions._hold_back(str(error))
                continue
            except Exception:  # nothing has left: the other companies go on
                _logger.exception("The account of company %s cannot be used", company.id)
                if errand == SEND:
                    transmissions._hold_back(internal_error(self.env))
                continue
            if errand == SEND:
                transmissions -= transmissions._keep_what_is_for_another()
            for transmission in transmissions:
                call = getattr(transmission, errand.call)(client)
                turn = turn_of[transmission.id]
                dispatch.submit(company.id, transmission._claimed(), call, turn)
        self.env.cr.commit()

    @api.model
    def _record_landed(self, dispatch, errand, patience=math.inf):
        """Record the outcomes that have come together; returns how many.

        None have when none has come within ``patience`` seconds.

        One commit serves them all. Should one of them fail, each is recorded and committed
        alone: one bad record never blocks the others. Then, and only then, people are told:
        that is the caller's commit.
        """
        self.env.cr.commit()  # no transaction is open while calls are awaited
        landed = dispatch.landed(patience)
        try:
            recorded = self._record_all(landed, errand)
            self.env.cr.commit()
        except Exception:
            _logger.info("Recording %s outcomes one by one", len(landed), exc_info=True)
            self.env.cr.rollback()
            alone = [self._record_alone(claim, outcome, errand) for claim, outcome in landed]
            recorded = self.browse().concat(*alone)
        recorded._tell_what_was_recorded()
        return len(landed)

    def _tell_what_was_recorded(self):
        self._tell_news()
        self.company_id.sudo().copro_account_id._tell_of_the_hold()
        attempt(self.batch_id, lambda batches: batches._send_progress_throttled())

    @api.model
    def _record_all(self, landed, errand):
        expected = self._still_calling([claim for claim, _outcome in landed], errand)
        outcomes = {claim[0]: outcome for claim, outcome in landed}
        self.env["copro.transmission.attempt"].create(
            [one._attempt(errand.name, outcomes[one.id]) for one in expected]
        )
        for transmission in expected:
            getattr(transmission, errand.record)(outcomes[transmission.id])
        self.env.flush_all()
        expected.invalidate_recordset(flush=False)
        return expected

    @api.model
    def _still_calling(self, claims, errand):
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
            *(tuple(claims), errand.calling),
        )
        expected = self.browse([row[0] for row in self.env.execute_query(query)])
        if errand == ASK:  # several may have asked
            expected.invalidate_recordset(["state", "asks", "quiet_until"])
        return expected

    @api.model
    def _record_alone(self, claim, outcome, errand):
        """Record one outcome; returns its upload.

        What follows the changes of a condominium is written with them, at the commit: should
        that fail, the outcome is recorded without a trace of what it changed.
        """
        for uploads in (self, self.with_context(tracking_disable=True)):
            try:
                recorded = uploads._record_all([(claim, outcome)], errand)
                self.env.cr.commit()
                return recorded
            except Exception:
                self.env.cr.rollback()
                _logger.exception("The outcome of upload %s could not be recorded", claim[0])
        # The registry has answered: whatever failed here, it can be asked again.
        unrecorded = self._still_calling([claim], errand)
        if errand == ASK:  # the count went with the rollback: the next one waits longer
            unrecorded.asks += 1
        attempt(unrecorded, lambda upload: upload._keep_unrecorded(errand.name, outcome))
        unrecorded._become_unknown()
        self.env.cr.commit()
        return unrecorded

    def _send_now(self):
        """Claim and send these at once, then ask once what became of them.

        A person waits: what takes longer than a click may is left to the scheduled
        actions. What is put off is not left to their regular run.
        """
        # One: the question goes by the connection of the file.
        with Dispatch(seconds_of_a_click()) as dispatch:
            self._now(dispatch, SEND)
            self.filtered(lambda t: t.state in ASK.calling)._now(dispatch, ASK)
        self._schedule_next()

    def _now(self, dispatch, errand):
        within = min(CLICK_AHEAD, dispatch.seconds_left())
        for company, own in self.grouped("company_id").items():
            turns = company.sudo().copro_account_id._take_turns(len(own), within)
            claimed = getattr(own[: len(turns)], errand.claim)()
            claimed._take_off(dispatch, errand, turns)
        while dispatch:
            self._record_landed(dispatch, errand)
            self.env.cr.commit()


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
