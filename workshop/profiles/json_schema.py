"""JSON Schemas of a profile's requests and answers."""

from typing import Any

from rnc.contract import Profile
from rnc.items import Item, nomenclature

from .shape import Node, Shapes

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TEXT = {"type": "string", "minLength": 1, "maxLength": 255}
OF_SUFFIX = {  # of the codes of items
    "siret": "^[0-9]{14}$",
    "siret_syndicat": "^[0-9]{14}$",
    "code_postal": "^[0-9]{5}$",
    "code_insee": "^[0-9][0-9AB][0-9]{3}$",
    "numero_immatriculation": "^[A-Z]{2}[0-9]{7}$",
}
DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
BASE64 = {"type": "string", "contentEncoding": "base64", "pattern": "^[A-Za-z0-9+/=]*$"}


class JsonSchemas:
    """Both schemas, as objects."""

    def __init__(self, profile: Profile):
        self.profile = profile
        self.shapes = Shapes(profile)

    def request(self) -> dict[str, Any]:
        """One definition for each service that has a document, named by its ``root``."""
        defined = {}
        for service in self.profile.services.values():
            if service.root:
                attributes = {**self.profile.wire["attributes"], **dict(service.attributes)}
                described = self._object(self.shapes.request(service))
                defined[service.root] = _with(described, attributes)
        return {"$schema": DIALECT, "title": "Requests", "$defs": defined}

    def answer(self) -> dict[str, Any]:
        described = _with(_answer(self.profile), self.profile.wire["attributes"])
        dossier = self.shapes.dossier(self.profile.services["WS3"].groups)
        _put(described, self.profile.answer["dossier"], self._object(dossier))
        return {"$schema": DIALECT, "title": "Answers", **described}

    def _object(self, node: Node) -> dict[str, Any]:
        described: dict[str, Any] = {
            "type": "object",
            "additionalProperties": node.is_open,
            "properties": {n.name: self._node(n) for n in node.children.values()},
        }
        required = [n.name for n in node.children.values() if n.required]
        return {**described, "required": required} if required else described

    def _node(self, node: Node) -> dict[str, Any]:
        if node.members is not None:
            member = self._object(node.members) if node.members.children else TEXT
            return {"type": "array", "minItems": 1, "maxItems": 200, "items": member}
        if node.children or node.is_open:
            return self._object(node)
        return self._scalar(node.item)

    def _scalar(self, item: Item | None) -> dict[str, Any]:
        if item is None:
            return TEXT
        if item.type == "bool":
            return {"enum": [self.profile.wire["yes"], self.profile.wire["no"]]}
        if item.type in ("int", "decimal"):
            return self._number(item)
        if item.type == "enum":
            table = self.profile.codes.get(item.nomenclature, {})
            return {"enum": [table.get(e.code, e.code) for e in nomenclature(item.nomenclature)]}
        if item.type == "date":
            return _text(DAY)
        return BASE64 if item.type == "file" else _text_of(item.code)

    def _number(self, item: Item) -> dict[str, Any]:
        if item.unit.startswith("degrees"):
            return {"type": "number", "minimum": -180, "maximum": 180}
        if item.type == "int":
            return {"type": "integer", "minimum": 0, "maximum": 99999}
        return {"type": "number", "minimum": 0, "maximum": 999999999.99}


def _text(pattern: str) -> dict[str, Any]:
    return {"type": "string", "pattern": pattern}


def _text_of(code: str) -> dict[str, Any]:
    return next((_text(p) for suffix, p in OF_SUFFIX.items() if code.endswith(suffix)), TEXT)


def _with(described: dict[str, Any], attributes: dict[str, Any]) -> dict[str, Any]:
    """An object that also bears these constants."""
    constants = {name: {"const": value} for name, value in attributes.items()}
    required = [*constants, *described.get("required", [])]
    whole = {**described, "properties": {**constants, **described["properties"]}}
    return {**whole, "required": required} if required else whole


def _answer(profile: Profile) -> dict[str, Any]:
    """What ``answer`` of the manifest names."""
    described: dict[str, Any] = {"type": "object", "additionalProperties": False, "properties": {}}
    told = profile.answer
    for meaning in ("reference", "registration_number", "date"):
        if meaning in told:
            _put(described, told[meaning], TEXT)
    if "outcome" in told:
        _put(described, told["outcome"], {"enum": list(told["outcomes"])})
        described["required"] = [told["outcome"].partition("/")[0]]
    if "attestation" in told:
        _put(described, told["attestation"], BASE64)
    refusal: dict[str, Any] = {"type": "object", "additionalProperties": False, "properties": {}}
    for meaning in ("error_code", "error_item", "error_value", "error_detail"):
        if meaning in told:
            _put(refusal, told[meaning], {"type": "string", "maxLength": 2000})
    _put(described, told["errors"], {"type": "array", "items": refusal})
    return described


def _put(described: dict[str, Any], path: str, part: dict[str, Any]) -> None:
    *steps, last = path.split("/")
    for step in steps:
        empty = {"type": "object", "additionalProperties": False, "properties": {}}
        described = described["properties"].setdefault(step, empty)
    described["properties"][last] = part
