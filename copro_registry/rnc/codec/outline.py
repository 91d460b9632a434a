"""A document as a person reads it: what each part means, and its value, in order."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..contract import Profile
from .names import names_of

Tree = list[tuple[str, Any]]  # (name on the wire, a Tree or a scalar)


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


def lines(profile: Profile, tree: Tree) -> Iterator[Line]:
    """The parts of a request or of an answer, from the top."""
    return _Reader(profile).below(tree, 0, "", "")


class _Reader:
    def __init__(self, profile: Profile):
        self.names = names_of(profile)
        self.members = {name: code for code, name in profile.wire.get("members", {}).items()}
        self.meanings = _meanings(profile)

    def below(self, tree: Tree, depth: int, parent: str, path: str) -> Iterator[Line]:
        for name, value in tree:
            here = f"{path}/{name}" if path else name
            item = self._item(parent, name)
            is_leaf = not isinstance(value, list)
            meaning = "" if item else self.meanings.get(here, "")
            yield Line(name, depth, value if is_leaf else None, item, meaning)
            if not is_leaf:
                # Below a group, items stand at the top of the dossier.
                inside = item if self.names.code(parent, name) or name in self.members else ""
                yield from self.below(value, depth + 1, inside, here)

    def _item(self, parent: str, name: str) -> str:
        found = self.names.code(parent, name) or self.names.group(name)
        return found or self.members.get(name) or ""


def _meanings(profile: Profile) -> dict[str, str]:
    """{path in an answer: what it means}, and the steps that lead to the refusals."""
    errors = profile.answer.get("errors", "")
    # In JSON the path is that of the array, whose members bear its name here.
    is_array = profile.wire["codec"] == "json"
    one = f"{errors}/{errors.rpartition('/')[2]}" if is_array else errors
    found = {}
    for meaning, path in profile.answer.items():
        if meaning != "root" and isinstance(path, str):
            found[f"{one}/{path}" if meaning.startswith("error_") else path] = meaning
    above, _slash, _one = one.rpartition("/")
    if above:
        found[above] = "errors"
    return {**found, one: "error"}
