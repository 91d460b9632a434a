"""What ``bin/test`` runs, and what its options leave out."""

import ast
from types import SimpleNamespace

import pytest

from workshop import paths, test
from workshop.console import Stop

WHOLE = SimpleNamespace(fast=False, floor=None)
FILES = [path.relative_to(paths.CHECKOUT) for path in paths.CHECKOUT.glob("tests/*/test_*.py")]


def session(options=WHOLE, flags=()) -> test.Session:
    prepared = SimpleNamespace(folder=paths.VAR / "nothing", port=8999)
    return test.Session(prepared, list(flags), options)


@pytest.mark.parametrize("path", FILES, ids=str)
def test_every_file_is_of_one_group(path):
    assert len([group for group in test.GROUPS if group.takes(str(path))]) == 1


def test_the_shares_of_the_addon_hold_each_file_once():
    [addon] = [group for group in test.GROUPS if group.shards > 1]
    prepared = SimpleNamespace(folder=paths.VAR / "nothing")
    shares = test._shards(addon, prepared, ())
    assert len(shares) == addon.shards
    files = sorted(path for share in shares for path in share)
    tests = (paths.ADDON / "tests").glob("test_*.py")
    assert files == sorted(str(path.relative_to(paths.CHECKOUT)) for path in tests)
    fewer = test._shards(addon, prepared, addon.slow)
    assert {path for share in fewer for path in share} == set(files) - set(addon.slow)


def test_what_is_left_out_exists():
    """A file that moves would be run again, or be told where it is not."""
    left_out = [path for group in test.GROUPS for path in (*group.slow, *test.OTHER_VERSIONS)]
    assert left_out and not [path for path in left_out if not (paths.CHECKOUT / path).exists()]


def test_what_comes_first_exists():
    folder = paths.CHECKOUT / "tests" / "end_to_end"
    tree = ast.parse((folder / "conftest.py").read_text())
    [first] = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "FIRST"
    ]
    names = [node.value for node in ast.walk(first) if isinstance(node, ast.Constant)]
    known = {path.stem for path in paths.CHECKOUT.glob("tests/*/test_*.py")}
    assert names and set(names) <= known


def test_fast_tells_all_that_it_leaves_out():
    fast = session(SimpleNamespace(fast=True, floor=None))
    wanted = [group.name for group in test.GROUPS if fast._wants(group)]
    assert "end to end" not in wanted and "end to end" in fast.left_out
    for group in test.GROUPS:
        if group.name in wanted:
            assert set(fast._ignored(group)) == set(group.slow) <= set(fast.left_out)


@pytest.mark.parametrize(
    ("flags", "speaks"),
    [
        ([], False),
        (["-k", "seal"], False),
        (["-x", "--maxfail=3"], False),
        (["-s"], True),
        (["-k", "seal", "--pdb"], True),
        (["-v"], True),
    ],
)
def test_pytest_speaks_for_itself_when_it_is_asked_to(flags, speaks):
    assert session(flags=flags)._pytest_speaks == speaks


def test_arguments_of_pytest_are_left_to_it():
    options, others = test._parse(["tests/rnc", "-k", "seal and not key", "--fast", "-x"])
    assert options.fast and options.floor is None
    assert others == ["tests/rnc", "-k", "seal and not key", "-x"]


def test_one_run_at_a_time(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "VAR", tmp_path)
    monkeypatch.setattr(test, "_test", lambda options, others: test.main([]))
    with pytest.raises(Stop, match="already running"):
        test.main([])
