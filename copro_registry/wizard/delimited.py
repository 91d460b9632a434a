"""The cells of a text file, whatever program wrote it."""

import codecs
import csv
import re
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from .spreadsheet import Refused, Sheet

SEPARATORS = ";\t,|"
LOOKED_AT = 20  # lines
# A letter with an accent between two letters, as DOS writes it (é is 0x82) and as Windows does.
OF_DOS = re.compile(rb"[A-Za-z][\x81-\x8d\x90\x93\x96\x97\xa0-\xa3](?=[A-Za-z])")
OF_WINDOWS = re.compile(rb"[A-Za-z][\xc0-\xff](?=[A-Za-z])")
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(content: bytes) -> str:
    """By its mark; else UTF-16 shows by its zeros, UTF-8 by itself, DOS by its accents.

    Else that of Windows.
    """
    for mark, name in MARKS:
        if content.startswith(mark):
            return name
    start = content[:4096]
    if start.count(0) * 4 > len(start):
        return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        is_of_dos = len(OF_DOS.findall(content)) > len(OF_WINDOWS.findall(content))
        return "cp850" if is_of_dos else "windows-1252"
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
    """What cuts the first lines in the most cells; they may be titles, and hold one each."""
    return max(SEPARATORS, key=lambda mark: _width(text, mark, quote))


def _width(text: str, separator: str, quote: str) -> int:
    """The cells of the first lines; 0 when such a separator makes no sense."""
    try:
        return sum(len(cells) for _line, cells in islice(_lines(text, separator, quote), LOOKED_AT))
    except Refused:
        return 0


def read(text: str, separator: str, quote: str) -> Sheet:
    """Raises Refused, with the line where a quotation mark is not closed."""
    sheet = Sheet()
    for line, cells in _lines(text, separator, quote):
        sheet.add(cells, line)
    return sheet


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
