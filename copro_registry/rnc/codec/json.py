"""The JSON wire format: documents validated by the profile's JSON Schemas."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from ..contract import Service
from ..contract.schema import json_validator
from ..items import Catalogue, Item
from .answer import Unreadable
from .codec import Codec, Invalid, Parts
from .outline import Tree


@cache
def validator_at(path: Path, definition: str = "") -> Draft202012Validator:
    """The validator of a file, or of one of its ``$defs``, kept. Raises ProfileError."""
    return json_validator(path, definition)


class JsonCodec(Codec):
    """Encode requests and decode answers for one profile."""

    # -- sending ----------------------------------------------------------------

    def _render(self, service: Service, parts: Parts) -> bytes:
        document = {**self.profile.wire["attributes"], **dict(service.attributes)}
        for group, values in parts.items():
            renamed = self._renamed(values)
            document.update({self.names.wire(group): renamed} if self.grouped else renamed)
        self._validate(document, service.root)
        return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8")

    def _renamed(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self.names.wire(code): self._renamed(one) for code, one in value.items()}
        if isinstance(value, list):
            return [self._renamed(one) for one in value]
        return value

    def prepare(self) -> None:
        self._validator("answer_schema")
        for service in self.profile.services.values():
            if service.root:
                self._validator("request_schema", service.root)

    def _validator(self, which: str, definition: str = "") -> Draft202012Validator:
        return validator_at(self.profile.folder / self.profile.wire[which], definition)

    def _validate(self, document: dict, definition: str) -> None:
        for error in self._validator("request_schema", definition).iter_errors(document):
            raise Invalid(f"{error.json_path} ({error.validator})")

    # -- reading ----------------------------------------------------------------

    def _tree(self, body: bytes) -> Tree:
        try:
            return _pairs(json.loads(body.decode("utf-8"), parse_float=str))
        except (ValueError, RecursionError):
            raise Unreadable("not JSON") from None

    def _parse(self, body: bytes) -> dict[str, Any]:
        validator = self._validator("answer_schema")
        try:
            root = json.loads(body.decode("utf-8"), parse_float=str, parse_constant=_no_constant)
            # The same document, its numbers as numbers, is what the schema describes.
            for error in validator.iter_errors(json.loads(body)):
                raise Unreadable(error.json_path)
        except (ValueError, RecursionError) as error:
            if isinstance(error, Unreadable):
                raise
            raise Unreadable("not JSON") from None
        if not _is_text(root):
            raise Unreadable("a character that no text holds")
        return root

    def _find(self, root: dict, path: str) -> str | None:
        value = self._at(root, path)
        return None if value is None or isinstance(value, dict | list) else str(value)

    def _find_all(self, root: dict, path: str) -> list:
        return self._at(root, path) or []

    def _at(self, root: Any, path: str) -> Any:
        for step in path.split("/"):
            root = root.get(step) if isinstance(root, dict) else None
        return root

    def _read_dossier(self, root: dict, path: str, known: Catalogue) -> dict[str, Any] | None:
        data = self._at(root, path)
        if data is None:
            return None
        groups = data.values() if self.grouped else [data]
        return {code: v for group in groups for code, v in self._children(group, "", known).items()}

    def _children(self, values: dict[str, Any], parent: str, known: Catalogue) -> dict[str, Any]:
        found = {}
        for name, value in values.items():
            described = self._known(parent, name, known)
            if described and value is not None:
                found[described.code] = self._value_of(value, described, known)
        return found

    def _value_of(self, value: Any, described: Item, known: Catalogue) -> Any:
        code = described.code
        if isinstance(value, list):
            return [
                self._children(one, code, known) if isinstance(one, dict) else str(one)
                for one in value
            ]
        if isinstance(value, dict):
            return self._children(value, code, known)
        return self._scalar(described, value)


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
