"""What a dossier lacks, at a date, for a service: pure functions."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from ..contract import Service
from ..items import catalogue
from . import coherence, formats, plausibility, representation, required
from .finding import BLOCKING, WARNING, Finding
from .messages import MESSAGES

_RULES = (
    required.check,
    formats.check,
    coherence.check,
    representation.check,
    plausibility.check,
)


def check(dossier: dict[str, Any], service: Service, on: date) -> list[Finding]:
    """Everything wrong with ``dossier`` for ``service`` under the rules of ``on``.

    Ordered as the form is. Never raises, whatever the dossier holds; a dossier
    without a blocking finding can be encoded.
    """
    known = catalogue(on)
    every = (f for rule in _RULES for f in rule(dossier, service, known))
    found = _distinct(finding for finding in every if finding.item in known)
    order = {code: rank for rank, code in enumerate(known.by_code)}
    return sorted(found, key=lambda finding: order[finding.item])


def _distinct(findings: Iterator[Finding]) -> list[Finding]:
    return list(dict.fromkeys(findings))


def blocking(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == BLOCKING]


__all__ = ["BLOCKING", "MESSAGES", "WARNING", "Finding", "blocking", "check"]
