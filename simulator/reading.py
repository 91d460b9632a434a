"""From a call to what it asks: which service, who asks, which items.

Everything is read as docs/en/contract-profile.md says, and strictly: what the contract
does not say is refused by the contract's own error.
"""

import base64
from dataclasses import dataclass, field
from typing import Any

from werkzeug.http import parse_options_header

from . import templates
from .bodies import Body
from .documents import Error, Refused, Request
from .incoming import Incoming
from .layout import Layout
from .paths import find
from .profile import Item, Profile
from .service import Service
from .templates import Slot, Template
from .tree_json import json_text
from .tree_xml import XmlTree, is_sorted
from .values import BadValue, same, to_plain

WHO = ("reference", "registration_number", "registry_reference", "declarant_number",
       "declarant_email", "now", "page", "size", "offset", "cursor")  # fmt: skip


@dataclass
class Call:
    """One call, as far as it could be read."""

    service: Service
    body: bytes
    told: dict[str, str] = field(default_factory=dict)
    request: Request | None = None
    refused: Refused | None = None
    piece: bytes | None = None  # of DOCUMENT: the supporting document
    account: str = ""
    arguments: dict[str, str] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        return self.told.get("reference", "")[:100]

    @property
    def number(self) -> str:
        return self.told.get("registration_number", "")


class Another(Exception):
    """The call is of another service that has the same address."""


def candidates(profile: Profile, incoming: Incoming) -> list[Service] | None:
    """The services behind an address; None when there are none, [] for other verbs only."""
    fitting = [s for s in profile.services.values() if s.path.match_path(incoming.path) is not None]
    if not fitting:
        return None
    fitting = [service for service in fitting if service.method == incoming.method]
    most = max((service.path.letters for service in fitting), default=0)
    return [service for service in fitting if service.path.letters == most]


def read(services: list[Service], incoming: Incoming) -> Call:
    """The call, by the service that its document or action tells."""
    for service in services:
        reader = _Reading(service, incoming)
        try:
            reader.read()
        except Another:
            continue
        return reader.call
    call = Call(services[0], incoming.body)
    call.refused = Refused(422, Error("DOCUMENT_INVALID", detail="another document"))
    return call


