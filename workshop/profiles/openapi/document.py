"""What a description says: operations, and the leaves of their documents."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

VERBS = ("get", "put", "post", "delete", "patch", "head", "options")
DEEPEST = 12  # levels of a document
MOST_LEAVES = 2_000  # of one document


@dataclass(frozen=True)
class Leaf:
    """A scalar that a document holds, or a list of scalars."""

    steps: tuple[str, ...]  # names from the root; a member of an array adds none
    arrays: frozenset[int]  # how many steps lead to each array on the way
    schema: dict[str, Any] = field(hash=False, repr=False)
    texts: tuple[str, ...]  # title and description of each step, outermost first
    required: bool = False
    switch: tuple[str, str] = ("", "")  # in an array told apart by a member: (its name, its value)
    is_alone: bool = False  # each member of its array holds nothing else

    @property
    def path(self) -> str:
        if not self.switch[0]:
            return "/".join(_escaped(step) for step in self.steps)
        rank = max(self.arrays)
        steps = [_escaped(step) for step in self.steps]
        steps[rank - 1] += f"[{_escaped(self.switch[0])}='{self.switch[1]}']"
        return "/".join(steps)

    @property
    def type(self) -> str:
        return type_of(self.schema)


@dataclass(frozen=True)
class Operation:
    """One verb of one path."""

    method: str
    path: str
    described: dict[str, Any] = field(hash=False, repr=False)
    parameters: tuple[dict[str, Any], ...] = field(hash=False, repr=False)

    @property
    def title(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def texts(self) -> tuple[str, ...]:
        """What tells its purpose, the most telling first."""
        told = [self.described.get(key, "") for key in ("operationId", "summary", "description")]
        return tuple(str(text) for text in (*told, " ".join(_list(self.described, "tags", str))))


class Description:
    """A description that was read by ``reading``."""

    def __init__(self, content: dict[str, Any]):
        self.content = content
        self.is_xml = False  # whether the documents to come travel as XML
        self.untold: dict[str, None] = {}  # what could not be followed, each once

    def operations(self) -> Iterator[Operation]:
        for path, item in self.content["paths"].items():
            item = self.followed(item)
            for verb in VERBS:
                if isinstance(item.get(verb), dict):
                    told = [*_list(item, "parameters"), *_list(item[verb], "parameters")]
                    named = {(p.get("name"), p.get("in")): p for p in map(self.followed, told)}
                    yield Operation(verb.upper(), path, item[verb], tuple(named.values()))

    def followed(self, value: Any) -> dict[str, Any]:
        """The object that a value is, or refers to; {} when there is none."""
        seen = set()
        while isinstance(value, dict) and isinstance(value.get("$ref"), str):
            target, beside = value["$ref"], {k: v for k, v in value.items() if k != "$ref"}
            if target in seen:
                self.untold[f"{target} refers to itself"] = None
                return {}
            seen.add(target)
            found = self._at(target)
            value = {**found, **beside} if isinstance(found, dict) else None
        return value if isinstance(value, dict) else {}

    def _at(self, target: str) -> Any:
        found: Any = self.content
        for step in unquote(target).removeprefix("#").split("/")[1:]:
            step = step.replace("~1", "/").replace("~0", "~")
            found = found.get(step) if isinstance(found, dict) else None
        if not isinstance(found, dict):
            self.untold[f"{target} leads nowhere"] = None
        return found

    # -- documents ------------------------------------------------------------------

    def whole(self, value: Any, seen: tuple[str, ...] = ()) -> dict[str, Any]:
        """A schema, what it is made of (allOf, one of several) united."""
        target = value.get("$ref") if isinstance(value, dict) else None
        if target in seen:
            self.untold[f"{target} holds itself: not followed beyond once"] = None
            return {}
        seen = (*seen, target) if isinstance(target, str) else seen
        schema = dict(self.followed(value))
        for part in _list(schema, "allOf"):
            schema = _united(schema, self.whole(part, seen))
        for key in ("oneOf", "anyOf"):
            kept = [one for one in _list(schema, key) if one.get("type") != "null"]
            if len(kept) > 1:
                self.untold[f"{key} of {len(kept)} forms: they are taken together"] = None
            for part in kept:
                schema = _united(schema, {**self.whole(part, seen), "required": []})
        return {k: v for k, v in schema.items() if k not in ("allOf", "oneOf", "anyOf")}

    def leaves(self, schema: Any) -> list[Leaf]:
        """The scalars of a document, in order."""
        found = []
        for leaf in self._leaves(schema, Leaf((), frozenset(), {}, (), True), ()):
            found.append(leaf)
            if len(found) >= MOST_LEAVES:
                self.untold[f"a document of more than {MOST_LEAVES} members is cut"] = None
                break
        return found

    def _leaves(self, value: Any, at: Leaf, seen: tuple[str, ...]) -> Iterator[Leaf]:
        target = value.get("$ref") if isinstance(value, dict) else None
        if target in seen or len(at.steps) > DEEPEST:
            self.untold[f"{target or '/'.join(at.steps)} holds itself: it is not followed"] = None
            return
        seen = (*seen, target) if isinstance(target, str) else seen
        schema = self.whole(value)
        here = Leaf(at.steps, at.arrays, schema, (*at.texts, _told(schema)), at.required)
        if type_of(schema) == "array":
            yield from self._members(schema, here, seen)
        elif isinstance(schema.get("properties"), dict):
            required = _list(schema, "required", str)
            for name, part in schema["properties"].items():
                below = (*at.steps, self._xml_name(name, part))
                is_required = at.required and name in required
                inner = Leaf(below, at.arrays, {}, here.texts, is_required)
                yield from self._leaves(part, inner, seen)
        elif at.steps:
            yield here

    def _members(self, schema: dict, here: Leaf, seen: tuple[str, ...]) -> Iterator[Leaf]:
        steps = here.steps
        if self.is_xml and isinstance(schema.get("xml"), dict) and schema["xml"].get("wrapped"):
            steps = (*steps, self._xml_name(steps[-1], schema.get("items")))
        rank = len(steps)
        arrays = here.arrays | {rank}
        inside = Leaf(steps, arrays, {}, here.texts, here.required)
        members = list(self._leaves(schema.get("items", {}), inside, seen))
        switches = [one for one in members if one.schema.get("enum") and one.type == "string"]
        others = [one for one in members if one.type in ("integer", "number")]
        if rank and len(members) == 2 and switches and others:  # [{kind, amount}, …]
            for kind in switches[0].schema["enum"]:
                told = (switches[0].steps[-1], str(kind))
                yield Leaf(others[0].steps, arrays, others[0].schema, others[0].texts, False, told)
            return
        if len(members) == 1 and len(members[0].steps) > rank:
            members = [replace(members[0], is_alone=True)]
        yield from members

    def _xml_name(self, name: str, schema: Any) -> str:
        """What the ``xml`` of a property says of its name; in JSON there is none."""
        told = self.followed(schema).get("xml") if self.is_xml else None
        if not isinstance(told, dict):
            return name
        renamed = str(told.get("name", name))
        return f"@{renamed}" if told.get("attribute") else renamed


def type_of(schema: dict[str, Any]) -> str:
    """Its type of JSON, ``null`` set aside; guessed where it is not said."""
    told = schema.get("type")
    if isinstance(told, list):
        told = next((one for one in told if one != "null"), None)
    if isinstance(told, str):
        return told
    if "properties" in schema:
        return "object"
    return "array" if "items" in schema else "string"


def _told(schema: dict[str, Any]) -> str:
    return " ".join(str(schema.get(key, "")) for key in ("title", "description")).strip()


def _united(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    properties = {**other.get("properties", {}), **one.get("properties", {})}
    required = [*_list(one, "required", str), *_list(other, "required", str)]
    united = {**other, **one}
    if properties:
        united["properties"] = properties
    return {**united, "required": required} if required else united


def _list(holder: Any, key: str, kind: type = dict) -> list:
    value = holder.get(key) if isinstance(holder, dict) else None
    return [one for one in value if isinstance(one, kind)] if isinstance(value, list) else []


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")
