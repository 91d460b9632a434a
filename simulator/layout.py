"""A dossier in a document: where each item stands, both ways, whatever the language."""

from collections.abc import Callable
from typing import Any

from .documents import Error
from .paths import find, make, parse
from .profile import Item
from .service import Service
from .values import BadValue, to_plain, to_wire


class Layout:
    """The items of a service at their places; ``xml``: scalars are texts, lists have members."""

    def __init__(self, service: Service, *, xml: bool):
        self.service = service
        self.profile = service.profile
        self.xml = xml
        self.grouped = service.say("grouped", True)
        self.members = self.profile.wire.get("members", {})
        self._holders = {item.parent for item in self.profile.item.values()}
        self._below: dict[str, list[Item]] = {}
        for item in service.items:
            if item.code in service.not_in_document:
                continue
            self._below.setdefault(item.parent, []).append(item)

    # -- read -------------------------------------------------------------------

    def read(self, dossier) -> tuple[dict[str, dict[str, Any]], list[Error]]:
        """Plain values by group, and what is no value."""
        reader = _Reader(self, dossier)
        for group in self.service.groups:
            path = self._group_path(group)
            place = find(dossier, path)
            if place is None:
                continue
            values = reader.children(place, "", group)
            place.mark_if_empty()
            if values or path != ".":
                reader.groups.setdefault(group, {}).update(values)
        return reader.groups, reader.errors

    # -- write ------------------------------------------------------------------

    def write(self, dossier, groups: dict[str, dict[str, Any]]) -> None:
        """The groups that have values, from the place of the dossier on."""
        for group in self.service.groups:
            if groups.get(group):
                path = self._group_path(group)
                place = make(dossier, path)
                place.open()
                self._write(dossier, place, self.items_below("", group), groups[group])

    def _write(self, dossier, place, items: list[Item], values: dict[str, Any]) -> None:
        for item in items:
            value = values.get(item.code)
            if not value and not self._is_written_empty(item):
                continue
            path = self.service.name_of(item.code)
            target = make(dossier if parse(path).absolute else place, path)
            self._put(dossier, target, item, value)

    def _put(self, dossier, target, item: Item, value: Any) -> None:
        if isinstance(value, list):
            for one in value:
                member = target.add_member(self.member_of(item))
                self._put(dossier, member, item, one)
        elif isinstance(value, dict):
            target.open()
            self._write(dossier, target, self._below.get(item.code, []), value)
        elif not value:
            target.put("" if self.profile.format(item)["absent"] == "empty" else None)
        else:
            target.put(to_wire(self.profile, item, value))

    def _is_written_empty(self, item: Item) -> bool:
        scalar = item.type != "list" and not self.has_children(item)
        return scalar and self.profile.format(item)["absent"] != "omit"

    # -- both -------------------------------------------------------------------

    def items_below(self, parent: str, group: str) -> list[Item]:
        return [item for item in self._below.get(parent, []) if item.group == group]

    def has_children(self, item: Item) -> bool:
        """Whether it is made of items, even if all of them travel elsewhere."""
        return item.code in self._holders

    def member_of(self, item: Item) -> str:
        """The path of the members of a list."""
        return self.members.get(item.code, item.code if self.xml else ".")

    def path_of(self, code: str) -> str:
        """The path of an item or group from the dossier, as an error points at it."""
        item = self.profile.item.get(code)
        own = self.service.name_of(code)
        if item is None or parse(own).absolute:
            return own.lstrip("/")
        above = self.path_of(item.parent) if item.parent else self._group_path(item.group)
        return "/".join(piece for piece in (above, own) if piece not in ("", "."))

    def _group_path(self, group: str) -> str:
        return self.service.name_of(group) if self.grouped else "."


class _Reader:
    """One reading of one document."""

    def __init__(self, layout: Layout, dossier):
        self.layout = layout
        self.dossier = dossier
        self.groups: dict[str, dict[str, Any]] = {}
        self.errors: list[Error] = []

    def children(self, place, parent: str, group: str) -> dict[str, Any]:
        found = {}
        for item in self.layout.items_below(parent, group):
            path = self.layout.service.name_of(item.code)
            target = find(self.dossier if parse(path).absolute else place, path)
            if target is None:
                continue
            value = self._reader(item)(target, item)
            if value:
                found[item.code] = value
        return found

    def _reader(self, item: Item) -> Callable:
        if item.type == "list":
            return self._list
        return self._struct if self.layout.has_children(item) else self._scalar

    def _list(self, place, item: Item) -> list:
        place.mark_if_empty(list)
        reader = self._struct if self.layout.has_children(item) else self._scalar
        return [reader(one, item) for one in place.members(self.layout.member_of(item))]

    def _struct(self, place, item: Item) -> dict[str, Any]:
        place.mark_if_empty()
        return self.children(place, item.code, item.group)

    def _scalar(self, place, item: Item) -> str:
        try:
            return to_plain(self.layout.profile, item, place.take(), text=self.layout.xml)
        except BadValue as error:
            self.errors.append(Error(error.code, error.item, error.value[:200]))
            return ""
