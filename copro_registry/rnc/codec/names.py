"""Where the items stand on the wire, both ways: their paths, and what an error points at."""

import re
from collections.abc import Iterable
from functools import cache

from ..contract import Profile
from ..contract.path import Path, Step, bare, path
from ..items import Item, all_items

# What separates the steps of a pointer, a path or a JSONPath.
_MARKS = re.compile(r"[/.#$\[\]()?@=\"']+|==")
_HERE = Path()
MOST_STEPS = 40  # of a pointer, counted from its end


class Names:
    """The names of a profile, with those of one of its services."""

    def __init__(self, profile: Profile, service: str = ""):
        own = profile.services[service].names if service in profile.services else {}
        self._wire = {**profile.names, **own}
        self._is_grouped = profile.wire.get("grouped", True)
        self._members = profile.wire.get("members", {})
        self._is_json = profile.wire["codec"] == "json"
        self._items: dict[str, Item] = {}
        for item in all_items():
            self._items.setdefault(item.code, item)
        self._steps: dict[str, tuple[Step, ...]] = {}

    def wire(self, code: str) -> str:
        """How the profile writes the place of an item or a group: its own code by default."""
        return self._wire.get(code, code)

    def path(self, code: str) -> Path:
        """The path of an item, below its group or the item that holds it."""
        return path(self.wire(code))

    def group(self, code: str) -> Path:
        """The path of a group, below the place of the dossier."""
        return self.path(code) if self._is_grouped else _HERE

    def members(self, code: str) -> Path:
        """From a list to the value of each member; in XML the first step is repeated."""
        return path(self._members[code]) if code in self._members else _HERE

    def steps(self, code: str) -> tuple[Step, ...]:
        """The whole way to an item, from where the dossier stands."""
        if code not in self._steps:
            item, own = self._items[code], self.path(code)
            holder = self._items.get(item.parent)
            if holder and holder.type == "list":
                above = self.to_members(holder.code)
            elif own.absolute:
                above = ()
            else:
                above = self.steps(holder.code) if holder else self.group(item.group).steps
            self._steps[code] = (*above, *own.steps)
        return self._steps[code]

    def to_members(self, code: str) -> tuple[Step, ...]:
        """To the members of a list: those of an array bear its name once more."""
        above, below = self.steps(code), self.members(code).steps
        is_struct = any(item.parent == code for item in self._items.values())
        if self._is_json:
            return (*above, *above[-1:], *(() if is_struct else below))
        return (*above, *(below[:1] if is_struct else below))

    def places(self) -> dict[str, tuple[Step, ...]]:
        """{item or group: the way to it}."""
        groups = {item.group: self.group(item.group).steps for item in all_items()}
        return {**groups, **{code: self.steps(code) for code in self._items}}

    def anywhere(self, text: str | None) -> str | None:
        """The item that an error points at, by its name or by a path to it.

        The longest path that fits; None when an equality would tell which, and is not quoted.
        """
        told = _MARKS.split((text or "")[:500])
        said = [bare(step) for step in told if step and not step.isdigit()][-MOST_STEPS:]
        found: dict[tuple[int, int], list[str]] = {}
        for code in self._items:
            steps = self.steps(code)
            names = _once(bare(step.name) for step in steps)
            fits = _common_end(names, _once(_without_equalities(said, steps)))
            if fits:
                found.setdefault((fits, -len(names)), []).append(code)
        return self._told_apart(found[max(found)], told) if found else None

    def _told_apart(self, codes: list[str], told: list[str]) -> str | None:
        wanted = {code: {s.value for s in self.steps(code) if s.key} for code in codes}
        if not any(wanted.values()):
            return codes[0]
        quoted = [code for code, values in wanted.items() if values and values <= {*told}]
        return quoted[0] if len(quoted) == 1 or (quoted and len(codes) == 1) else None


def _once(names: Iterable[str]) -> tuple[str, ...]:
    """Without what only says the name before once more: an array and its members."""
    found: list[str] = []
    for name in names:
        if found[-1:] != [name]:
            found.append(name)
    return tuple(found)


def _without_equalities(said: list[str], steps: tuple[Step, ...]) -> list[str]:
    """A pointer that quotes an equality, without the words of it."""
    words = {word for step in steps if step.key for word in (bare(step.key), step.value)}
    return [name for name in said if name not in words]


def _common_end(names: tuple[str, ...], said: tuple[str, ...]) -> int:
    """How many names two ways have in common, from their end."""
    pairs = list(zip(reversed(names), reversed(said), strict=False))
    return next((n for n, (one, other) in enumerate(pairs) if one != other), len(pairs))


@cache
def names_of(profile: Profile, service: str = "") -> Names:
    return Names(profile, service)
