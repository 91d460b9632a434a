"""What the rules say of a dossier: each value alone, then the values together.

The steps through a dossier are prepared once per catalogue and service.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from ..contract import Service
from ..items import Catalogue, Item
from . import coherence, formats, plausibility, representation
from .conditions import Condition, compiled
from .finding import BLOCKING, Finding


@dataclass(frozen=True)
class Readiness:
    """What the rules say of a dossier: its findings, in the order of the form."""

    findings: tuple[Finding, ...]
    due: int  # how many values the service cannot do without

    @property
    def blocking(self) -> list[Finding]:
        return blocking(self.findings)

    @property
    def state(self) -> str:
        """``not_ready``: something blocks; ``to_check``: a value is surprising; ``ready``."""
        if self.blocking:
            return "not_ready"
        return "to_check" if self.findings else "ready"

    @property
    def percentage(self) -> int:
        """The share of what is due that can be sent as it is; 100 when nothing blocks."""
        wrong = len({(finding.item, finding.member) for finding in self.blocking})
        if not wrong:
            return 100
        return 100 * max(self.due - wrong, 0) // max(self.due, wrong)


def judge(dossier: dict[str, Any], service: Service, on: date) -> Readiness:
    """What the rules of ``on`` say of ``dossier`` for ``service``.

    Never raises, whatever the dossier holds; a dossier without a blocking finding can
    be encoded.
    """
    known = service.catalogue(dossier, on)
    walk = _walk(known, service.code, service.groups)
    found, due = walk.visit(dossier)
    found += coherence.check(dossier, service, on)
    if service.code in representation.CHECKS:
        found += representation.CHECKS[service.code](dossier)
    found += plausibility.check(dossier, service, known, on)
    return Readiness(walk.in_order(found), due)


def check(dossier: dict[str, Any], service: Service, on: date) -> list[Finding]:
    """Everything wrong with ``dossier``: the findings of ``judge``."""
    return list(judge(dossier, service, on).findings)


def blocking(findings) -> list[Finding]:
    return [finding for finding in findings if finding.severity == BLOCKING]


def fingerprint(dossier: dict[str, Any], service: Service, on: date) -> str:
    """SHA-256 of the items that ``service`` would send on ``on``: same content, same text.

    Cheaper than the file itself, and blind to how it is written.
    """
    sent = service.sent(dossier, on)
    content = {
        item.code: dossier[item.code]
        for item in sent
        if dossier.get(item.code) not in (None, "", [], {})
    }
    written = json.dumps(content, default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Step:
    """What to do with one item."""

    item: Item
    code: str
    is_list: bool
    always: bool
    when: Condition | None
    check: Callable[[Any], formats.Fault | None]
    children: tuple["Step", ...]

    def visit(self, own: dict, dossier: dict, member: int | None, found: list) -> int:
        """Add to ``found`` what is wrong; returns how many values were due."""
        value = own.get(self.code)
        due = self.when(own, dossier) if self.when else self.always
        if value is None or (not value and isinstance(value, (str, list, dict))):
            if due:
                found.append(self._finding(("MISSING", ()), member))
        elif self.is_list and isinstance(value, list):
            return due + self._visit_members(value, dossier, found)
        elif self.children and isinstance(value, dict):
            return due + self._visit_children(value, dossier, member, found)
        else:
            fault = self.check(value)
            if fault:
                found.append(self._finding(fault, member))
        return due

    def _visit_children(self, value, dossier, member, found) -> int:
        due = 0
        for child in self.children:
            due += child.visit(value, dossier, member, found)
        return due

    def _visit_members(self, members: list, dossier: dict, found: list) -> int:
        due = 0
        for rank, member in enumerate(members, 1):
            if self.children and isinstance(member, dict):
                due += self._visit_children(member, dossier, rank, found)
                continue
            fault = formats.text(member) if not self.children else formats.NOT_LIST
            if fault:
                found.append(self._finding(fault, rank))
        return due

    def _finding(self, fault: formats.Fault, member: int | None) -> Finding:
        code, params = fault
        law = self.item.law if code == "MISSING" else ""
        return Finding(code, self.item.code, BLOCKING, params, law, member)


@dataclass(frozen=True, eq=False)
class Walk:
    """The steps through a dossier, and the order of what they find."""

    steps: tuple[Step, ...]
    order: dict[str, int]

    def visit(self, dossier: dict[str, Any]) -> tuple[list[Finding], int]:
        """(what is wrong with the values one by one, how many were due)."""
        found: list[Finding] = []
        due = 0
        for step in self.steps:
            due += step.visit(dossier, dossier, None, found)
        return found, due

    def in_order(self, found: Iterable[Finding]) -> tuple[Finding, ...]:
        """Each finding once, of the items in effect, in the order of the form."""
        if not found:
            return ()
        known = (f for f in dict.fromkeys(found) if f.item in self.order)
        return tuple(sorted(known, key=lambda f: (self.order[f.item], f.member or 0)))


@cache
def _walk(known: Catalogue, service: str, groups: tuple[str, ...]) -> Walk:
    """The walk through what ``service`` carries, by the items of ``known``."""
    steps = tuple(_step(item, known) for item in known.sent(service, groups))
    return Walk(steps, {code: rank for rank, code in enumerate(known.by_code)})


def _step(item: Item, known: Catalogue) -> Step:
    children = tuple(_step(child, known) for child in known.children(item.code))
    when = compiled(item.when) if item.required == "conditional" else None
    check = formats.checker(item, bool(children))
    always = item.required == "always"
    return Step(item, item.code, item.type == "list", always, when, check, children)
