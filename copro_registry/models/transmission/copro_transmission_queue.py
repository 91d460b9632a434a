from datetime import timedelta
from functools import partial

import psycopg2.errors

from odoo import api, fields, models
from odoo.tools import SQL

from ...rnc.states import HOLD, OPEN_STATES, Event
from ...tools.in_parts import apart
from ...tools.localised import internal_error
from ...tools.operations import OPERATIONS
from ...tools.time_limits import RUN_AHEAD

# pylint: disable=invalid-commit

# What waits is counted to report progress; counting it all would read it all.
MOST_COUNTED = 1000


class CoproTransmissionQueue(models.AbstractModel):
    """The queue: what is due, of which company; claims; when to look again.

    An ``operation`` is ``SEND`` or ``ASK`` of ``tools/operations.py``.
    """

    _name = "copro.transmission.queue"
    _description = "Queue of the uploads"

    next_call = fields.Datetime(
        compute="_compute_next_call", help="When it is sent, or asked about, at the soonest"
    )

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

    def _may_call(self):
        """Those whose company may call, by what is true in this transaction."""
        companies = self.company_id.ids
        stopped = self._companies_paused(companies) | self._companies_held(companies)
        return self.filtered(lambda upload: upload.company_id.id not in stopped)

    # -- what is not queued twice -------------------------------------------------

    @api.model
    def _find_duplicate(self, frozen):
        """Why the very file is not queued again: it is on its way for another; or False.

        Whoever queues the same file waits here until this transaction has ended; what it
        wrote meanwhile is not seen by a transaction that had begun, hence the second look,
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
    def _lock_due(self, operation, among, most):
        """The oldest that are due, ``among`` (SQL) some, that no other worker has locked.

        They are as they were read: raises SerializationFailure when one has changed since
        this transaction began.
        """
        self.flush_model(["state", "next_attempt", "on_hold"])
        query = SQL(
            "SELECT id FROM copro_transmission WHERE %s AND %s AND next_attempt <= %s "
            "ORDER BY next_attempt, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED",
            *(among, operation.due, fields.Datetime.now(), most),
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

    def _claim_to_send(self):
        """Write ``sending``, commit: the claim is on disk before the call."""
        # The machines that claim share the database's clock, not their own.
        now = self.env.cr.now().replace(microsecond=0)
        account = self._account()
        self._apply(Event.CLAIM, claimed_at=now, recipient=account._recipient())
        self.env.cr.commit()
        account._note_claim(now, self[0])

    def _claim_to_ask(self):
        """Keep other workers away for as long as a call, commit."""
        self._apply(Event.CLAIM, asked_as=self._account()._recipient())
        self.env.cr.commit()

    def _claimed(self):
        """What identifies this claim: another one of the same upload has another number."""
        return self.id, self.attempts

    def _call_to_send(self, client):
        """The call to make: plain values only, the threads know nothing of the ORM."""
        return partial(
            client.send,
            self.service,
            (self.payload or "").encode("utf-8"),
            reference=self.reference,
            number=self.registration_number or "",
        )

    def _call_to_ask(self, client):
        """As `_call_to_send`."""
        return partial(client.status, self.reference, number=self.registration_number or "")

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

    def _hold(self, reason):
        """Our own side cannot send (no key, no certificate): nothing has left.

        That is no attempt: it takes nothing of what the registry's bad days may take.
        """
        self._apply(Event.HOLD, **self._fault(reason))
        self._account()._notify_uploads_held(reason)

    def _hold_what_is_for_another(self):
        """Hold what was written for another environment or contract; returns it.

        The account changes when nothing is queued: only what was queued at that very
        moment comes here.
        """
        account = self._account()
        others = self.filtered(lambda upload: not account._is_written_for(upload))
        if others:
            others._hold(
                self.env._(
                    "This upload was prepared for other technical parameters: cancel it, then "
                    "upload the condominium again."
                )
            )
        return others

    @api.model
    def _postpone(self, operation, company_id):
        """A fault of ours keeps the calls of this company from being made: they wait."""
        due = self._lock_due(operation, SQL("company_id = %s", company_id), MOST_COUNTED)
        due.write({"next_attempt": fields.Datetime.now() + HOLD})
        operation.explain(due, internal_error(self.env))
        self.env.cr.commit()

    def _ask_before_sending(self):
        """Of what is queued nobody knows whether it has left: the registry is asked."""
        told = self.env._(
            "This database was copied or restored: the registry is asked whether it has this "
            "upload already. It leaves once the registry says that it has not."
        )
        self._apply(Event.ASK_FIRST, quiet_until=fields.Datetime.now(), **self._fault(told))
        if self:
            self.env.ref("copro_registry.ir_cron_status")._trigger()

    # -- when to look again -----------------------------------------------------

    @api.model
    def _schedule_next(self):
        """Come back when the next one is due to be sent, or asked about."""
        for operation in OPERATIONS:
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
