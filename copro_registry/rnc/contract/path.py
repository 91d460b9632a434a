"""Where a thing stands in a document: location paths, as in XPath, in XML and in JSON alike."""

import re
from dataclasses import dataclass
from functools import lru_cache

# A name, with its prefix; in JSON any text without these marks.
_NAME = r"[^\s/\[\]='\"@.](?:[^/\[\]='\"@]*[^\s/\[\]='\"@])?"
_SLASH = re.compile(r"/(?=(?:[^']*'[^']*')*[^']*$)")  # out of the text of an equality
_EQUALITY = re.compile(rf"\[(@?{_NAME})='([^']*)'\]")
_STEP = re.compile(rf"(?P<name>@?{_NAME})(?P<equalities>(?:{_EQUALITY.pattern})*)(?P<first>\[1\])?")
LONGEST = 500


@dataclass(frozen=True)
class Step:
    """A child by its name; of several, the one whose ``key`` is ``value``, or the first.

    ``also``: ((key, value), …): the equalities after the first.
    """

    name: str
    key: str = ""
    value: str = ""
    also: tuple[tuple[str, str], ...] = ()
    is_first: bool = False

    @property
    def equalities(self) -> tuple[tuple[str, str], ...]:
        return ((self.key, self.value), *self.also) if self.key else ()


@dataclass(frozen=True)
class Path:
    """Steps from here, or from where the dossier stands; none: here."""

    steps: tuple[Step, ...] = ()
    absolute: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the steps, bare of prefixes and @: how an error may call the place."""
        return tuple(bare(step.name) for step in self.steps)

    @property
    def is_here(self) -> bool:
        return not self.steps


def bare(name: str) -> str:
    return name.lstrip("@").rpartition(":")[2]


@lru_cache(maxsize=4096)
def path(text: str) -> Path:
    """The path that is written so. Raises ValueError."""
    if text == ".":
        return Path()
    if len(text) > LONGEST:
        raise ValueError("too long")
    steps = tuple(map(_step, _SLASH.split(text.removeprefix("/"))))
    if any(step.name.startswith("@") for step in steps[:-1]):
        raise ValueError("@ is for the last step")
    return Path(steps, text.startswith("/"))


def _step(text: str) -> Step:
    found = _STEP.fullmatch(text)
    if not found:
        raise ValueError(f"“{text[:50]}” is no step of a path")
    told = [(_plain(key), _plain(value)) for key, value in _EQUALITY.findall(found["equalities"])]
    first, *also = told or [("", "")]
    return Step(_plain(found["name"]), *first, tuple(also), bool(found["first"]))


def _plain(text: str) -> str:
    """As a JSON Pointer (RFC 6901) writes a name that holds / or ~."""
    return text.replace("~1", "/").replace("~0", "~")
