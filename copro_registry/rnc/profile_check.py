"""Is a contract profile fit for use? And what would it send?

Used when an administrator loads one, and by ``bin/profile check FOLDER``.
"""

import logging
import re
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from .codec import Invalid, codec_for
from .contract import ABOUT, FILE, Profile, ProfileError, named, read
from .contract.adapter import fault_of
from .contract.manifest import faults_of_form
from .contract.questions import open_questions
from .contract.schema import refused_members
from .example import example_dossier
from .items import all_items, nomenclature
from .today import today
from .transport import probe

_logger = logging.getLogger(__name__)

SERVICES = (*("WS1", "WS2_STANDARD", "WS2_ANNUAL", "WS3", "WS4", "WS5", "WS6", "WS7", "STATUS"),)
TOLD = {"declarant_number", "declarant_email", "reference"}
IN_PATHS = {"registration_number", "reference"}
IN_MESSAGES = {"item", "value", "detail"}
OUTCOMES = {"received", "accepted", "rejected"}
# What every call says for itself.
OWN_HEADERS = {
    *("accept", "accept-encoding", "connection", "content-encoding", "content-length"),
    *("content-type", "cookie", "expect", "host", "keep-alive", "proxy-authenticate"),
    *("proxy-authorization", "proxy-connection", "range", "te", "trailer"),
    *("transfer-encoding", "upgrade", "user-agent"),
}
SOME_DAYS = (date(2019, 1, 2), date(2026, 12, 31))  # that a form of dates must bring back


@dataclass(frozen=True)
class Example:
    """What a service would send."""

    service: str
    method: str
    url: str
    headers: dict[str, str]
    body: bytes


def problems(folder: Path, is_named: bool = True) -> list[str]:
    """What is wrong with a profile, in words for an integrator; empty when it is fit.

    It must be called as its folder, unless that one is not named. Nothing is compiled once
    anything is refused.
    """
    try:
        found = refused_members(folder) or open_questions(folder) or faults_of_form(folder)
        profile = None if found else read(folder)
        found = found or [fault for check in _CHECKS for fault in check(profile)]
        found = found or list(_not_compiled(profile)) or list(_examples_fail(profile))
        if not found and is_named and profile.name != folder.name:
            found = [f"manifest.json: name: {profile.name} is not {folder.name}"]
        return found
    except ProfileError as error:
        return list(error.args)
    except Exception as error:  # whatever an archive holds, who loads it is told a sentence
        _logger.info("Contract profile %s", folder, exc_info=True)
        return [f"it cannot be read: {type(error).__name__}"]


def _not_compiled(profile: Profile) -> Iterator[str]:
    try:
        codec_for(profile).prepare()
    except ProfileError as error:
        yield from error.args


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
    now = today()
    codec, schema = codec_for(profile), profile.wire["request_schema"]
    for on in sorted({now, max(now, *(item.effective_from for item in all_items()))}):
        dossier = example_dossier(on)
        for name, service in profile.services.items():
            try:
                if service.root:
                    codec.encode(name, dossier, on)
            except Invalid as error:
                yield f"services/{name}: {schema} refuses the example of {on}: {error}"
            except ValueError:  # no name of an element
                yield f"services/{name}: root, groups and names are not names of elements"


# -- the checks: what the form of the files cannot say ----------------------------


def _environments(profile: Profile) -> Iterator[str]:
    for name, url in profile.environments.items():
        if not probe.is_address(url):
            yield f"environments/{name}/url: it is the address of no server"


def _wire(profile: Profile) -> Iterator[str]:
    if profile.wire["yes"] == profile.wire["no"]:
        yield "wire/yes and wire/no are the same"
    codes = {item.code for item in all_items()}
    for code in sorted(set(profile.wire["not_in_body"]) - codes):
        yield f"wire/not_in_body: {code} is not an item"
    form = profile.wire.get("date_format")
    if form is not None and not all(_comes_back(day, form) for day in SOME_DAYS):
        yield "wire/date_format: a date that is written so cannot be read again"


def _comes_back(day: date, form: str) -> bool:
    try:
        return datetime.strptime(day.strftime(form), form).date() == day
    except (ValueError, re.error):
        return False


def _services(profile: Profile) -> Iterator[str]:
    groups = {item.group for item in all_items()}
    for name, service in profile.services.items():
        place = f"services/{name}"
        yield from _placeholders(f"{place}/path", service.path, IN_PATHS)
        for group in set(service.groups) - groups:
            yield f"{place}/groups: {group} is unknown ({', '.join(sorted(groups))})"
        if name not in ("WS1", "STATUS") and "{registration_number}" not in service.path:
            yield f"{place}/path: {{registration_number}} says which condominium it is about"
    asked = [profile.services["STATUS"].path, *profile.query.values()]
    if not any("{reference}" in text for text in asked):
        yield "services/STATUS/path: {reference} says which call it is about"


def _told(profile: Profile) -> Iterator[str]:
    """Who calls, and our reference, must travel somewhere."""
    templates = {**profile.headers, **profile.query}
    quoted = set()
    for name, template in templates.items():
        quoted |= {field for _t, field, *_r in string.Formatter().parse(template) if field}
        yield from _placeholders(f"headers or query/{name}", template, TOLD)
    if "reference" not in quoted:
        yield "headers or query: {reference} travels nowhere, so nothing can be asked again"


def _headers(profile: Profile) -> Iterator[str]:
    for name in profile.headers:
        if name.lower() in OWN_HEADERS:
            yield f"headers/{name}: it is written by itself (wire/media_type)"


def _answer(profile: Profile) -> Iterator[str]:
    by_text = "outcome" in profile.answer
    told = profile.answer["outcomes"] if by_text else profile.http.get("outcomes", {})
    if set(told.values()) != OUTCOMES:
        yield "answer/outcomes or http/outcomes: " + ", ".join(sorted(OUTCOMES))
    for status in () if by_text else profile.http["accepted"]:
        if not {str(status), f"{status // 100}xx"} & told.keys():
            yield f"http/outcomes: {status} is accepted, and has no outcome"


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
        if "means" in described and described["means"] not in named().errors:
            yield f"errors.json: {code}: means is not a code of the default profile"
        if described.get("about", FILE) not in ABOUT:
            yield f"errors.json: {code}: about is one of {', '.join(ABOUT)}"
        yield from _placeholders(f"errors.json: {code}", described["message"], IN_MESSAGES)
    if profile.http.get("unknown_reference") not in profile.errors:
        yield "http/unknown_reference is not a code of errors.json"


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
        if field not in allowed or form or conversion:
            yield f"{place}: {{{field}}} is not one of {', '.join(sorted(allowed))}"


_CHECKS: tuple[Callable[[Profile], Iterator[str]], ...] = (
    *(
        _environments,
        _wire,
        _services,
        _told,
        _headers,
        _answer,
        _tables,
        _same_names,
        _errors,
        fault_of,
    ),
)
