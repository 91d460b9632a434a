"""Values that contradict each other."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import Any

from ..contract import Service
from .finding import Finding, blocking, warning
from .values import Values

FISCAL_YEAR_MONTHS = 18
MANDATE_MONTHS = 36  # décret 67-223, article 28


def check(dossier: dict[str, Any], service: Service, on: date) -> Iterator[Finding]:
    """Cross-checks of lots, syndicat, buildings, fiscal year and mandate."""
    values = Values(dossier)
    if "identification" in service.groups:
        yield from _lots(values)
        yield from _identity(values, on)
    if "procedures" in service.groups:
        yield from _procedures(values, on)
    if "technique" in service.groups:
        yield from _buildings(values)
    if "finance" in service.groups:
        yield from _fiscal_year(values, on)
    if service.code.startswith(("WS1", "WS2", "WS6")):
        yield from mandate(dossier)
    if service.code.startswith(("WS1", "WS2")):
        yield from _mandate_current(values, on)


def _lots(values: Values) -> Iterator[Finding]:
    total = values.int("nb_lots_total")
    main = values.int("nb_lots_principaux")
    housing = values.int("nb_lots_habitation")
    parking = values.int("nb_lots_stationnement")
    if total is not None and main is not None and main > total:
        yield blocking("LOTS_MAIN", "nb_lots_principaux", part=main, whole=total)
    elif None not in (total, main, parking) and main + parking > total:
        yield warning("LOTS_SUM", "nb_lots_total", part=main + parking, whole=total)
    if main is not None and housing is not None and housing > main:
        yield blocking("LOTS_HOUSING", "nb_lots_habitation", part=housing, whole=main)
    if housing == 0:
        yield warning("NO_HOUSING", "nb_lots_habitation", "CCH L711-1")


def _identity(values: Values, on: date) -> Iterator[Finding]:
    number = values.get("numero_immatriculation")
    principal = values.get("numero_immatriculation_principal")
    signed = values.date("date_reglement")
    if principal and principal == number:
        yield blocking("OWN_PRINCIPAL", "numero_immatriculation_principal")
    if signed and signed > on:
        yield blocking("FUTURE", "date_reglement", day=signed)
    if values.get("profil_compte") == "cooperatif" and values.get("syndicat_cooperatif") is False:
        yield warning("NOT_COOPERATIVE", "syndicat_cooperatif", "Loi 65-557 art. 17-1")


def _procedures(values: Values, on: date) -> Iterator[Finding]:
    order = values.date("date_ordonnance_carence")
    administered = values.get("administration_provisoire") == "oui"
    capacity = values.get("cadre_intervention")
    law = "Loi 65-557 art. 29-1"
    if order and order > on:
        yield blocking("FUTURE", "date_ordonnance_carence", day=order)
    if administered and capacity == "mandat_syndic":
        yield warning("ADMINISTERED", "administration_provisoire", law)
    elif capacity == "mission_administration_provisoire" and not administered:
        yield warning("NOT_ADMINISTERED", "administration_provisoire", law)


def _buildings(values: Values) -> Iterator[Finding]:
    buildings = values.int("nb_batiments")
    labels = values.get("etiquettes")
    described = len(values.list("batiments"))
    if buildings and isinstance(labels, dict):
        counts = [n for n in labels.values() if type(n) is int]
        if sum(counts) != buildings:
            yield warning("LABELS_SUM", "etiquettes", labels=sum(counts), buildings=buildings)
    if buildings and described and described != buildings:
        yield warning("BUILDINGS_SUM", "batiments", described=described, buildings=buildings)


def _fiscal_year(values: Values, on: date) -> Iterator[Finding]:
    start = values.date("date_debut_exercice")
    end = values.date("date_fin_exercice")
    if start and end and end <= start:
        yield blocking("FISCAL_YEAR_DATES", "date_fin_exercice")
    elif start and end and end >= _later(start, FISCAL_YEAR_MONTHS):
        yield warning("FISCAL_YEAR_LENGTH", "date_fin_exercice", "Décret 2005-240")
    if values.get("premier_exercice") is False:
        yield from _approval(end, values.date("date_ag_approbation"), on)
        yield from _debtors(values)
    elif values.get("premier_exercice") is True:
        yield from _first(values, end, on)


def _approval(end, meeting, on: date) -> Iterator[Finding]:
    law = "CCH R711-9 II"
    if end and end >= on:
        yield blocking("FISCAL_YEAR_OPEN", "date_fin_exercice", law, end=end)
    if meeting and meeting > on:
        item = "date_ag_approbation"
        yield blocking("MEETING_FUTURE", item, law, meeting=meeting)
    if end and meeting and meeting <= end:
        item = "date_ag_approbation"
        yield blocking("MEETING_EARLY", item, law, meeting=meeting, end=end)


def _debtors(values: Values) -> Iterator[Finding]:
    debtors, lots = values.int("nb_coproprietaires_debiteurs"), values.int("nb_lots_total")
    # Each co-owner has one lot at least, but for joint owners counted one by one.
    if debtors and lots and debtors > lots:
        item = "nb_coproprietaires_debiteurs"
        yield warning("DEBTORS_LOTS", item, debtors=debtors, lots=lots)


def _first(values: Values, end, on: date) -> Iterator[Finding]:
    if end and end < on:
        yield warning("FIRST_CLOSED", "premier_exercice", "Arrêté 10/10/2016 annexe 5", end=end)
    if isinstance(values.get("exercice_precedent"), dict):
        yield warning("FIRST_AGAIN", "premier_exercice")


def mandate(dossier: dict[str, Any]) -> Iterator[Finding]:
    """How long a mandate lasts, and by what right."""
    values = Values(dossier)
    start, end = values.date("date_debut_mandat"), values.date("date_fin_mandat")
    voted = values.date("date_ag_mandat")
    by_law = values.get("syndic_de_droit") is True
    is_syndic = values.get("cadre_intervention") != "mission_administration_provisoire"
    by_vote = is_syndic and not by_law
    law = "Décret 67-223 art. 28"
    if by_law:
        yield warning("BY_LAW", "date_fin_mandat", "CCH L443-15")
    if start and end and end <= start:
        yield blocking("MANDATE_DATES", "date_fin_mandat", start=start, end=end)
    elif start and end and by_vote and end > _later(start, MANDATE_MONTHS):
        yield blocking("MANDATE_LONG", "date_fin_mandat", law, start=start, end=end)
    if start and voted and by_vote and voted > start:
        yield warning("MANDATE_VOTE", "date_debut_mandat", law, meeting=voted, start=start)


def _mandate_current(values: Values, on: date) -> Iterator[Finding]:
    start, end = values.date("date_debut_mandat"), values.date("date_fin_mandat")
    if end and end < on and values.get("numero_immatriculation"):
        yield blocking("MANDATE_NOT_RENEWED", "date_fin_mandat", "CCH R711-7", end=end)
    elif end and end < on:
        yield blocking("MANDATE_ENDED", "date_fin_mandat", end=end)
    if start and start > on:
        yield blocking("MANDATE_FUTURE", "date_debut_mandat", start=start)


def _later(day: date, months: int) -> date:
    """The same day, months later; the last of the month where there is none."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
