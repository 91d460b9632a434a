"""What the registry refuses, written from the facts and not from the client."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from .documents import Error, Request
from .profile import Item, Profile

STREET_TYPES = (
    "allee|allée|av|ave|avenue|bd|bld|boulevard|chemin|che|clos|cour|cours|cité|cite|"
    "côte|cote|espl|esplanade|fg|faubourg|grande rue|hameau|impasse|imp|lotissement|mail|"
    "montée|montee|passage|place|pl|promenade|pont|port|quai|rond-point|"
    "route|rte|r|rue|ruelle|sentier|sente|square|sq|traverse|venelle|villa|voie"
)
STREET = re.compile(
    rf"\d{{1,4}}(?:\s?(?:bis|ter|quater|[a-d]))?(?:\s?[-/]\s?\d{{1,4}})*,?\s+(?:{STREET_TYPES})\b.+",
    re.IGNORECASE,
)
DEPARTMENTS = {f"{n:02d}" for n in range(1, 96)} | {"971", "972", "973", "974", "976"}
LONGEST_MANDATE = 3


def check(profile: Profile, request: Request, today: date, refused: set) -> Iterator[Error]:
    """Everything wrong with a document that the schema accepts."""
    yield from _missing(profile, request, today.isoformat())
    if "identification" in request.groups:
        yield from _address(request, refused)
        yield from _lots(request)
        yield from _principal(request)
    if "finance" in request.groups:
        yield from _period(request, today)
    if "representation" in request.groups:
        yield from _mandate(request, today)


def _missing(profile: Profile, request: Request, today: str) -> Iterator[Error]:
    for item in _asked(profile, request.service, today):
        if not request.has(item.code) and _due(item, request):
            yield Error("FIELD_MISSING", item.code)


@lru_cache(maxsize=64)
def _asked(profile: Profile, service: str, today: str) -> tuple[Item, ...]:
    """The items that a service may ask for on this day."""
    name = service.partition("_")[0]
    unasked = {*profile.not_in_body, *OPTIONAL.get(name, ())}
    return tuple(
        item
        for item in profile.items
        if item.in_effect(today) and not item.parent and name in item.services
        if item.code not in unasked and not (item.group == "finance" and service == "WS2_STANDARD")
    )


# A mandate without an end is a syndic provisoire's, who enters without one.
OPTIONAL = {service: ("date_fin_mandat",) for service in ("WS1", "WS4", "WS7")}


def _due(item: Item, request: Request) -> bool:
    if item.required == "always":
        return True
    if item.required != "conditional":
        return False
    terms = [term.strip().partition("=") for term in item.when.split("&")]
    return all(_true(request, code, values) for code, _sign, values in terms)


# Facts the wire does not carry: a small syndicat sends no debtors, and that is all
# the registry sees of it.
UNSEEN = {"comptabilite_simplifiee", "syndic_provisoire", "syndic_de_droit"}


def _true(request: Request, code: str, values: str) -> bool:
    if code == "comptabilite_simplifiee":
        return False
    if code in UNSEEN:
        return "non" in values.split("|")
    return request.text(code) in values.split("|")


def _address(request: Request, refused: set) -> Iterator[Error]:
    line = request.text("adresse_reference_numero_voie")
    postcode = request.text("adresse_reference_code_postal")
    known = STREET.fullmatch(line) and _department(postcode) in DEPARTMENTS
    if not known or address_key(request) in refused:
        town = f"{postcode} {request.text('adresse_reference_commune')}"
        yield Error("ADDRESS_UNKNOWN", "adresse_reference", f"{line}, {town}".strip(", "))


def _department(postcode: str) -> str:
    return postcode[:3] if postcode.startswith("97") else postcode[:2]


def address_key(request: Request) -> str:
    """One key for one address, however it is typed."""
    names = ("numero_voie", "code_postal", "commune")
    text = " ".join(request.text(f"adresse_reference_{name}") for name in names)
    return " ".join(re.sub(r"[^\w]+", " ", text.casefold()).split())


def _principal(request: Request) -> Iterator[Error]:
    principal = request.text("numero_immatriculation_principal")
    if request.text("type_syndicat") == "secondaire" and not principal:
        yield Error("PRINCIPAL_MISSING", "numero_immatriculation_principal")


def _lots(request: Request) -> Iterator[Error]:
    names = ("nb_lots_habitation", "nb_lots_principaux", "nb_lots_total")
    told = [count for name in names if (count := request.integer(name)) is not None]
    if told != sorted(told):
        yield Error("LOTS_INCONSISTENT", "nb_lots_total")


def _day(request: Request, code: str) -> date | None:
    text = request.text(code)
    return date.fromisoformat(text[:10]) if text else None


def _period(request: Request, today: date) -> Iterator[Error]:
    start, end = _day(request, "date_debut_exercice"), _day(request, "date_fin_exercice")
    if start and end and end <= start:
        yield Error("PERIOD_DATES", "date_fin_exercice")
    if request.text("premier_exercice") == "oui":
        return
    meeting = _day(request, "date_ag_approbation")
    if end and meeting and meeting <= end:
        yield Error("PERIOD_DATES", "date_ag_approbation")
    if (end and end >= today) or (meeting and meeting > today):
        yield Error("PERIOD_NOT_CLOSED", "date_fin_exercice")


def _mandate(request: Request, today: date) -> Iterator[Error]:
    start, end = _day(request, "date_debut_mandat"), _day(request, "date_fin_mandat")
    if start and end and end > start + timedelta(days=LONGEST_MANDATE * 365 + 1):
        yield Error("MANDATE_TOO_LONG", "date_fin_mandat")
    if start and end and end <= start:
        yield Error("DATE_INVALID", "date_fin_mandat", end.isoformat())
    if end and end < today and request.service != "WS5":
        yield Error("MANDATE_EXPIRED", "date_fin_mandat")
