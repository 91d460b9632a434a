"""The condominiums attached to an account: the pages of LIST, one after the other."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from .client import ANSWERED, RETRYABLE, UNKNOWN, Client, Outcome, first_page
from .contract.service import LIST
from .dispatch import NOT_IN_TIME
from .transport.way import HTTPS_PORT

MOST_PAGES = 1000
_LINK = re.compile(r"<([^<>]*)>([^<]*)")
_IS_NEXT = re.compile(r";\s*rel\s*=\s*(?:next\b|\"(?:[^\"]* )?next(?: [^\"]*)?\")", re.I)


def attached(
    client: Client, may_call: Callable[[], bool] = lambda: True
) -> tuple[list[str], Outcome]:
    """The registration numbers, each once, and the outcome of the last page that was asked for.

    They are all of them when that one was ANSWERED. ``may_call`` waits for the turn of a page;
    False when it has none in time.
    """
    numbers: dict[str, None] = {}
    pages = client.profile.services[LIST].pages
    place, address, seen = first_page(pages), "", set()
    for _rank in range(MOST_PAGES):
        if not may_call():
            return list(numbers), Outcome(RETRYABLE, code=NOT_IN_TIME)
        outcome = client.page(place, address)
        if outcome.kind != ANSWERED:
            return list(numbers), outcome
        before = len(numbers)
        numbers.update(dict.fromkeys(outcome.answer.members))
        here = (*place.items(), address)
        try:
            place, address = _next(pages, place, outcome, address or client.page_address(place))
        except ValueError:  # the next page is elsewhere
            break
        is_same = pages["by"] in ("number", "offset") and len(numbers) == before
        if not place or is_same:
            return list(numbers), outcome
        seen.add(here)
        if (*place.items(), address) in seen:
            break
    # What was listed is not all of it: nobody may take it for that.
    return list(numbers), replace(outcome, kind=UNKNOWN, answer=None, code="LIST_CUT")


def _next(
    pages: Mapping[str, Any], place: Mapping[str, str], outcome: Outcome, base: str
) -> tuple[dict[str, str], str]:
    """What the address of the next page quotes, and the address itself; empty after the last.

    ``base``: the address of this one. Raises ValueError when the next is not at the registry.
    """
    answer, by = outcome.answer, pages["by"]
    if by in ("link", "next"):
        told = answer.next if by == "next" else _linked(outcome.link)
        address = _within(base, told or "")
        return (dict(place), address) if address else ({}, "")
    if by == "cursor":
        return ({**place, "cursor": answer.next}, "") if answer.next else ({}, "")
    count = len(answer.members)
    if not count or count < int(pages.get("size", 1)):
        return {}, ""
    step = {"page": str(int(place["page"]) + 1), "offset": str(int(place["offset"]) + count)}
    return {**place, **step}, ""


def _linked(text: str) -> str:
    """The next address of the header ``Link`` (RFC 8288)."""
    return next((url for url, said in _LINK.findall(text) if _IS_NEXT.search(said)), "")


def _within(base: str, told: str) -> str:
    """An address at the registry, "" for none: no other one is called. Raises ValueError."""
    whole = urljoin(base, told) if told else ""
    if whole and _server(whole) != _server(base):
        raise ValueError("elsewhere")
    return whole


def _server(address: str) -> tuple[str, str, int]:
    parts = urlsplit(address)
    if "@" in parts.netloc:
        raise ValueError("a name of user")
    return parts.scheme, parts.hostname or "", parts.port or HTTPS_PORT
