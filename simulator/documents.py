"""Requests read and checked by the schema; answers written."""

import base64
import io
from dataclasses import dataclass, field
from xml.etree import ElementTree

import xmlschema

from .profile import Profile


@dataclass(frozen=True)
class Error:
    """One reason of a refusal."""

    code: str
    item: str = ""
    value: str = ""
    detail: str = ""


class Refused(Exception):
    """The request is refused for these reasons."""

    def __init__(self, status: int, *errors: Error):
        super().__init__(", ".join(error.code for error in errors))
        self.status = status
        self.errors = errors


@dataclass(frozen=True)
class Answer:
    """What the registry answers."""

    outcome: str  # enregistree, acceptee, refusee
    reference: str = ""
    number: str = ""
    date: str = ""
    errors: tuple[Error, ...] = ()
    attestation: bytes = b""
    groups: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """A valid document: its root, its attributes, its items by group."""

    root: str
    attributes: dict[str, str]
    groups: dict[str, dict[str, ElementTree.Element]]

    def text(self, code: str) -> str:
        for items in self.groups.values():
            for element in items.values():
                for node in element.iter(code):
                    return (node.text or "").strip()
        return ""

    def has(self, code: str) -> bool:
        return any(code in items for items in self.groups.values())

    def integer(self, code: str) -> int | None:
        text = self.text(code)
        return int(text) if text else None


def read(profile: Profile, body: bytes) -> Request:
    """Parse and validate. Raises Refused with every error that the schema finds."""
    try:
        resource = xmlschema.XMLResource(io.BytesIO(body), defuse="always")
    except (ElementTree.ParseError, xmlschema.XMLResourceError, ValueError) as error:
        raise Refused(400, Error("DOCUMENT_INVALID", detail=str(error)[:200])) from error
    root = resource.root
    found = tuple(_error(e) for e in profile.requests.iter_errors(resource))
    if found:
        raise Refused(422, *dict.fromkeys(found))
    groups = {group.tag: {item.tag: item for item in group} for group in root}
    return Request(root.tag, dict(root.attrib), groups)


def _error(error: xmlschema.XMLSchemaValidationError) -> Error:
    item = error.elem.tag if error.elem is not None else ""
    if isinstance(error, xmlschema.XMLSchemaChildrenValidationError):
        expected = [e.local_name for e in error.expected or () if hasattr(e, "local_name")]
        if expected and error.invalid_child is None:
            return Error("FIELD_MISSING", expected[0])
        child = error.invalid_child
        if expected and child is not None:
            return Error("FIELD_MISSING", expected[0])
        return Error("DOCUMENT_INVALID", item, detail="unexpected element")
    value = (error.elem.text or "")[:200] if error.elem is not None else ""
    reason = error.reason or ""
    if "enumeration" in type(error.validator).__name__.lower():
        return Error("CODE_UNKNOWN", item, value)
    if item.startswith("date_"):
        return Error("DATE_INVALID", item, value)
    return Error("DOCUMENT_INVALID", item, value, reason[:200])


def write(profile: Profile, answer: Answer) -> bytes:
    """The answer's bytes; a fault here is the simulator's own, so it is checked."""
    root = ElementTree.Element("reponse", version=profile.version)
    _add(root, "statut", answer.outcome)
    _add(root, "reference", answer.reference)
    _add(root, "numero_immatriculation", answer.number)
    _add(root, "date", answer.date)
    if answer.errors:
        errors = ElementTree.SubElement(root, "erreurs")
        for error in answer.errors:
            _add_error(errors, error)
    if answer.attestation:
        _add(root, "attestation", base64.b64encode(answer.attestation).decode())
    if answer.groups:
        _add_groups(root, answer.groups)
    profile.answers.validate(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _add(parent, name: str, text: str) -> None:
    if text:
        ElementTree.SubElement(parent, name).text = text


def _add_error(parent, error: Error) -> None:
    element = ElementTree.SubElement(parent, "erreur")
    _add(element, "code", error.code)
    _add(element, "champ", error.item)
    _add(element, "valeur", error.value)
    _add(element, "detail", error.detail)


def _add_groups(root, groups: dict[str, list[str]]) -> None:
    parent = ElementTree.SubElement(root, "copropriete")
    for group, items in groups.items():
        element = ElementTree.SubElement(parent, group)
        for item in items:
            element.append(ElementTree.fromstring(item))
