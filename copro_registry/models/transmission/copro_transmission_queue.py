from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import psycopg2.errors

from odoo import api, fields, models
from odoo.tools import SQL

from ...rnc.contract.profile import BY_REPEATING
from ...rnc.states import ASKED, HOLD, OPEN_STATES, Event
from ...tools.frozen import as_bytes
from ...tools.in_parts import CONFLICTS, apart
from ...tools.time_limits import RUN_AHEAD
from .copro_transmission_message import COPIED, INTERNAL, OTHER_PARAMETERS

# pylint: disable=invalid-commit

# What waits is counted to report progress; counting it all would read it all.
MOST_COUNTED = 1000
MOST_POSTPONED = 1000  # at once, of a company whose account fails


@dataclass(frozen=True)
class Operation:
    """One of the two calls about an upload."""

    name: str  # the ``kind`` of its calls in the timeline
    cron: str
    # The predicate of the partial index that serves it: a claim reads the first rows of a
    # company in that index and nothing else, whatever the size of the table.
    due: SQL
    in_flight: tuple[str, ...]  # states in which an outcome is still expected


SEND = Operation(
    "send",
    "copro_registry.ir_cron_send",
    SQL("state = 'queued' AND on_hold IS NOT TRUE"),
    ("sending",),
)
# Asking changes nothing at the registry: two workers may ask the same at worst; a claim keeps
# them from doing so without need.
ASK = Operation(
    "ask",
    "copro_registry.ir_cron_status",
    SQL("state IN ('received', 'unknown')"),
    ASKED,
)


