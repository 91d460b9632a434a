"""``docs/en/contract-keys.md``: every key of a manifest, from its JSON Schema."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rnc.contract.manifest import SCHEMA

from ..paths import CHECKOUT

PAGE = CHECKOUT / "docs" / "en" / "contract-keys.md"
HEAD = """# Every key of a contract profile

This page is made from `copro_registry/rnc/contract/manifest.schema.json` by `./bin/profile keys`.
[How to fit the real contract](contract-profile.md) says what they are for.

**Bold** keys are required.
"""
# {definition: title}; what several definitions share stands in the first of them.
SECTIONS = {
    "manifest.json": "manifest.json",
    "environment": "environments: `simulator`, `test`, `production`",
    "wire": "wire",
    "format": "formats: of a type, or of an item",
    "sending": "services: `WS1`, `WS2_STANDARD`, `WS2_ANNUAL`, `WS4` to `WS7`",
    "asking": "services: `WS3`, `STATUS`, `STATUS_WS1`…, `ATTESTATION`: the same keys",
    "document": "services: `DOCUMENT`: the same keys, and",
    "list": "services: `LIST`: the same keys, and",
    "pages": "services.LIST.pages",
    "part": "services.X.body.parts: each part",
    "answer": "answer, services.X.answer, and what stands in by_status",
    "fault": "answer.fault",
    "header": "in place of a path of answer: a header",
    "http": "http",
    "follow_up": "follow_up",
    "limits": "limits",
}
SHARED = {"asking": "sending", "document": "sending", "list": "sending"}
FEW = 4  # keys that are named where they stand


def page() -> str:
    defined = json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"]
    parts = [HEAD]
    for name, title in SECTIONS.items():
        rows = list(_rows(defined, name))
        table = ["| key | is | form |", "| --- | --- | --- |", *rows, ""] if rows else [""]
        parts.append("\n".join([f"## {title}", "", *table]))
    return "\n".join(parts).rstrip() + "\n"


def untitled() -> list[str]:
    """The keys whose meaning the schema does not say."""
    defined = json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"]
    return [
        f"{name}.{key}"
        for name in SECTIONS
        for key, described in _own(defined, name).items()
        if not (isinstance(described, dict) and described.get("title"))
    ]


def write(path: Path = PAGE) -> None:
    path.write_text(page(), encoding="utf-8")


def _own(defined: dict[str, Any], name: str) -> dict[str, Any]:
    """The keys of a definition that the one beside it does not have."""
    keys = defined[name].get("properties", {})
    shared = defined[SHARED[name]]["properties"] if name in SHARED else {}
    return {key: one for key, one in keys.items() if key not in shared}


def _rows(defined: dict[str, Any], name: str) -> Iterator[str]:
    required = defined[name].get("required", [])
    for key, described in _own(defined, name).items():
        label = f"**`{key}`**" if key in required else f"`{key}`"
        yield f"| {label} | {_cell(described.get('title', ''))} | {_cell(_form(defined, described))} |"


def _form(defined: dict[str, Any], described: dict[str, Any]) -> str:
    """What it may hold, in the words that a refusal uses."""
    if "description" in described:
        return described["description"]
    if "$ref" in described:
        return _form(defined, defined[described["$ref"].removeprefix("#/$defs/")])
    if "enum" in described:
        return "one of " + ", ".join(f"`{json.dumps(one)}`" for one in described["enum"])
    if "anyOf" in described:
        forms = [_form(defined, one) for one in described["anyOf"]]
        return ", or ".join(dict.fromkeys(form for form in forms if form))
    if "properties" in described:
        keys = described["properties"]
        below = "an object, see below" if len(keys) > FEW else ""
        return below or "an object: " + ", ".join(f"`{key}`" for key in keys)
    return {"object": "an object", "array": "a list", "null": "null"}.get(described.get("type"), "")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
