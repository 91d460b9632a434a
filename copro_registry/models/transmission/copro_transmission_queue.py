from dataclasses import dataclass
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.localised import internal_error
from ...tools.upload_states import ASKED
from ..declarant.copro_declarant_account_pace import RUN_AHEAD

# pylint: disable=invalid-commit

HELD_BACK = timedelta(hours=1)  # a repair brings them forward
# What waits is counted to report progress; counting it all would read it all.
MOST_COUNTED = 1000


@dataclass(frozen=True)
class Errand:
    """A kind of call: which transmissions it is for, and the methods that do its steps.

    ``due`` is the predicate of the partial index that serves it: a claim reads the
    first rows of a company in that index and nothing else, whatever the size of the table.
    """

    name: str
    due: SQL
    claim: str
    call: str
    record: str
    calling: tuple[str, ...]  # states in which an outcome is still expected
    put_back: str


SEND = Errand(
    name="send",
    due=SQL("state = 'queued' AND on_hold IS NOT TRUE"),
    claim="_claim",
    call="_call",
    record="_record",
    calling=("sending",),
    put_back="_put_back",
)
ASK = Errand(
    name="ask",
    due=SQL("state IN ('received', 'unknown')"),
    claim="_claim_question",
    call="_question",
    record="_record_status",
    calling=ASKED,
    put_back="_ask_again_now",
)


class CoproTransmission(models.Model):
    """The queue: what is due, of which company, and when to look again."""

    _inherit = "copro.transmission"

    @api.model
    def _first_of_each_company(self, errand):
        """[(company id, when its first is due)], those that its registry does not take yet too.

        An archived company calls no more.

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
            *(RUN_AHEAD, errand.due),
        )
        # Without a moment nothing is ever due: that keeps nobody else waiting.
        return [(company, moment) for company, moment in self.env.execute_query(query) if moment]

    @api.model
    def _companies_with_due(self, errand):
        """Whose calls may leave now: the company that has waited longest first."""
        now = fields.Datetime.now()
        return [
            company_id
            for company_id, moment in self._first_of_each_company(errand)
            if moment <= now
        ]

    @api.model
    def _count_due(self, errand):
        now = fields.Datetime.now()
        query = SQL(
            "SELECT count(*) FROM copro_declarant_account account CROSS JOIN LATERAL ("
            "SELECT FROM copro_transmission "
            "WHERE company_id = account.company_id AND %s AND next_attempt <= %s "
            "ORDER BY next_attempt, id LIMIT %s) due "
            "WHERE (account.busy_until IS NULL OR account.busy_until <= %s) "
            "AND account.company_id = ANY(%s)",
            *(errand.due, now, MOST_COUNTED, now, self._companies_with_due(errand)),
        )
        [(count,)] = self.env.execute_query(query)
        return count

    @api.model
    def _lock_due(self, errand, company_id, most):
        """The oldest of a company that are due and that no other worker has locked."""
        self.flush_model(["state", "next_attempt", "on_hold"])
        query = SQL(
            "SELECT id FROM copro_transmission "
            "WHERE company_id = %s AND %s AND next_attempt <= %s "
            "ORDER BY next_attempt, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED",
            *(company_id, errand.due, fields.Datetime.now(), most),
        )
        return self.browse([row[0] for row in self.env.execute_query(query)])

    @api.model
    def _put_off(self, errand, company_id):
        """A fault of ours keeps the calls of this company from being made: they wait."""
        due = self._lock_due(errand, company_id, MOST_COUNTED)
        later = fields.Datetime.now() + HELD_BACK
        told = self._fault(internal_error(self.env)) if errand == SEND else {}
        due.write({"next_attempt": later, **told})
        self.env.cr.commit()

    @api.model
    def _schedule_next(self):
        """Come back when the next one is due to be sent, or asked about."""
        for errand, cron in ((SEND, "send"), (ASK, "status")):
            moments = [moment for _company, moment in self._first_of_each_company(errand)]
            if moments:
                self._come_back(self.env.ref(f"copro_registry.ir_cron_{cron}"), min(moments))

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
