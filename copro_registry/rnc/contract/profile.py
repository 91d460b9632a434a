"""A contract profile: a folder that says how dossiers travel.

The registry's interface contract is not public. What is unknown (addresses, verbs,
names, codes, errors) is read from a folder holding ``manifest.json``, the schemas,
``codes.json`` and ``errors.json``. An integrator who holds the real contract writes
such a folder and no Python.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from .errors import ProfileError
from .formats import Formats
from .forms import Form, described, of_status
from .manifest import read_json
from .service import Service, service

FOLDER = Path(__file__).parent
DEFAULT = "hypothetical-2.0.1"
VARIABLE = "COPRO_REGISTRY_CONTRACTS"
# What a refusal concerns: the file that was sent, whoever calls (certificate, account,
# rights), or who represents this one condominium.
FILE, CALLER, AFFILIATION = "file", "caller", "affiliation"
ABOUT = (FILE, CALLER, AFFILIATION)
# How the registry is asked what became of an upload (``follow_up``).
BY_REFERENCE, BY_THEIRS, BY_NUMBER = "reference", "registry_reference", "registration_number"
BY_DOSSIER, BY_REPEATING, NEVER = "WS3", "repeat", "none"
# Seconds around a call: between a claim and its thread, and from the last byte to its record.
SLACK = 30


@dataclass(frozen=True)
class Limits:
    """What one account may ask of the registry. Times are in seconds."""

    connections: int
    calls_per_minute: int
    connect_timeout: float
    read_timeout: float
    total_timeout: float
    answer_bytes: int
    document_bytes: int = 5_000_000  # a supporting document

    @property
    def burst(self) -> int:
        """How many calls may leave at once, after a silence."""
        return max(1, min(self.connections, self.calls_per_minute // 10))

    @property
    def interval(self) -> float:
        """Seconds between two calls: the burst included, no minute sees more than it may."""
        return 60 / (self.calls_per_minute - self.burst + 1)

    @property
    def longest_wait(self) -> float:
        """How long a call may wait for its turn and a connection; later, it does not leave."""
        return self.total_timeout

    @property
    def longest_call(self) -> float:
        """After so long nobody is calling any more, whatever went wrong."""
        return self.longest_wait + self.total_timeout + SLACK

    def capped(self, seconds: float) -> "Limits":
        """The same, for a person who waits: no call lasts longer than ``seconds``."""
        read, total = min(self.read_timeout, seconds), min(self.total_timeout, seconds)
        connect = min(self.connect_timeout, seconds)
        return replace(self, connect_timeout=connect, read_timeout=read, total_timeout=total)

    @property
    def settling(self) -> float:
        """After so long the registry has finished what it had received.

        Until then "never received" may only mean "not finished".
        """
        return self.total_timeout


@dataclass(frozen=True)
class Profile:
    """A profile read from its folder."""

    folder: Path
    name: str
    contract_version: str
    status: str  # "hypothesis" or "verified"
    environments: dict[str, str]
    headers: dict[str, str]
    query: dict[str, str]
    wire: dict[str, Any]
    answer: dict[str, Any]
    http: dict[str, Any]
    services: dict[str, Service]
    limits: Limits
    names: dict[str, str]  # item or group code -> the wire's name, where it differs
    codes: dict[str, dict[str, str]]
    errors: dict[str, dict[str, Any]]
    formats: Formats = field(default_factory=lambda: Formats({}, {}), repr=False, compare=False)
    follow_up: dict[str, Any] = field(default_factory=dict)
    adapter: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    replaces: str = ""
    # How a declared fiscal year is corrected: its annual update sent ``again``, or on the ``site``.
    correction: str = "site"

    def __hash__(self) -> int:
        return hash(self.folder)

    def form(self, service: str = "", status: int = 200) -> Form:
        """How an answer of ``service`` that bears ``status`` is read."""
        own = self.services[service].answer if service in self.services else {}
        return Form(described(self.answer, own, status))

    def forms(self, *services: str) -> Iterator[tuple[Form, str]]:
        """Every answer that is described to these services, to all by default, and its place."""
        for name in services or ("", *self.services):
            own = self.services[name].answer if name else {}
            place = f"services/{name}/answer" if name else "answer"
            yield self.form(name), place
            for code in {**self.answer.get("by_status", {}), **own.get("by_status", {})}:
                yield self.form(name, int(code.replace("x", "0"))), f"{place}/by_status/{code}"

    def outcome_of(self, status: int) -> str | None:
        """What the HTTP status alone says: received, accepted, rejected; None when nothing."""
        return of_status(self.http.get("outcomes", {}), status)

    def ways(self) -> tuple[str, ...]:
        """How the registry is asked what became of an upload, in order of preference."""
        return tuple(self.follow_up.get("by", (BY_REFERENCE,)))

    def in_effect(self, on: date) -> bool:
        return (self.valid_from or on) <= on <= (self.valid_to or on)

    def error_item(self, code: str) -> str | None:
        return self.errors.get(code, {}).get("item")

    def means(self, code: str) -> str:
        """The name of an error in the default profile, whatever this one calls it."""
        return self.errors.get(code, {}).get("means", code)

    def about(self, code: str) -> str:
        """What an error concerns: ``file``, ``caller`` or ``affiliation``.

        A profile written before ``about`` existed says it by what the error means.
        """
        described = self.errors.get(code, {})
        shipped = named().errors.get(described.get("means", code), {})
        return described.get("about") or shipped.get("about") or FILE

    def error_sentence(self, code: str) -> str | None:
        """The French sentence of a refusal, with {item}, {value}, {detail}."""
        return self.errors.get(code, {}).get("message")


@cache
def load(folder: Path) -> Profile:
    """A profile's folder, read once: it never changes. Raises ProfileError."""
    return read(folder)


