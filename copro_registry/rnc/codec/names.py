"""The wire's names and the catalogue's codes: one to one, below each parent."""

import re
from functools import cache

from ..contract import Profile
from ..items import all_items


class Names:
    """The names of a profile, both ways."""

    def __init__(self, profile: Profile):
        self._wire = profile.names
        self._codes = {(i.parent, self.wire(i.code)): i.code for i in all_items()}
        self._groups = {self.wire(i.group): i.group for i in all_items()}

    def wire(self, code: str) -> str:
        """What the wire calls an item or a group: its own code, unless renamed."""
        return self._wire.get(code, code)

    def code(self, parent: str, name: str) -> str | None:
        """The item that ``name`` means below the item ``parent`` ("" at the top)."""
        return self._codes.get((parent, name))

    def group(self, name: str) -> str | None:
        return self._groups.get(name)

    def anywhere(self, text: str | None) -> str | None:
        """The item that an error points at, by its name or by a path to it."""
        steps = [step for step in re.split(r"[/.#\[\]]", text or "") if step]
        if not steps:
            return None
        parents = {self.code("", step) for step in steps[:-1]} | {""}
        for (parent, name), code in self._codes.items():
            if name == steps[-1] and parent in parents:
                return code
        found = [code for (_parent, name), code in self._codes.items() if name == steps[-1]]
        return found[0] if found else None


@cache
def names_of(profile: Profile) -> Names:
    return Names(profile)
