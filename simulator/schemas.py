"""Whether a request is of the contract's schema, and why not.

libxml2 says whether a document in XML is, ``xmlschema`` why not; ``fastjsonschema`` says
both in JSON, of the first fault.
"""

import json
import re
from functools import lru_cache
from pathlib import Path

import fastjsonschema
import xmlschema
from lxml import etree

from .documents import Error, Refused
from .profile import Profile
from .service import Service
from .tree_xml import local


def check(service: Service, document) -> None:
    """``document``: an element, or what JSON holds. Raises Refused."""
    name = service.say("request_schema")
    if not name:
        return
    path = service.profile.folder / name
    if path.suffix == ".xsd":
        _check_xml(service.profile, path, document)
    else:
        _check_json(service.profile, path, service.root, document)


def _check_xml(profile: Profile, path: Path, element) -> None:
    accepts, judge = _xml_schema(path)
    if not accepts.validate(element):
        found = [_xml_error(profile, error) for error in judge.iter_errors(element)]
        unsaid = Error("DOCUMENT_INVALID", detail="the schema")
        raise Refused(422, *(dict.fromkeys(found) or [unsaid]))


@lru_cache(maxsize=16)
def _xml_schema(path: Path):
    return etree.XMLSchema(etree.parse(path)), xmlschema.XMLSchema(path)


def _xml_error(profile: Profile, error: xmlschema.XMLSchemaValidationError) -> Error:
    element = error.elem
    item = _code(profile, local(element)) if element is not None else ""
    if isinstance(error, xmlschema.XMLSchemaChildrenValidationError):
        return _error_of_children(profile, error, item)
    value = (element.text or "")[:200] if element is not None else ""
    if "enumeration" in type(error.validator).__name__.lower():
        return Error("CODE_UNKNOWN", item, value)
    if item.startswith("date_"):
        return Error("DATE_INVALID", item, value)
    return Error("DOCUMENT_INVALID", item, value, (error.reason or "")[:200])


def _error_of_children(profile: Profile, error, item: str) -> Error:
    expected = [e.local_name for e in error.expected or () if hasattr(e, "local_name")]
    if expected:
        return Error("FIELD_MISSING", _code(profile, expected[0]))
    return Error("DOCUMENT_INVALID", item, detail="unexpected element")


def _check_json(profile: Profile, path: Path, root: str, document) -> None:
    try:
        _json_schema(path, root)(document)
    except fastjsonschema.JsonSchemaValueException as error:
        raise Refused(422, _json_error(profile, error)) from error


@lru_cache(maxsize=64)
def _json_schema(path: Path, root: str):
    schema = json.loads(path.read_text("utf-8"))
    # The library knows draft 7, where what stands beside $ref is ignored; the shipped
    # schemas mean the same in both drafts.
    schema["$schema"] = "http://json-schema.org/draft-07/schema#"
    return fastjsonschema.compile({**schema, "$ref": f"#/$defs/{root}"} if root else schema)


def _json_error(profile: Profile, error: fastjsonschema.JsonSchemaValueException) -> Error:
    missing = re.search(r"must contain \['(\w+)'", error.message)
    if error.rule == "required" and missing:
        names = [n for n in error.rule_definition if n not in error.value]
        return Error("FIELD_MISSING", _code(profile, names[0] if names else missing[1]))
    item, value = _code(profile, str(error.path[-1])), str(error.value)[:200]
    if error.rule == "enum":
        return Error("CODE_UNKNOWN", item, value)
    if item.startswith("date_"):
        return Error("DATE_INVALID", item, value)
    return Error("DOCUMENT_INVALID", item, value, error.message[:200])


def _code(profile: Profile, name: str) -> str:
    """The item that a name of the wire means; the name itself when it is none's."""
    return next(iter(profile.codes_named(name)), name)
