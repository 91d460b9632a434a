"""The cells of an Excel workbook, as values. Source: ECMA-376, part 1, 18.3."""

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook

from ..rnc import reading
from .spreadsheet import LARGEST, Refused, Sheet

# A cell of a sheet's XML: a formula, and no result. An empty text is a result.
NOT_COMPUTED = re.compile(
    rb'<c\b(?![^>]*\bt="str")[^>]*><f\b[^<]*(?:</f>|/>)(?:<v\s*/>|<v></v>)?</c>'
)
HIDDEN = re.compile(rb'<row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*\br="(\d+)"')
# What the format of a cell makes of its number: 0.125 is shown as 12,5 %; an amount in dollars.
OTHER_UNIT = re.compile(r"%|£|\[\$(?!€|EUR)[^\]\-]+|\"\$\"")


def read(content: bytes, choose: Callable[[list[str]], str]) -> Sheet:
    """The rows of the sheet that ``choose`` takes among the names of all.

    Raises Refused; BadZipFile, KeyError, … when it is no such document.
    """
    with ZipFile(BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > LARGEST:
            raise Refused("TOO_LARGE")
        # Line by line: a cell in the last corner of the sheet would make millions of others.
        book = load_workbook(BytesIO(content), data_only=True, read_only=True)
        page = book[choose(book.sheetnames)]
        source = archive.read(page._worksheet_path)
    if NOT_COMPUTED.search(source):
        raise Refused("NOT_COMPUTED")
    return _rows(page, {int(line) for line in HIDDEN.findall(source)})


def _rows(page: Any, hidden: set[int]) -> Sheet:
    page.reset_dimensions()  # as they are written, which may be wrong
    sheet = Sheet()
    for line, row in enumerate(page.iter_rows(), start=1):
        sheet.add([_held(cell) for cell in row], line, is_hidden=line in hidden)
    return sheet


def _held(cell: Any) -> Any:
    if cell.value is None:
        return ""
    if cell.data_type == "e":
        raise Refused("ERROR", cell=cell.coordinate, value=cell.value)
    value = reading.cell(cell.value)
    if isinstance(value, reading.Figure):
        return of_format(value, cell.number_format)
    return plain(value)


def of_format(figure: reading.Figure, number_format: str) -> str:
    """``figure``, or a text with the unit that its format shows."""
    unit = OTHER_UNIT.search(number_format or "")
    return f"{figure} {unit[0]}" if unit else figure


def plain(value: Any) -> Any:
    """A date or a text; an hour or a duration is a text."""
    if isinstance(value, bool | time | timedelta):
        return str(value)
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    return value
