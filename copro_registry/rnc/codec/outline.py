"""A document as a person reads it: what each part means, and its value, in order."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..contract import Profile
from ..contract.path import Path, Step, bare, path
from ..items import all_items
from .names import names_of
from .values import text_of

Tree = list[tuple[str, Any]]  # (name on the wire, a Tree or a scalar)


class Leaf(str):
    """The text of an element that has ``attributes``, a Tree."""

    attributes: Tree = ()


@dataclass(frozen=True)
class Line:
    """One part of a document.

    ``value`` is None when other parts stand below it. ``item`` is a code of the
    catalogue, of an item or a group; ``meaning`` a key of the profile's ``answer``;
    both are empty for what the contract does not describe.
    """

    name: str
    depth: int
    value: Any
    item: str = ""
    meaning: str = ""


def lines(profile: Profile, tree: Tree, service: str = "", status: int = 200) -> Iterator[Line]:
    """The parts of a request or of an answer, from the top."""
    reader = _Reader(_places(profile, service), _meanings(profile, service, status))
    return reader.below(tree, 0, ())


Nodes = tuple[tuple[str, Any], ...]  # from the top to a part


class _Reader:
    def __init__(self, places: dict, meanings: dict[tuple[str, ...], str]):
        self.places = places
        self.meanings = meanings

    def below(self, tree: Tree, depth: int, above: Nodes) -> Iterator[Line]:
        for name, value in tree:
            here = (*above, *((step, value) for step in name.split("/")))
            item = self._item(here)
            meaning = "" if item else self.meanings.get(_names(here), "")
            if "@" in name and not (item or meaning):
                continue  # an attribute that tells nothing: a version, a namespace
            is_leaf = not isinstance(value, list)
            shown = bare(name.rpartition("/")[2])
            yield Line(shown, depth, value if is_leaf else None, item, meaning)
            if not is_leaf:
                yield from self.below(value, depth + 1, here)

    def _item(self, here: Nodes) -> str:
        found = self.places.get(_names(here), ())
        return next((code for code, steps in found if _holds(here, steps)), "")


def _names(here: Nodes) -> tuple[str, ...]:
    return tuple(bare(name) for name, _value in here)


def _holds(here: Nodes, steps: tuple[Step, ...]) -> bool:
    """Whether each part bears what its step wants beside its name."""
    wanted = [(value, step) for (_name, value), step in zip(here, steps, strict=True) if step.key]
    return all((bare(step.key), step.value) in _told(value) for value, step in wanted)


def _told(value: Any) -> list[tuple[str, str]]:
    """What stands right below a part, in texts."""
    pairs = value if isinstance(value, list) else getattr(value, "attributes", ())
    return [(bare(name), text_of(one)) for name, one in pairs if not isinstance(one, list)]


@cache
def _places(profile: Profile, service: str) -> dict[tuple[str, ...], list[tuple]]:
    """{names from the top of a document: [(item or group, steps)]}."""
    names = names_of(profile, service)
    places = names.places()
    lists = {item.code for item in all_items() if item.type == "list"}
    found: dict[tuple[str, ...], list[tuple]] = {}
    for base in _bases(profile):
        for code, steps in places.items():
            ways = [steps, names.to_members(code)] if code in lists else [steps]
            for way in filter(None, ways):
                whole = _repeated((*base.steps, *way), profile)
                found.setdefault(tuple(bare(s.name) for s in whole), []).append((code, whole))
    return found


def _repeated(steps: tuple[Step, ...], profile: Profile) -> tuple[Step, ...]:
    """In JSON, a member that is told by an equality stands below its array."""
    if profile.wire["codec"] == "xml":
        return steps
    return tuple(one for s in steps for one in ((Step(s.name), s) if s.key else (s,)))


def _bases(profile: Profile) -> set[Path]:
    """Where a dossier may stand."""
    places = [service.below for service in profile.services.values()]
    answers = [profile.answer, *(service.answer for service in profile.services.values())]
    places += [one["dossier"] for one in answers if isinstance(one.get("dossier"), str)]
    return {path(place) for place in places}


def _meanings(profile: Profile, service: str, status: int) -> dict[tuple[str, ...], str]:
    """{names in an answer: what it means}, and the steps that lead to the refusals."""
    form = profile.form(service, status)
    found: dict[tuple[str, ...], str] = {}
    for meaning in (*_PLAIN, "attestation", "dossier"):
        for one in form.sources(meaning):
            if isinstance(one, Path):
                found.setdefault(one.names, meaning)
    for errors in form.sources("errors"):
        # In JSON the path is that of the array, whose members bear its name here.
        is_array = profile.wire["codec"] == "json" and not errors.is_here
        one = (*errors.names, errors.names[-1]) if is_array else errors.names
        for meaning in _OF_ERRORS:
            for below in form.sources(meaning):
                if isinstance(below, Path):
                    found.setdefault((*one, *below.names), meaning)
        found[one] = "error"
        if one[:-1]:
            found[one[:-1]] = "errors"
    found.pop((), None)
    return found


_PLAIN = ("outcome", "reference", "registration_number", "date")
_OF_ERRORS = ("error_code", "error_item", "error_value", "error_detail")
