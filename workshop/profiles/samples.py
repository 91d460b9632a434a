"""Example answers of a new profile, in ``samples/``: one of each kind, for each service."""

import base64
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from rnc.contract import Profile, read
from rnc.example import example_dossier
from rnc.items import Item
from rnc.today import today

from .shape import Node, Shapes

LOTS, MANDATE = ("LOTS_INCONSISTENT", "nb_lots_total"), ("MANDATE_OVERLAP", "date_debut_mandat")
REFUSALS = {
    **dict.fromkeys(("WS1", "WS2"), LOTS),
    "WS3": ("NUMBER_UNKNOWN", "numero_immatriculation"),
    **dict.fromkeys(("WS4", "WS5", "WS6", "WS7"), MANDATE),
}
RENNES = Decimal("-1.68")  # degrees
NUMBER, REFERENCE = "AB1234567", "00000000-0000-4000-8000-000000000000"
MOMENT = "2026-11-30T12:00:00+01:00"
PDF = base64.b64encode(b"%PDF-1.4 exemple").decode()
STATUSES = {200: "OK", 202: "Accepted", 403: "Forbidden", 404: "Not Found", 422: "Unprocessable"}
HTML = "<html><body><h1>Maintenance</h1></body></html>"


def write_samples(folder: Path) -> None:
    (folder / "samples").mkdir(exist_ok=True)
    for name, content in Samples(read(folder)).files():
        (folder / "samples" / f"{name}.http").write_bytes(content)


class Samples:
    """What a registry that speaks ``profile`` might answer."""

    def __init__(self, profile: Profile):
        self.profile = profile
        self.told = profile.answer

    def files(self) -> Iterator[tuple[str, bytes]]:
        """(name, content): what the name says is what is understood of it."""
        for service in self.profile.services:
            if service == "WS3":
                yield "WS3-accepted", self._message(200, "accepted", dossier=True)
            else:
                yield f"{service}-received", self._message(202, "received")
                yield f"{service}-accepted", self._message(200, "accepted", attestation=True)
            if service != "STATUS":
                yield f"{service}-rejected", self._refusal(422, *REFUSALS[service[:3]])
        yield "STATUS-notknown", self._refusal(404, "REQUEST_UNKNOWN")
        yield "WS1-caller", self._refusal(403, "CERT_UNKNOWN")
        yield "WS1-unreadable", _http(200, "text/html; charset=utf-8", HTML.encode())

    def _refusal(self, status: int, meaning: str, item: str = "") -> bytes:
        code = next(c for c in self.profile.errors if self.profile.means(c) == meaning)
        pointed = {"error_item": self.profile.names.get(item, item)} if item else {}
        error = {"error_code": code, **pointed, "error_detail": "exemple"}
        return self._message(status, "rejected", error=error)

    def _message(self, status: int, outcome: str, error=None, dossier=False, attestation=False):
        document: dict[str, Any] = dict(self.profile.wire["attributes"])
        codes = {meaning: code for code, meaning in self.told["outcomes"].items()}
        _put(document, self.told["outcome"], codes[outcome])
        if not dossier:
            _put(document, self.told["reference"], REFERENCE)
        if outcome == "accepted" and not dossier:
            _put(document, self.told["registration_number"], NUMBER)
        if error:
            member = {self.told[meaning]: value for meaning, value in error.items()}
            _put(document, self.told["errors"], [member])
        if attestation:
            _put(document, self.told["attestation"], PDF)
        if dossier:
            _put(document, self.told["dossier"], self._dossier())
        return _http(status, self.profile.wire["media_type"], self._bytes(document))

    def _dossier(self) -> dict[str, Any]:
        shape = Shapes(self.profile).dossier(self.profile.services["WS3"].groups)
        return self._values(shape, _flat(example_dossier(today())))

    def _values(self, node: Node, dossier: dict[str, Any]) -> dict[str, Any]:
        found = {}
        for child in node.children.values():
            value = self._value(child, dossier)
            if value not in (None, {}, []):
                found[child.name] = value
        return found

    def _value(self, node: Node, dossier: dict[str, Any]) -> Any:
        if node.members is not None:
            return self._members(node, dossier.get(node.item.code) or [])
        if node.item is None:
            return self._values(node, dossier)
        value = dossier.get(node.item.code)
        return None if value is None else self._scalar(node.item, value)

    def _members(self, node: Node, values: list) -> Any:
        made = [self._values(node.members, v) if isinstance(v, dict) else v for v in values]
        return {node.members.name: made} if self.profile.wire["codec"] == "xml" and made else made

    def _scalar(self, item: Item, value: Any) -> Any:
        if item.type == "datetime":
            return MOMENT
        if item.type == "bool":
            return self.profile.wire["yes" if value else "no"]
        if item.unit.startswith("degrees"):
            value = RENNES
        if item.type in ("int", "decimal") and self.profile.wire["codec"] == "json":
            return float(value) if item.type == "decimal" else value
        return str(value)

    def _bytes(self, document: dict[str, Any]) -> bytes:
        if self.profile.wire["codec"] == "json":
            return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8")
        namespace = self.profile.wire.get("namespace")
        root = etree.Element(self.told["root"], nsmap={None: namespace} if namespace else None)
        for name, value in self.profile.wire["attributes"].items():
            root.set(name, str(document.pop(name)) if name in document else value)
        _fill(root, document)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _flat(dossier: dict[str, Any]) -> dict[str, Any]:
    """Structs beside what they hold: codes are unique outside lists."""
    found = {}
    for code, value in dossier.items():
        found[code] = value
        if isinstance(value, dict):
            found |= _flat(value)
    return found


def _put(document: dict[str, Any], path: str, value: Any) -> None:
    *steps, last = path.split("/")
    for step in steps:
        document = document.setdefault(step, {})
    document[last] = value


def _fill(parent: etree._Element, values: dict[str, Any]) -> None:
    for name, value in values.items():
        for one in value if isinstance(value, list) else [value]:
            child = etree.SubElement(parent, name)
            if isinstance(one, dict):
                _fill(child, one)
            else:
                child.text = str(one)


def _http(status: int, media_type: str, body: bytes) -> bytes:
    lines = [f"HTTP/1.1 {status} {STATUSES[status]}", f"Content-Type: {media_type}", "", ""]
    return "\n".join(lines).encode("ascii") + body
