"""What the form of a profile's files cannot say: do they fit one another, and the catalogue?"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from .codec.names import names_of
from .codec.quoting import OF_A_FILE, quotable
from .codec.values import from_wire, text_of, to_wire
from .contract import ABOUT, FILE, Profile, named
from .contract.formats import TYPES
from .contract.path import Path, Step, path
from .contract.profile import BY_NUMBER, BY_REFERENCE, BY_REPEATING, BY_THEIRS
from .contract.service import ATTESTATION, DOCUMENT_CALL, LIST, STATUS, Service
from .contract.template import OF_A_CALL, OF_A_PAGE, template
from .items import Item, all_items, nomenclature
from .text_rules import texts_of_items
from .transport import probe

IN_MESSAGES = {"item", "value", "detail"}
OUTCOMES = {"accepted", "rejected"}
# What every call says for itself.
OWN_HEADERS = {
    *("accept", "accept-encoding", "connection", "content-encoding", "content-length"),
    *("content-type", "cookie", "expect", "host", "keep-alive", "proxy-authenticate"),
    *("proxy-authorization", "proxy-connection", "range", "te", "trailer"),
    *("transfer-encoding", "upgrade", "user-agent", "soapaction"),
}
# That a form of values must bring back.
SOME_VALUES: dict[str, tuple] = {
    "date": (date(2019, 1, 2), date(2026, 12, 31), date(2026, 7, 1)),
    "datetime": (datetime(2026, 7, 14, 22, 30, 5, tzinfo=timezone.utc),),
    "decimal": (Decimal("1234567.85"), Decimal("0")),
    "int": (0, 12345),
    "bool": (True, False),
}


def _environments(profile: Profile) -> Iterator[str]:
    for name, url in profile.environments.items():
        if not probe.is_address(url):
            yield f"environments/{name}/url: it is the address of no server"


def _wire(profile: Profile) -> Iterator[str]:
    if _exact(profile.wire["yes"]) == _exact(profile.wire["no"]):
        yield "wire/yes and wire/no are the same"
    codes = {item.code for item in all_items()}
    for place, service in (("wire", profile.wire), *_said(profile)):
        for code in sorted(set(service.get("not_in_body", ())) - codes):
            yield f"{place}/not_in_body: {code} is not an item"
    if profile.valid_from and profile.valid_to and profile.valid_from > profile.valid_to:
        yield "valid_to is before valid_from"


def _said(profile: Profile) -> Iterator[tuple[str, dict[str, Any]]]:
    """What each service says for itself that is a set of items."""
    for name, service in profile.services.items():
        moved = {one for part in service.parts for one in part.items}
        yield f"services/{name}", {"not_in_body": service.elsewhere - moved}


def _formats(profile: Profile) -> Iterator[str]:
    """Each must bring back what it has written."""
    codes = {item.code for item in all_items()}
    for name in profile.formats.described.keys() - codes - set(TYPES):
        yield f"formats: {name} is neither an item nor a type ({', '.join(TYPES)})"
    told = set()
    yield from texts_of_items(profile)
    for item in all_items():
        place = _place_of(profile, item)
        if place not in told and not _comes_back(profile, item):
            told.add(place)
            yield f"{place}: what is written so cannot be read again"


def _place_of(profile: Profile, item: Item) -> str:
    described = profile.formats.described
    own = item.code if item.code in described else item.type if item.type in described else ""
    return f"formats/{own}" if own else "wire/date_format"


def _comes_back(profile: Profile, item: Item) -> bool:
    form, is_json = profile.formats.of(item), profile.wire["codec"] == "json"
    if is_json and form.is_number and (form.grouping or form.separator != "."):
        return False
    try:
        for value in SOME_VALUES.get(item.type, ()):
            written = to_wire(profile, item, value)
            read = from_wire(profile, item, written if is_json else text_of(written))
            if not _is_same(read, value, form.decimals):
                return False
    except (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError, re.error):
        return False
    return True


def _is_same(read: Any, value: Any, decimals: int | None) -> bool:
    """Of a moment the hour may be lost, and of an amount the cents, where the contract has none."""
    if isinstance(value, datetime):
        read = read if read.tzinfo else read.replace(tzinfo=timezone.utc)
        return abs(read - value) <= timedelta(days=1)
    if isinstance(value, Decimal) and decimals is not None and decimals < 2:
        return abs(read - value) < 1
    return read == value


# -- services ---------------------------------------------------------------------


def _services(profile: Profile) -> Iterator[str]:
    groups = {item.group for item in all_items()}
    is_xml = profile.wire["codec"] == "xml"
    for name, service in profile.services.items():
        place = f"services/{name}"
        for where, text in _templates(service):
            yield from _placeholders(f"{place}/{where}", text, _quoted_by(service))
        for group in sorted(set(service.groups) - groups):
            yield f"{place}/groups: {group} is unknown ({', '.join(sorted(groups))})"
        if is_xml and any(isinstance(said, list) for _where, said in service.constants):
            yield f"{place}/constants: a list is of JSON"
        if is_xml and service.has_document and not service.root:
            yield f"{place}/root is missing"
        if service.soap_action and "soap" not in profile.wire:
            yield f"{place}/soap_action: wire/soap says which version"
        if service.body == "form-data" and not all(part.name for part in service.parts):
            yield f"{place}/body/parts: each part of form-data has a name"
        yield from _says_number(profile, place, service)


def _says_number(profile: Profile, place: str, service: Service) -> Iterator[str]:
    is_exempt = service.code in ("WS1", ATTESTATION, DOCUMENT_CALL, LIST)
    if is_exempt or service.code.startswith(STATUS):
        return
    if not _quotes(profile, service, "registration_number"):
        yield f"{place}/path: {{registration_number}} says which condominium it is about"


def _quotes(profile: Profile, service: Service, wanted: str, headers: bool = True) -> bool:
    """Whether a call of the service says something, wherever it does.

    ``headers``: the common ones count too.
    """
    said = [*profile.query.values(), *(profile.headers.values() if headers else ())]
    said += profile.wire.get("soap_header", {}).values() if service.has_document else ()
    said += (text for _where, text in _templates(service))
    return any(wanted in template(text).names for text in said)


def _templates(service: Service) -> Iterator[tuple[str, str]]:
    """(place, text) of each template of a service."""
    yield "path", service.path
    for place, said in (("query", service.query), ("headers", service.headers)):
        yield from ((f"{place}/{name}", text) for name, text in said)
    yield from ((f"body/urlencoded/{name}", text) for name, text in service.fields)
    for rank, part in enumerate(service.parts):
        yield from ((f"body/parts/{rank}", text) for text in part.texts)
    if service.has_document:
        for where, said in service.constants:
            texts = said if isinstance(said, list) else [said]
            yield from ((f"constants/{where}", text) for text in texts if isinstance(text, str))


def _quoted_by(service: Service) -> set[str]:
    names = OF_A_CALL | quotable()
    return names | OF_A_PAGE if service.code == LIST else names


def _told(profile: Profile) -> Iterator[str]:
    """Who calls, and our reference, must travel somewhere."""
    for place in ("headers", "query"):
        for name, text in getattr(profile, place).items():
            yield from _placeholders(f"headers or query/{name}", text, OF_A_CALL | quotable())
    for where, text in profile.wire.get("soap_header", {}).items():
        yield from _placeholders(f"wire/soap_header/{where}", text, OF_A_CALL | quotable())
    if not {BY_REFERENCE, BY_REPEATING} & set(profile.ways()):
        return
    for name, service in profile.services.items():
        if (
            not service.asks
            and name != DOCUMENT_CALL
            and not _quotes(profile, service, "reference")
        ):
            yield "headers or query: {reference} travels nowhere, so nothing can be asked again"
            return


def _headers(profile: Profile) -> Iterator[str]:
    named_ones = [("headers", name) for name in profile.headers]
    for code, service in profile.services.items():
        named_ones += [(f"services/{code}/headers", name) for name, _text in service.headers]
    for place, name in named_ones:
        if name.lower() in OWN_HEADERS:
            yield f"{place}/{name}: it is written by itself (wire/media_type)"


def _pages(profile: Profile) -> Iterator[str]:
    service = profile.services.get(LIST)
    if not service:
        return
    form, by = profile.form(LIST), service.pages["by"]
    for key in ("members", "registration_number"):
        if not form.get(key):
            yield f"services/LIST/answer/{key} is missing"
    if by in ("cursor", "next") and not form.get("next"):
        yield f"services/LIST/answer/next is missing: pages/by is {by}"
    wanted = {"number": "page", "offset": "offset", "cursor": "cursor"}.get(by)
    if wanted and not _quotes(profile, service, wanted):
        yield f"services/LIST: {{{wanted}}} stands nowhere: pages/by is {by}"
    if by in ("number", "offset") and "size" not in service.pages:
        yield "services/LIST/pages/size is missing: it tells the last page"


# -- answers ----------------------------------------------------------------------


def _answer(profile: Profile) -> Iterator[str]:
    told: set[str] = set(profile.http.get("outcomes", {}).values())
    for form, _place in profile.forms():
        told |= set((form.get("outcomes") or {}).values())
    told |= {"rejected"} if "soap" in profile.wire else set()
    if not told >= OUTCOMES:
        yield "answer/outcomes or http/outcomes: " + ", ".join(sorted(OUTCOMES | {"received"}))
    for status in profile.http["accepted"]:
        if not profile.form("", status).get("outcome") and not profile.outcome_of(status):
            yield f"http/outcomes: {status} is accepted, and has no outcome"
    if not profile.form("WS3").get("dossier"):
        yield "answer/dossier is missing: where WS3 brings the dossier"
    if not any(form.get("registration_number") for form, _place in profile.forms()):
        yield "answer/registration_number is missing: where the number stands"
    for form, place in profile.forms():
        if form.get("outcome") and not form.get("outcomes"):
            yield f"{place}/outcomes is missing"


def _follow_up(profile: Profile) -> Iterator[str]:
    ways, asked = profile.ways(), [s for s in profile.services if s.startswith(STATUS)]
    for way in (BY_REFERENCE, BY_THEIRS, BY_NUMBER):
        if way not in ways:
            continue
        if STATUS not in profile.services:
            yield f"services/STATUS is missing: follow_up/by says {way}"
        is_last = set(ways) & {BY_REFERENCE, BY_THEIRS, BY_NUMBER} == {way}
        for name in asked if is_last else ():
            if not _quotes(profile, profile.services[name], way, headers=False):
                yield f"services/{name}/path: {{{way}}} says which call it is about"
    told = any(form.get("registry_reference") for form, _place in profile.forms())
    if BY_THEIRS in ways and not told:
        yield "answer/registry_reference is missing: follow_up/by says registry_reference"
    for status in profile.follow_up.get("not_known", {}).get("statuses", ()):
        if profile.outcome_of(status) != "rejected":
            yield f"http/outcomes: {status} is in follow_up/not_known, and is not rejected"


# -- tables -----------------------------------------------------------------------


def _paths(profile: Profile) -> Iterator[str]:
    """Prefixes that are declared; what only one of the formats can hold."""
    is_xml, prefixes = profile.wire["codec"] == "xml", profile.wire.get("namespaces", {})
    for place, one in _all_paths(profile):
        for step in one.steps:
            for name in filter(None, (step.name, step.key)):
                prefix, colon, _local = name.removeprefix("@").rpartition(":")
                if is_xml and colon and prefix not in prefixes:
                    yield f"{place}: the prefix {prefix} is not in wire/namespaces"
    for item in all_items() if not is_xml else ():
        steps = names_of(profile).path(item.code).steps
        is_struct = item.type == "struct"
        if not is_struct and (not steps or steps[-1].key):
            yield f"names.json: {item.code}: a value needs a name of its own at the end of its path"


def _all_paths(profile: Profile) -> Iterator[tuple[str, Path]]:
    named_ones = [("names.json", profile.names.values())]
    named_ones += [("wire/members", profile.wire.get("members", {}).values())]
    named_ones += [("wire/soap_header", profile.wire.get("soap_header", {}))]
    for name, service in profile.services.items():
        said = [*service.names.values(), *(where for where, _text in service.constants)]
        named_ones += [(f"services/{name}", [*said, service.below])]
    for place, texts in named_ones:
        yield from ((place, path(text)) for text in texts)
    for form, place in profile.forms():
        for meaning in form.described:
            if meaning in _MEANINGS:
                found = form.sources(meaning)
                yield from ((f"{place}/{meaning}", one) for one in found if isinstance(one, Path))


_MEANINGS = {
    *("outcome", "reference", "registry_reference", "registration_number", "date", "members"),
    *("attestation", "dossier", "next", "errors", "error_code", "error_item", "error_value"),
    "error_detail",
}


def _tables(profile: Profile) -> Iterator[str]:
    codes = {item.code for item in all_items()} | {item.group for item in all_items()}
    named_ones = [("names.json", profile.names)]
    named_ones += [(f"services/{n}/names", s.names) for n, s in profile.services.items()]
    for place, names in named_ones:
        for code in sorted(names.keys() - codes):
            yield f"{place}: {code} is neither an item nor a group"
    texts = {item.code for item in all_items() if item.type == "str"}
    for name, table in profile.codes.items():
        try:
            known = {entry.code for entry in nomenclature(name)}
        except KeyError:
            if name not in texts:
                yield f"codes.json: {name} is neither a code list nor an item that is a text"
            known = table.keys()
        for code in sorted(table.keys() - known):
            yield f"codes.json: {name} has no value {code}"
        is_read = name in texts or any(
            one.services for one in all_items() if one.nomenclature == name
        )
        if is_read and len(set(map(_exact, table.values()))) != len(table):
            yield f"codes.json: {name} has the same wire code twice"


def _exact(value: Any) -> str:
    return json.dumps(value)


def _same_names(profile: Profile) -> Iterator[str]:
    """Of two items at one place, only one would travel."""
    found: dict[tuple[str, tuple[Step, ...]], set[str]] = {}
    for name, service in profile.services.items():
        names = names_of(profile, name)
        for item in all_items():
            if item.group not in service.groups or name.split("_")[0] not in item.services:
                continue
            if item.code not in service.elsewhere and item.type != "struct":
                found.setdefault((name, names.steps(item.code)), set()).add(item.code)
    for (name, steps), codes in found.items():
        if len(codes) > 1:
            last = steps[-1].name if steps else "."
            yield f"names.json: {last} is the name of {' and '.join(sorted(codes))} in {name}"


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
    unknown = profile.http.get("unknown_reference")
    if unknown is not None and unknown not in profile.errors:
        yield "http/unknown_reference is not a code of errors.json"


def _placeholders(place: str, text: str, allowed: set[str]) -> Iterator[str]:
    """Nothing but plain names between braces: a template is not a program."""
    try:
        quoted = template(text).forms()
    except ValueError as error:
        yield f"{place}: {error}"
        return
    dated = {"now", *(item.code for item in all_items() if item.type in ("date", "datetime"))}
    files = {item.code for item in all_items() if item.type == "file"}
    for name, form in quoted:
        if name not in allowed:
            few = f" ({', '.join(sorted(allowed))})" if len(allowed) < 10 else ""
            yield f"{place}: {{{name}}} is not one of what may be quoted{few}"
        elif name in files:
            if form not in OF_A_FILE:
                yield f"{place}: {{{name}}} takes one of the forms {', '.join(OF_A_FILE)}"
        elif form and name not in dated:
            yield f"{place}: {{{name}}} is no date, and takes no form"


CHECKS: tuple[Callable[[Profile], Iterator[str]], ...] = (
    *(_environments, _wire, _formats, _services, _told, _headers, _pages, _answer, _follow_up),
    *(_paths, _tables, _same_names, _errors),
)