def read(folder: Path) -> Profile:
    """Read a profile's folder. Raises ProfileError."""
    manifest = read_json(folder, "manifest.json")
    transition = manifest.get("transition", {})
    try:
        return Profile(
            folder=folder,
            name=manifest["name"],
            contract_version=manifest["contract_version"],
            status=manifest["status"],
            environments={k: v["url"] for k, v in manifest["environments"].items()},
            headers=manifest.get("headers", {}),
            query=manifest.get("query", {}),
            wire=manifest["wire"],
            answer=manifest["answer"],
            http=manifest["http"],
            services={
                k: service(k, v, manifest["wire"], transition)
                for k, v in manifest["services"].items()
            },
            limits=Limits(**manifest["limits"]),
            names=read_json(folder, "names.json") if (folder / "names.json").exists() else {},
            codes=read_json(folder, "codes.json"),
            errors=read_json(folder, "errors.json"),
            formats=Formats(manifest["wire"], manifest.get("formats", {})),
            follow_up=manifest.get("follow_up", {}),
            adapter=manifest.get("adapter", ""),
            valid_from=_day(manifest.get("valid_from")),
            valid_to=_day(manifest.get("valid_to")),
            replaces=manifest.get("replaces", ""),
            correction=manifest.get("correction", {}).get("annual", "site"),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ProfileError(f"{folder.name}/manifest.json: {error!r}") from error


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def known() -> dict[str, Path]:
    """The profiles at hand: {name: folder}.

    Those that come with the addon, then those of the folders that the environment
    variable ``COPRO_REGISTRY_CONTRACTS`` names, separated as paths are.
    """
    others = os.environ.get(VARIABLE, "").split(os.pathsep)
    places = [FOLDER, *(Path(other) for other in others if other)]
    return _found(tuple((place, _changed(place)) for place in places))


def _changed(place: Path) -> int:
    """When a folder was last put in a place, or taken away; 0 when the place is not there."""
    try:
        return place.stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=8)
def _found(places: tuple[tuple[Path, int], ...]) -> dict[str, Path]:
    """What ``known`` is: looked for again when a place has changed."""
    manifests = [path for place, _at in places for path in sorted(place.glob("*/manifest.json"))]
    return {path.parent.name: path.parent for path in manifests}


def named(name: str = DEFAULT) -> Profile:
    """A profile at hand. Raises ProfileError when there is none of that name."""
    folder = known().get(name)
    if folder is None:
        _found.cache_clear()  # its folder may have been filled since
        folder = known().get(name)
    if folder is None:
        raise ProfileError(name)
    return load(folder)
