"""Figures that are possible, yet surprising: warnings only."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ..contract import Service
from ..items import REFORM, Catalogue
from .finding import Finding, warning

# Arrêté of 10 October 2016, article 5; until the reform.
DEBTOR_THRESHOLD = 300
PERIODS = {
    "AVANT_1949": (0, 1948),
    "DE_1949_A_1960": (1949, 1960),
    "DE_1961_A_1974": (1961, 1974),
    "DE_1975_A_1993": (1975, 1993),
    "DE_1994_A_2000": (1994, 2000),
    "DE_2001_A_2010": (2001, 2010),
    "A_COMPTER_DE_2011": (2011, 9999),
}


def check(dossier: dict[str, Any], service: Service, known: Catalogue) -> Iterator[Finding]:
    """Surprises worth a second look before sending."""
    if "technique" in service.groups:
        yield from _year(dossier)
    if "finance" in service.groups:
        yield from _debtors(dossier, known)


def _year(dossier: dict[str, Any]) -> Iterator[Finding]:
    year = dossier.get("annee_achevement")
    period = dossier.get("periode_construction")
    if isinstance(year, int) and isinstance(period, str) and period in PERIODS:
        first, last = PERIODS[period]
        if not first <= year <= last:
            yield warning("PERIOD_YEAR", "annee_achevement", year=year)


def _debtors(dossier: dict[str, Any], known: Catalogue) -> Iterator[Finding]:
    debtors = dossier.get("nb_coproprietaires_debiteurs")
    owed = dossier.get("impayes")
    if not isinstance(debtors, int) or not isinstance(owed, Decimal) or not debtors:
        return
    if owed == 0:
        yield warning("DEBTORS_NONE", "impayes")
    elif known.on < REFORM and owed.is_finite() and owed <= debtors * DEBTOR_THRESHOLD:
        item = "nb_coproprietaires_debiteurs"
        yield warning("DEBTORS_AMOUNT", item, debtors=debtors, amount=owed)
