"""The XML wire format: documents validated by the profile's schemas."""

import base64
from datetime import date
from functools import cache
from typing import Any

from lxml import etree

from ..contract import Profile, Service
from ..items import Catalogue, Item, catalogue
from .answer import Answer, Refusal, Unreadable
from .values import from_text, to_text


class Invalid(ValueError):
    """The encoded dossier breaks the profile's schema: a rule is missing."""


def _parser() -> etree.XMLParser:
    # Answers come from outside: no entity, no DTD, no network, no huge tree.
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


@cache
def _schema(path: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(path))


class XmlCodec:
    """Encode requests and decode answers for one profile."""

    def __init__(self, profile: Profile):
        self.profile = profile

    def encode(self, service: str, dossier: dict[str, Any], on: date) -> bytes:
        """The request's body for ``service``, with the items in effect on ``on``.

        Raises Invalid when the document breaks the profile's schema.
        """
        described = self.profile.services[service]
        root = self._root(described)
        known = described.catalogue(dossier, on)
        for group in described.groups:
            items = known.sent(service, (group,))
            self._group(root, group, items, dossier, known)
        self._validate(root)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)

    def decode(self, body: bytes) -> Answer:
        """Read an answer. Raises Unreadable."""
        root = self._parse(body)
        try:
            return self._answer(root)
        except (ArithmeticError, KeyError, ValueError) as error:
            # The schema's types are wider than ours: the year 10000, "@" in base64.
            raise Unreadable(f"a value: {type(error).__name__}") from None

    def _answer(self, root) -> Answer:
        names = self.profile.answer
        text = root.findtext
        attestation = text(names["attestation"])
        return Answer(
            status=names["outcomes"][text(names["outcome"])],
            reference=text(names["reference"]),
            registration_number=text(names["registration_number"]),
            date=text(names["date"]),
            refusals=tuple(self._refusal(e) for e in root.findall(names["errors"])),
            attestation=_binary(attestation) if attestation else None,
            dossier=self._dossier(root.find(names["dossier"])),
        )

    def _root(self, service: Service) -> etree._Element:
        attributes = {**self.profile.wire["attributes"], **dict(service.attributes)}
        return etree.Element(service.root, attributes)

    def _group(self, root, group, items: list[Item], dossier, known: Catalogue) -> None:
        elsewhere = self.profile.wire["not_in_body"]
        present = [
            item
            for item in items
            if item.code not in elsewhere and dossier.get(item.code) not in (None, [], {}, "")
        ]
        if not present and group == "bati_2027":
            return
        if group == "finance" and not items:
            return
        element = etree.SubElement(root, group)
        for item in present:
            self._append(element, item, dossier[item.code], known)

    def _append(self, parent, item: Item, value: Any, known: Catalogue) -> None:
        element = etree.SubElement(parent, item.code)
        children = known.children(item.code)
        if item.type == "list":
            for one in value:
                self._member(element, item, one, children, known)
        elif children:
            self._fill(element, children, value, known)
        else:
            element.text = to_text(self.profile, item, value)

    def _member(self, parent, item: Item, value, children, known: Catalogue) -> None:
        name = self.profile.wire["members"][item.code]
        element = etree.SubElement(parent, name)
        if children:
            self._fill(element, children, value, known)
        else:
            element.text = str(value)

    def _fill(self, element, children: list[Item], values: dict, known: Catalogue) -> None:
        for child in children:
            if values.get(child.code) is not None:
                self._append(element, child, values[child.code], known)

    def _validate(self, root) -> None:
        path = self.profile.folder / self.profile.wire["request_schema"]
        schema = _schema(str(path))
        if not schema.validate(root):
            raise Invalid(str(schema.error_log.last_error))

    def _parse(self, body: bytes):
        try:
            root = etree.fromstring(body, _parser())
        except (etree.XMLSyntaxError, ValueError) as error:
            raise Unreadable("not well-formed XML") from error
        if root.getroottree().docinfo.doctype:
            raise Unreadable("document type declaration")
        path = self.profile.folder / self.profile.wire["answer_schema"]
        schema = _schema(str(path))
        if not schema.validate(root):
            raise Unreadable(f"line {schema.error_log.last_error.line}")
        return root

    def _refusal(self, element) -> Refusal:
        names = self.profile.answer
        code = element.findtext(names["error_code"])
        item = element.findtext(names["error_item"])
        return Refusal(
            code=code,
            item=item or self.profile.error_item(code),
            value=element.findtext(names["error_value"]),
            detail=element.findtext(names["error_detail"]),
        )

    def _dossier(self, element) -> dict[str, Any] | None:
        if element is None:
            return None
        known = catalogue(date.today())
        return {
            child.tag: self._value(child, known)
            for group in element
            for child in group
            if child.tag in known
        }

    def _value(self, element, known) -> Any:
        item = known[element.tag]
        if item.type == "list":
            return [self._list_value(member, known) for member in element]
        if len(element):
            return {child.tag: self._value(child, known) for child in element}
        return from_text(self.profile, item, element.text or "")

    def _list_value(self, member, known) -> Any:
        if len(member):
            return {child.tag: self._value(child, known) for child in member}
        return member.text or ""


def _binary(text: str) -> bytes:
    return base64.b64decode("".join(text.split()), validate=True)
