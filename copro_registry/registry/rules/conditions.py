"""The catalogue's conditions: ``item=value|value & item=value``."""

from typing import Any

from ..items import Item, item


def holds(condition: str, dossier: dict[str, Any]) -> bool:
    """Whether every term of ``condition`` is true of ``dossier``.

    A term about something not yet filled in is false: that item has its own
    finding, and one question at a time is enough.
    """
    return all(_term(term.strip(), dossier) for term in condition.split("&"))


def _term(term: str, dossier: dict[str, Any]) -> bool:
    code, _separator, values = term.partition("=")
    return _code(item(code), dossier.get(code)) in values.split("|")


def _code(described: Item, value: Any) -> str | None:
    if value is None and _is_fact_of_ours(described):
        return "non"
    if isinstance(value, bool):
        return "oui" if value else "non"
    return value if isinstance(value, str) else None


def _is_fact_of_ours(described: Item) -> bool:
    # Never asked of the syndic by the service: absent means no.
    return described.type == "bool" and (not described.declared or not described.services)
