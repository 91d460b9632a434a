"""The addon's tests run in anybody's Odoo: all are imported, and nothing else is needed."""

import ast
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[2] / "copro_registry" / "tests"
FILES = sorted(TESTS.rglob("*.py"))
# What Odoo 19 requires itself, and what the manifest adds.
AT_HAND = {
    *("cryptography", "dateutil", "freezegun", "jsonschema", "lxml", "markupsafe", "openpyxl"),
    *("polib", "psycopg2", "requests", "stdnum", "urllib3", "xlsxwriter", "xlwt"),
}
# The only file that looks beside the addon: it says so, and skips, where nothing is there.
OUTSIDE = "outside.py"


def test_odoo_runs_each_file():
    """Its runner knows only what the package imports; pytest finds the others by itself."""
    [imported] = [
        node
        for node in ast.parse((TESTS / "__init__.py").read_text()).body
        if isinstance(node, ast.ImportFrom)
    ]
    assert {alias.name for alias in imported.names} == {
        path.stem for path in TESTS.glob("test_*.py")
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_needs_what_odoo_has(path):
    known = {"odoo", *AT_HAND, *sys.stdlib_module_names}
    others = {name for name in _imported(path) if name.partition(".")[0] not in known}
    allowed = {"bench", "simulator"} if path.name == OUTSIDE else set()
    assert {name.partition(".")[0] for name in others} <= allowed


def _imported(path: Path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module
