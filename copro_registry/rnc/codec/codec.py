"""Dossier <-> bytes: what is sent, and how an answer is understood, as a profile says."""

from collections.abc import Mapping
from datetime import date
from email.message import Message
from typing import Any

from ..contract import Profile, Service
from ..contract.adapter import adapter_for
from ..contract.forms import DOCUMENT, FILE_BODY, URLENCODED, Form
from ..contract.service import STATUS
from ..items import catalogue
from ..today import today
from . import multipart
from .answer import Answer, Unreadable
from .json import JsonWire
from .names import names_of
from .outline import Line, lines
from .quoting import frozen
from .reading import Reading
from .wire import Wire
from .writing import Writing
from .xml import XmlWire

# What the reading of a document that is well-formed may raise.
NOT_OURS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
WIRES = {"xml": XmlWire, "json": JsonWire}


class Codec:
    """Encode requests and decode answers for one profile."""

    def __init__(self, profile: Profile):
        self.profile = profile
        self.names = names_of(profile)

    def prepare(self) -> None:
        """Compile every schema, find the adapter, before anything leaves. Raises ProfileError."""
        adapter_for(self.profile)
        for service in self.profile.services.values():
            if service.schema and service.has_document:
                self._wire().compile(service.schema, service.root)
        for form, _place in self.profile.forms():
            schema = self._schema(form)
            if form.body == DOCUMENT and schema:
                self._wire(form).compile(schema, form.get("root") or "")

    def _called(self, form: Form | None) -> str:
        return (form and form.get("codec")) or self.profile.wire["codec"]

    def _wire(self, form: Form | None = None) -> Wire:
        return WIRES[self._called(form)](self.profile)

    def _schema(self, form: Form) -> str:
        """The schema of an answer, "" when there is none."""
        is_usual = self._called(form) == self.profile.wire["codec"]
        usual = self.profile.wire.get("answer_schema", "") if is_usual else ""
        return form.described.get("schema", usual) or ""

    # -- sending ----------------------------------------------------------------

    def encode(
        self,
        service: str,
        dossier: dict[str, Any],
        on: date,
        told: Mapping[str, Any] | None = None,
    ) -> bytes:
        """The request's body for ``service``, with the items in effect on ``on``.

        ``told``: {placeholder: text} of the call. Raises Invalid when the document breaks the
        profile's schema, or when something cannot be written as the profile says.
        """
        described = self.profile.services[service]
        return Writing(self._wire(), described, dossier, on, told or {}).body()

    def quoted(self, service: str, dossier: dict[str, Any]) -> dict[str, str]:
        """{placeholder: text}: the items that the calls of ``service`` quote, to be frozen.

        Raises Invalid when its address quotes one that has no value.
        """
        return frozen(self.profile, self.profile.services[service], dossier)

    def media_type(self, service: Service, body: bytes) -> str:
        """The Content-Type of a request."""
        if service.parts:
            return multipart.media_type(service.body, body)
        if service.body == URLENCODED:
            return "application/x-www-form-urlencoded"
        has_action = self.profile.wire.get("soap") == "1.2" and service.soap_action
        action = f'; action="{service.soap_action}"' if has_action else ""
        return service.media_type + action

    def accept(self, service: Service) -> str:
        """The media types of its answers."""
        forms = [form for form, _place in self.profile.forms(service.code)]
        usual = "application/pdf" if forms[0].body == FILE_BODY else self.profile.wire["media_type"]
        told = [kind for form in forms for kind in form.media_types]
        first = forms[0].media_types or (usual,)
        return service.accept or ", ".join(dict.fromkeys([*first, *told]))

    # -- reading ----------------------------------------------------------------

    def decode(
        self,
        body: bytes,
        status: int = 200,
        on: date | None = None,
        service: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Read an answer to ``service``, and its HTTP status where it tells the outcome.

        ``on`` is the day, in France, whose items are read: today. ``headers``: None when they
        are not known any more. Raises Unreadable.
        """
        form = self.profile.form(service, status)
        if headers is not None and form.media_types:
            if _media_type(headers) not in form.media_types:
                raise Unreadable("another media type")
        wire, known = self._wire(form), catalogue(on or today())
        try:
            is_read = form.body == DOCUMENT
            document = wire.parse(body, form, self._schema(form)) if is_read else None
            names = names_of(self.profile, service)
            asks = service.startswith(STATUS)
            reading = Reading(wire, form, names, status, headers or {}, asks)
            return reading.answer(document, body, known)
        except Unreadable:
            raise
        except NOT_OURS as error:
            # The schema's types are wider than ours: the year 10000, "@" in base64.
            raise Unreadable(f"a value: {type(error).__name__}") from None

    def outline(self, body: bytes, service: str = "", status: int | None = None) -> list[Line]:
        """A request or an answer, line by line, for a person. Raises Unreadable.

        ``status``: that of an answer; None of a request, or when nobody knows it.
        """
        parts = multipart.parts_of(body)
        if parts:
            described = self.profile.services[service].parts if service else ()
            rank = next((n for n, part in enumerate(described) if part.document), 0)
            body = parts[min(rank, len(parts) - 1)]
        wire = self._wire(self.profile.form(service, status) if status else None)
        return list(lines(self.profile, wire.tree(body), service, status or 200))


def _media_type(headers: Mapping[str, str]) -> str:
    """What an answer says that it is, without its parameters."""
    told = Message()
    told["Content-Type"] = _header(headers, "Content-Type")
    return told.get_content_type()


def _header(headers: Mapping[str, str], wanted: str) -> str:
    found = (text for name, text in headers.items() if name.lower() == wanted.lower())
    return next(found, "")
