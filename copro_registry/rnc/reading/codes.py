"""Codes that people space, dot or write in small letters, and spreadsheets take for numbers."""

import re
from typing import Any

from .cells import cell
from .outcome import Doubtful, Impossible
from .texts import text

REGISTRATION_NUMBER = r"[A-Z]{2}[0-9]{7}"
EXPONENT = re.compile(r"[0-9][.,]?[0-9]*[eE]\+?[0-9]+")
# A spreadsheet's number: "1310.0" is 1310.
FLOAT = re.compile(r"([0-9]+)[.,]0+")


def postcode(value: Any) -> str:
    """Five digits; the first zero, which spreadsheets drop, is restored.

    Raises Doubtful, Impossible.
    """
    written = re.sub(r"^FR?[ -]?(?=[0-9])", "", _written(value))
    return _of_commune(written, r"[0-9]{1,2}", "NOT_POSTCODE", value)


def insee(value: Any) -> str:
    """Five digits, or 2A004: no code has four, so that the first zero can be restored.

    Raises Doubtful, Impossible.
    """
    return _of_commune(_written(value), r"[0-9]{1,2}|2[AB]", "NOT_INSEE", value)


def _of_commune(written: str, department: str, code: str, value: Any) -> str:
    found = re.fullmatch(rf"({department})[ .,]?([0-9]{{3}})(?:[.,]0+)?", written)
    if not found or re.fullmatch(r"0?0", found[1]):
        raise _unlike(code, value)
    return f"{found[1]:0>2}{found[2]}"


def siret(value: Any) -> str:
    """14 digits; whether they make a SIRET is for the rules. Raises Doubtful, Impossible."""
    written = _written(value)
    digits = _digits(written) or re.sub(r"[ .\-']", "", written)
    if not re.fullmatch(r"[0-9]+", digits) or len(digits) not in (9, 13, 14):
        raise _unlike("NOT_SIRET", value)
    if len(digits) == 9:
        raise Impossible("SIREN", value)
    if len(digits) == 13:
        raise Doubtful("SHORT_SIRET", value)
    return digits


def registration_number(value: Any) -> str:
    """Two letters and seven digits. Raises Doubtful, Impossible."""
    return _shaped(value, REGISTRATION_NUMBER, "NOT_REGISTRATION_NUMBER")


def is_registration_number(text: str) -> bool:
    """Whether ``text`` is one as it stands."""
    return re.fullmatch(REGISTRATION_NUMBER, text) is not None


def rnb(value: Any) -> str:
    """Twelve letters and digits. Raises Doubtful, Impossible."""
    return _shaped(value, r"[A-Z0-9]{12}", "NOT_RNB")


def _shaped(value: Any, pattern: str, code: str) -> str:
    compact = re.sub(r"[ .\-]", "", _written(value))
    if not re.fullmatch(pattern, compact):
        raise _unlike(code, value)
    return compact


def prefix(value: Any) -> str:
    """Of a parcel: three digits. Raises Doubtful, Impossible."""
    return _padded(value, 3, "[0-9]", "NOT_PREFIX")


def section(value: Any) -> str:
    """Of the cadastre, which pads: A is written 0A. Raises Doubtful, Impossible."""
    written = _padded(value, 2, "[A-Z0-9]", "NOT_SECTION")
    if has_letter_for_zero(written):
        raise Doubtful("SECTION_LETTER", value)
    return written


def has_letter_for_zero(section: str) -> bool:
    """OA, which is most often meant as 0A."""
    return len(section) == 2 and section.startswith("O")


def parcel(value: Any) -> str:
    """The number of a parcel: 12 is written 0012. Raises Doubtful, Impossible."""
    return _padded(value, 4, "[0-9]", "NOT_PARCEL")


def _padded(value: Any, width: int, characters: str, code: str) -> str:
    written = _written(value)
    written = _digits(written) or written
    if not re.fullmatch(rf"{characters}{{1,{width}}}", written):
        raise _unlike(code, value)
    return written.zfill(width)


def _written(value: Any) -> str:
    return text(str(cell(value))).upper()


def _digits(written: str) -> str | None:
    found = FLOAT.fullmatch(written)
    return found[1] if found else None


def _unlike(code: str, value: Any) -> Doubtful | Impossible:
    """Told as what it is: a number that a spreadsheet shortened, or another thing."""
    if EXPONENT.fullmatch(_written(value)):
        return Doubtful("CODE_EXPONENT", value)
    return Impossible(code, value)


# {item of the catalogue: its reader}
READERS = {
    "numero_immatriculation": registration_number,
    "numero_immatriculation_principal": registration_number,
    "siret_syndicat": siret,
    "representant_siret": siret,
    "successeur_siret": siret,
    "adresse_reference_code_postal": postcode,
    "adresse_reference_code_insee": insee,
    "parcelles_code_insee": insee,
    "parcelles_prefixe": prefix,
    "parcelles_section": section,
    "parcelles_numero": parcel,
    "batiment_id_rnb": rnb,
}
