"""Documents in JSON, validated by the profile's schema (with ``fastjsonschema``)."""

import base64
import json
import re
from typing import Any

import fastjsonschema

from .documents import Answer, Error, Refused, Request
from .profile import Item, Profile
from .values import BadValue, to_plain, to_wire


class JsonWire:
    """Reads requests and writes answers."""

    def __init__(self, profile: Profile):
        self.profile = profile
        self._grouped = profile.wire.get("grouped", True)
        requests = self._schema(profile.wire["request_schema"])
        self._requests = {
            name: fastjsonschema.compile({**requests, "$ref": f"#/$defs/{described['root']}"})
            for name, described in profile.services.items()
            if described.get("root")
        }

    def _schema(self, name: str) -> dict:
        schema = json.loads((self.profile.folder / name).read_text("utf-8"))
        # The library knows draft 7, where what stands beside $ref is ignored; the
        # shipped schemas mean the same in both drafts.
        return {**schema, "$schema": "http://json-schema.org/draft-07/schema#"}

    # -- requests --------------------------------------------------------------

    def read(self, services: list[str], body: bytes) -> Request:
        """Parse and validate. Raises Refused with the first error of the schema."""
        try:
            document = json.loads(body, parse_float=str, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise Refused(400, Error("DOCUMENT_INVALID", detail=str(error)[:200])) from error
        service = self._service(document, services)
        try:
            self._requests[service](json.loads(body))
        except fastjsonschema.JsonSchemaValueException as error:
            raise Refused(422, self._error(error)) from error
        return Request(service, self._groups(document))

    def _service(self, document: Any, services: list[str]) -> str:
        for name in services:
            wanted = self.profile.services[name].get("attributes", {})
            if isinstance(document, dict) and wanted.items() <= _scalars(document).items():
                return name
        raise Refused(422, Error("DOCUMENT_INVALID", detail="another document"))

    def _groups(self, document: dict) -> dict[str, dict[str, Any]]:
        groups: dict[str, dict[str, Any]] = {}
        parts = document.items() if self._grouped else [("", document)]
        for name, part in parts:
            group = self.profile.group_named(name)
            if self._grouped and group is None:
                continue
            if group:
                groups.setdefault(group, {})
            for code, value in self._children(part, "").items():
                groups.setdefault(self.profile.item[code].group, {})[code] = value
        return groups

    def _children(self, values: dict, parent: str) -> dict[str, Any]:
        found = {}
        for name, value in values.items():
            code = self.profile.code_at(parent, name)
            if code:
                found[code] = self._value(value, self.profile.item[code])
        return found

    def _value(self, value: Any, item: Item) -> Any:
        if isinstance(value, list):
            return [self._children(v, item.code) if isinstance(v, dict) else v for v in value]
        if isinstance(value, dict):
            return self._children(value, item.code)
        try:
            return to_plain(self.profile, item, value)
        except BadValue as error:
            raise Refused(422, Error("DATE_INVALID", item.code)) from error

    def _error(self, error: fastjsonschema.JsonSchemaValueException) -> Error:
        missing = re.search(r"must contain \['(\w+)'", error.message)
        if error.rule == "required" and missing:
            names = [n for n in error.rule_definition if n not in error.value]
            return Error("FIELD_MISSING", self._code(names[0] if names else missing[1]))
        item, value = self._code(error.path[-1]), str(error.value)[:200]
        if error.rule == "enum":
            return Error("CODE_UNKNOWN", item, value)
        if item.startswith("date_"):
            return Error("DATE_INVALID", item, value)
        return Error("DOCUMENT_INVALID", item, value, error.message[:200])

    def _code(self, name: str) -> str:
        found = [i.code for i in self.profile.items if self.profile.wire_name(i.code) == name]
        return found[0] if found else name

    # -- answers ---------------------------------------------------------------

    def write(self, answer: Answer) -> bytes:
        """The answer's bytes."""
        names = self.profile.answer
        document: dict[str, Any] = dict(self.profile.wire["attributes"])
        values = {
            "reference": answer.reference,
            "registration_number": answer.number,
            "date": answer.date,
            "attestation": base64.b64encode(answer.attestation).decode(),
            "errors": [self._refusal(error) for error in answer.errors],
            "dossier": self._dossier(answer.groups),
        }
        if "outcome" in names:
            _place(document, names["outcome"], _key(names["outcomes"], answer.outcome))
        for meaning, value in values.items():
            if value and meaning in names:
                _place(document, names[meaning], value)
        return json.dumps(document, ensure_ascii=False).encode()

    def _refusal(self, error: Error) -> dict[str, str]:
        names = self.profile.answer
        texts = {
            "error_code": self.profile.error_code(error.code),
            "error_item": self.profile.wire_name(error.item),
            "error_value": error.value,
            "error_detail": error.detail,
        }
        return {names[m]: text for m, text in texts.items() if text and m in names}

    def _dossier(self, groups: dict[str, dict[str, Any]]) -> dict[str, Any]:
        filled = {group: self._fill(values) for group, values in groups.items() if values}
        if self._grouped:
            return {self.profile.wire_name(group): values for group, values in filled.items()}
        return {name: value for values in filled.values() for name, value in values.items()}

    def _fill(self, values: dict[str, Any]) -> dict[str, Any]:
        return {self.profile.wire_name(code): self._out(code, v) for code, v in values.items()}

    def _out(self, code: str, value: Any) -> Any:
        if isinstance(value, dict):
            return self._fill(value)
        if isinstance(value, list):
            return [self._fill(one) if isinstance(one, dict) else one for one in value]
        return to_wire(self.profile, self.profile.item[code], value)


def _scalars(document: dict) -> dict:
    return {name: v for name, v in document.items() if not isinstance(v, dict | list)}


def _place(document: dict, path: str, value: Any) -> None:
    *steps, last = path.split("/")
    for step in steps:
        document = document.setdefault(step, {})
    document[last] = value


def _key(table: dict[str, str], value: str) -> str:
    return next(key for key, one in table.items() if one == value)


def _no_constant(name: str):
    raise ValueError(f"{name} is not JSON")
