"""``bin/messages``: every sentence that a syndic can meet, in English and in French.

Gathered from where they stand: the tables of the heart, the contract profiles, and by
reading the source for what the addon raises and notifies.
"""

import ast
import importlib.util
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from . import console, odoo_source, paths, venv
from .console import say

TABLES = {
    "rule": "rnc.rules.messages",
    "certificate": "rnc.certificate.messages",
    "transport": "rnc.transport.messages",
    "connection": "rnc.connection_test",
}
RAISED = {"UserError", "ValidationError", "AccessError", "RedirectWarning"}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


@dataclass(frozen=True)
class Message:
    """A sentence; its French is "" when there is none, and its English is in profiles."""

    origin: str  # rule, certificate, transport, connection, profile, error
    code: str  # or the place in the source
    english: str
    french: str

    @property
    def placeholders(self) -> tuple[set[str], set[str]]:
        """Of the English, and of the French."""
        return _placeholders(self.english), _placeholders(self.french)


def catalogue() -> list[Message]:
    """All of them, in the order of their origins."""
    french = _french()
    return [
        Message(origin, code, english, french.get(english, ""))
        for origin, code, english in (*_tables(), *_raised())
    ] + list(_profiles())


def _tables() -> Iterator[tuple[str, str, str]]:
    for origin, name in TABLES.items():
        table = importlib.import_module(name).MESSAGES
        for code, sentence in table.items():
            yield origin, code, sentence


def _profiles() -> Iterator[Message]:
    """The registry's own sentences exist in French alone."""
    for path in sorted((paths.ADDON / "rnc" / "contract").glob("*/errors.json")):
        for code, entry in json.loads(path.read_text(encoding="utf-8")).items():
            yield Message("profile", code, "", entry["message"])


def _raised() -> Iterator[tuple[str, str, str]]:
    """What is given to an exception for users or to a constraint of the database."""
    for pattern in ("models/**/*.py", "tools/*.py", "wizard/*.py", "controllers/*.py", "*.py"):
        for path in sorted(paths.ADDON.glob(pattern)):
            for line, sentence in _sentences_of(ast.parse(path.read_text(encoding="utf-8"))):
                yield "error", f"{path.relative_to(paths.ADDON)}:{line}", sentence


def _sentences_of(tree: ast.AST) -> Iterator[tuple[int, str]]:
    tables = {"messages"}  # a dictionary that a raise chooses from
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in RAISED:
            yield from _marked(node)
        elif isinstance(node, ast.Call) and _name(node.func) in ("Constraint", "UniqueIndex"):
            if len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
                yield node.lineno, node.args[1].value
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            if {_name(target) for target in node.targets} & tables:
                yield from _marked(node.value)
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("_why_"):
            yield from _marked(node)


def _marked(node: ast.AST) -> Iterator[tuple[int, str]]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and _name(call.func) in ("_", "_lt"):
            if call.args and isinstance(call.args[0], ast.Constant):
                yield call.lineno, call.args[0].value


def _name(node: ast.AST) -> str:
    return getattr(node, "attr", getattr(node, "id", ""))


def _french() -> dict[str, str]:
    import polib  # in the project's environment alone

    entries = polib.pofile(str(paths.ADDON / "i18n" / "fr.po"))
    return {entry.msgid: entry.msgstr for entry in entries if not entry.fuzzy}


def _placeholders(text: str) -> set[str]:
    return {one or other for one, other in PLACEHOLDER.findall(text)}


def table(messages: list[Message]) -> str:
    """As Markdown."""
    rows = ["| origin | code | English | French |", "|---|---|---|---|"]
    for message in messages:
        cells = (message.origin, message.code, message.english or "–", message.french)
        rows.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(rows)


def main(arguments: list[str]) -> int:
    if importlib.util.find_spec("polib"):
        say(table(catalogue()))
        return 0
    python = str(venv.python(odoo_source.find()))
    folders = [str(paths.CHECKOUT), str(paths.ADDON)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(folders)}
    os.execve(python, [python, "-m", "workshop.messages", *arguments], environment)


if __name__ == "__main__":
    console.run(main)
