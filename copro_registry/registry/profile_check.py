"""Is a contract profile fit for use? And what would it send?

Used when an administrator loads one, and by ``bin/profile check FOLDER``.
"""

import json
import re
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from lxml import etree

from .codec import CODECS, Invalid, codec_for
from .contract import ABOUT, FILE, Profile, ProfileError, load
from .example import example_dossier
from .items import all_items, nomenclature

SERVICES = (*("WS1", "WS2_STANDARD", "WS2_ANNUAL", "WS3", "WS4", "WS5", "WS6", "WS7", "STATUS"),)
METHODS = ("GET", "POST", "PUT", "PATCH")
TOLD = {"declarant_number", "declarant_email", "reference"}
IN_PATHS = {"registration_number", "reference"}
IN_MESSAGES = {"item", "value", "detail"}
OUTCOMES = {"recorded", "registered", "rejected"}
WIRE = ("codec", "media_type", "request_schema", "answer_schema", "yes", "no", "attributes")


@dataclass(frozen=True)
class Example:
    """What a service would send."""

    service: str
    method: str
    url: str
    headers: dict[str, str]
    body: bytes


def problems(folder: Path) -> list[str]:
    """What is wrong with a profile, in words for an integrator; empty when it is fit."""
    try:
        profile = load(folder)
    except ProfileError as error:
        return [str(error)]
    found = []
    for check in _CHECKS:
        try:
            found += check(profile)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            found.append(f"manifest.json: {type(error).__name__} {error}")
    return found or list(_examples_fail(profile))


def examples(profile: Profile, on: date) -> Iterator[Example]:
    """An example request for each service. Raises codec.Invalid."""
    codec, dossier = codec_for(profile), example_dossier(on)
    quoted = {
        "declarant_number": "T0000001",
        "declarant_email": "registre@exemple.example",
        "reference": "00000000-0000-4000-8000-000000000000",
        "registration_number": "AB1234567",
    }
    for name, service in profile.services.items():
        body = codec.encode(name, dossier, on) if service.root else b""
        headers = {"Accept": profile.wire["media_type"]}
        headers.update({h: text.format(**quoted) for h, text in profile.headers.items()})
        query = "&".join(f"{q}={text.format(**quoted)}" for q, text in profile.query.items())
        url = profile.environments["test"] + service.path.format(**quoted)
        yield Example(name, service.method, f"{url}?{query}" if query else url, headers, body)


def _examples_fail(profile: Profile) -> Iterator[str]:
    """Those of today, and those of the day from which every known item is sent."""
    today = date.today()
    codec, schema = codec_for(profile), profile.wire["request_schema"]
    for on in sorted({today, max(today, *(item.effective_from for item in all_items()))}):
        dossier = example_dossier(on)
        for name, service in profile.services.items():
            try:
                if service.root:
                    codec.encode(name, dossier, on)
            except Invalid as error:
                yield f"services/{name}: {schema} refuses the example of {on}: {error}"


# -- the checks -----------------------------------------------------------------


def _environments(profile: Profile) -> Iterator[str]:
    for name in ("simulator", "test", "production"):
        url = profile.environments.get(name, "")
        if not url.startswith("https://") or not url.endswith("/"):
            yield f"environments/{name}: an address that begins with https:// and ends with /"


def _wire(profile: Profile) -> Iterator[str]:
    for key in WIRE:
        if key not in profile.wire:
            yield f"wire/{key} is missing"
    if profile.wire.get("codec") not in CODECS:
        yield f"wire/codec: one of {', '.join(CODECS)}"
    if profile.wire.get("yes") == profile.wire.get("no"):
        yield "wire/yes and wire/no are the same"
    if "not_in_body" not in profile.wire:
        yield "wire/not_in_body is missing: the items that travel elsewhere, or []"


def _services(profile: Profile) -> Iterator[str]:
    for name in SERVICES:
        if name not in profile.services:
            yield f"services/{name} is missing"
    for name, service in profile.services.items():
        if service.method not in METHODS:
            yield f"services/{name}/method: one of {', '.join(METHODS)}"
        if name not in ("WS3", "STATUS") and not service.root:
            yield f"services/{name}/root is missing"
        if service.path.startswith("/"):
            yield f"services/{name}/path: without its first /, which ends the address"
        yield from _placeholders(f"services/{name}/path", service.path, IN_PATHS)
    groups = {item.group for item in all_items()}
    for name, service in profile.services.items():
        for group in set(service.groups) - groups:
            yield f"services/{name}/groups: {group} is unknown ({', '.join(sorted(groups))})"


def _told(profile: Profile) -> Iterator[str]:
    """Who calls, and our reference, must travel somewhere."""
    templates = {**profile.headers, **profile.query}
    quoted = set()
    for name, template in templates.items():
        quoted |= {field for _t, field, *_r in string.Formatter().parse(template) if field}
        yield from _placeholders(f"headers or query/{name}", template, TOLD)
    if "reference" not in quoted:
        yield "headers or query: {reference} travels nowhere, so nothing can be asked again"


def _answer(profile: Profile) -> Iterator[str]:
    for key in ("errors", "error_code", "dossier", "registration_number"):
        if key not in profile.answer:
            yield f"answer/{key} is missing"
    told = profile.answer.get("outcomes") if "outcome" in profile.answer else None
    outcomes = set((told or profile.http.get("outcomes", {})).values())
    if outcomes != OUTCOMES:
        yield "answer/outcomes or http/outcomes: " + ", ".join(sorted(OUTCOMES))
    for key in ("accepted", "unknown_reference"):
        if key not in profile.http:
            yield f"http/{key} is missing"
    if "outcome" not in profile.answer:
        told = profile.http.get("outcomes", {})
        for status in profile.http.get("accepted", []):
            if not {str(status), f"{status // 100}xx"} & told.keys():
                yield f"http/outcomes: {status} is accepted, and has no outcome"


