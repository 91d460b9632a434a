import logging
import re
import time
import uuid
from contextlib import closing
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..rnc.client import ANSWERED
from ..rnc.contract import CALLER
from ..rnc.contract.service import LIST
from ..rnc.dispatch import NOT_IN_TIME, Dispatch
from ..rnc.listing import attached
from ..rnc.transport import ended_by
from ..tools.localised import internal_error
from ..tools.time_limits import seconds_of_a_click

_logger = logging.getLogger(__name__)

# As people space and dot it.
NUMBER = re.compile(r"\b[A-Z]{2}[ .-]?(?:\d[ .-]?){6}\d\b")
LONGEST_SHOWN = 60  # characters of a line


class CoproRegistryImport(models.TransientModel):
    """First import: local condominiums made from what the registry holds (WS3).

    The numbers are pasted, from the registry's site or from a spreadsheet; where its contract
    has a call that lists what an account represents (LIST), they are asked for.
    """

    _name = "copro.registry.import"
    _inherit = "copro.protected.mixin"
    _description = "Import condominiums from the registry"

    numbers = fields.Text(
        string="Registration numbers",
        help="One or more registration numbers, with anything around them: lines of a "
        "spreadsheet will do.",
    )
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company, fixed=True)
    has_list = fields.Boolean(compute="_compute_has_list")
    report = fields.Json(readonly=True, protected=True, copy=False)
    report_text = fields.Text(string="Result", compute="_compute_report_text")
    failure_text = fields.Text(string="Not imported", compute="_compute_report_text")

    @api.depends("company_id")
    def _compute_has_list(self):
        for wizard in self:
            account = wizard.company_id.sudo().copro_account_id
            wizard.has_list = LIST in account._contract_or_default().services

    @api.depends("report")
    def _compute_report_text(self):
        for wizard in self:
            rows = wizard.report if isinstance(wizard.report, list) else []
            lines = {True: [], False: []}
            for number, told, is_here in rows:
                lines[is_here].append(f"{number} – {told}")
            wizard.report_text = "\n".join(lines[True])
            wizard.failure_text = "\n".join(lines[False])

    def action_list(self):
        """Ask the registry for the numbers of the account, but for those that are here."""
        self.ensure_one()
        self.env["copro.condominium"].check_access("create")
        if not self.has_list:
            reason = self.env._(
                "The registry's contract has no call that lists the condominiums of an account: "
                "paste their numbers."
            )
            title = self.env._("Import from the registry")
            return self.env["copro.condominium"]._notify("warning", title, reason)
        numbers = self._listed()
        there = self._here(numbers)
        self.numbers = "\n".join(number for number in numbers if number not in there)
        return self._shown()

    def _listed(self):
        """The numbers that the registry lists. Raises UserError when it does not."""
        account = self.company_id.sudo().copro_account_id
        client, end = account._client(), time.monotonic() + seconds_of_a_click()
        with closing(client.channel), ended_by(end):
            numbers, outcome = attached(client, partial(_wait_for_turn, account, end))
        if outcome.kind != ANSWERED:
            comparison = self.env["copro.comparison"].new({"company_id": self.company_id})
            raise UserError(comparison._why(outcome))
        return numbers

    def action_import(self):
        """Download and create; what has no time within a click stays in the box."""
        self.ensure_one()
        self.env["copro.condominium"].check_access("create")
        wanted, ignored = self._numbers()
        if not wanted:
            raise UserError(
                self.env._(
                    "No registration number was found: paste two letters and seven digits, such "
                    "as AB1234567."
                )
            )
        report, left = self._import(wanted)
        self.numbers = "\n".join(left)
        self.sudo().report = [*(self.report or []), *report, *ignored]
        return self._shown()

    def _here(self, numbers):
        """Those of ``numbers`` that are in Odoo already."""
        known = self.env["copro.condominium"].search(
            [("registration_number", "in", numbers), ("company_id", "=", self.company_id.id)]
        )
        return set(known.mapped("registration_number"))

    def _shown(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import from the registry"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _numbers(self):
        """(numbers, [(line without one, why it is left out, False)])"""
        told = self.env._("no registration number (two letters and seven digits) in this line")
        wanted, ignored = [], []
        for line in (self.numbers or "").splitlines():
            found = [re.sub("[ .-]", "", one) for one in NUMBER.findall(line.upper())]
            wanted += found
            if line.strip() and not found:
                ignored.append((line.strip()[:LONGEST_SHOWN], told, False))
        return list(dict.fromkeys(wanted)), ignored

    def _import(self, wanted):
        """([(number, what happened, whether it is here)], numbers left)"""
        there = self._here(wanted)
        told = self.env._("is in Odoo already")
        report = [(number, told, True) for number in wanted if number in there]
        new = [number for number in wanted if number not in there]
        end = time.monotonic() + seconds_of_a_click()
        with closing(self._fetch(new, end)) as fetched:
            for number, outcome in fetched:
                report.append((number, *self._import_one(number, outcome)))
                if time.monotonic() > end:  # to write takes its time too
                    break
        done = {number for number, _told, _is_here in report}
        return report, [number for number in new if number not in done]

    def _fetch(self, numbers, end):
        """Yield each (number, outcome) as it comes, until the moment ``end`` (monotonic).

        Raises UserError when the registry does not let the account in.
        """
        account = self.company_id.sudo().copro_account_id
        problem = account._why_not_usable()
        if problem:
            raise UserError(problem)
        with Dispatch(end - time.monotonic()) as dispatch:
            client = dispatch.client(account.id, account._client)
            turns = account._take_turns(len(numbers), dispatch.seconds_left())
            for number, turn in zip(numbers, turns, strict=False):
                call = partial(client.fetch, number, reference=str(uuid.uuid4()))
                dispatch.submit(account.id, number, call, turn)
            while dispatch:
                completed = dispatch.completed()
                refused = [one for _key, one in completed if one.concerns == CALLER]
                if refused:  # us, and not a number: all of them stay in the box
                    raise UserError(account._why_not_let_in(refused[0]))
                # What has no time within a click has not left: it stays in the box too.
                yield from ((key, one) for key, one in completed if one.code != NOT_IN_TIME)

    def _import_one(self, number, outcome):
        """Make the condominium of an answer; (what happened, in words; whether it is here)."""
        if outcome.kind != ANSWERED or outcome.answer.dossier is None:
            comparison = self.env["copro.comparison"].new({"company_id": self.company_id})
            return comparison._why(outcome), False
        try:
            with self.env.cr.savepoint():
                condominium = self._make(number, outcome)
        except UserError as error:  # our rules refuse what the registry holds: the others go on
            return str(error), False
        except Exception:
            _logger.exception("Condominium %s could not be imported", number)
            return internal_error(self.env), False
        return self.env._("created: %(name)s", name=condominium.name), True

    def _make(self, number, outcome):
        theirs = outcome.answer.dossier
        condominium = self.env["copro.condominium"].create(
            {
                "name": theirs.get("nom_usage") or number,
                "registration_number": number,
                "company_id": self.company_id.id,
            }
        )
        condominium._downloaded(theirs)
        comparison = self.env["copro.comparison"]._of(condominium)
        condominium._take(comparison._takable(theirs))
        comparison._record(outcome)
        return condominium

    def action_open(self):
        numbers = [number for number, _told, is_here in self.report or [] if is_here]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "copro_registry.copro_condominium_action"
        )
        return {**action, "domain": [("registration_number", "in", numbers)]}


def _wait_for_turn(account, end):
    """Wait until one call may leave by the pace of the account; False when it is after ``end``."""
    turns = account._take_turns(1, end - time.monotonic())
    if turns:
        time.sleep(max(turns[0] - time.monotonic(), 0))
    return bool(turns)
