from datetime import timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.today import today
from ...tools.upload_states import OPEN_STATES, REFUSED
from ..condominium.copro_condominium_deadlines import DUE

MOST_SHOWN = 5  # condominiums in each column of the board
MOST_TOLD = 20  # in each part of the weekly e-mail
AHEAD = 60  # days: what ends within is shown
STATES = ("late", "soon", "in_order", "unknown")
LIKENESS = ["deadline_state", "readiness_state", "service_due"]


class Fact(NamedTuple):
    """So many condominiums that are alike, seen from the desk."""

    deadlines: str
    readiness: str
    service: str
    count: int


class CoproToday(models.AbstractModel):
    """The desk: what a person has to do today, among what he may see.

    One call fills the whole screen. The number of SQL queries does not depend on the
    number of condominiums: they are counted in one pass, and few are shown.
    """

    _name = "copro.today"
    _description = "What is to be done today"

    @api.model
    def get_board(self, mine=False):
        """{date, mine, total, numbers, states, accounts, steps, may_edit, may_configure}."""
        scope = self._scope(mine)
        facts = self._facts(scope)
        total = _sum(facts)
        user = self.env.user
        return {
            "date": format_date(self.env, today(), date_format="EEEE d MMMM y"),
            "mine": mine,
            "total": total,
            "numbers": self._numbers(facts, scope),
            "states": [self._column(state, facts, scope) for state in STATES],
            "accounts": list(self._accounts_to_watch()),
            "steps": self._first_steps(facts),
            "may_edit": user.has_group("copro_registry.group_manager"),
            "may_configure": user.has_group("copro_registry.group_main_administrator"),
        }

    @api.model
    def _scope(self, mine):
        return Domain("user_id", "=", self.env.uid) if mine else Domain.TRUE

    # -- numbers ------------------------------------------------------------------

    @api.model
    def _facts(self, scope):
        groups = self.env["copro.condominium"]._read_group(scope, LIKENESS, ["__count"])
        return [Fact(*group) for group in groups]

    @api.model
    def _last_upload_is(self, states):
        return Domain("transmission_id.state", "in", states)

    @api.model
    def _waits_in_a_batch(self):
        """Not those that another number counts already."""
        others = self._last_upload_is(OPEN_STATES + REFUSED)
        return Domain("waiting_line_ids", "!=", False) & ~others

    @api.model
    def _waiting(self, scope):
        """Those, as facts; asked of all only when a batch has some that wait."""
        lines = self.env["copro.upload.batch.line"]
        if not lines.search_count(lines._waiting_domain(), limit=1):
            return []
        return self._facts(scope & self._waits_in_a_batch())

    @api.model
    def _numbers(self, facts, scope):
        """[{name, count}]: the search view has a filter of each name."""
        leaving = self._facts(scope & self._last_upload_is(OPEN_STATES))
        refused = self._facts(scope & self._last_upload_is(REFUSED))
        waiting = self._waiting(scope)
        count = self.env["copro.condominium"].search_count
        counts = {
            "refused": _sum(refused),
            # What was refused is corrected first: it is counted there.
            "ready": _ready(facts) - _ready(leaving) - _ready(refused) - _ready(waiting),
            "in_progress": _sum(leaving) + _sum(waiting),
            "not_ready": _sum(fact for fact in facts if fact.readiness == "not_ready"),
            "to_register": _sum(fact for fact in facts if fact.service == "WS1"),
            "mandate_ending": count(scope & self._mandate_ends_soon()),
        }
        return [{"name": name, "count": count} for name, count in counts.items()]

    @api.model
    def _mandate_ends_soon(self):
        last = today() + timedelta(days=AHEAD)
        return Domain("mandate_end", ">=", today()) & Domain("mandate_end", "<=", last)

    # -- the board of deadlines -------------------------------------------------------

    @api.model
    def _column(self, state, facts, scope, limit=MOST_SHOWN):
        """{name, count, cards}: the oldest first."""
        found = self.env["copro.condominium"].search_fetch(
            scope & Domain("deadline_state", "=", state),
            ["name", "city", "registration_number", "next_deadline", "service_due", *DUE],
            order="next_deadline, name, id",
            limit=limit,
        )
        return {
            "name": state,
            "count": _sum(fact for fact in facts if fact.deadlines == state),
            "cards": [self._card(condominium) for condominium in found],
        }

    @api.model
    def _card(self, condominium):
        return {
            "id": condominium.id,
            "name": condominium.name,
            "place": condominium.city or "",
            "what": condominium.next_act,
            "when": self._how_long(condominium.next_deadline),
        }

    @api.model
    def _how_long(self, day):
        if not day:
            return ""
        left = (day - today()).days
        if left == 0:
            return self.env._("today")
        if left == -1:
            return self.env._("1 day late")
        if left < 0:
            return self.env._("%(count)s days late", count=-left)
        if left == 1:
            return self.env._("tomorrow")
        return self.env._("in %(count)s days", count=left)

    # -- the account --------------------------------------------------------------------

    @api.model
    def _accounts_to_watch(self):
        """{company, sentence, is_blocking} of each company whose account asks for something."""
        for company in self.env.companies:
            account = company.sudo().copro_account_id
            problem = account._why_not_usable()
            sentence = problem or self._certificate_ends(account)
            if sentence:
                yield {
                    "company": company.name if len(self.env.companies) > 1 else "",
                    "sentence": sentence,
                    "is_blocking": bool(problem),
                }

    @api.model
    def _certificate_ends(self, account):
        end = account.certificate_end
        if not end or end > today() + timedelta(days=AHEAD):
            return False
        return self.env._(
            "The client certificate ends on %(day)s: order the next one now, it takes weeks.",
            day=format_date(self.env, end),
        )

    @api.model
    def _first_steps(self, facts):
        """[{name, is_done}] on the path to the first upload; empty once it is recorded."""
        account = self.env.company.sudo().copro_account_id
        recorded = Domain("state", "=", "accepted")
        is_recorded = self.env["copro.transmission"].search_count(recorded, limit=1)
        if is_recorded:
            return []
        done = {
            "account": account.number and account.email,
            "certificate": account.certificate_id,
            "condominium": facts or self.env["copro.condominium"].search_count([], limit=1),
            "upload": False,
        }
        return [{"name": name, "is_done": bool(value)} for name, value in done.items()]

    # -- the weekly e-mail -----------------------------------------------------------------

    @api.model
    def _digest(self, mine):
        """{late, soon, refused, accounts}, or False when there is nothing to tell."""
        scope = self._scope(mine)
        facts = self._facts(scope)
        told = {state: self._column(state, facts, scope, MOST_TOLD) for state in ("late", "soon")}
        told["refused"] = self._refused(scope)
        told["accounts"] = list(self._accounts_to_watch())
        parts = [told[name]["count"] for name in ("late", "soon", "refused")]
        return told if any(parts) or told["accounts"] else False

    @api.model
    def _refused(self, scope):
        domain = scope & self._last_upload_is(REFUSED)
        condominiums = self.env["copro.condominium"]
        found = condominiums.search(domain, order="name, id", limit=MOST_TOLD)
        return {
            "count": condominiums.search_count(domain),
            "cards": [
                {"id": one.id, "name": one.name, "what": one.upload_message or ""} for one in found
            ],
        }


def _sum(facts):
    return sum(fact.count for fact in facts)


def _ready(facts):
    return _sum(fact for fact in facts if fact.readiness != "not_ready" and fact.service)
