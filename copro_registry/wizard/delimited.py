"""The cells of a text file, whatever program wrote it."""

import codecs
import csv
from collections.abc import Iterator
from io import StringIO

from .spreadsheet import Refused, Sheet

SEPARATORS = ";\t,|"
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(content: bytes) -> str:
    """By its mark; else UTF-16 shows by its zeros, UTF-8 by itself; else that of Windows."""
    for mark, name in MARKS:
        if content.startswith(mark):
            return name
    start = content[:4096]
    if start.count(0) * 4 > len(start):
        return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def decode(content: bytes, encoding: str) -> str:
    """Raises Refused when it is not of that encoding."""
    try:
        return content.decode(encoding, _tolerance(encoding)).removeprefix("\ufeff")
    except (UnicodeDecodeError, LookupError) as error:
        raise Refused("ENCODING", encoding=encoding) from error


def _tolerance(encoding: str) -> str:
    # Five bytes mean nothing in the encoding of Windows, which programs write nevertheless.
    return "replace" if encoding == "windows-1252" else "strict"


def separator_of(text: str, quote: str) -> str:
    """What cuts the first line in the most cells."""
    return max(SEPARATORS, key=lambda mark: _width(text, mark, quote))


def _width(text: str, separator: str, quote: str) -> int:
    """Of the first line that is not empty; 0 when such a separator makes no sense."""
    try:
        return next((len(cells) for _line, cells in _lines(text, separator, quote) if cells), 0)
    except Refused:
        return 0


def read(text: str, separator: str, quote: str) -> Sheet:
    """Raises Refused, with the line where a quotation mark is not closed."""
    sheet = Sheet()
    for line, cells in _lines(text, separator, quote):
        sheet.add(cells, line)
    return sheet.table()


def _lines(text: str, separator: str, quote: str) -> Iterator[tuple[int, list]]:
    """(number of its first line in the file, cells), …"""
    # Any end of line: Windows', Unix', and that of old Macintoshes.
    lines = csv.reader(
        StringIO(text, newline=""), delimiter=separator, quotechar=quote, strict=True
    )
    last = 1
    try:
        for cells in lines:
            yield last, cells
            last = lines.line_num + 1
    except csv.Error as error:
        raise Refused("QUOTE", line=last, quote=quote) from error
