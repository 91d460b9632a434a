"""Figures that are possible, yet surprising: warnings, but for what cannot be by chance."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from ..contract import Service
from ..items import Catalogue, Item, all_items
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
CHECKED = "montants_verifies"  # beside the figures of the exercise before


def check(
    dossier: dict[str, Any], service: Service, known: Catalogue, on: date
) -> Iterator[Finding]:
    """Surprises worth a second look before sending."""
    values = Values(dossier)
    if "identification" in service.groups:
        yield from _place(values)
    if "technique" in service.groups:
        yield from _year(values)
    if "finance" in service.groups and values.get("premier_exercice") is not True:
        yield from _debtors(values, known)
        yield from _small(values)
        yield from _charges(values)
        yield from _changes(values, known)
    if "finance" in service.groups and values.get("presence_personnel") is True:
        yield from _staff(values)


def _place(values: Values) -> Iterator[Finding]:
    address = values.get("adresse_reference")
    if isinstance(address, dict):
        at = Values(address)
        postcode = at.text("adresse_reference_code_postal")
        insee = at.text("adresse_reference_code_insee")
        if postcode and insee and _department(insee) != postcode[:2]:
            item = "adresse_reference_code_insee"
            yield warning("INSEE_POSTCODE", item, insee=insee, postcode=postcode)
    parcels = [str(parcel) for parcel in values.list("parcelles")]
    if len(parcels) != len(set(parcels)):
        yield warning("PARCEL_TWICE", "parcelles")


def _department(insee: str) -> str:
    return "20" if insee[:2] in ("2A", "2B") else insee[:2]


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
