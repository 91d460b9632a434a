"""What leaves for the registry: the address, the headers and the body of a call."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from urllib.parse import quote, urlencode

from .codec import Codec
from .contract import Profile, Service
from .contract.adapter import Request
from .contract.forms import FILE_BODY, NONE
from .contract.template import Missing, Values, climbs, template
from .today import today


@dataclass(frozen=True)
class Declarant:
    """Who calls: what the profile's headers may quote."""

    number: str
    email: str


@dataclass(frozen=True)
class Subject:
    """What a call is about. ``quoted``: {placeholder: text}, frozen with an upload."""

    reference: str
    number: str = ""
    registry_reference: str = ""
    quoted: Mapping[str, str] = field(default_factory=dict)


def place_of_document(reference: str) -> str:
    """What stands in a frozen message until the registry has named its supporting document."""
    return f"document-of-{reference}"


class Requests:
    """The calls of a declarant to a registry that speaks ``profile`` at ``url``."""

    def __init__(self, profile: Profile, url: str, declarant: Declarant, codec: Codec):
        self.profile = profile
        self.url = url.rstrip("/") + "/"
        self.declarant = declarant
        self.codec = codec

    def made(
        self, service: Service, about: Subject, body: bytes | None = None, url: str = ""
    ) -> Request:
        """A call, ``body`` being frozen, or made now of what asks.

        ``url``: an address that was given, in place of the service's own. Raises Missing when
        its address quotes what is not known.
        """
        values = self.values(about)
        if body is None and service.body not in (NONE, FILE_BODY):
            body = self.codec.encode(service.code, {}, today(), values)
        if not url:
            url = self.url + _path(service, values)
            url += _query(self.profile.query, service.query, values)
        body = None if service.body == NONE else body
        headers = self._headers(service, body, values)
        return Request(service.code, service.method, url, headers, body)

    def _headers(self, service: Service, body: bytes | None, values: Values) -> dict[str, str]:
        headers = {"Accept": self.codec.accept(service)}
        if body is not None:
            headers["Content-Type"] = self.codec.media_type(service, body)
        if service.soap_action and self.profile.wire.get("soap") == "1.1":
            headers["SOAPAction"] = f'"{service.soap_action}"'
        said = {**self.profile.headers, **dict(service.headers)}
        headers.update({name: _header(text) for name, text in _filled(said, values).items()})
        return headers

    def values(self, about: Subject) -> Values:
        """What the templates of a call may quote."""
        return Values(
            about.quoted,
            declarant_number=self.declarant.number,
            declarant_email=self.declarant.email,
            reference=about.reference,
            registration_number=about.number,
            registry_reference=about.registry_reference,
            now=datetime.now(timezone.utc),
            call=str(uuid.uuid4()),
        )


def _path(service: Service, values: Values) -> str:
    """Raises Missing, too, where what is quoted would lead elsewhere: the answer of another place
    says nothing of what was asked.
    """
    made = template(service.path)
    path = made.fill(values, lambda text: quote(text, safe=""))
    if climbs(path):
        raise Missing(", ".join(sorted(made.names)))
    return path


def _filled(said: Mapping[str, str], values: Values) -> dict[str, str]:
    """Of {name: template}, those that quote nothing that is missing."""
    found = {}
    for name, text in said.items():
        try:
            found[name] = template(text).fill(values)
        except Missing:
            continue
    return found


def _query(common: Mapping[str, str], own: tuple[tuple[str, str], ...], values: Values) -> str:
    found = _filled({**common, **dict(own)}, values)
    return f"?{urlencode(found)}" if found else ""


def _header(value: str) -> str:
    """Header fields carry ISO 8859-1 at most, and never a line break."""
    printable = "".join(c for c in value if c.isprintable())
    return printable.encode("latin-1", "replace").decode("latin-1")
