"""The calls beside the seven services: the document, the attestation, the list."""

import base64
from urllib.parse import urlencode

from .documents import Answer, Error, Refused, Reply
from .reading import NEXT, Call
from .registry import Registry

LARGEST_PAGE, USUAL_PAGE = 10_000, 50


class OtherCalls:
    """DOCUMENT, ATTESTATION and LIST."""

    def __init__(self, registry: Registry):
        self.registry = registry
        self.profile = registry.profile

    def document(self, account: dict, call: Call) -> Reply:
        content = call.piece or base64.b64decode(call.request.text("piece_contenu"))
        if not content:
            raise Refused(422, Error("DOCUMENT_MISSING", "piece"))
        reference, own = call.reference, ""
        if call.service.when == "after":
            found = self.registry.request(account["number"], call.told)
            reference, own = found["reference"], found["registry_reference"]
        self.registry.pieces.keep(account["number"], reference, content)
        answer = Answer("accepted", call.reference, call.number, registry_reference=own)
        return self.registry.speaker.say("DOCUMENT", answer)

    def attestation(self, account: dict, call: Call) -> Reply:
        found = self.registry.request(account["number"], call.told)
        if found["state"] != "accepted":
            raise Refused(404, Error("REQUEST_PENDING"))
        return self.registry.speaker.say("ATTESTATION", self.registry.answer_of(found))

    # -- the list -----------------------------------------------------------------

    def list(self, account: dict, call: Call) -> Reply:
        pages = call.service.pages
        start, size = self._window(call, pages)
        sql = "SELECT number FROM condominium WHERE account = ? ORDER BY number LIMIT ? OFFSET ?"
        found = self.registry.store.all(sql, account["number"], size + 1, start)
        members = tuple(row["number"] for row in found[:size])
        answer = Answer("accepted", members=members)
        if len(found) > size and pages["by"] in ("cursor", "next", "link"):
            answer = self._continued(call, members, start + size)
        return self.registry.speaker.say("LIST", answer)

    def _window(self, call: Call, pages: dict) -> tuple[int, int]:
        """From which condominium on, and how many. Raises Refused."""
        told = call.told
        size = _count(told.get("size", str(pages.get("size", USUAL_PAGE))), 1, LARGEST_PAGE)
        if pages["by"] == "number":
            first = pages.get("first", 1)
            return (_count(told.get("page", str(first)), first) - first) * size, size
        if pages["by"] == "offset":
            return _count(told.get("offset", "0"), 0), size
        if pages["by"] == "cursor":
            return _opened(told["cursor"]) if told.get("cursor") else 0, size
        return _count(call.arguments.get(NEXT, "0"), 0), size

    def _continued(self, call: Call, members: tuple[str, ...], start: int) -> Answer:
        by = call.service.pages["by"]
        if by == "cursor":
            return Answer("accepted", members=members, next=_closed(start))
        query = urlencode({**call.arguments, NEXT: str(start)})
        address = f"{self.profile.base_path}{call.service.path.fill_path(call.told)}?{query}"
        if by == "next":
            return Answer("accepted", members=members, next=address)
        link = {"Link": f'<{address}>; rel="next"'}
        return Answer("accepted", members=members, headers=link)


def _count(text: str, least: int, most: int = 10**9) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text[:12]) <= most:
        raise Refused(422, Error("DOCUMENT_INVALID", detail=f"not a place in a list: {text[:50]}"))
    return int(text)


def _closed(start: int) -> str:
    """A cursor: nobody else reads what it means."""
    return base64.urlsafe_b64encode(f"after {start}".encode()).decode()


def _opened(cursor: str) -> int:
    try:
        word, number = base64.urlsafe_b64decode(cursor).decode().split(" ")
    except ValueError:
        word, number = "", ""
    if word != "after":
        raise Refused(422, Error("DOCUMENT_INVALID", detail="an unknown cursor"))
    return _count(number, 0)
