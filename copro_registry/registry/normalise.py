"""What people type, as the registry writes it: only where nothing can be lost.

Each function returns its input untouched when it cannot tell: the rules then say what
is wrong with it, or the import says it beside the line.
"""

import re
import unicodedata
from datetime import date

from .items import Item

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
SPACES = re.compile(r"[^\S\n]+")
# Numbers and codes that people space, dot or write in small letters.
COMPACT = {
    "numero_immatriculation",
    "numero_immatriculation_principal",
    "siret_syndicat",
    "representant_siret",
    "successeur_siret",
    "adresse_reference_code_postal",
    "adresse_reference_code_insee",
    "batiment_id_rnb",
}
# Spreadsheets drop the first zero of 01000: no French code has four digits.
PADDED = {"adresse_reference_code_postal", "adresse_reference_code_insee"}
# The cadastre pads: "ab" and "12" are written AB and 0012.
WIDTHS = {
    "parcelles_code_insee": 5,
    "parcelles_prefixe": 3,
    "parcelles_section": 2,
    "parcelles_numero": 4,
}
LONG_WAY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})")
SORTED_WAY = re.compile(r"(\d{2,4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?:[T ]0{1,2}:00(?::00)?)?")
# 41 250,30 · 41250.3 · 1.234.567,89 · 1,234,567.89
NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:([ .,'])\d{3})(?:\1\d{3})*)(?:[.,]\d*)?")
AMBIGUOUS = re.compile(
    r"[+-]?[1-9]\d{0,2}[.,]\d{3}"
)  # 1,234: a thousand, or a little more than one


def text(value: str, lines: bool = False) -> str:
    """Composed (NFC), without what cannot be seen, spaced once; ``lines`` are kept."""
    value = unicodedata.normalize("NFC", value)
    value = INVISIBLE.sub("", value)
    if lines:
        kept = (text(line) for line in value.splitlines())
        return "\n".join(line for line in kept if line)
    return SPACES.sub(" ", CONTROL.sub(" ", value)).strip()


def declared_text(item: Item, value: str) -> str:
    """A text of ``item``, as the registry writes it."""
    if item.type == "list":
        return text(value, lines=True)
    value = text(value)
    if item.code in COMPACT:
        value = re.sub(r"[\s.\-]", "", value).upper()
        lost_zero = item.code in PADDED and len(value) == 4 and value.isdecimal()
        return f"0{value}" if lost_zero else value
    if item.code in WIDTHS and value:
        return value.upper().zfill(WIDTHS[item.code])
    return value


def day(value: str) -> date | None:
    """31/12/2025, 31.12.2025, 2025-12-31, 2025/12/31; years may be absurd.

    None when it is not a date. The day comes before the month, as in France.
    """
    value = text(value)
    if found := LONG_WAY.fullmatch(value):
        day_, month, year = found.groups()
    elif found := SORTED_WAY.fullmatch(value):
        year, month, day_ = found.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day_))
    except ValueError:
        return None


def number(value: str) -> str | None:
    """A number as Python reads it: "41 250,30 €" gives "41250.30".

    None when it is not a number, or could be two.
    """
    value = text(value).replace("€", "").strip()
    value = re.sub(r"\s+", " ", value).replace("\u2212", "-")
    found = NUMBER.fullmatch(value)
    if not found or AMBIGUOUS.fullmatch(value):
        return None
    thousands = found[1]
    if thousands:
        value = value.replace(thousands, "")
    return value.replace(",", ".")


def whole(value: str) -> int | None:
    """A whole number: "1 234" and a spreadsheet's "12.0" are; "12.5" is not."""
    plain = number(value)
    if plain is None:
        return None
    units, _point, decimals = plain.partition(".")
    return int(units) if not decimals.strip("0") else None
