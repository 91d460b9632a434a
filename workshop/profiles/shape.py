"""The shape of a document, from the catalogue and the names of a profile.

Of it the schemas are written, as JSON or as XML.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from rnc.contract import Profile, Service
from rnc.items import Item, all_items

FIRST = min(item.effective_from for item in all_items())
STEP = re.compile(r"/(?![^\[]*\])")  # of a path: not the / of a text between brackets


@dataclass
class Node:
    """An element, a member or an attribute (``@name``); a list when it has ``members``."""

    name: str
    item: Item | None = None  # of a leaf, or of a list
    required: bool = False
    members: "Node | None" = None
    is_open: bool = False  # holds more than is described: an equality of a path
    children: dict[str, "Node"] = field(default_factory=dict)

    def at(self, path: str) -> "Node":
        """The node at a path below this one, made on the way; ``.``: this one."""
        node = self
        for step in STEP.split(path):
            if "[" in step:
                node.is_open = True
                return Node(step)  # described nowhere
            if step not in ("", "."):
                node = node.children.setdefault(step, Node(step))
        return node


@cache
def merged(service: str = "") -> dict[str, Item]:
    """Every item of all periods, each once; compulsory only where it always was.

    ``service``: those that it carries, with what holds them.
    """
    found: dict[str, Item] = {}
    for item in all_items():
        if not service or service.partition("_")[0] in item.services:
            found[item.code] = item
    return found


@cache
def is_always(code: str) -> bool:
    periods = [item for item in all_items() if item.code == code]
    starts = min(item.effective_from for item in periods)
    return starts == FIRST and all(item.required == "always" for item in periods)


class Shapes:
    """The documents of a profile."""

    def __init__(self, profile: Profile):
        self.profile = profile

    def request(self, service: Service) -> Node:
        """What ``service`` sends, below its root."""
        root, elsewhere = Node(service.root), set(self.profile.wire.get("not_in_body", []))
        items = merged(service.code)
        for group in service.groups:
            kept = [i for i in items.values() if i.group == group and i.declared]
            self._group(root, group, [i for i in kept if i.code not in elsewhere], True)
        return root

    def dossier(self, groups: tuple[str, ...]) -> Node:
        """What WS3 brings, each part of it optional."""
        root, items = Node(""), merged("WS3")
        for group in groups:
            self._group(root, group, [i for i in items.values() if i.group == group], False)
        return root

    def _group(self, root: Node, group: str, items: list[Item], compulsory: bool) -> None:
        if not items:
            return
        path = self.profile.names.get(group, group)
        holder = root.at(path if self.profile.wire.get("grouped", True) else ".")
        holder.required |= compulsory and group != "bati_2027" and holder is not root
        for item in items:
            if not item.parent:
                self._put(root, holder, item, items, compulsory)

    def _put(self, root, parent: Node, item: Item, items: list[Item], compulsory: bool) -> None:
        path = self.profile.names.get(item.code, item.code)
        node = (root if path.startswith("/") else parent).at(path)
        children = [child for child in items if child.parent == item.code]
        is_struct = children and item.type != "list"
        if node is not parent:
            node.required |= compulsory and is_always(item.code)
            node.item = None if is_struct else item
        if item.type == "list":
            node = self._members(node, item)
        for child in children:
            self._put(root, node, child, items, compulsory)

    def _members(self, node: Node, item: Item) -> Node:
        """Each member of a list: what stands in it is put below."""
        told = self.profile.wire.get("members", {}).get(item.code, "")
        node.item, node.members = item, Node(told.partition("/")[0] or item.code)
        return node.members.at(told.partition("/")[2] or ".")


def leaves(node: Node) -> Iterator[Node]:
    for child in node.children.values():
        yield child
        yield from leaves(child)
