"""``NOTES.md`` of a proposal: what was guessed, how sure, and what is left to a person."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...console import Stop
from ..new import write_json
from ..shape import merged
from .document import Leaf
from .items import nearest
from .parameters import OPEN
from .propose import Proposal

NEAREST = 3
MOST = 60  # lines of a list


def notes(made: Proposal, content: dict[str, Any], faults: list[str], source: str) -> str:
    info = content.get("info", {})
    title = f"{info.get('title', '')} {info.get('version', '')}".strip()
    parts = [
        [f"# What bin/profile from-openapi made of {source}", "", title],
        _section("What is left to you", _left(made)),
        _section("Services", _services(made)),
        _section("Items", _items(made)),
        _section("Members of the contract that are no item of ours", _unmatched(made)),
        _section("Who calls", _security(content)),
        _section("What the standard says against the description", [f"- {f}" for f in faults]),
    ]
    return "\n".join(line for part in parts for line in part) + "\n"


def _section(title: str, lines: list[str]) -> list[str]:
    return ["", f"## {title}", "", *lines] if lines else []


def _left(made: Proposal) -> list[str]:
    told = [f"- {one}" for one in made.left]
    if made.named.open:
        told.append(f"- names.json: decide {', '.join(made.named.open)}")
    if made.named.absent:
        absent = ", ".join(made.named.absent)
        told.append(
            f"- nothing was found for these, so they do not travel (wire.not_in_body): {absent}"
        )
    return [
        "Each text that begins with `?` is a question: decide it, take the `?` away.",
        "",
        *told,
    ]


def _services(made: Proposal) -> list[str]:
    rows = [
        f"| {code} | `{one.operation.title}` | {_mark(one.is_sure, one.score)} |"
        for code, one in sorted(made.found.items())
    ]
    return ["| service | operation | |", "| --- | --- | --- |", *rows]


def _items(made: Proposal) -> list[str]:
    best: dict[str, Any] = {}
    for items in made.guessed.values():
        for code, guess in items.items():
            if code not in best or guess.score > best[code].score:
                best[code] = guess
    rows = []
    for code, path in made.tables["names.json"].items():
        if code in best:
            guess = best[code]
            mark = _mark(not path.startswith(OPEN), guess.score)
            rows.append(f"| {code} | `{path.removeprefix(OPEN)}` | {mark} | {guess.why} |")
        elif path == OPEN:
            rows.append(f"| {code} | | **not found** | |")
    return ["| item | path | | words in common |", "| --- | --- | --- | --- |", *rows]


def _mark(is_sure: bool, score: float) -> str:
    return f"{score:.0%}" if is_sure else f"**to decide** ({score:.0%})"


def _unmatched(made: Proposal) -> list[str]:
    found: dict[tuple[str, ...], tuple[Leaf, list[str]]] = {}
    for service, leaves in sorted(made.unmatched.items()):
        for leaf in leaves:
            found.setdefault(leaf.steps, (leaf, []))[1].append(service)
    return [*_lines(found)][:MOST]


def _lines(found: dict[tuple[str, ...], tuple[Leaf, list[str]]]) -> Iterator[str]:
    free = [code for code, item in merged().items() if item.services - {"WEB"}]
    for leaf, services in found.values():
        need = "**required**" if leaf.required and services != ["WS3"] else "optional"
        near = nearest(leaf, free, NEAREST)
        perhaps = f"; perhaps {', '.join(near)}" if near else ""
        yield f"- `{leaf.path}` ({', '.join(services)}; {need}{perhaps})"


def _security(content: dict[str, Any]) -> list[str]:
    components = content.get("components")
    schemes = components.get("securitySchemes") if isinstance(components, dict) else None
    told = []
    for name, scheme in schemes.items() if isinstance(schemes, dict) else ():
        kind = scheme.get("type") if isinstance(scheme, dict) else None
        if kind == "mutualTLS":
            told.append(f"- {name}: the client certificate, as ever")
        elif kind == "apiKey":
            told.append(f"- {name}: a key in {scheme.get('in')} {scheme.get('name')}: an adapter")
        elif kind:
            told.append(f"- {name} ({kind}): a token that is fetched first needs an adapter")
    return told


def write_proposal(folder: Path, made: Proposal, notes: str) -> None:
    """Write the files. Raises Stop when the folder exists."""
    if folder.exists():
        raise Stop(f"{folder} exists already", "choose another name, or remove it")
    folder.mkdir(parents=True)
    try:
        write_json(folder / "manifest.json", made.manifest)
        for name, table in made.tables.items():
            write_json(folder / name, table)
        if made.schema is not None:
            write_json(folder / "request.schema.json", made.schema)
        (folder / "NOTES.md").write_text(notes, encoding="utf-8")
    except Exception:
        shutil.rmtree(folder)
        raise
