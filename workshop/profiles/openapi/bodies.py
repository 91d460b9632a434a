"""What an operation sends: nothing, a document, or several parts."""

from dataclasses import dataclass, field
from typing import Any

from ..shape import merged
from .document import Description, Leaf, Operation, type_of
from .items import guesses
from .parameters import KNOWN, OPEN, constant_of, first_of
from .services import best_content
from .words import plain_text

FILE = "piece_contenu"
OF_FILES = ("binary", "byte", "base64")


@dataclass
class Body:
    """``schema`` is that of the document; ``manifest`` what a service says of its body."""

    media_type: str = ""
    schema: dict[str, Any] = field(default_factory=dict)
    manifest: Any = None  # None: a document, which needs not be said
    quoted: set[str] = field(default_factory=set)  # items that are parts
    told: list[str] = field(default_factory=list)  # what is left to a person


def body_of(description: Description, service: str, operation: Operation) -> Body:
    body = description.followed(operation.described.get("requestBody", {}))
    media_type, content = best_content(body.get("content"))
    if not media_type:
        return Body(manifest="none")
    description.is_xml = "xml" in media_type
    schema = content.get("schema", {})
    if media_type.startswith("multipart/"):
        return _multipart(description, service, media_type, schema, content.get("encoding"))
    if not any(form in media_type for form in ("json", "xml")):
        file = service == "DOCUMENT"
        told = [] if file else [f"{service}: a body of {media_type} is no document of a dossier"]
        return Body(media_type, {}, "file" if file else "none", {FILE} if file else set(), told)
    return Body(media_type, schema if isinstance(schema, dict) else {})


def _multipart(description, service: str, media_type: str, schema: Any, encoding: Any) -> Body:
    kind = media_type.partition(";")[0].removeprefix("multipart/")
    body, parts = Body(media_type), []
    properties = description.whole(schema).get("properties", {})
    for name, value in properties.items() if isinstance(properties, dict) else ():
        told = encoding.get(name, {}) if isinstance(encoding, dict) else {}
        content_type = str(told.get("contentType", "")) if isinstance(told, dict) else ""
        part, part_schema = _part(description, service, name, value, content_type)
        body.schema = part_schema or body.schema
        body.quoted |= {part["item"]} if "item" in part else _quoted(part.get("value", ""))
        if str(part.get("value", "")).startswith(OPEN):
            body.told.append(f"{service}: what is the part {name}?")
        parts.append(part)
    body.manifest = {
        "multipart": kind if kind in ("form-data", "mixed", "related") else "?",
        "parts": parts,
    }
    return body


def _part(description, service, name: str, value: Any, content_type: str):
    """(the part, the schema of the document if it is that one)."""
    schema = description.whole(value)
    media = {"media_type": content_type.partition(",")[0]} if content_type else {}
    if "json" in content_type or "xml" in content_type or type_of(schema) == "object":
        return {
            "name": name,
            "document": True,
            **(media or {"media_type": "application/json"}),
        }, value
    if schema.get("format") in OF_FILES or "contentMediaType" in schema:
        told = media or {"media_type": str(schema.get("contentMediaType", "application/pdf"))}
        return {"name": name, "item": FILE, "filename": "{piece_nom}", **told}, None
    return {"name": name, "value": _value(service, name, schema)}, None


def _value(service: str, name: str, schema: dict[str, Any]) -> str:
    constant = constant_of(schema)
    if constant is not None:
        return str(constant)
    known = merged("WS4" if service == "DOCUMENT" else service)
    codes = [c for c, i in known.items() if i.declared and i.type not in ("list", "struct")]
    leaf = Leaf((name,), frozenset(), schema, (str(schema.get("description", "")),))
    for code, guess in guesses([leaf], codes).items():
        return f"{{{code}}}" if guess.is_sure else f"{OPEN}{{{code}}}"
    return first_of(KNOWN, plain_text(name)) or OPEN


def _quoted(template: str) -> set[str]:
    return {code for code in merged() if f"{{{code}}}" in template}
