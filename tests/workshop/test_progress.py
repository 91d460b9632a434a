"""What ``bin/test`` tells while tests run, and what it leaves behind: nothing."""

import json
import os
import subprocess
import sys
import textwrap
import time
from collections import Counter

import pytest

from workshop import board, paths, processes, pytest_events
from workshop.board import Board, Tally

TESTS = """
    import pytest

    def test_good():
        pass

    def test_bad():
        print("what it had printed")
        assert 1 == 2

    @pytest.fixture
    def broken():
        raise RuntimeError("no fixture")

    def test_without_its_fixture(broken):
        pass

    def test_skipped():
        pytest.skip("not here")
"""


def told(folder, *flags: str) -> list[dict]:
    """The events of pytest on the file above."""
    (folder / "test_sample.py").write_text(textwrap.dedent(TESTS))
    events = folder / "a.events"
    subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:odoo"),
            *("-p", pytest_events.__name__, *flags, "test_sample.py"),
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(paths.CHECKOUT), pytest_events.FILE: str(events)},
        capture_output=True,
    )
    return [json.loads(line) for line in events.read_text().splitlines()]


@pytest.mark.parametrize("flags", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_each_test_is_told_once(tmp_path, flags):
    events = told(tmp_path, *flags)
    [collected] = [event for event in events if event["event"] == "collected"]
    assert len(collected["tests"]) == 4
    done = [event for event in events if event["event"] == "done"]
    assert Counter(event["test"] for event in done) == Counter(collected["tests"])
    outcomes = Counter(event["outcome"] for event in done)
    assert outcomes == {"passed": 1, "failed": 2, "skipped": 1}


def test_a_failure_is_told_before_the_next_test_ends(tmp_path):
    events = told(tmp_path)
    names = [(event["event"], event.get("test", "").partition("::")[2]) for event in events]
    assert names[1:4] == [("done", "test_good"), ("failure", "test_bad"), ("done", "test_bad")]
    [bad, fixture] = [event for event in events if event["event"] == "failure"]
    assert "assert 1 == 2" in bad["text"] and "what it had printed" in bad["text"]
    assert fixture["when"] == "setup" and "no fixture" in fixture["text"]


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "conftest.py").write_text("")
    (tmp_path / "test_broken.py").write_text("import nothing_of_that_name\n")
    events = told(tmp_path, "test_broken.py")
    [failure] = [event for event in events if event["event"] == "failure"]
    assert failure["when"] == "collect" and "nothing_of_that_name" in failure["text"]


def tally(folder, name="heart", **place) -> Tally:
    made = Tally(
        name, folder / f"{name}.events", (f"tests/{name}",), **{"lane": 0, "turn": 0, **place}
    )
    made.started = True
    return made


def write(tally: Tally, *events: dict) -> None:
    with tally.events.open("a") as stream:
        stream.writelines(json.dumps(event) + "\n" for event in events)


def done(test: str, seconds: float) -> dict:
    return {"event": "done", "test": test, "outcome": "passed", "seconds": seconds}


def test_the_line_tells_how_far_and_how_long(tmp_path):
    first, second = tally(tmp_path), tally(tmp_path, "addon", turn=1)
    beside = tally(tmp_path, "end", lane=1, workers=2)
    memory = tmp_path / "durations.json"
    tests = {"tests/heart/a": 10, "tests/heart/b": 20, "tests/addon/c": 60, "tests/end/d": 100}
    memory.write_text(json.dumps(tests))
    seen = Board([first, second, beside], memory)
    assert seen.line().endswith("about 2 min left"), "heart, then addon, are the longest"
    write(first, {"event": "collected", "tests": ["tests/heart/a", "tests/heart/b"]})
    write(first, done("tests/heart/a", 9))
    seen.look()
    assert "heart 1/2" in seen.line()
    assert seen.line().endswith("0 failed · 80 s left")
    write(first, done("tests/heart/b", 9))
    first.ended = True
    seen.look()
    assert "heart" not in seen.line()
    assert seen.line().endswith("60 s left")


def test_without_a_memory_nothing_is_promised(tmp_path):
    assert Board([tally(tmp_path)], tmp_path / "none.json").line().endswith("not known yet")


def test_a_failure_is_printed_at_once_where_no_terminal_is(tmp_path, capsys):
    running = tally(tmp_path)
    with Board([running], tmp_path / "durations.json"):
        failure = {"event": "failure", "test": "tests/heart/a", "when": "call", "text": "why"}
        write(running, failure)
        deadline, shown = time.monotonic() + 10, ""
        while "FAILED" not in shown and time.monotonic() < deadline:
            time.sleep(0.05)
            shown += capsys.readouterr().out
    assert "FAILED tests/heart/a\nwhy" in shown
    assert "1 failed" in shown, "and how far the others are"


def test_a_line_comes_by_itself_and_the_seconds_are_remembered(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(board, "SECONDS_BETWEEN_LINES", 0.1)
    running, memory = tally(tmp_path), tmp_path / "durations.json"
    memory.write_text(json.dumps({"tests/heart/a": 3, "tests/heart/z": 4}))
    write(running, {"event": "collected", "tests": ["tests/heart/a", "tests/heart/z"]})
    write(running, done("tests/heart/a", 1.5))
    # What fails at once says nothing of how long it lasts.
    write(running, {**done("tests/heart/z", 0), "outcome": "failed"})
    with Board([running], memory):
        time.sleep(1.5)
    assert "heart 2/2" in capsys.readouterr().out
    assert board.remembered(memory) == {"tests/heart/a": 1.5, "tests/heart/z": 4}


def test_a_test_that_moves_the_clock_lasts_no_years(tmp_path, monkeypatch):
    report = pytest.TestReport("a", ("a", 1, "a"), {}, "passed", None, "teardown", duration=1e9)
    teller = pytest_events.Teller(str(tmp_path / "a.events"))
    teller.pytest_runtest_logreport(report)
    assert json.loads((tmp_path / "a.events").read_text())["seconds"] == 0


def test_a_line_that_is_half_written_is_read_when_it_is_whole(tmp_path):
    running = tally(tmp_path)
    text = json.dumps(done("tests/heart/é", 1)) + "\n"
    running.events.write_text(text[:30])
    assert running.news() == []
    running.events.write_text(text)
    assert [event["test"] for event in running.news()] == ["tests/heart/é"]


def test_what_a_killed_parent_leaves_behind_is_ended():
    """A child in a session of its own, that does not hear SIGTERM."""
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1); time.sleep(99)"
    mark = {"COPRO_REGISTRY_SWEPT": str(os.getpid())}
    child = subprocess.Popen(
        [sys.executable, "-u", "-c", code],
        env={**os.environ, **mark},
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    child.stdout.readline()
    processes.sweep(*next(iter(mark.items())), seconds=0.5)
    assert child.wait(10) == -9
