"""The rules of the house, read from the source, without Odoo.

Each guard lists its breaches; a breach planted in a copy of the tree shows that it does.
"""

import ast
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
ADDON = "copro_registry"
OURS = "copro."  # how the names of our models begin
MOST_LINES = 400
MOST_PRIVATE = 2  # functions beside the classes of a file of models, for that file alone
# Who imports from whom: only from a lower floor, or from one's own room.
FLOORS = {"rnc": 0, "tools": 1, "fields": 2, "models": 3, "wizard": 4, "controllers": 4}
ROOF = 5  # hooks, commands, the addon itself
# Overridden once, in the model's own class, which calls its concerns by name.
HOOKS = {
    *("create", "write", "unlink", "copy", "copy_data", "default_get", "fields_get", "read"),
    *("init", "_auto_init", "_register_hook", "_valid_field_parameter", "load", "check_access"),
    *("_search", "search_fetch", "name_search", "name_create", "_compute_display_name"),
}


@dataclass(frozen=True)
class ModelClass:
    """One class of the source that makes, or extends, a model."""

    place: str
    name: str  # of the model
    is_extension: bool
    parents: tuple[str, ...]
    methods: tuple[str, ...]


@dataclass
class House:
    """The source below a folder that holds ``copro_registry`` and ``simulator``."""

    root: Path
    trees: dict[Path, ast.Module] = field(init=False, repr=False)

    def __post_init__(self):
        files = [p for top in (ADDON, "simulator") for p in (self.root / top).rglob("*.py")]
        self.trees = {
            path.relative_to(self.root): _parsed(path.read_text(encoding="utf-8"))
            for path in sorted(files)
        }

    def product(self) -> Iterator[tuple[Path, ast.Module]]:
        """The addon itself, without its tests and migrations."""
        for path, tree in self.trees.items():
            if path.parts[0] == ADDON and path.parts[1] not in ("tests", "migrations"):
                yield path, tree

    def models(self) -> list[ModelClass]:
        return [
            made
            for path, tree in self.product()
            for node in tree.body
            if isinstance(node, ast.ClassDef)
            for made in _model_class(path, node)
        ]


@cache
def _parsed(source: str) -> ast.Module:
    """A copy of the house differs by one file: the others are parsed once."""
    return ast.parse(source)


def _model_class(path: Path, node: ast.ClassDef) -> Iterator[ModelClass]:
    """Nothing for a class that is no model."""
    said = {
        target.id: ast.literal_eval(statement.value)
        for statement in node.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name) and target.id in ("_name", "_inherit")
    }
    if not said:
        return
    parents = said.get("_inherit", ())
    parents = (parents,) if isinstance(parents, str) else tuple(parents)
    name = said.get("_name") or parents[0]
    methods = tuple(one.name for one in node.body if isinstance(one, ast.FunctionDef))
    yield ModelClass(f"{path}:{node.lineno}", name, name in parents, parents, methods)


# -- the guards ------------------------------------------------------------------------


def extensions_of_ours(house: House) -> list[str]:
    """One class for each model; Odoo's own are extended once each."""
    seen = Counter(made.name for made in house.models())
    return [
        f"{made.place}: {made.name} has its one class elsewhere"
        for made in house.models()
        if (made.is_extension and made.name.startswith(OURS)) or seen[made.name] > 1
    ]


def methods_twice(house: House) -> list[str]:
    """A method stands once among a model and its concerns; hooks in the model's class."""
    by_name = {made.name: made for made in house.models() if not made.is_extension}
    found = []
    for model in by_name.values():
        concerns = _concerns(model, by_name)
        count = Counter(name for one in (model, *concerns) for name in one.methods)
        found += [f"{model.place}: {name}, {n} times" for name, n in count.items() if n > 1]
        found += [
            f"{one.place}: {name} stands in the class of {model.name}"
            for one in concerns
            for name in one.methods
            if name in HOOKS
        ]
    return found


def _concerns(model: ModelClass, by_name: dict[str, ModelClass]) -> list[ModelClass]:
    """What it inherits, at any depth, whose name begins with its own."""
    found, left = {}, list(model.parents)
    while left:
        name = left.pop()
        if name in by_name and name not in found and name.startswith(f"{model.name}."):
            found[name] = by_name[name]
            left += by_name[name].parents
    return list(found.values())


def helpers_in_models(house: House) -> list[str]:
    """No function beside the classes, but a private one or two: tools and rnc hold the others."""
    found = []
    for path, tree in house.product():
        if path.parts[1] == "models":
            helpers = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
            private = [one for one in helpers if one.name.startswith("_")]
            others = [one for one in helpers if one not in private] + private[MOST_PRIVATE:]
            found += [f"{path}:{one.lineno}: {one.name}" for one in others]
    return found


def imports_upwards(house: House) -> list[str]:
    """wizard → models → fields → tools → rnc, which is without Odoo; the simulator is alone."""
    found = []
    for path, tree in [*house.product(), *_simulator(house)]:
        for node in ast.walk(tree):
            for imported in _imported(path, node):
                if _is_upwards(path, imported):
                    found.append(f"{path}:{node.lineno}: {'.'.join(imported)}")
    return found


