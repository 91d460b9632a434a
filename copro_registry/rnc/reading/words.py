"""Yes and no, as people and programs write them."""

from typing import Any

from .outcome import Impossible
from .texts import text

YES = frozenset("oui o vrai yes y true 1 1.0 1,0".split())
NO = frozenset("non n faux no false 0 0.0 0,0".split())


def yes_no(value: Any) -> bool | None:
    """None when nothing is written. Raises Impossible."""
    if value is None or value == "":
        return None
    written = text(str(value)).lower()
    if not written:
        return None
    if written not in YES | NO:
        raise Impossible("NOT_YES_NO", value)
    return written in YES
