"""Faults on demand: what a real service does on a bad day."""

import random
import re
import socket
import threading
import time
from dataclasses import asdict, dataclass

from werkzeug.wrappers import Response

from .documents import Refused
from .speaking import Speaker

BEFORE = ("429", "500_before", "503", "reset_before", "redirect", "late")
AFTER = (
    "500_after",
    "reset_after",
    "truncated",
    "wrong_encoding",
    "html",
    "huge",
    "xml_bomb",
    "slow_drip",
    "latency",
    "lying_length",
    "deep",
    "other_document",
    "other_reference",
    "other_number",
    "no_reason",
)
DEEP = {"xml": b"<a>" * 20_000 + b"</a>" * 20_000, "json": b"[" * 20_000 + b"]" * 20_000}
OTHER_DOCUMENT = {"xml": b"<facture/>", "json": b'{"invoice": 12}'}
# What is said of another: a reference, or a registration number.
OTHERS = {
    "other_reference": (
        rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        b"00000000-0000-4000-8000-000000000000",
    ),
    "other_number": (rb"\bZZ\d{7}\b", b"ZZ9999999"),
}
# An answer with another document than its own.
WHOLE = ("html", "huge", "xml_bomb", "deep", "other_document", "no_reason")
# A first number that is another's cannot be told from the right one: it is asked for by
# name alone, for what already has a number. A refusal of what was accepted is a lie.
RAINING = tuple(name for name in BEFORE + AFTER if name not in ("other_number", "no_reason"))
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(
        b'<!ENTITY %c "%s">' % (c, (b"&%c;" % (c - 1)) * 10) for c in range(ord("b"), ord("k"))
    )
    + b"]><reponse>&j;</reponse>"
)


@dataclass
class Fault:
    """One fault, for so many calls of a service ("" for all)."""

    name: str
    service: str = ""
    count: int = 1
    seconds: float = 1.0

    @property
    def before(self) -> bool:
        return self.name in BEFORE

    def answer(self, environ, start_response):
        """Answer without having processed anything."""
        if self.name in ("reset_before", "late"):
            cut(environ)
        headers = {}
        if self.name in ("429", "503"):
            headers["Retry-After"] = str(int(self.seconds))
        if self.name == "redirect":
            headers["Location"] = "http://127.0.0.1:9/elsewhere"
        status = 302 if self.name == "redirect" else int(self.name[:3])
        return Response("", status, headers)(environ, start_response)

    def spoil(self, response: Response, environ, speaker: Speaker, service: str) -> Response:
        """Spoil the answer of a call that has been processed."""
        if self.name in WHOLE:
            return self._replaced(response, speaker, service)
        body = response.get_data()
        if self.name == "latency":
            time.sleep(max(0, self.seconds - (time.monotonic() - environ["copro.received"])))
        elif self.name == "500_after":
            return Response("<html>Internal error</html>", 500)
        elif self.name == "reset_after":
            cut(environ)
        elif self.name == "truncated":
            _truncate(response, body)
        elif self.name == "wrong_encoding":
            # Says UTF-8 and is not.
            response.set_data(body[:40] + b"\xe9" + body[40:])
        elif self.name in OTHERS:
            _replace(response, *OTHERS[self.name])
        elif self.name == "lying_length":
            response.headers["Content-Length"] = str(len(body) + 1000)
        elif self.name == "slow_drip":
            response.response = self._drip(body)
            response.headers.pop("Content-Length", None)
        return response

    def _replaced(self, response: Response, speaker: Speaker, service: str) -> Response:
        """Another document in place of the answer's, where a document is read."""
        if self.name == "html":
            return Response("<html><body>Maintenance</body></html>", 200)
        if self.name == "no_reason":
            reply = speaker.refuse(service, Refused(403), status=403)
            return Response(reply.body, reply.status, reply.headers)
        codec = speaker.profile.wire["codec"]
        told = response.headers.get("Content-Type") or speaker.profile.wire["media_type"]
        kind = "json" if "json" in told else "xml" if "xml" in told else codec
        contents = {"huge": b" " * 50_000_000, "xml_bomb": BOMB, "deep": DEEP[kind]}
        content = contents.get(self.name, OTHER_DOCUMENT[kind])
        # An answer without a body is not read: its status would be enough.
        status = response.status_code if response.get_data() else 200
        return Response(content, status, content_type=told)

    def _drip(self, body: bytes):
        for position in range(len(body)):
            time.sleep(self.seconds)
            yield body[position : position + 1]


def _truncate(response: Response, body: bytes) -> None:
    """Half of it; of nothing, less than was announced."""
    response.set_data(body[: len(body) // 2])
    if not body:
        response.headers["Content-Length"] = "100"


def _replace(response: Response, pattern: bytes, other: bytes) -> None:
    """In the body and in the headers."""
    response.set_data(re.sub(pattern, other, response.get_data()))
    for name, value in [*response.headers.items()]:
        if name != "Content-Type":
            response.headers[name] = re.sub(pattern.decode(), other.decode(), value)


class Rain:
    """Bad weather: any fault, for a share of the calls (0 to 1), repeatable by its seed."""

    def __init__(self, *, share: float, seed: int = 0, seconds: float = 0.1):
        self.share = float(share)
        self.seconds = float(seconds)
        self._random = random.Random(seed)

    def draw(self) -> Fault | None:
        if self._random.random() >= self.share:
            return None
        return Fault(self._random.choice(RAINING), seconds=self.seconds)


class Faults:
    """The faults still to come."""

    def __init__(self):
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._rain: Rain | None = None

    def add(self, **values) -> None:
        fault = Fault(**values)
        if fault.name not in BEFORE + AFTER:
            raise ValueError(f"unknown fault {fault.name}: {BEFORE + AFTER}")
        with self._lock:
            self._faults.append(fault)

    def to_come(self) -> list[dict]:
        """Those that have not all happened yet."""
        with self._lock:
            return [asdict(fault) for fault in self._faults if fault.count > 0]

    def rain(self, **values) -> None:
        """From now on, a fault for a share of the calls, drawn at random."""
        with self._lock:
            self._rain = Rain(**values)

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()
            self._rain = None

    def draw(self, service: str) -> Fault | None:
        """The fault of a call to ``service``."""
        with self._lock:
            for fault in self._faults:
                if fault.service in ("", service) and fault.count > 0:
                    fault.count -= 1
                    return fault
            return self._rain.draw() if self._rain else None


def cut(environ) -> None:
    """Cut the connection under the server's feet."""
    connection = environ["copro.connection"]
    connection.shutdown(socket.SHUT_RDWR)
