"""What a dossier lacks, at a date, for a service: pure functions."""

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
    found += representation.check(dossier, service)
    found += plausibility.check(dossier, service, known, on)
    return Readiness(planned.in_order(found), due)


def check(dossier: dict[str, Any], service: Service, on: date) -> list[Finding]:
    """Everything wrong with ``dossier``: the findings of ``judge``."""
    return list(judge(dossier, service, on).findings)


def blocking(findings) -> list[Finding]:
    return [finding for finding in findings if finding.severity == BLOCKING]


__all__ = [
    "BLOCKING",
    "MESSAGES",
    "WARNING",
    "Finding",
    "Readiness",
    "blocking",
    "check",
    "judge",
    "relevant",
]
