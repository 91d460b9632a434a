"""Addresses and parcels that are possible, yet surprising."""

import re
from collections.abc import Iterator
from typing import Any

from ..reading.codes import has_letter_for_zero
from .finding import Finding, warning
from .values import Values

# (department of the town, department of its post office): all that there are in France.
# Source: official list of towns and postcodes (Base officielle des codes postaux, by way of
# @etalab/decoupage-administratif 6.0.0): 42620 is the postcode of 03250.
SERVED_BY = frozenset(
    {
        *(("03", "42"), ("04", "05"), ("04", "06"), ("07", "48"), ("15", "43"), ("24", "33")),
        *(("26", "05"), ("39", "01"), ("51", "52"), ("71", "21"), ("74", "01"), ("83", "13")),
        *(("86", "37"), ("91", "94"), ("977", "971"), ("978", "971")),
    }
)
# {INSEE code of a town: those of its arrondissements}
ARRONDISSEMENTS = {
    "75056": re.compile("751[0-9]{2}"),
    "69123": re.compile("6938[0-9]"),
    "13055": re.compile("132[0-9]{2}"),
}

# What the national base of addresses does not hold: it knows a number and a street.
BEYOND_STREET = re.compile(
    r"(?:^|[,;–—]|\s-)\s*(?:immeuble|imm\.|résidence|rés\.|appartement|appt?\b|étage|entrée)"
    r"|\b(?:bât|bat|bâtiment|batiment|escalier|esc)\b\.?\s*(?:[a-z]|[0-9]{1,2})\b(?!['\u2019])",
    re.I,
)
POST_BOX = re.compile(r"\bb\.?\s?p\.?\s*[0-9]+|\bcs\s*[0-9]{4,}|boîte postale", re.I)
# A town as the post, or a list of choices, writes it.
NOT_TOWN = re.compile(r"\bcedex\b|[()]|[0-9]{5}", re.I)


def check(values: Values) -> Iterator[Finding]:
    """The address, the town's code against its postcode, the parcels against both."""
    address = values.get("adresse_reference")
    at = Values(address if isinstance(address, dict) else {})
    yield from _address(at)
    insee = at.text("adresse_reference_code_insee")
    postcode = at.text("adresse_reference_code_postal")
    if insee and postcode and not _may_be_served(insee, postcode):
        item = "adresse_reference_code_insee"
        yield warning("INSEE_POSTCODE", item, insee=insee, postcode=postcode)
    parcels = [one for one in values.list("parcelles") if isinstance(one, dict)]
    yield from _parcels(parcels, insee, postcode)


def _address(at: Values) -> Iterator[Finding]:
    """An address that the registry's base does not know is the usual cause of a refusal."""
    street = at.text("adresse_reference_numero_voie")
    box, beyond = POST_BOX.search(street), BEYOND_STREET.search(street)
    if box:
        yield warning("POST_BOX", "adresse_reference_numero_voie", value=box[0])
    elif beyond:
        value = beyond[0].strip(" ,;–—-")
        yield warning("BEYOND_STREET", "adresse_reference_numero_voie", value=value)
    town = at.text("adresse_reference_commune")
    if NOT_TOWN.search(town):
        yield warning("NOT_TOWN", "adresse_reference_commune", value=town)
    insee = at.text("adresse_reference_code_insee")
    if insee in ARRONDISSEMENTS:
        yield warning("WHOLE_TOWN", "adresse_reference_code_insee", insee=insee)


def _may_be_served(insee: str, postcode: str) -> bool:
    town, post = _department(insee), _department(postcode)
    if town[:2] in ("98", "99") or post[:2] == "98":  # Monaco, the Pacific
        return True
    return town == post or (town, post) in SERVED_BY


def _department(code: str) -> str:
    """Of an INSEE code or of a postcode: 35, 20 for both of Corsica, 974."""
    if code[:2] in ("2A", "2B"):
        return "20"
    return code[:3] if code.startswith("97") else code[:2]


def _parcels(parcels: list[dict[str, Any]], insee: str, postcode: str) -> Iterator[Finding]:
    written = [_of_cadastre(parcel) for parcel in parcels]
    if len(written) != len(set(written)):
        yield warning("PARCEL_TWICE", "parcelles")
    for town, _prefix, section, _number in written:
        if has_letter_for_zero(section):
            yield warning("SECTION_LETTER", "parcelles_section", value=section)
        if town and _is_far(town, insee, postcode):
            yield warning("PARCEL_DEPARTMENT", "parcelles_code_insee", insee=town)


def _is_far(town: str, insee: str, postcode: str) -> bool:
    """Whether a parcel of ``town`` is of another department than the address."""
    if insee:
        return _department(town) != _department(insee)
    return bool(postcode) and not _may_be_served(town, postcode)


def _of_cadastre(parcel: dict[str, Any]) -> tuple[str, str, str, str]:
    """(INSEE code, prefix, section, number), as the cadastre writes them.

    The registry writes 75056 115 what the cadastre writes 75115 000.
    """
    at = Values(parcel)
    insee, prefix = at.text("parcelles_code_insee"), at.text("parcelles_prefixe")
    arrondissement = f"{insee[:2]}{prefix}"
    if insee in ARRONDISSEMENTS and ARRONDISSEMENTS[insee].fullmatch(arrondissement):
        insee, prefix = arrondissement, "000"
    return insee, prefix, at.text("parcelles_section"), at.text("parcelles_numero")
