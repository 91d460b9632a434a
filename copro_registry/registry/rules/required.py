"""Items that the service cannot do without."""

from collections.abc import Iterator
from typing import Any

from ..contract import Service
from ..items import Catalogue, Item
from .conditions import holds
from .finding import Finding, blocking


def check(dossier: dict[str, Any], service: Service, known: Catalogue) -> Iterator[Finding]:
    """A finding per compulsory item that is empty. 0 and no are not empty."""
    for item in known.sent(service.code, service.groups):
        yield from _item(item, dossier, dossier, known)


def _item(item: Item, values: dict, dossier: dict, known) -> Iterator[Finding]:
    value = values.get(item.code)
    if is_empty(value):
        if is_due(item, dossier | values):
            yield blocking("MISSING", item.code, item.law)
        return
    children = known.children(item.code)
    for member in value if isinstance(value, list) else [value]:
        for child in children if isinstance(member, dict) else []:
            yield from _item(child, member, dossier, known)


def is_empty(value: Any) -> bool:
    return value is None or value == [] or value == {} or value == ""


def is_due(item: Item, dossier: dict[str, Any]) -> bool:
    """Whether ``item`` must be filled in, given the rest of ``dossier``."""
    if item.required == "conditional":
        return holds(item.when, dossier)
    return item.required == "always"
