"""The one reader of what people write, and of what their programs make of it.

Typed in a form, imported from a file, received by RPC: a reader gives the value, or raises
``Doubtful`` (several readings: it is never guessed) or ``Impossible`` (none). Both hold a
key of ``MESSAGES``; the sentence is translated by the models.
"""

from ..items import Item
from .cells import Figure, cell
from .codes import READERS, is_registration_number, registration_number
from .dates import day
from .messages import MESSAGES
from .numbers import amount, count
from .outcome import Doubtful, Impossible, Unreadable
from .search import folded, search_key, search_words
from .texts import check_no_error, text
from .words import yes_no


def code(item: Item, value: object) -> str:
    """A code of the catalogue's ``item``, a key of READERS. Raises Doubtful, Impossible."""
    return READERS[item.code](value)


def declared_text(item: Item, value: str) -> str:
    """A text of ``item``, as the registry writes it: only where nothing can be lost.

    A code that cannot be read stays as it is: the rules then say what is wrong with it.
    """
    written = text(value, lines=item.type == "list")
    if item.code in READERS and written:
        try:
            return code(item, written)
        except Unreadable:
            return written
    return written


__all__ = [
    "MESSAGES",
    "READERS",
    "Doubtful",
    "Figure",
    "Impossible",
    "Unreadable",
    "amount",
    "cell",
    "check_no_error",
    "code",
    "count",
    "day",
    "declared_text",
    "folded",
    "is_registration_number",
    "registration_number",
    "search_key",
    "search_words",
    "text",
    "yes_no",
]
