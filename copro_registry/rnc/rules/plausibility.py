"""Figures that are possible, yet surprising: warnings, but for what cannot be by chance."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from ..contract import Service
from ..items import Catalogue, Item, all_items
from . import places
from .finding import Finding, blocking, warning
from .values import Values

PERIODS = {
    "AVANT_1949": (0, 1948),
    "DE_1949_A_1960": (1949, 1960),
    "DE_1961_A_1974": (1961, 1974),
    "DE_1975_A_1993": (1975, 1993),
    "DE_1994_A_2000": (1994, 2000),
    "DE_2001_A_2010": (2001, 2010),
    "A_COMPTER_DE_2011": (2011, 9999),
}
# Loi 65-557, article 41-8: either is enough to keep simplified accounts.
SMALL_LOTS = 5
SMALL_BUDGET = Decimal(15_000)
# An amount that grew so many times lost its decimal mark: 412,50 became 41 250.
JUMP = 50
# Euros of a year for each main lot, beyond which a mark of decimals was probably lost; with
# services (meals, care), five times as much. Usual charges are of 300 to 5,000.
LEAST_OF_LOT, MOST_OF_LOT, SERVICES = 20, 12_000, 5
OF_LOTS = ("charges_operations_courantes", "dettes_fournisseurs", "impayes")
# Dates of our times, and how many years ago they are surprising.
RECENT = 20
OF_OUR_TIMES = (
    *("date_debut_exercice", "date_fin_exercice", "date_ag_approbation"),
    *("date_debut_mandat", "date_fin_mandat", "date_ag_mandat"),
)
OLDEST_BYLAWS = 1900
CHECKED = "montants_verifies"  # beside the figures of the fiscal year before


def check(
    dossier: dict[str, Any], service: Service, known: Catalogue, on: date
) -> Iterator[Finding]:
    """Surprises worth a second look before sending."""
    values = Values(dossier)
    if "identification" in service.groups:
        yield from places.check(values)
    yield from _old(values, known, on)
    if "technique" in service.groups:
        yield from _year(values)
    if "finance" in service.groups:
        yield from _days(values)
    if "finance" in service.groups and values.get("premier_exercice") is not True:
        yield from _debtors(values, known)
        yield from _small(values)
        yield from _charges(values)
        yield from _changes(values, known)
        yield from _first_amounts(values)
    if "finance" in service.groups and values.get("presence_personnel") is True:
        yield from _staff(values)


def period_of(year: int | None) -> str | None:
    """The code of the period in which a building of ``year`` was completed; None for none."""
    if not year:
        return None
    return next((code for code, (first, last) in PERIODS.items() if first <= year <= last), None)


def _year(values: Values) -> Iterator[Finding]:
    year, period = values.int("annee_achevement"), values.text("periode_construction")
    if year and period in PERIODS:
        first, last = PERIODS[period]
        if not first <= year <= last:
            yield warning("PERIOD_YEAR", "annee_achevement", year=year)


def _debtors(values: Values, known: Catalogue) -> Iterator[Finding]:
    debtors, owed = values.int("nb_coproprietaires_debiteurs"), values.amount("impayes")
    item = known.by_code.get("nb_coproprietaires_debiteurs")
    if not item or not debtors or owed is None:
        return
    if owed == 0:
        yield warning("DEBTORS_NONE", "impayes")
    elif item.threshold and owed <= debtors * item.threshold:
        limit = {"threshold": item.threshold, "amount": owed}
        yield warning("DEBTORS_AMOUNT", item.code, item.law, debtors=debtors, **limit)


def _small(values: Values) -> Iterator[Finding]:
    """A small association owes neither unpaid amount nor debtors: is it one?"""
    lots = values.int("nb_lots_principaux")
    charges = values.amount("charges_operations_courantes")
    if values.get("comptabilite_simplifiee") is not True or not lots or charges is None:
        return
    if lots > SMALL_LOTS and charges >= SMALL_BUDGET:
        law = "Loi 65-557 art. 41-8"
        yield warning("NOT_SMALL", "comptabilite_simplifiee", law, lots=lots, amount=charges)


def _charges(values: Values) -> Iterator[Finding]:
    if values.amount("charges_operations_courantes") == 0:
        yield warning("NO_CHARGES", "charges_operations_courantes")


def _changes(values: Values, known: Catalogue) -> Iterator[Finding]:
    before = values.get("exercice_precedent")
    if not isinstance(before, dict):
        return
    past = Values(before)
    leapt = jumps(values, past)
    if leapt and past.get(CHECKED) is not True:
        item, old, new = leapt[0]
        figures = {"old": old, "new": new, "count": len(leapt), "times": JUMP}
        yield blocking("JUMPED", item, **figures)
        return
    for item in _compared(known):
        new, old = values.amount(item.code), past.amount(item.code)
        if new is not None and old and abs(new - old) * 100 > abs(old) * item.change:
            yield warning("CHANGED", item.code, old=old, new=new, percent=item.change)


def jumps(values: Values, past: Values) -> list[tuple[str, Decimal, Decimal]]:
    """(item, old, new) of the amounts that grew fiftyfold, if they did so together.

    Empty when only one of several grew so: that is an event of the year, not a misreading.
    """
    codes = [one.code for one in all_items() if one.group == "finance" and one.type == "decimal"]
    both = [(code, past.amount(code), values.amount(code)) for code in dict.fromkeys(codes)]
    known = [(code, old, new) for code, old, new in both if old and new is not None]
    leapt = [(code, old, new) for code, old, new in known if abs(new) >= JUMP * abs(old)]
    return leapt if len(leapt) > 1 or len(leapt) == len(known) else []


@cache
def _compared(known: Catalogue) -> list[Item]:
    return [item for item in known.children("") if item.change and item.group == "finance"]


def _staff(values: Values) -> Iterator[Finding]:
    if not values.text("siret_syndicat"):
        law = "Loi 65-557 art. 8-2; décret 2016-1822"
        yield warning("STAFF_SIRET", "siret_syndicat", law)


def _old(values: Values, known: Catalogue, on: date) -> Iterator[Finding]:
    """Of another century: 1995 for 2025, 1872 for 1972."""
    limits = {**dict.fromkeys(OF_OUR_TIMES, on.year - RECENT), "date_reglement": OLDEST_BYLAWS}
    for code, oldest in limits.items():
        day = values.date(code) if code in known.by_code else None
        if day and day.year < oldest:
            yield warning("OLD_DATE", code, day=day)


def _days(values: Values) -> Iterator[Finding]:
    """31/12 to 30/12: a day was lost on the way, to midnight or to a slip."""
    start, end = values.date("date_debut_exercice"), values.date("date_fin_exercice")
    if not start or not end or start >= end:
        return
    is_first = values.get("premier_exercice") is True  # may start on any day
    if _is_last_of_month(end + timedelta(1)) or (_is_last_of_month(start) and not is_first):
        yield warning("FISCAL_YEAR_DAY", "date_fin_exercice", start=start, end=end)


def _is_last_of_month(day: date) -> bool:
    return (day + timedelta(1)).day == 1


def _first_amounts(values: Values) -> Iterator[Finding]:
    """No fiscal year before it to compare with: the lots tell the size."""
    lots = values.int("nb_lots_principaux")
    if not lots or isinstance(values.get("exercice_precedent"), dict):
        return
    most = MOST_OF_LOT * (SERVICES if values.get("residence_service") is True else 1)
    for code in OF_LOTS:
        amount = values.amount(code)
        is_little = code == OF_LOTS[0] and 0 < (amount or 0) < LEAST_OF_LOT * lots
        if is_little or (amount or 0) > most * lots:
            yield warning("FIRST_AMOUNT", code, amount=amount, lots=lots)
