"""The cells of an OpenDocument spreadsheet, as values: not as they are shown.

Odoo reads what is shown: 41250.30 as "41 250" when the column shows no decimals.
Source: OpenDocument 1.2, part 1, 9.1 (tables) and 19.367 to 19.389 (office:value…).
"""

from collections.abc import Callable
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from lxml import etree

from ..rnc.reading import Figure
from .spreadsheet import LARGEST, MOST_COLUMNS, Refused, Sheet

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
EXTENDED = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
MOST_REPEATED = 1000  # a whole empty row is one cell, repeated 16,384 times


def read(content: bytes, choose: Callable[[list[str]], str]) -> Sheet:
    """The rows of the sheet that ``choose`` takes: texts, ``Figure``, dates.

    Raises Refused; BadZipFile, KeyError, etree.XMLSyntaxError when it is no such document.
    """
    with ZipFile(BytesIO(content)) as archive:
        if archive.getinfo("content.xml").file_size > LARGEST:
            raise Refused("TOO_LARGE")
        with archive.open("content.xml") as source:
            sheets = _sheets(source)
    return sheets[choose(list(sheets))]


def _sheets(source: Any) -> dict[str, Sheet]:
    """{name: rows}; the tree is cut as it grows, or it would take ten times the file."""
    sheets: dict[str, Sheet] = {}
    line = 0
    safe = {"resolve_entities": False, "no_network": True, "huge_tree": True}
    tags = (f"{TABLE}table", f"{TABLE}table-row")
    for event, element in etree.iterparse(source, events=("start", "end"), tag=tags, **safe):
        if element.tag == tags[0] and event == "start":
            sheet = sheets[element.get(f"{TABLE}name")] = Sheet()
            line = 0
        elif element.tag == tags[1] and event == "end":
            times = int(element.get(f"{TABLE}number-rows-repeated") or 1)
            is_hidden = element.get(f"{TABLE}visibility") in ("filter", "collapse")
            sheet.add(_cells(element, line + 1), line + 1, times, is_hidden)
            line += times
            element.clear()
    return sheets


def _cells(row: Any, line: int) -> list:
    cells: list = []
    for cell in row.iter(f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
        repeated = int(cell.get(f"{TABLE}number-columns-repeated") or 1)
        cells += [_value(cell, line)] * min(repeated, MOST_REPEATED)
        if len(cells) > MOST_COLUMNS:
            raise Refused("TOO_LARGE")
    return cells


def _value(cell: Any, line: int) -> str | date:
    kind = cell.get(f"{OFFICE}value-type")
    shown = "\n".join("".join(text.itertext()) for text in cell.iterchildren(f"{TEXT}p"))
    if cell.get(f"{EXTENDED}value-type") == "error":
        raise Refused("ERROR", cell=line, value=shown)
    if cell.get(f"{TABLE}formula") and not kind:
        raise Refused("NOT_COMPUTED")
    in_euros = kind == "currency" and cell.get(f"{OFFICE}currency") in (None, "EUR")
    if kind == "float" or in_euros:
        return Figure(cell.get(f"{OFFICE}value"))
    if kind == "boolean":
        return cell.get(f"{OFFICE}boolean-value")
    if kind == "date":
        return _date(cell.get(f"{OFFICE}date-value"))
    return shown


def _date(written: str) -> date | str:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return written
    return moment.date() if moment.time() == time() else moment
