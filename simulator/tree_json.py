"""A document in JSON, as places that paths lead to."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from .paths import Step, find, make


class JsonTree:
    """Parsed, or to be filled. ``seen``: the leaves that somebody has read."""

    def __init__(self, document: Any = None):
        self.seen: set = set()
        self._top = [{} if document is None else document]
        self.root = JsonPlace(self, self._top, 0)

    @property
    def document(self) -> Any:
        return self._top[0]

    def unread(self) -> Iterator[str]:
        """The names of what stands in the document, and of which nobody has asked."""
        waiting = [(self._top, 0, "document")]
        while waiting:
            holder, key, name = waiting.pop()
            value = holder[key]
            if (id(holder), key) in self.seen:
                continue
            if isinstance(value, dict) and value:
                waiting += [(value, one, str(one)) for one in value]
            elif isinstance(value, list) and value:
                waiting += [(value, one, name) for one in range(len(value))]
            elif holder is not self._top:
                yield name


class JsonPlace:
    """A member of an object or of an array."""

    def __init__(self, tree: JsonTree, holder: Any, key: Any):
        self.tree = tree
        self.holder = holder
        self.key = key

    @property
    def value(self) -> Any:
        return self.holder[self.key]

    def children(self, step: Step) -> list["JsonPlace"]:
        value = self.value
        if not isinstance(value, dict) or step.member not in value:
            return []
        if not step.keys and not step.is_first:
            return [JsonPlace(self.tree, value, step.member)]
        array = value[step.member]
        if not isinstance(array, list):
            return []
        found = [JsonPlace(self.tree, array, place) for place in range(len(array))]
        found = [one for one in found if one._is_the_one(step)]
        return found[:1] if step.is_first else found

    def append(self, step: Step) -> "JsonPlace":
        self.open()
        if not step.keys and not step.is_first:
            self.value[step.member] = None
            return JsonPlace(self.tree, self.value, step.member)
        array = self.value.setdefault(step.member, [])
        array.append({key.member: text for key, text in step.keys})
        return JsonPlace(self.tree, array, len(array) - 1)

    def take(self) -> Any:
        self.mark()
        return self.value

    def put(self, value: Any) -> None:
        self.holder[self.key] = value

    def mark(self) -> None:
        self.tree.seen.add((id(self.holder), self.key))

    def mark_if_empty(self, kind: type = dict) -> None:
        """Of a struct or a list: nothing in it is still to be read."""
        if self.value is None or (isinstance(self.value, kind) and not self.value):
            self.mark()

    def open(self) -> None:
        """An object, if it is nothing yet."""
        if self.value is None:
            self.holder[self.key] = {}

    def members(self, path: str) -> list["JsonPlace"]:
        """The members of an array; ``path`` is where the value of each stands."""
        array = self.value if isinstance(self.value, list) else []
        found = [find(JsonPlace(self.tree, array, i), path) for i in range(len(array))]
        return [place for place in found if place]

    def add_member(self, path: str) -> "JsonPlace":
        if not isinstance(self.value, list):
            self.put([])
        self.value.append(None)
        return make(JsonPlace(self.tree, self.value, len(self.value) - 1), path)

    def _is_the_one(self, step: Step) -> bool:
        value = self.value
        if not isinstance(value, dict):
            return False
        for key, text in step.keys:
            found = value.get(key.member)
            if (found if isinstance(found, str) else json_text(found)) != text:
                return False
        self.tree.seen.update((id(value), key.member) for key, _text in step.keys)
        return True


def json_text(value: Any) -> str:
    """A scalar as JSON writes it."""
    return str(value) if isinstance(value, Decimal) else json.dumps(value, default=str)
