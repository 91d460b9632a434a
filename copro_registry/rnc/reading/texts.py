"""Texts, as the registry writes them: what cannot be seen or was ill read is put right."""

import re
import unicodedata
from typing import Any

from .outcome import Impossible

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
# What no database keeps: NUL, and half of a character.
UNKEPT = re.compile("[\x00\ud800-\udfff]")
CONTROL = re.compile("[\ud800-\udfff\x00-\x1f\x7f-\x9f\u2028\u2029]+")
SPACES = re.compile(r"[^\S\n]+")
# What a spreadsheet writes in a cell that it cannot compute, or whose column is too narrow.
ERRORS = re.compile(
    r"#(?:N/?A|REF!|VAL(?:UE|EUR)!|DIV/0!|NAME\?|NOM\?|NULL!|NUL!|NUM!|NOMBRE!|\#{2,})|Err:\d{3}"
)
LINES = re.compile("\r\n|[\n\r\u2028\u2029]")


def _replaced() -> dict[int, str]:
    """Characters that stand for others, and what they stand for."""
    # A file of Windows that was read as Latin-1: 0x9C was meant as œ.
    windows = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
    # Ligatures that a PDF gives for two or three letters: ﬁ, ﬄ. Not œ nor æ, which are letters.
    ligatures = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
    full_width = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    hyphens = {0x2010: "-", 0x2011: "-"}
    return {code: told for code, told in windows.items() if told} | ligatures | full_width | hyphens


REPLACED = _replaced()


def text(value: str, lines: bool = False) -> str:
    """Composed (NFC), without what cannot be seen, spaced once; ``lines`` are kept."""
    value = unicodedata.normalize("NFC", value).translate(REPLACED)
    value = INVISIBLE.sub("", value)
    if lines:
        kept = (text(line) for line in LINES.split(value))
        return "\n".join(line for line in kept if line)
    return unicodedata.normalize("NFC", SPACES.sub(" ", CONTROL.sub(" ", value)).strip())


def check_no_error(value: Any) -> None:
    """Raises Impossible for the error of a spreadsheet's cell, which is no text."""
    if isinstance(value, str) and ERRORS.fullmatch(value.strip()):
        raise Impossible("CELL_ERROR", value)
