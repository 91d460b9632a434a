"""What a dossier lacks, at a date, for a service: pure functions."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..contract import Service
from . import coherence, plausibility, representation
from .conditions import relevant
from .finding import BLOCKING, WARNING, Finding
from .messages import MESSAGES
from .plan import plan


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
    planned = plan(known, service.code, service.groups)
    found, due = planned.walk(dossier)
    found += coherence.check(dossier, service, on)
    if service.code in representation.CHECKS:
        found += representation.CHECKS[service.code](dossier)
    found += plausibility.check(dossier, service, known, on)
    return Readiness(planned.in_order(found), due)


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


__all__ = [
    "BLOCKING",
    "MESSAGES",
    "WARNING",
    "Finding",
    "Readiness",
    "blocking",
    "check",
    "fingerprint",
    "judge",
    "relevant",
]