class CoproTransmissionQueue(models.AbstractModel):
    """The queue: what is due, of which company; claims; when to look again.

    An ``operation`` is `SEND` or `ASK`: what they differ in stands here, the loop
    (``copro.transmission.run``) is the same for both.
    """

    _name = "copro.transmission.queue"
    _description = "Queue of the uploads"

    next_call = fields.Datetime(
        compute="_compute_next_call", help="When it is sent, or asked about, at the soonest"
    )

    # Not on the account's pause: to follow it back would read every upload of the company,
    # each time that the registry asks to wait.
    @api.depends("next_attempt")
    def _compute_next_call(self):
        for upload in self:
            moments = (upload.next_attempt, upload._account().busy_until)
            upload.next_call = max(filter(None, moments), default=False)

    # -- what is due ------------------------------------------------------------

    @api.model
    def _first_of_each_company(self, operation):
        """[(company id, when its first is due)], those that its registry does not take yet too.

        An archived company calls no more; nor does one for which this database does not send.
        None is due as long as the next turn of its account is further away than a run waits.
        """
        self.flush_model(["state", "next_attempt", "on_hold"])
        self.env["copro.declarant.account"].flush_model(["busy_until"])
        # The limit keeps the index in use: one probe for each company.
        query = SQL(
            "SELECT account.company_id, GREATEST(first.next_attempt, account.busy_until, "
            "pace.next_call_at - %s * interval '1 second') FROM copro_declarant_account account "
            "JOIN res_company company ON company.id = account.company_id AND company.active "
            "LEFT JOIN copro_call_pace pace ON pace.account_id = account.id CROSS JOIN LATERAL ("
            "SELECT next_attempt FROM copro_transmission "
            "WHERE company_id = account.company_id AND %s "
            "ORDER BY next_attempt, id LIMIT 1) first ORDER BY first.next_attempt",
            *(RUN_AHEAD, operation.due),
        )
        # Without a moment nothing is ever due: that keeps nobody else waiting.
        first = [(company, moment) for company, moment in self.env.execute_query(query) if moment]
        held = self._companies_held([company_id for company_id, _moment in first])
        return [line for line in first if line[0] not in held]

    @api.model
    def _companies_with_due(self, operation):
        """Whose calls may leave now: the company that has waited longest first."""
        now = fields.Datetime.now()
        first = self._first_of_each_company(operation)
        return [company_id for company_id, moment in first if moment <= now]

    @api.model
    def _count_due(self, operation):
        now = fields.Datetime.now()
        query = SQL(
            "SELECT count(*) FROM copro_declarant_account account CROSS JOIN LATERAL ("
            "SELECT FROM copro_transmission "
            "WHERE company_id = account.company_id AND %s AND next_attempt <= %s "
            "ORDER BY next_attempt, id LIMIT %s) due "
            "WHERE (account.busy_until IS NULL OR account.busy_until <= %s) "
            "AND account.company_id = ANY(%s)",
            *(operation.due, now, MOST_COUNTED, now, self._companies_with_due(operation)),
        )
        [(count,)] = self.env.execute_query(query)
        return count

    @api.model
    def _companies_paused(self, company_ids):
        """Those of these companies whose registry has asked to wait, or refuses the account."""
        if not company_ids:
            return set()
        query = SQL(
            "SELECT company_id FROM copro_declarant_account "
            "WHERE company_id IN %s AND busy_until > %s",
            *(tuple(company_ids), fields.Datetime.now()),
        )
        return {company_id for (company_id,) in self.env.execute_query(query)}

    @api.model
    def _companies_held(self, company_ids):
        """Those of these companies for which this database does not send: it is a copy."""
        accounts = self.env["copro.declarant.account"].sudo()
        found = accounts.search([("company_id", "in", list(company_ids))])
        return {account.company_id.id for account in found._held_from_here()}

    def _may_call(self, operation):
        """Those that may be called for, by what is true in this transaction.

        Their company may call, and the batch of what is to be sent is running.
        """
        companies = self.company_id.ids
        stopped = self._companies_paused(companies) | self._companies_held(companies)
        allowed = self.filtered(lambda upload: upload.company_id.id not in stopped)
        return allowed._of_running_batches() if operation is SEND else allowed

    # -- what is not queued twice -------------------------------------------------

    @api.model
    def _find_duplicate(self, frozen):
        """Why the very file is not queued again: it is on its way for another; or False.

        Another that queues the same file waits here until this transaction has ended; what this
        one wrote meanwhile is not seen by a transaction that had begun, hence the second look,
        from a connection of its own. The unique index alone would refuse the file too, in an
        error whose log quotes the document, and name nobody.
        """
        same = (frozen["company_id"], frozen["service"], frozen["registration_number"] or "")
        same += (frozen["payload_sha256"],)
        lock = SQL("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", f"upload {same}")
        self.env.cr.execute(lock)
        self.flush_model(["state"])
        name = self._name_of_duplicate(self.env.cr, same)
        if not name:
            with self.env.registry.cursor() as cursor:
                name = self._name_of_duplicate(cursor, same)
        return name and self.env._(
            "The same file is on its way already, for %(name)s: wait for its answer.", name=name
        )

    @api.model
    def _name_of_duplicate(self, cursor, same):
        cursor.execute(
            SQL(
                "SELECT condominium.name FROM copro_transmission upload "
                "JOIN copro_condominium condominium ON condominium.id = upload.condominium_id "
                "WHERE upload.company_id = %s AND upload.service = %s "
                "AND COALESCE(upload.registration_number, '') = %s "
                "AND upload.payload_sha256 = %s AND upload.state IN %s LIMIT 1",
                *same,
                OPEN_STATES,
            )
        )
        [name] = cursor.fetchone() or [False]
        return name

    # -- claims -----------------------------------------------------------------

    @api.model
    def _lock_due(self, operation, condition, limit):
        """The oldest that are due, by ``condition`` (SQL), that no other worker has locked.

        They are as they were read: raises SerializationFailure when one has changed since
        this transaction began.
        """
        self.flush_model(["state", "next_attempt", "on_hold"])
        query = SQL(
            "SELECT id FROM copro_transmission WHERE %s AND %s AND next_attempt <= %s "
            "ORDER BY next_attempt, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED",
            *(condition, operation.due, fields.Datetime.now(), limit),
        )
        due = self.browse([row[0] for row in self.env.execute_query(query)])
        due.invalidate_recordset()
        return due

    def _of_running_batches(self):
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

    def _claim(self, operation):
        """Write the claim, commit: it is on disk before the call, and keeps others away."""
        account = self._account()
        if operation is ASK:
            self._apply(Event.CLAIM, asked_as=account._recipient())
            self.env.cr.commit()
            return
        # The machines that claim share the database's clock, not their own.
        now = self.env.cr.now().replace(microsecond=0)
        self._apply(Event.CLAIM, claimed_at=now, recipient=account._recipient())
        self.env.cr.commit()
        account._note_claim(now, self[0])

    def _claimed(self):
        """What identifies this claim: another one of the same upload has another number."""
        return self.id, self.attempts

    def _call(self, operation, client):
        """The call to make: plain values only, the threads know nothing of the ORM."""
        about = {"number": self.registration_number or "", "quoted": self.quoted_values or {}}
        if operation is ASK:
            again = as_bytes(self.payload) if BY_REPEATING in client.profile.ways() else None
            theirs = self.registry_reference or ""
            about |= {"registry_reference": theirs, "service": self.service, "body": again}
            return partial(client.status, self.reference, **about)
        payload, document = as_bytes(self.payload), as_bytes(self.document_payload)
        about |= {"reference": self.reference, "document": document}
        return partial(client.send, self.service, payload, **about)

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
        for upload in self:
            self.env["copro.transmission.attempt"]._log_interruption(upload)
            upload._apply(Event.LOSE_CLAIM)

    def _is_lost(self):
        """Whether nobody can be calling for this claim any more; one without a moment is."""
        longest = timedelta(seconds=self._account()._limits().longest_call)
        return not self.claimed_at or self.claimed_at + longest < self.env.cr.now()

    # -- what does not leave now ------------------------------------------------

    def _hold(self, fault):
        """Our own side cannot send (no key, no certificate): nothing has left.

        That is no attempt: it takes nothing of what the registry's bad days may take.
        ``fault``: values, as of `_fault`.
        """
        self._apply(Event.HOLD, **fault)
        account = self._account()
        spoken = self[:1].with_context(lang=account._language())
        account._notify_uploads_held(spoken._failure_sentence())

    def _without_misfits(self, operation):
        """Hold what is to be sent and was written for another environment or contract.

        Returns the others. The account changes when nothing is queued: only what was queued at
        that very moment is held.
        """
        if operation is ASK:
            return self
        account = self._account()
        misfits = self.filtered(lambda upload: not account._is_written_for(upload))
        if misfits:
            misfits._hold(self._own_fault(OTHER_PARAMETERS))
        return self - misfits

    @api.model
    def _postpone(self, operation, company_id):
        """A fault of ours keeps the calls of this company from being made: they wait."""
        fault = self._own_fault(INTERNAL) if operation is SEND else {}
        try:
            condition = SQL("company_id = %s", company_id)
            due = self._lock_due(operation, condition, MOST_POSTPONED)
            due.write({"next_attempt": fields.Datetime.now() + HOLD, **fault})
            self.env.cr.commit()
        except CONFLICTS:
            self.env.cr.rollback()  # another worker is at it

    def _ask_before_sending(self):
        """Of what is queued nobody knows whether it has left: the registry is asked."""
        now = fields.Datetime.now()
        self._apply(Event.ASK_FIRST, quiet_until=now, **self._own_fault(COPIED))
        if self:
            self.env.ref(ASK.cron)._trigger()

    # -- when to look again -----------------------------------------------------

    @api.model
    def _schedule_next(self):
        """Come back when the next one is due to be sent, or asked about."""
        for operation in (SEND, ASK):
            moments = [moment for _company, moment in self._first_of_each_company(operation)]
            if moments:
                self._come_back(self.env.ref(operation.cron), min(moments))

    @api.model
    def _come_back(self, cron, moment):
        """Run a scheduled action at ``moment``, to the minute: one trigger serves them all."""
        now = fields.Datetime.now()
        if moment > now:
            moment = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
            before = [("cron_id", "=", cron.id), ("call_at", ">", now), ("call_at", "<=", moment)]
            if self.env["ir.cron.trigger"].sudo().search_count(before, limit=1):
                return  # that run looks for the next one in its turn
        cron._trigger(at=moment)