def _simulator(house: House) -> Iterator[tuple[Path, ast.Module]]:
    return ((path, tree) for path, tree in house.trees.items() if path.parts[0] == "simulator")


def _imported(path: Path, node: ast.AST) -> Iterator[tuple[str, ...]]:
    """The full path of each module that a statement names, in parts."""
    if isinstance(node, ast.Import):
        yield from (tuple(alias.name.split(".")) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        here = path.parts[: len(path.parts) - node.level] if node.level else ()
        whole = (*here, *(node.module or "").split(".")) if node.module else here
        yield from ((*whole, alias.name) for alias in node.names)


def _is_upwards(path: Path, imported: tuple[str, ...]) -> bool:
    if imported[:3] == ("odoo", "addons", ADDON):
        imported = imported[2:]
    here = _room(path.with_suffix("").parts)
    if path.parts[0] == "simulator":
        return imported[0] in ("odoo", "rnc", ADDON)
    if imported[0] != ADDON:
        return here == "rnc" and imported[0] == "odoo"
    there = _room(imported)
    below, above = FLOORS.get(there, ROOF), FLOORS.get(here, ROOF)
    return there != here and above < ROOF and below >= above


def _room(parts: tuple[str, ...]) -> str:
    return parts[1] if len(parts) > 1 else ""


def long_files(house: House) -> list[str]:
    """A file that one cannot hold in mind is split by concern; tests too."""
    found = []
    for path in house.trees:
        lines = len((house.root / path).read_text(encoding="utf-8").splitlines())
        if lines > MOST_LINES and path.parts[0] == ADDON:
            found.append(f"{path}: {lines} lines")
    return found


# -- they hold, and would be seen to fail ------------------------------------------------

GUARDS = (extensions_of_ours, methods_twice, helpers_in_models, imports_upwards, long_files)
BATCH = "copro_registry/models/batch/copro_upload_batch.py"
RUN = "copro_registry/models/batch/copro_upload_batch_run.py"
# What a guard has to see: {what is planted: (guard, file, lines at its end)}
PLANTED = {
    "an extension": (
        extensions_of_ours,
        "copro_registry/models/batch/planted.py",
        'class Planted:\n    _inherit = "copro.upload.batch"\n',
    ),
    "an extension that says its name": (
        extensions_of_ours,
        "copro_registry/wizard/planted.py",
        'class Planted:\n    _name = "copro.mandate"\n    _inherit = ["copro.mandate"]\n',
    ),
    "a second extension of Odoo's": (
        extensions_of_ours,
        "copro_registry/models/planted.py",
        'class Planted:\n    _inherit = "res.users"\n',
    ),
    "a method of the model in a concern": (
        methods_twice,
        RUN,
        "\n    def _check_may_run(self):\n        pass\n",
    ),
    "a method of a concern in another": (
        methods_twice,
        RUN,
        "\n    def _send_progress(self):\n        pass\n",
    ),
    "a hook in a concern": (methods_twice, RUN, "\n    def write(self, vals):\n        pass\n"),
    "a helper": (helpers_in_models, BATCH, "\n\ndef planted():\n    pass\n"),
    "private helpers": (helpers_in_models, BATCH, "\n\ndef _a():\n    pass\n" * (MOST_PRIVATE + 1)),
    "a wizard for a model": (imports_upwards, BATCH, "\nfrom ...wizard import copro_declaration\n"),
    "a model for a tool": (
        imports_upwards,
        "copro_registry/tools/planted.py",
        "def planted():\n    from odoo.addons.copro_registry.models import batch\n",
    ),
    "a tool for the heart": (
        imports_upwards,
        "copro_registry/rnc/contract/planted.py",
        "from ...tools import localised\n",
    ),
    "Odoo for the heart": (
        imports_upwards,
        "copro_registry/rnc/planted.py",
        "from odoo.tools import config\n",
    ),
    "the heart for the simulator": (imports_upwards, "simulator/planted.py", "import rnc.items\n"),
    "a long file": (long_files, "copro_registry/tests/planted.py", "\n" * (MOST_LINES + 1)),
}


@pytest.fixture(scope="module")
def house() -> House:
    return House(CHECKOUT)


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.__name__)
def test_the_rule_is_kept(house: House, guard: Callable[[House], list[str]]):
    breaches = guard(house)
    assert not breaches, "\n".join([guard.__doc__, *breaches])


@pytest.mark.parametrize("planted", PLANTED)
def test_a_breach_is_seen(house: House, tmp_path: Path, planted: str):
    guard, file, text = PLANTED[planted]
    for path in house.trees:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(CHECKOUT / path, tmp_path / path)
    with (tmp_path / file).open("a", encoding="utf-8") as source:
        source.write(text)
    assert set(guard(House(tmp_path))) - set(guard(house))
