"""The schemas of a profile, compiled: they are read inside its folder, nowhere else.

libxml2 reads what a schema includes with options of its own, by which an entity may be any
file of the server and, before its version 2.14, a location any address: a hardened parser of
the main document protects nothing. So each member is examined first, and a resolver gives
nothing but what was examined. It holds wherever a profile comes from.
"""

import json
import os
import re
from collections.abc import Iterator
from inspect import signature
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft202012Validator, SchemaError
from lxml import etree

from .errors import ProfileError
from .pattern import is_heavy

OFFLINE = {}
if "registry" in signature(Draft202012Validator).parameters:  # jsonschema 4.18 and later
    from referencing import Registry

    OFFLINE = {"registry": Registry()}  # a second fence: what is not in the file is not fetched

KINDS = {"xml": ".xsd", "json": ".json"}  # of a schema, by codec
LARGEST_COUNT = 6  # digits of minOccurs and maxOccurs
HEAVY = "a pattern takes too long to be tried: make it simpler"
BASE = "//@*[local-name() = 'base' and namespace-uri() = 'http://www.w3.org/XML/1998/namespace']"


def refused_members(folder: Path) -> list[str]:
    """What no member of a profile may hold; empty when there is nothing of the kind."""
    return [fault for path in _members(folder) for fault in _faults(path)]


def _members(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if path.is_file()]


def _faults(path: Path) -> Iterator[str]:
    # Without their NULs, the texts that are written two bytes a character are searched too.
    if b"<!DOCTYPE" in path.read_bytes().replace(b"\0", b""):
        yield f"{path.name}: a document type declaration is refused"
    elif path.suffix == KINDS["xml"]:
        yield from _faults_of_xml(path)


def _faults_of_xml(path: Path) -> Iterator[str]:
    """A schema may include others of its folder, and nothing else."""
    try:
        tree = etree.parse(str(path), _parser())
    except (etree.LxmlError, OSError) as error:
        yield _place(path, error)
        return
    if tree.docinfo.doctype:
        yield f"{path.name}: a document type declaration is refused"
        return
    if tree.xpath(BASE):
        yield f"{path.name}: xml:base is refused"
    for count in tree.xpath("//@minOccurs | //@maxOccurs"):
        if count != "unbounded" and len(count) > LARGEST_COUNT:
            yield f"{path.name}: {count.attrname} is too large: write unbounded"
    if any(map(is_heavy, tree.xpath("//*[local-name() = 'pattern']/@value"))):
        yield f"{path.name}: {HEAVY}"
    for place in tree.xpath("//@schemaLocation"):
        # Only what ends so is examined here in its turn.
        is_ours = place.endswith(KINDS["xml"]) and (path.parent / place).is_file()
        if "/" in place or "\\" in place or not is_ours:
            yield f"{path.name}: schemaLocation {place} is not a .xsd file of the profile"


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _place(path: Path, error: Exception) -> str:
    """Where it is wrong, and libxml2's name of the fault: its sentences quote the files."""
    found = getattr(error, "error_log", None)
    fault = found.last_error if found else None
    if fault is None:
        return f"{path.name}: it cannot be read"
    name = Path(unquote(fault.filename or "")).name
    name = name if (path.parent / name).is_file() else path.name
    line = f", line {fault.line}" if fault.line else ""
    return f"{name}{line}: {fault.type_name}"


class _OfTheFolder(etree.Resolver):
    """Gives libxml2 the schemas of a folder, and refuses all else that it asks for."""

    def __init__(self, folder: Path):
        super().__init__()
        self._folder = folder

    def resolve(self, url, _public_id, context):
        for text in (url, unquote(url)):  # libxml2 escapes some names
            path = Path(os.path.normpath(text.removeprefix("file://")))
            if path.parent == self._folder and path.suffix == KINDS["xml"] and path.is_file():
                return self.resolve_filename(str(path), context)
        raise ValueError("outside the profile")


def xml_schema(path: Path) -> etree.XMLSchema:
    """The compiled schema of a file. Raises ProfileError."""
    path = Path(os.path.abspath(path))
    refused = refused_members(path.parent)
    if path.suffix != KINDS["xml"] or not path.is_file():
        refused = [f"{path.name} is not a .xsd file of the profile"]
    if refused:
        raise ProfileError(*refused)
    parser = _parser()
    parser.resolvers.add(_OfTheFolder(path.parent))
    try:
        return etree.XMLSchema(etree.parse(str(path), parser))
    except (etree.LxmlError, OSError, ValueError) as error:
        raise ProfileError(_place(path, error)) from None


# -- JSON -------------------------------------------------------------------------


def json_validator(path: Path, definition: str = "") -> Draft202012Validator:
    """The validator of a file, or of one of its ``$defs``. Raises ProfileError."""
    refused = refused_members(path.parent)
    if path.suffix != KINDS["json"] or not path.is_file():
        refused = [f"{path.name} is not a .json file of the profile"]
    if refused:
        raise ProfileError(*refused)
    schema = _described(path, definition)
    try:
        faults = [f"{path.name}: {fault}" for fault in _faults_of_json(schema)]
        if not faults:
            Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        faults = [f"{path.name}: {error.json_path} ({error.validator})"]
    except RecursionError:
        faults = [f"{path.name}: it is nested too deep"]
    if faults:
        raise ProfileError(*faults)
    return Draft202012Validator(schema, **OFFLINE)


def _described(path: Path, definition: str) -> dict[str, Any]:
    try:
        schema = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        raise ProfileError(f"{path.name}: it is not JSON") from None
    if not isinstance(schema, dict):
        raise ProfileError(f"{path.name}: a schema is an object")
    if not definition:
        return schema
    found = schema.get("$defs")
    if not isinstance(found, dict) or definition not in found:
        raise ProfileError(f"{path.name}: $defs has no {definition}")
    return {"$defs": found, "$ref": f"#/$defs/{definition}"}


def _faults_of_json(schema: dict[str, Any]) -> Iterator[str]:
    """What the meta-schema lets pass, and what would leave the file."""
    named = ("$anchor", "$dynamicAnchor")
    anchors = {one for key, one in _pairs(schema) if key in named and isinstance(one, str)}
    for key, value in _pairs(schema):
        if key == "patternProperties" and isinstance(value, dict):
            patterns = list(value)
        else:
            patterns = [value] if key == "pattern" and isinstance(value, str) else []
        if any(map(is_heavy, patterns)):
            yield HEAVY
        elif not all(map(_is_pattern, patterns)):
            yield "a pattern is no regular expression"
        elif key in ("$ref", "$dynamicRef") and isinstance(value, str):
            if not value.startswith("#"):
                yield f"{key} leaves the file"
            elif not _leads_somewhere(schema, unquote(value[1:]), anchors):
                yield f"{key} {value} leads nowhere"
        elif key == "$id" and isinstance(value, str) and value != schema.get("$id"):
            yield "$id is refused below the root: what it holds would be another file"


def _pairs(schema: Any) -> Iterator[tuple[str, Any]]:
    """Every member of every object, however deep."""
    left = [schema]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            yield from value.items()
            left += value.values()
        elif isinstance(value, list):
            left += value


def _leads_somewhere(schema: Any, pointer: str, anchors: set[str]) -> bool:
    if pointer and not pointer.startswith("/"):
        return pointer in anchors
    for step in pointer.split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        if isinstance(schema, list):
            schema = dict(zip(map(str, range(len(schema))), schema, strict=True))
        if not isinstance(schema, dict) or step not in schema:
            return False
        schema = schema[step]
    return isinstance(schema, dict | bool)


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except (re.error, RecursionError, OverflowError):
        return False
    return True