def _limits(profile: Profile) -> Iterator[str]:
    for name, value in vars(profile.limits).items():
        if not isinstance(value, int | float) or isinstance(value, bool) or value <= 0:
            yield f"limits/{name}: a number above 0"


def _tables(profile: Profile) -> Iterator[str]:
    codes = {item.code for item in all_items()} | {item.group for item in all_items()}
    for code in profile.names.keys() - codes:
        yield f"names.json: {code} is neither an item nor a group"
    for name, table in profile.codes.items():
        try:
            known = {entry.code for entry in nomenclature(name)}
        except KeyError:
            yield f"codes.json: {name} is not a code list"
            continue
        for code in table.keys() - known:
            yield f"codes.json: {name} has no value {code}"
        if len(set(table.values())) != len(table):
            yield f"codes.json: {name} has the same wire code twice"


def _same_names(profile: Profile) -> Iterator[str]:
    """Of two members with one name, only one would travel."""
    grouped, elsewhere = profile.wire.get("grouped", True), profile.wire.get("not_in_body", [])
    found: dict[tuple[str, str, str, str], set[str]] = {}
    for name, service in profile.services.items():
        for item in all_items():
            if item.group not in service.groups or name.split("_")[0] not in item.services:
                continue
            if item.code not in elsewhere:
                wire = profile.names.get(item.code, item.code)
                place = (name, item.group if grouped else "", item.parent or "", wire)
                found.setdefault(place, set()).add(item.code)
    for (name, _group, _parent, wire), codes in found.items():
        if len(codes) > 1:
            yield f"names.json: {wire} is the name of {' and '.join(sorted(codes))} in {name}"


def _errors(profile: Profile) -> Iterator[str]:
    codes = {item.code for item in all_items()}
    for code, described in profile.errors.items():
        if described.get("item") not in {None, *codes}:
            yield f"errors.json: {code}: {described['item']} is not an item"
        if described.get("about", FILE) not in ABOUT:
            yield f"errors.json: {code}: about is one of {', '.join(ABOUT)}"
        yield from _placeholders(f"errors.json: {code}", described["message"], IN_MESSAGES)
    if profile.http.get("unknown_reference") not in profile.errors:
        yield "http/unknown_reference is not a code of errors.json"


def _schemas(profile: Profile) -> Iterator[str]:
    for path in sorted(profile.folder.glob("*.xsd")):
        yield from _schema_of_xml(path)
    for key in ("request_schema", "answer_schema"):
        name = profile.wire[key]
        if "/" in name or not (profile.folder / name).is_file():
            yield f"wire/{key}: {name} is not a file of the profile"
        elif profile.wire["codec"] == "xml":
            yield from _compiles(profile.folder / name)
        else:
            wrong = list(_schema_of_json(profile.folder / name))
            yield from wrong
            if key == "request_schema" and not wrong:
                yield from _roots(profile)


def _roots(profile: Profile) -> Iterator[str]:
    schema = json.loads((profile.folder / profile.wire["request_schema"]).read_text("utf-8"))
    for name, service in profile.services.items():
        if service.root and service.root not in schema.get("$defs", {}):
            yield f"services/{name}/root: {service.root} is not in $defs of the request schema"


def _schema_of_xml(path: Path) -> Iterator[str]:
    """A schema may include others of its folder, and nothing else."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        tree = etree.parse(str(path), parser)
    except etree.XMLSyntaxError as error:
        yield f"{path.name}: {error}"
        return
    if tree.docinfo.doctype:
        yield f"{path.name}: a document type declaration is refused"
    for place in tree.xpath("//@schemaLocation"):
        # Only what ends so is examined here in its turn.
        is_ours = place.endswith(".xsd") and (path.parent / place).is_file()
        if "/" in place or "\\" in place or not is_ours:
            yield f"{path.name}: schemaLocation {place} is not a file of the profile"


def _compiles(path: Path) -> Iterator[str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        etree.XMLSchema(etree.parse(str(path), parser))
    except (etree.XMLSchemaError, etree.XMLSyntaxError) as error:
        yield f"{path.name}: {error}"


def _schema_of_json(path: Path) -> Iterator[str]:
    try:
        schema = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        yield f"{path.name}: {error}"
        return
    for place in _references(schema):
        if not place.startswith("#"):
            yield f"{path.name}: $ref {place} leaves the file"


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key in ("$ref", "$dynamicRef") and isinstance(value, str):
                yield value
            else:
                yield from _references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _references(value)


def _placeholders(place: str, template: str, allowed: set[str]) -> Iterator[str]:
    """Nothing but plain names between braces: a template is not a program."""
    try:
        fields = list(string.Formatter().parse(template))
    except ValueError as error:
        yield f"{place}: {error}"
        return
    for _text, field, form, conversion in fields:
        if field is None:
            continue
        if field not in allowed or form or conversion or not re.fullmatch(r"\w+", field):
            yield f"{place}: {{{field}}} is not one of {', '.join(sorted(allowed))}"


_CHECKS: tuple[Callable[[Profile], Iterator[str]], ...] = (
    _environments,
    _wire,
    _services,
    _told,
    _answer,
    _limits,
    _tables,
    _same_names,
    _errors,
    _schemas,
)
