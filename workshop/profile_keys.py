"""The keys of a contract profile as a table, from the schema of its files.

``python -m workshop.profile_keys`` writes it into the documentation.
"""

import json

from . import paths

SCHEMA = paths.ADDON / "rnc" / "contract" / "manifest.schema.json"
PAGE = paths.CHECKOUT / "docs" / "en" / "contract-profile.md"
BEGIN, END = "<!-- keys: made from the schema -->\n", "<!-- end of the keys -->\n"
# What is described once: (what a table is called, its definition, the key that holds it).
TABLES = [
    ("manifest.json", "manifest.json"),
    ("`wire`", "wire"),
    ("`formats`: of a type, or of an item", "format"),
    ("`services`: `WS1` to `WS7`, `STATUS`, `ATTESTATION`, `LIST`, `DOCUMENT`", "sending"),
    ("`services.X.body.parts`", "part"),
    ("`services.LIST.pages`", "pages"),
    ("`answer`, `services.X.answer`, `answer.by_status.X`", "answer_of_service"),
    ("`http`", "http"),
    ("`follow_up`", "follow_up"),
    ("`limits`", "limits"),
]


def tables() -> str:
    """The tables, in Markdown."""
    known = json.loads(SCHEMA.read_text("utf-8"))["$defs"]
    return "\n".join(_table(title, known[name], known) for title, name in TABLES)


def _table(title: str, described: dict, known: dict) -> str:
    required = described.get("required", [])
    lines = [f"**{title}**", "", "| key | meaning | form |", "| --- | --- | --- |"]
    for key, one in described["properties"].items():
        mark = " (required)" if key in required else ""
        lines.append(f"| `{key}`{mark} | {one.get('title', '')} | {_form(one, known)} |")
    return "\n".join([*lines, ""])


def _form(one: dict, known: dict) -> str:
    """What a key may hold, in words."""
    if one.get("description"):
        text = one["description"]
    elif "enum" in one:
        text = ", ".join(f"`{value}`" for value in one["enum"] if value is not None)
    elif "$ref" in one:
        return _form(known[one["$ref"].rpartition("/")[2]], known)
    elif "anyOf" in one:
        text = next(filter(None, (_form(form, known) for form in one["anyOf"])), "")
    elif one.get("type") == "object":
        inside = ", ".join(f"`{key}`" for key in one.get("properties", {}))
        text = inside if inside and len(one["properties"]) < 4 else "an object"
    else:
        text = str(one.get("type", ""))
    return text.replace("|", "\\|")


def page(text: str) -> str:
    """The page with its tables as they are today. Raises ValueError without their marks."""
    before, _begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{PAGE.name} has no place for the keys")
    return f"{before}{BEGIN}\n{tables()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