class _Reading:
    """One attempt to read a call as one of a service."""

    def __init__(self, service: Service, incoming: Incoming):
        self.service = service
        self.profile = service.profile
        self.incoming = incoming
        self.call = Call(service, incoming.body)
        self.items: dict[str, str] = {}  # quoted by templates
        self.body: Body | None = None

    def read(self) -> None:
        try:
            self._read_action()
            self._read_head()
            self.body = Body(self.service, self.incoming)
            self._read_body()
        except Refused as refused:
            self.call.refused = refused
        if self.call.refused is None and self._has_items:
            self._read_request()

    @property
    def _has_items(self) -> bool:
        return self.service.is_change or self.service.name == "DOCUMENT"

    # -- templates ----------------------------------------------------------------

    def _read_action(self) -> None:
        """Of SOAP: in a header of 1.1, in the media type of 1.2."""
        action = self.service.soap_action
        if not action or not self.profile.soap:
            return
        if self.profile.soap == "1.1":
            told = self.incoming.headers.get("soapaction", "").strip('"')
        else:
            told = parse_options_header(self.incoming.content_type)[1].get("action", "")
        if told != action:
            raise Another

    def _read_head(self) -> None:
        """The path, the headers and the query."""
        headers, service = self.incoming.headers, self.service
        self.call.arguments = arguments = self.incoming.arguments()
        told = [(name, headers.get(name.lower()), t) for name, t in service.headers.items()]
        told += [(name, arguments.get(name), t) for name, t in service.query.items()]
        wrong = [error for one in told if (error := self._wrong(*one))]
        self._tell(service.path.match_path(self.incoming.path) or {})
        if wrong:
            raise wrong[0]
        unknown = arguments.keys() - self.service.query.keys() - {NEXT}
        if unknown:
            raise _invalid(f"parameters that the contract does not know: {sorted(unknown)}")

    def _wrong(self, name: str, text: str | None, template: Template) -> Refused | None:
        """Why it is none; the others are read all the same: one of them says who calls."""
        try:
            self._read_template(template, text, name)
        except Refused as refused:
            return refused
        return None

    def _read_template(self, template: Template, text: str | None, name: str) -> None:
        """A text that a template describes; it may be left out where it quotes a value."""
        if text is None:
            if not template.slots:
                raise _invalid(f"{name} is missing")
            return
        found = template.match(text)
        if found is None:
            raise _invalid(f"{name} is not written so: {text[:100]}")
        self._tell(found)

    def _tell(self, found: dict[Slot, str]) -> None:
        for slot, text in found.items():
            if slot.name in WHO:
                self._keep(self.call.told, slot.name, text)
            elif slot.name in self.profile.item:
                item = self.profile.item[slot.name]
                if item.type == "file":  # its size, or a digest: not the item itself
                    continue
                self._keep(self.items, item.code, _plain(self.profile, item, text, slot.form))

    def _keep(self, known: dict[str, str], name: str, text: str) -> None:
        if known.setdefault(name, text) != text:
            raise _invalid("said twice, in two ways", name if name in self.profile.item else "")

    # -- the body -----------------------------------------------------------------

    def _read_body(self) -> None:
        body = self.body
        for template, text in body.texts:
            self._read_template(templates.parse(template), text, "a part or field")
        if body.header is not None:
            for path, template in self.profile.wire.get("soap_header", {}).items():
                place = find(body.header, path)
                text = place.take() if place else None
                self._read_template(templates.parse(template), text or None, path)
        if body.tree is not None:
            self._read_top()
            body.check()
            unread = [] if self._has_items else [*body.tree.unread()]
            if unread:
                raise Refused(422, _unexpected(unread[0]))

    def _read_top(self) -> None:
        """The root, its attributes and the constants: what tells services apart."""
        root = self.body.tree.root
        if isinstance(self.body.tree, XmlTree):
            wanted = self.body.tree.tag(self.service.root)
            if self.service.root and root.element.tag != wanted:
                raise Another
        elif not isinstance(root.value, dict):
            raise _invalid("an object is expected")
        for name, value in self.service.attributes.items():
            self._require(root, f"@{name}" if self._is_xml else _escaped(name), value)
        for path, value in self.service.constants.items():
            self._read_constant(root, path, value)

    @property
    def _is_xml(self) -> bool:
        return isinstance(self.body.tree, XmlTree)

    def _read_constant(self, root, path: str, value: Any) -> None:
        if isinstance(value, list):
            place = find(root, path)
            told = place.take() if place is not None else None
            for text, one in zip(value, told if isinstance(told, list) else (), strict=False):
                self._read_template(templates.parse(text), one, path)
            return
        if not isinstance(value, str):
            self._require(root, path, value)
            return
        template = templates.parse(value)
        if not template.slots:
            self._require(root, path, "".join(template.pieces))
            return
        place = find(root, path)
        if place is not None:
            text = place.take()
            self._read_template(template, text if isinstance(text, str) else json_text(text), path)

    def _require(self, root, path: str, value: Any) -> None:
        place = find(root, path)
        if place is None or not same(value, place.take(), self._is_xml):
            raise Another

    # -- the items ----------------------------------------------------------------

    def _read_request(self) -> None:
        groups, errors = {}, []
        if self.body.tree is not None:
            groups, errors = self._read_document()
        try:
            self._add_quoted(groups)
        except Refused as refused:
            errors += refused.errors
        if errors:
            self.call.refused = Refused(422, *dict.fromkeys(errors))
        self.call.request = Request(self.service.name, groups)

    def _read_document(self) -> tuple[dict, list[Error]]:
        tree, xml = self.body.tree, self._is_xml
        layout = Layout(self.service, xml=xml)
        place = find(tree.root, self.service.say("below", "."))
        groups, errors = layout.read(place) if place else ({}, [])
        order = self.service.say("order", ())
        if xml and order and not is_sorted(tree.root.element, list(order), tree.tag):
            errors.append(Error("DOCUMENT_INVALID", detail="another order of elements"))
        if place:
            place.mark_if_empty()
        errors += [_unexpected(name) for name in tree.unread()] if not errors else []
        return groups, errors

    def _add_quoted(self, groups: dict[str, dict[str, Any]]) -> None:
        """What the address, the query, the headers and the parts say of the dossier."""
        if self.body.file is not None:
            self.call.piece = self.body.file
            self.items["piece_contenu"] = base64.b64encode(self.body.file).decode()
        for code, text in self.items.items():
            item = self.profile.item[code]
            values = groups.setdefault(item.group, {})
            for parent in _above(self.profile, item):
                values = values.setdefault(parent, {})
            self._keep(values, code, text)


NEXT = "from"  # of a next address that is the simulator's own


def _above(profile: Profile, item: Item) -> list[str]:
    """The structs around an item, from the outside."""
    found: list[str] = []
    while item.parent:
        found.insert(0, item.parent)
        item = profile.item[item.parent]
    return found


def _plain(profile: Profile, item: Item, text: str, form: str) -> str:
    try:
        return to_plain(profile, item, text, text=True, form=form)
    except BadValue as error:
        raise Refused(422, Error(error.code, error.item, error.value[:200])) from error


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _unexpected(name: str) -> Error:
    return Error("DOCUMENT_INVALID", detail=f"unexpected: {name[:100]}")


def _invalid(detail: str, item: str = "") -> Refused:
    return Refused(422, Error("DOCUMENT_INVALID", item, detail=detail))
