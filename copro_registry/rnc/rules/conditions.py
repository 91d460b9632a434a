"""The catalogue's conditions: ``item=value|value & item=value``."""

from collections.abc import Callable
from functools import cache
from typing import Any

from ..items import Catalogue, Item, item

Values = dict[str, Any]
Condition = Callable[[Values, Values], bool]
# Their conditions say when an item is compulsory, not when it means something.
ALWAYS_RELEVANT = "representation"


@cache
def compiled(condition: str) -> Condition:
    """A function of (values of the same struct, dossier): whether every term is true.

    A term about something not yet filled in is false: that item has its own
    finding, and one question at a time is enough.
    """
    tests = [_test(*_term(term.strip())) for term in condition.split("&")]
    if len(tests) == 1:
        return tests[0]
    return lambda own, dossier: all([test(own, dossier) for test in tests])


def _test(code: str, values: frozenset[str], absent: str | None) -> Condition:
    def test(own: Values, dossier: Values) -> bool:
        value = own[code] if code in own else dossier.get(code)
        return _code(value, absent) in values

    return test


def _term(term: str) -> tuple[str, frozenset[str], str | None]:
    code, _separator, values = term.partition("=")
    absent = "non" if _is_fact_of_ours(item(code)) else None
    return code, frozenset(values.split("|")), absent


def _code(value: Any, absent: str | None) -> str | None:
    if value is None:
        return absent
    if value is True:
        return "oui"
    if value is False:
        return "non"
    return value if isinstance(value, str) else None


def _is_fact_of_ours(described: Item) -> bool:
    # Never asked of the syndic by the service: absent means no.
    return described.type == "bool" and (not described.declared or not described.services)


def relevant(dossier: Values, known: Catalogue) -> Values:
    """``dossier`` without the answers to questions that are not asked.

    The unpaid amount of a small association, the energy of an individual heating: typed
    once, then made pointless by another answer. They are kept, and not sent.
    """
    pointless = {
        code
        for code, condition in _conditional(known)
        if dossier.get(code) is not None and not condition(dossier, dossier)
    }
    if not pointless:
        return dossier
    return {code: value for code, value in dossier.items() if code not in pointless}


@cache
def _conditional(known: Catalogue) -> tuple[tuple[str, Condition], ...]:
    return tuple(
        (one.code, compiled(one.when))
        for one in known.children("")
        if one.when and one.group != ALWAYS_RELEVANT
    )
