"""The cells of an OpenDocument spreadsheet, as values: not as they are shown.

Odoo reads what is shown: 41250.30 as "41 250" when the column shows no decimals.
Source: OpenDocument 1.2, part 1, 9.1 (tables) and 19.367 to 19.389 (office:value…).
"""

from datetime import date, datetime, time
from io import BytesIO
from zipfile import ZipFile

from lxml import etree

from ..registry.reading import Figure

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
LARGEST = 200 * 2**20  # bytes of content, unpacked: a zip can hold a thousand times its size
MOST_REPEATED = 1000  # a whole empty row is one cell, repeated 16,384 times


class TooLarge(ValueError):
    """The content, unpacked, is larger than LARGEST."""


def sheets(content: bytes) -> dict[str, list[list]]:
    """{name: rows of cells}: texts, ``Figure``, dates. Rows without a text are left out.

    Raises BadZipFile, KeyError, etree.XMLSyntaxError when it is no such document; TooLarge.
    """
    with ZipFile(BytesIO(content)) as archive:
        if archive.getinfo("content.xml").file_size > LARGEST:
            raise TooLarge
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        document = etree.fromstring(archive.read("content.xml"), parser)
    return {table.get(f"{TABLE}name"): _rows(table) for table in document.iter(f"{TABLE}table")}


def _rows(table) -> list[list]:
    rows = [_cells(row) for row in table.iter(f"{TABLE}table-row")]
    filled = [row for row in rows if any(row)]
    width = max(map(len, filled), default=0)
    return [row + [""] * (width - len(row)) for row in filled]


def _cells(row) -> list:
    cells = []
    for cell in row.iter(f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
        repeated = int(cell.get(f"{TABLE}number-columns-repeated") or 1)
        cells += [_value(cell)] * min(repeated, MOST_REPEATED)
    while cells and cells[-1] == "":
        cells.pop()
    return cells


def _value(cell):
    kind = cell.get(f"{OFFICE}value-type")
    in_euros = kind == "currency" and cell.get(f"{OFFICE}currency") in (None, "EUR")
    if kind == "float" or in_euros:
        return Figure(cell.get(f"{OFFICE}value"))
    if kind == "boolean":
        return cell.get(f"{OFFICE}boolean-value")
    if kind == "date":
        return _date(cell.get(f"{OFFICE}date-value"))
    return "\n".join("".join(line.itertext()) for line in cell.iterchildren(f"{TEXT}p"))


def _date(written: str) -> date | str:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return written
    return moment.date() if moment.time() == time() else moment
