"""Location paths: where a thing stands in a document, in whatever language it is.

``lots/total``, ``lots/@total``, ``amounts[kind='unpaid']/cents``, ``.`` and ``/number``:
see docs/en/contract-profile.md, "Paths".
"""

import re
from dataclasses import dataclass
from functools import lru_cache

_PIECE = re.compile(r"(?:[^/\[]|\[[^\]]*\])+")
_STEP = re.compile(
    r"(?P<at>@?)(?P<name>[^@\[\]=]+)(?P<equalities>(?:\[@?[^@=\[\]']+='[^']*'\])*)(?P<first>\[1\])?"
)
_EQUALITY = re.compile(r"\[(@?[^@=\[\]']+)='([^']*)'\]")


@dataclass(frozen=True)
class Step:
    """One step: a child or an attribute, maybe the one that bears ``keys``, or the first.

    ``keys``: ((step, text), …).
    """

    name: str
    attribute: bool = False
    keys: tuple[tuple["Step", str], ...] = ()
    is_first: bool = False

    @property
    def member(self) -> str:
        """The name of a member, in JSON."""
        return f"@{self.name}" if self.attribute else self.name


@dataclass(frozen=True)
class Path:
    """Steps from where one stands, or from where the dossier stands."""

    steps: tuple[Step, ...]
    absolute: bool = False


@lru_cache(maxsize=4096)
def parse(text: str) -> Path:
    """Raises ValueError: the profile is ill-made."""
    steps = [_step(piece) for piece in _PIECE.findall(text) if piece != "."]
    return Path(tuple(steps), absolute=text.startswith("/"))


def _step(text: str) -> Step:
    found = _STEP.fullmatch(text)
    if not found:
        raise ValueError(f"not a step of a path: {text}")
    keys = tuple((_step(key), text) for key, text in _EQUALITY.findall(found["equalities"]))
    return Step(_unescaped(found["name"]), bool(found["at"]), keys, bool(found["first"]))


def _unescaped(name: str) -> str:
    return name.replace("~1", "/").replace("~0", "~")


def find_all(place, path: str | tuple[Step, ...]) -> list:
    """Every place at ``path`` (or at these steps) below ``place``."""
    places = [place]
    for step in _steps(path):
        places = [found for one in places for found in one.children(step)]
    return places


def find(place, path: str | tuple[Step, ...]):
    """The first place at ``path``; None when there is none."""
    return next(iter(find_all(place, path)), None)


def make(place, path: str | tuple[Step, ...]):
    """The place at ``path``, made where it is missing."""
    for step in _steps(path):
        place = next(iter(place.children(step)), None) or place.append(step)
    return place


def add(place, path: str):
    """A new place at ``path``: the steps before the last are made where they are missing."""
    *before, last = _steps(path)
    return make(place, tuple(before)).append(last)


def _steps(path: str | tuple[Step, ...]) -> tuple[Step, ...]:
    return parse(path).steps if isinstance(path, str) else path
