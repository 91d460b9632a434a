"""Documents in JSON: their members, checked by the profile's JSON Schemas."""

import json
from functools import cache
from pathlib import Path as File
from typing import Any

from jsonschema import Draft202012Validator

from ..contract import Service
from ..contract.forms import Form
from ..contract.path import Path, Step
from ..contract.schema import json_validator
from .answer import Invalid, Unreadable
from .outline import Tree
from .values import Number, text_of
from .wire import Document, Wire


@cache
def validator_at(path: File, definition: str = "") -> Draft202012Validator:
    """The validator of a file, or of one of its ``$defs``, kept. Raises ProfileError."""
    return json_validator(path, definition)


class JsonWire(Wire):
    """Writes and reads the documents of one profile."""

    # -- writing ----------------------------------------------------------------

    def new(self, service: Service) -> dict:
        return dict(service.attributes)

    def node(self, at: dict, steps: tuple[Step, ...]) -> dict:
        for step in steps:
            is_member = step.key or step.is_first
            at = self._member_of(at, step) if is_member else _object(at, step.name)
        return at

    def put(self, at: dict, steps: tuple[Step, ...], value: Any) -> None:
        *above, last = steps
        holder = self.node(at, tuple(above))
        if last.name in holder:
            raise Invalid(f"{last.name} (two things in one place)")
        holder[last.name] = value

    def member(self, at: dict, where: Path, members: Path):
        *above, last = where.steps
        one: dict = {}
        _array(self.node(at, tuple(above)), last.name).append(one)
        return one, members.steps

    def put_members(self, at: dict, where: Path, members: Path, values: list) -> None:
        if not members.steps:
            self.put(at, where.steps, values)
            return
        for value in values:
            one, steps = self.member(at, where, members)
            self.put(one, steps, value)

    def _member_of(self, at: dict, step: Step) -> dict:
        """The member of an array that bears the equalities, made where it is missing."""
        array = _array(at, step.name)
        for one in array:
            if all(one.get(key) == value for key, value in step.equalities):
                return one
        array.append(dict(step.equalities))
        return array[-1]

    def dump(self, root: dict, service: Service, header: list, charset: str) -> bytes:
        if service.schema:
            self._check(root, service.schema, service.root)
        return json.dumps(root, ensure_ascii=False, indent=1).encode("utf-8")

    def _check(self, document: dict, schema: str, definition: str) -> None:
        for error in self.compile(schema, definition).iter_errors(document):
            raise Invalid(f"{error.json_path} ({error.validator})")

    def compile(self, schema: str, definition: str = "") -> Draft202012Validator:
        return validator_at(self.profile.folder / schema, definition)

    # -- reading ----------------------------------------------------------------

    def tree(self, body: bytes) -> Tree:
        try:
            return _pairs(json.loads(body.decode("utf-8"), parse_float=Number))
        except (ValueError, RecursionError):
            raise Unreadable("not JSON") from None

    def parse(self, body: bytes, form: Form, schema: str) -> Document:
        validator = self.compile(schema, form.get("root") or "") if schema else None
        try:
            root = json.loads(body.decode("utf-8"), parse_float=Number, parse_constant=_no_constant)
            # The same document, its numbers as numbers, is what the schema describes.
            for error in validator.iter_errors(json.loads(body)) if validator else ():
                raise Unreadable(error.json_path)
        except (ValueError, RecursionError) as error:
            if isinstance(error, Unreadable):
                raise
            raise Unreadable("not JSON") from None
        if not _is_text(root):
            raise Unreadable("a character that no text holds")
        return Document(root)

    def find_all(self, at: Any, where: Path, is_fault: bool = False) -> list:
        """What stands at a path: the members of an array, one by one."""
        found = self._at(at, where.steps)
        return found if isinstance(found, list) else [] if found is None else [found]

    def find(self, at: Any, where: Path, is_fault: bool = False) -> Any:
        return self._at(at, where.steps)

    def _at(self, at: Any, steps: tuple[Step, ...]) -> Any:
        for step in steps:
            if isinstance(at, list):  # of several, nothing tells which is meant
                at = at[0] if len(at) == 1 else None
            at = at.get(step.name) if isinstance(at, dict) else None
            if step.key or step.is_first:
                at = _with(at, step)
        return at

    def text(self, at: Any) -> str | None:
        if isinstance(at, list) and at and not isinstance(at[0], dict | list):
            at = at[0]
        return None if at is None or isinstance(at, dict | list) else text_of(at)

    def is_null(self, at: Any, where: Path) -> bool:
        *above, last = where.steps
        holder = self._at(at, tuple(above))
        return isinstance(holder, dict) and last.name in holder and holder[last.name] is None

    def scalar(self, at: Any) -> Any:
        if isinstance(at, dict | list):
            raise ValueError("no scalar")
        return at

    def errors(self, at: Any, where: Path, is_fault: bool = False) -> list[tuple[str, Any]]:
        """The members of an array; of an object, each with its name."""
        found = self._at(at, where.steps)
        if isinstance(found, dict) and where.steps:
            return [(name, one) for name, one in found.items()]
        return [("", one) for one in self.find_all(at, where)]

    def members(self, at: Any, where: Path, members: Path) -> list | None:
        found = self._at(at, where.steps)
        if found is not None and not isinstance(found, list):
            raise ValueError("no array")
        return found


def _object(at: dict, name: str) -> dict:
    found = at.setdefault(name, {})
    if not isinstance(found, dict):
        raise Invalid(f"{name} (two things in one place)")
    return found


def _array(at: dict, name: str) -> list:
    found = at.setdefault(name, [])
    if not isinstance(found, list):
        raise Invalid(f"{name} (two things in one place)")
    return found


def _with(array: Any, step: Step) -> Any:
    """The first object of an array that bears the equalities."""
    for one in array if isinstance(array, list) else ():
        if isinstance(one, dict) and all(_bears(one, *pair) for pair in step.equalities):
            return one
    return None


def _bears(one: dict, key: str, value: str) -> bool:
    told = one.get(key)
    return told is not None and not isinstance(told, dict | list) and text_of(told) == value


def _pairs(value: Any, name: str = "") -> Tree:
    """An object's members; an array's, under the name of the array."""
    if isinstance(value, dict):
        named = value.items()
    else:
        named = ((name, one) for one in (value if isinstance(value, list) else [value]))
    return [
        (key, _pairs(one, key) if isinstance(one, dict | list) else "" if one is None else one)
        for key, one in named
    ]


def _is_text(value: Any) -> bool:
    """Whether the database can keep it: JSON escapes may write NUL, or half a character."""
    if isinstance(value, dict):
        return all(_is_text(name) and _is_text(one) for name, one in value.items())
    if isinstance(value, list):
        return all(_is_text(one) for one in value)
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= c <= "\udfff" for c in value)
    return True


def _no_constant(name: str):
    raise ValueError(f"{name} is not JSON")
