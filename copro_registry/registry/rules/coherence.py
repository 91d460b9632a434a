"""Values that contradict each other."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from ..contract import Service
from ..items import Catalogue
from .finding import Finding, blocking, warning

EXERCISE_MONTHS = 18
MANDATE_YEARS = 3


def check(dossier: dict[str, Any], service: Service, known: Catalogue) -> Iterator[Finding]:
    """Cross-checks of lots, syndicat, exercise and mandate."""
    values = _Values(dossier)
    if "identification" in service.groups:
        yield from _lots(values)
        yield from _principal(values)
    if "technique" in service.groups:
        yield from _buildings(values)
    if "finance" in service.groups:
        yield from _exercise(values, known.on)
    if service.code.startswith(("WS1", "WS2", "WS6")):
        yield from _mandate(values)
    if service.code.startswith(("WS1", "WS2")):
        yield from _mandate_current(values, known.on)


class _Values:
    """Typed reading: a value of a wrong type is left to the formats."""

    def __init__(self, dossier: dict[str, Any]):
        self.dossier = dossier

    def int(self, code: str) -> int | None:
        value = self.dossier.get(code)
        whole = isinstance(value, int) and not isinstance(value, bool)
        return value if whole else None

    def date(self, code: str) -> date | None:
        value = self.dossier.get(code)
        return value if type(value) is date else None

    def get(self, code: str) -> Any:
        return self.dossier.get(code)


def _lots(values: _Values) -> Iterator[Finding]:
    total = values.int("nb_lots_total")
    main = values.int("nb_lots_principaux")
    housing = values.int("nb_lots_habitation")
    if total == 0:
        yield blocking("NO_LOT", "nb_lots_total")
    if total is not None and main is not None and main > total:
        yield blocking("LOTS_MAIN", "nb_lots_principaux", part=main, whole=total)
    if main is not None and housing is not None and housing > main:
        yield blocking("LOTS_HOUSING", "nb_lots_habitation", part=housing, whole=main)
    if housing == 0:
        yield warning("NO_HOUSING", "nb_lots_habitation", "CCH L711-1")


def _principal(values: _Values) -> Iterator[Finding]:
    number = values.get("numero_immatriculation")
    principal = values.get("numero_immatriculation_principal")
    if principal and principal == number:
        yield blocking("OWN_PRINCIPAL", "numero_immatriculation_principal")


def _buildings(values: _Values) -> Iterator[Finding]:
    buildings = values.int("nb_batiments")
    labels = values.get("etiquettes")
    if buildings == 0:
        yield blocking("NO_BUILDING", "nb_batiments")
    if buildings and isinstance(labels, dict):
        counts = [n for n in labels.values() if isinstance(n, int)]
        if sum(counts) != buildings:
            yield warning("LABELS_SUM", "etiquettes", labels=sum(counts), buildings=buildings)


def _exercise(values: _Values, on: date) -> Iterator[Finding]:
    start = values.date("date_debut_exercice")
    end = values.date("date_fin_exercice")
    if start and end and end <= start:
        yield blocking("EXERCISE_DATES", "date_fin_exercice")
    elif start and end and (end - start).days > EXERCISE_MONTHS * 30.5:
        yield warning("EXERCISE_LENGTH", "date_fin_exercice", "Décret 2005-240")
    if values.get("premier_exercice") is False:
        yield from _approval(end, values.date("date_ag_approbation"), on)


def _approval(end, meeting, on: date) -> Iterator[Finding]:
    law = "CCH R711-9 II"
    if end and end >= on:
        yield blocking("EXERCISE_OPEN", "date_fin_exercice", law, end=end)
    if meeting and meeting > on:
        item = "date_ag_approbation"
        yield blocking("MEETING_FUTURE", item, law, meeting=meeting)
    if end and meeting and meeting <= end:
        item = "date_ag_approbation"
        yield blocking("MEETING_EARLY", item, law, meeting=meeting, end=end)


def _mandate(values: _Values) -> Iterator[Finding]:
    start, end = values.date("date_debut_mandat"), values.date("date_fin_mandat")
    if start and end and end <= start:
        yield blocking("MANDATE_DATES", "date_fin_mandat")
    elif start and end and end > _years_later(start, MANDATE_YEARS):
        yield blocking("MANDATE_LONG", "date_fin_mandat", "Décret 67-223 art. 28")


def _mandate_current(values: _Values, on: date) -> Iterator[Finding]:
    start, end = values.date("date_debut_mandat"), values.date("date_fin_mandat")
    if end and end < on:
        yield blocking("MANDATE_ENDED", "date_fin_mandat", "CCH R711-7", end=end)
    if start and start > on:
        yield blocking("MANDATE_FUTURE", "date_debut_mandat", start=start)


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February, or beyond the calendar
        later = min(day.year + years, date.max.year)
        return date(later, day.month, 28) + timedelta(days=1)
