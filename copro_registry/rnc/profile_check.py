"""Is a contract profile fit for use? And what would it send?

Used when an administrator loads one, and by ``bin/profile check FOLDER``.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from .client import ANSWERED, REFERENCE, REJECTED, UNKNOWN, Outcome, Reader, first_page
from .codec import Answer, Invalid, codec_for
from .contract import CALLER, Profile, ProfileError, read
from .contract.adapter import fault_of
from .contract.manifest import faults_of_form
from .contract.questions import open_questions
from .contract.samples import Sample, samples
from .contract.schema import refused_members
from .contract.service import LIST, Service
from .contract.template import template
from .example import example_dossier
from .items import all_items
from .profile_rules import CHECKS
from .requests import Declarant, Requests, Subject
from .today import today
from .transport import Reply
from .transport.failure import from_status

_logger = logging.getLogger(__name__)

SERVICES = ("WS1", "WS2_STANDARD", "WS2_ANNUAL", "WS3", "WS4", "WS5", "WS6", "WS7", "STATUS")
SOMEBODY = Declarant("T0000001", "registre@exemple.example")
NUMBER = "AB1234567"
THEIRS = "R-0001"  # where no sample says how the registry writes its identifiers


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
        found = found or [fault for check in (*CHECKS, fault_of) for fault in check(profile)]
        found = found or list(_not_compiled(profile)) or list(_examples_fail(profile))
        found = found or list(_samples_fail(profile))
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
    requests, about = _example_call(profile)
    for name, service in profile.services.items():
        body = None
        if not service.asks:
            told = _told(requests, about)
            body = codec.encode(name, dossier, on, told)
            about = replace(about, quoted=codec.quoted(name, dossier))
        if name == LIST:
            about = replace(about, quoted=first_page(service.pages))
        made = requests.made(service, about, body)
        yield Example(name, made.method, made.url, made.headers, made.body or b"")


def _example_call(profile: Profile) -> tuple[Requests, Subject]:
    """Whose call, and about what. The registry's identifier is as a sample writes it."""
    requests = Requests(profile, _addresses(profile)[0], SOMEBODY, codec_for(profile))
    told = (one.answer.registry_reference for one in understood(profile) if one.answer)
    theirs = next(filter(None, told), THEIRS)
    return requests, Subject("00000000-0000-4000-8000-000000000000", NUMBER, theirs)


def _told(requests: Requests, about: Subject) -> dict[str, Any]:
    return {**requests.values(about), "document_reference": "D-0001"}


def _addresses(profile: Profile) -> list[str]:
    """That of the test environment first: it is what comes next."""
    known = profile.environments
    return [known[name] for name in ("test", "production", "simulator") if name in known]


def _examples_fail(profile: Profile) -> Iterator[str]:
    """Those of today, and those of the day from which every known item is sent."""
    now = today()
    codec = codec_for(profile)
    requests, about = _example_call(profile)
    for on in sorted({now, max(now, *(item.effective_from for item in all_items()))}):
        dossier = example_dossier(on)
        for name, service in profile.services.items():
            values = {} if service.asks else dossier
            try:
                codec.encode(name, values, on, _told(requests, about))
                codec.quoted(name, dossier)
            except Invalid as error:
                schema = service.schema or "the profile"
                hint = _hint(service, about)
                yield f"services/{name}: {schema} refuses the example of {on}: {error}{hint}"
            except ValueError:  # no name of an element
                yield f"services/{name}: root, groups and names are not names of elements"


def _hint(service: Service, about: Subject) -> str:
    """How the registry writes its identifiers is known by the samples alone."""
    said = [text for _where, text in service.constants if isinstance(text, str)]
    is_quoted = any("registry_reference" in template(text).names for text in said)
    if not is_quoted or about.registry_reference != THEIRS:
        return ""
    return "; keep a sample of an answer that bears the registry's identifier"


@dataclass(frozen=True)
class Understood:
    """What was understood of a sample: a meaning of ``samples.MEANINGS``, and the answer."""

    sample: Sample
    meaning: str
    answer: Answer | None = None
    why: str = ""


def understood(profile: Profile) -> Iterator[Understood]:
    """Each sample of a profile, as the client would take it. Raises ProfileError."""
    reader = Reader(profile)
    for sample in samples(profile.folder):
        if sample.service not in profile.services:
            known = ", ".join(profile.services)
            raise ProfileError(f"{sample.name}: {sample.service} is no service ({known})")
        outcome = _outcome_of(reader, sample)
        meaning = outcome.kind
        if outcome.kind == ANSWERED:
            meaning = outcome.answer.status
        elif outcome.kind == REJECTED and outcome.concerns in (CALLER, REFERENCE):
            meaning = {CALLER: "caller", REFERENCE: "notknown"}[outcome.concerns]
        elif outcome.kind != REJECTED:
            meaning = "unreadable"
        yield Understood(sample, meaning, outcome.answer, outcome.code)


def _outcome_of(reader: Reader, sample: Sample) -> Outcome:
    failed = from_status(sample.status, sample.headers)
    if failed and sample.status not in reader.statuses_read(sample.service):
        return Outcome(UNKNOWN, code=failed.code, status=sample.status)
    kind = sample.headers.get("content-type", "")
    reply = Reply(sample.status, kind, sample.body, 0, sample.headers)
    return reader.outcome(reply, reader.profile.services[sample.service], Subject(""))


def _samples_fail(profile: Profile) -> Iterator[str]:
    for one in understood(profile):
        if one.meaning != one.sample.meaning:
            because = f" ({one.why})" if one.why else ""
            yield f"{one.sample.name}: it is understood as {one.meaning}{because}"
