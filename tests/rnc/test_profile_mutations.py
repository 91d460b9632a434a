"""Profiles that somebody has got wrong: each mistake is a sentence that names its place."""

import csv
import json
import random
import shutil
from pathlib import Path

import pytest

from conftest import BY_THE_BOOK, FLAT_JSON, REST, SOAP
from rnc import contract
from rnc.profile_check import problems

DEFAULT = contract.named().folder
# What somebody has got wrong: in which file of which profile, at which key, what it becomes (in
# JSON; nothing: it is taken away), and what is told.
with (Path(__file__).parents[1] / "data" / "profile_mistakes.tsv").open(encoding="utf-8") as stream:
    MISTAKES = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
FOLDERS = {one.name: one for one in (DEFAULT, REST, SOAP, BY_THE_BOOK, FLAT_JSON)}


def spoiled(tmp_path: Path, folder: Path, name: str, key: str, becomes: str) -> Path:
    """A copy of a profile's folder with that mistake."""
    made = Path(shutil.copytree(folder, tmp_path / folder.name))
    content = json.loads((made / f"{name}.json").read_text())
    above, _slash, last = key.partition("a//b") if "a//b" in key else key.rpartition("/")
    steps = [step for step in above.split("/") if step]
    last = "a//b" if "a//b" in key else last
    place = content
    for step in steps:
        is_rank = isinstance(place, list)
        place = place[int(step)] if is_rank else place.setdefault(step, {})
    key = int(last) if isinstance(place, list) else last
    if becomes:
        place[key] = json.loads(becomes)
    else:
        del place[key]
    (made / f"{name}.json").write_text(json.dumps(content))
    return made


@pytest.mark.parametrize("case", MISTAKES, ids=lambda case: f"{case['profile']} {case['key'][:40]}")
def test_a_mistake_is_told_with_its_place(tmp_path, case):
    folder = FOLDERS[case["profile"]]
    found = problems(spoiled(tmp_path, folder, case["file"], case["key"], case["becomes"]))
    assert any(case["told"] in one for one in found), found
    assert not any("it cannot be read" in one for one in found), found


def test_a_hundred_mistakes_at_least():
    assert len(MISTAKES) > 100


BAD_DATE = 'HTTP/1.1 200 OK\n\n{"accounts": {"end": "31.02.2025"}}'
SAMPLES = [
    ("WS1.http", "HTTP/1.1 200 OK\n\n", "samples/WS1.http: a sample is called"),
    ("WS1-yes.http", "HTTP/1.1 200 OK\n\n", "samples/WS1-yes.http: a sample is called"),
    ("WS9-received.http", "HTTP/1.1 202 Accepted\n\n", "WS9-received.http: WS9 is no service"),
    ("WS1-received.http", "200 OK\n\n", "WS1-received.http, line 1: no status line"),
    ("WS1-received.http", "", "WS1-received.http, line 1: no status line"),
    ("WS1-received.http", "HTTP/1.1 202 Accepted\n{}\n", "received.http, line 2: no header"),
    ("WS1-accepted.http", "HTTP/1.1 202 Accepted\n\n", "it is understood as received"),
    ("WS1-received.http", "HTTP/1.1 303 See Other\nLocation: /a\n\n", "unreadable (REDIRECTED)"),
    ("WS1-received.http", "HTTP/1.1 503 Busy\n\n", "unreadable (UNAVAILABLE)"),
    ("WS3-accepted.http", BAD_DATE, "unreadable (UNREADABLE)"),
]


@pytest.mark.parametrize(("name", "content", "told"), SAMPLES)
def test_a_sample_that_is_understood_otherwise(tmp_path, name, content, told):
    made = Path(shutil.copytree(REST, tmp_path / REST.name))
    (made / "samples" / name).write_text(content)
    [found] = problems(made)
    assert told in found


@pytest.mark.parametrize("folder", [DEFAULT, REST, SOAP, FLAT_JSON], ids=lambda one: one.name)
def test_whatever_a_key_becomes_a_sentence_is_told(tmp_path, folder):
    """Any scalar, list or object in the place of any other: never a traceback."""
    draw, text = random.Random(folder.name), (folder / "manifest.json").read_text()
    made = Path(shutil.copytree(folder, tmp_path / folder.name))
    values = [
        None,
        "",
        "x",
        0,
        -1,
        1e30,
        True,
        [],
        {},
        ["x"],
        {"x": "x"},
        "a" * 5000,
        "{",
        "%",
        "/",
    ]
    for _rank in range(25):
        content = json.loads(text)
        at, steps = content, 0
        while isinstance(at, dict | list) and at and steps < draw.randint(1, 5):
            place, steps = at, steps + 1
            key = draw.choice(list(at) if isinstance(at, dict) else range(len(at)))
            at = at[key]
        place[key] = draw.choice(values)
        (made / "manifest.json").write_text(json.dumps(content))
        contract.load.cache_clear()
        found = problems(made)
        assert all(isinstance(one, str) and one for one in found)
        assert not any("it cannot be read" in one for one in found), (key, place[key], found)
