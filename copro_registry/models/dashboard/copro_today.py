from datetime import timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...rnc.states import OPEN_STATES, REFUSED
from ...rnc.today import today
from ..condominium.copro_condominium_deadlines import SITUATIONS

CARDS_ON_BOARD = 5  # condominiums in each column
CARDS_IN_EMAIL = 20  # in each part of the weekly e-mail
AHEAD = 60  # days: what ends within is shown
STATES = tuple(state for state, _label in SITUATIONS)
IN_EMAIL = ("late", "soon", "unknown")
GROUPED_BY = ["deadline_state", "readiness_state", "service_due"]


class Group(NamedTuple):
    """``count`` condominiums with the same values of ``GROUPED_BY``."""

    deadlines: str
    readiness: str
    service: str
    count: int


class CoproToday(models.AbstractModel):
    """The desk: what a person has to do today, among what they may see.

    One call fills the whole screen. The number of SQL queries does not depend on the
    number of condominiums: they are counted in one pass, and few are shown.
    """

    _name = "copro.today"
    _description = "What is to be done today"

    @api.model
    def get_board(self, mine=False):
        """{date, mine, total, numbers, states, accounts, steps, may_edit, may_configure}."""
        scope = self._scope(mine)
        groups = self._groups(scope)
        total = self._count(groups)
        user = self.env.user
        return {
            "date": format_date(self.env, today(), date_format="EEEE d MMMM y"),
            "mine": mine,
            "total": total,
            "numbers": self._numbers(groups, scope),
            "states": [self._column(state, groups, scope) for state in STATES],
            "accounts": list(self._accounts_to_watch()),
            "steps": self._first_steps(groups),
            "may_edit": user.has_group("copro_registry.group_manager"),
            "may_configure": user.has_group("copro_registry.group_main_administrator"),
        }

    @api.model
    def _scope(self, mine):
        return Domain("user_id", "=", self.env.uid) if mine else Domain.TRUE

    # -- numbers ------------------------------------------------------------------

    @api.model
    def _groups(self, scope):
        rows = self.env["copro.condominium"]._read_group(scope, GROUPED_BY, ["__count"])
        return [Group(*row) for row in rows]

    @api.model
    def _count(self, groups):
        return sum(group.count for group in groups)

    @api.model
    def _count_ready(self, groups):
        """How many may leave: a declaration is due, and nothing is missing."""
        return self._count(
            group for group in groups if group.readiness != "not_ready" and group.service
        )

    @api.model
    def _last_upload_is(self, states):
        return Domain("transmission_id.state", "in", states)

    @api.model
    def _waits_in_a_batch(self):
        """Without those that another number counts already."""
        others = self._last_upload_is(OPEN_STATES + REFUSED)
        return Domain("waiting_line_ids", "!=", False) & ~others

    @api.model
    def _waiting(self, scope):
        """The groups of those that wait in a batch; read only when a batch has any."""
        lines = self.env["copro.upload.batch.line"]
        if not lines.search_count(lines._waiting_domain(), limit=1):
            return []
        return self._groups(scope & self._waits_in_a_batch())

    @api.model
    def _numbers(self, groups, scope):
        """[{name, count}]: the search view has a filter of each name."""
        leaving = self._groups(scope & self._last_upload_is(OPEN_STATES))
        refused = self._groups(scope & self._last_upload_is(REFUSED))
        waiting = self._waiting(scope)
        count = self.env["copro.condominium"].search_count
        counts = {
            "refused": self._count(refused),
            # What was refused is corrected first: it is counted there.
            "ready": self._count_ready(groups)
            - sum(map(self._count_ready, (leaving, refused, waiting))),
            "in_progress": self._count(leaving) + self._count(waiting),
            "not_ready": self._count(group for group in groups if group.readiness == "not_ready"),
            "to_register": self._count(group for group in groups if group.service == "WS1"),
            "mandate_ending": count(scope & self._mandate_ends_soon()),
        }
        return [{"name": name, "count": count} for name, count in counts.items()]

    @api.model
    def _mandate_ends_soon(self):
        last = today() + timedelta(days=AHEAD)
        return Domain("mandate_end", ">=", today()) & Domain("mandate_end", "<=", last)

    # -- the board of deadlines -------------------------------------------------------

    @api.model
    def _column(self, state, groups, scope, limit=CARDS_ON_BOARD):
        """{name, label, count, cards}: the oldest first; named as everywhere else."""
        found = self.env["copro.condominium"].search_fetch(
            scope & Domain("deadline_state", "=", state),
            ["name", "city", "stored_duties"],
            order="next_deadline, name, id",
            limit=limit,
        )
        field = found._fields["deadline_state"]
        return {
            "name": state,
            "label": dict(field._description_selection(self.env))[state],
            "count": self._count(group for group in groups if group.deadlines == state),
            "cards": [self._card(condominium) for condominium in found],
        }

    @api.model
    def _card(self, condominium):
        return {
            "id": condominium.id,
            "name": condominium.name,
            "place": condominium.city or "",
            "what": condominium.next_act,
            "when": condominium.next_delay,
        }

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
    def _first_steps(self, groups):
        """[{name, is_done}] on the path to the first upload; empty once it is accepted."""
        account = self.env.company.sudo().copro_account_id
        accepted = Domain("state", "=", "accepted")
        if self.env["copro.transmission"].search_count(accepted, limit=1):
            return []
        done = {
            "account": account.number and account.email,
            "certificate": account.certificate_id,
            "condominium": groups or self.env["copro.condominium"].search_count([], limit=1),
            "upload": False,
        }
        return [{"name": name, "is_done": bool(value)} for name, value in done.items()]

    # -- the weekly e-mail -----------------------------------------------------------------

    @api.model
    def _digest(self, mine):
        """{states, refused, accounts}, or False when there is nothing to say."""
        scope = self._scope(mine)
        groups = self._groups(scope)
        states = [self._column(state, groups, scope, CARDS_IN_EMAIL) for state in IN_EMAIL]
        refused, accounts = self._refused(scope), list(self._accounts_to_watch())
        if not accounts and not any(part["count"] for part in (*states, refused)):
            return False
        return {"states": states, "refused": refused, "accounts": accounts}

    @api.model
    def _refused(self, scope):
        domain = scope & self._last_upload_is(REFUSED)
        condominiums = self.env["copro.condominium"]
        found = condominiums.search(domain, order="name, id", limit=CARDS_IN_EMAIL)
        return {
            "count": condominiums.search_count(domain),
            "cards": [
                {"id": one.id, "name": one.name, "what": one.upload_message or ""} for one in found
            ],
        }
