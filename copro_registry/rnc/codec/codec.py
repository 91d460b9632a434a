"""What the wire formats share: what is sent, and how an answer is understood."""

import base64
from abc import ABC, abstractmethod
from datetime import date
from typing import Any

from ..contract import Profile, Service
from ..items import Catalogue, Item, catalogue
from ..today import today
from .answer import Answer, Refusal, Unreadable
from .names import names_of
from .outline import Line, Tree, lines
from .values import from_wire, to_wire

Parts = dict[str, dict[str, Any]]  # {group: {item code: wire value, by codes below}}


class Invalid(ValueError):
    """The encoded dossier breaks the profile's schema: a rule is missing."""


class Codec(ABC):
    """Encode requests and decode answers for one profile."""

    def __init__(self, profile: Profile):
        self.profile = profile
        self.names = names_of(profile)
        self.grouped = profile.wire.get("grouped", True)

    def encode(self, service: str, dossier: dict[str, Any], on: date) -> bytes:
        """The request's body for ``service``, with the items in effect on ``on``.

        Raises Invalid when the document breaks the profile's schema.
        """
        described = self.profile.services[service]
        known = described.catalogue(dossier, on)
        return self._render(described, dict(self._parts(described, dossier, known)))

    def decode(self, body: bytes, status: int = 200, on: date | None = None) -> Answer:
        """Read an answer, and its HTTP status where it tells the outcome.

        ``on`` is the day, in France, whose items are read: today. Raises Unreadable.
        """
        root = self._parse(body)
        try:
            return self._answer(root, status, catalogue(on or today()))
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
            # The schema's types are wider than ours: the year 10000, "@" in base64.
            raise Unreadable(f"a value: {type(error).__name__}") from None

    def outline(self, body: bytes) -> list[Line]:
        """A request or an answer, line by line, for a person. Raises Unreadable."""
        return list(lines(self.profile, self._tree(body)))

    # -- what a wire format does ------------------------------------------------

    @abstractmethod
    def prepare(self) -> None:
        """Compile both schemas, before anything leaves. Raises ProfileError."""

    @abstractmethod
    def _tree(self, body: bytes) -> Tree:
        """Any document of the format, below its root. Raises Unreadable."""

    @abstractmethod
    def _render(self, service: Service, parts: Parts) -> bytes:
        """The document of these parts, checked by the schema. Raises Invalid."""

    @abstractmethod
    def _parse(self, body: bytes) -> Any:
        """The root of an answer that the schema accepts. Raises Unreadable."""

    @abstractmethod
    def _find(self, root: Any, path: str) -> str | None:
        """The text at a path of the manifest, such as ``suivi/reference``."""

    @abstractmethod
    def _find_all(self, root: Any, path: str) -> list[Any]:
        """The members of the list at a path."""

    @abstractmethod
    def _read_dossier(self, root: Any, path: str, known: Catalogue) -> dict[str, Any] | None:
        """The dossier at a path: the items of ``known``."""

    # -- sending ----------------------------------------------------------------

    def _parts(self, service: Service, dossier: dict[str, Any], known: Catalogue):
        elsewhere = self.profile.wire["not_in_body"]
        for group in service.groups:
            items = [i for i in known.sent(service.code, (group,)) if i.code not in elsewhere]
            values = {
                item.code: self._value(item, dossier[item.code], known)
                for item in items
                if dossier.get(item.code) not in (None, [], {}, "")
            }
            if values or (items and group != "bati_2027"):
                yield group, values

    def _value(self, item: Item, value: Any, known: Catalogue) -> Any:
        children = known.children(item.code)
        if item.type == "list":
            return [self._struct(children, one, known) if children else str(one) for one in value]
        if children:
            return self._struct(children, value, known)
        return to_wire(self.profile, item, value)

    def _struct(
        self, children: list[Item], values: dict[str, Any], known: Catalogue
    ) -> dict[str, Any]:
        return {
            child.code: self._value(child, values[child.code], known)
            for child in children
            if values.get(child.code) is not None
        }

    # -- reading ----------------------------------------------------------------

    def _answer(self, root: Any, status: int, known: Catalogue) -> Answer:
        paths = self.profile.answer
        attestation = self._text(root, "attestation")
        return Answer(
            status=self._outcome(root, status),
            reference=self._text(root, "reference"),
            registration_number=self._text(root, "registration_number"),
            date=self._text(root, "date"),
            refusals=tuple(self._refusal(e) for e in self._find_all(root, paths["errors"])),
            attestation=_binary(attestation) if attestation else None,
            dossier=self._read_dossier(root, paths["dossier"], known),
        )

    def _text(self, root: Any, meaning: str) -> str | None:
        path = self.profile.answer.get(meaning)
        return self._find(root, path) if path else None

    def _outcome(self, root: Any, status: int) -> str:
        """Told by the document, else by the HTTP status. Raises KeyError."""
        told = self._text(root, "outcome")
        if told is not None:
            return self.profile.answer["outcomes"][told]
        outcomes = self.profile.http["outcomes"]
        return outcomes.get(str(status)) or outcomes[f"{status // 100}xx"]

    def _refusal(self, element: Any) -> Refusal:
        code = self._text(element, "error_code") or ""
        item = self.names.anywhere(self._text(element, "error_item"))
        return Refusal(
            code=code,
            item=item or self.profile.error_item(code),
            value=self._text(element, "error_value"),
            detail=self._text(element, "error_detail"),
        )

    def _scalar(self, described: Item, value: Any) -> Any:
        return from_wire(self.profile, described, value)

    def _known(self, parent: str, name: str, known: Catalogue) -> Item | None:
        """The item of a name received, if it is in effect."""
        code = self.names.code(parent, name)
        return known[code] if code and code in known else None


def _binary(text: str) -> bytes:
    return base64.b64decode("".join(text.split()), validate=True)
