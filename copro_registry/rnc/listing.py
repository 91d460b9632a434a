"""The condominiums attached to an account: the pages of LIST, one after the other."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from .client import ANSWERED, Client, Outcome, first_page
from .contract.service import LIST

MOST_PAGES = 1000
_LINK = re.compile(r"<([^<>]*)>([^<]*)")
_IS_NEXT = re.compile(r";\s*rel\s*=\s*(?:next\b|\"(?:[^\"]* )?next(?: [^\"]*)?\")", re.I)


def attached(client: Client) -> tuple[list[str], Outcome]:
    """The registration numbers, each once, and the outcome of the last page that was asked for.

    They are all of them when that one was ANSWERED.
    """
    numbers: dict[str, None] = {}
    pages = client.profile.services[LIST].pages
    place: Mapping[str, str] | None = first_page(pages)
    address, seen = "", set()
    for _rank in range(MOST_PAGES):
        outcome = client.page(place, address)
        if outcome.kind != ANSWERED:
            break
        before = len(numbers)
        numbers.update(dict.fromkeys(outcome.answer.members))
        place, address = _next(pages, place, outcome, client.url)
        here = (tuple(place.items()) if place else (), address)
        is_same = pages["by"] in ("number", "offset") and len(numbers) == before
        if not (place or address) or here in seen or is_same:
            break
        seen.add(here)
    return list(numbers), outcome


def _next(
    pages: Mapping[str, Any], place: Mapping[str, str], outcome: Outcome, base: str
) -> tuple[dict[str, str], str]:
    """What the address of the next page quotes, and the address itself; empty after the last."""
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
    """An address, if it is at the registry: no other one is called."""
    whole = urljoin(base, told) if told else ""
    same = [urlsplit(one)[:2] for one in (base, whole)]
    return whole if whole and same[0] == same[1] else ""
