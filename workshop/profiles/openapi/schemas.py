"""The description's own schemas, as the JSON Schema of a profile's requests."""

import re
from typing import Any

from rnc.contract.pattern import is_heavy

from ..json_schema import DIALECT
from .document import Description

# What OpenAPI adds to JSON Schema, and what would leave the file.
NOT_SCHEMA = {
    *("xml", "example", "examples", "externalDocs", "discriminator", "nullable", "$id", "$schema"),
    *("readOnly", "writeOnly", "deprecated", "$anchor", "$dynamicAnchor"),
}
LEVELS = 60


class RequestSchemas:
    """One definition for each service, and those that they refer to."""

    def __init__(self, description: Description):
        self.description = description
        self.defined: dict[str, Any] = {}
        self.dropped: dict[str, None] = {}

    def add(self, service: str, schema: Any) -> None:
        self.defined[service] = self._copied(schema, 0)

    def whole(self) -> dict[str, Any]:
        return {"$schema": DIALECT, "title": "Requests", "$defs": self.defined}

    def _copied(self, value: Any, level: int) -> Any:
        if level > LEVELS:
            return True
        if isinstance(value, list):
            return [self._copied(one, level + 1) for one in value]
        if not isinstance(value, dict):
            return value
        if isinstance(value.get("$ref"), str):
            return {"$ref": f"#/$defs/{self._definition(value['$ref'])}"}
        kept = {key: one for key, one in value.items() if key not in NOT_SCHEMA}
        copied = {key: self._member(key, one, level) for key, one in kept.items()}
        return _as_2020(self._checked(copied), bool(value.get("nullable")))

    def _member(self, key: str, value: Any, level: int) -> Any:
        if key in ("properties", "$defs", "patternProperties") and isinstance(value, dict):
            # Here names are names, whatever they are called.
            return {name: self._copied(one, level + 2) for name, one in value.items()}
        return value if key in ("enum", "const", "default") else self._copied(value, level + 1)

    def _definition(self, target: str) -> str:
        name = re.sub(r"[^A-Za-z0-9_.-]", "_", target.removeprefix("#/components/schemas/"))
        name = f"of_{name}" if name in self.defined and name.startswith("WS") else name
        if name not in self.defined:
            self.defined[name] = True  # what refers to itself finds it here
            self.defined[name] = self._copied(self.description.followed({"$ref": target}), 0)
        return name

    def _checked(self, schema: dict[str, Any]) -> dict[str, Any]:
        pattern = schema.get("pattern")
        if isinstance(pattern, str) and not _is_usable(pattern):
            self.dropped[f"the pattern {pattern[:80]} is of another dialect, or takes too long"] = (
                None
            )
            schema = {key: one for key, one in schema.items() if key != "pattern"}
        return schema


def _is_usable(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return False
    return not is_heavy(pattern)


def _as_2020(schema: dict[str, Any], is_nullable: bool) -> dict[str, Any]:
    """What OpenAPI 3.0 writes otherwise."""
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if isinstance(schema.get(exclusive), bool):
            if schema.pop(exclusive) and bound in schema:
                schema[exclusive] = schema.pop(bound)
    if is_nullable:
        if isinstance(schema.get("type"), str):
            schema["type"] = [schema["type"], "null"]
        if isinstance(schema.get("enum"), list) and None not in schema["enum"]:
            schema["enum"] = [*schema["enum"], None]
    return schema
