"""Plugin of pytest: tells ``bin/test`` of each test when it ends, one JSON object a line.

``{"event": "collected", "tests": [id, …]}``, then for each test ``{"event": "done", "test": id,
"outcome": "passed" | "failed" | "skipped", "seconds": …}``, and as soon as something fails
``{"event": "failure", "test": id, "when": …, "text": what pytest would print at the end}``.
"""

import json
import os

LONGEST = 3600  # seconds
FILE = "COPRO_REGISTRY_TEST_EVENTS"


def pytest_configure(config):
    # Workers of xdist tell their controller, which tells everything once.
    if os.environ.get(FILE) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Teller(os.environ[FILE]), "copro_registry_events")


class Teller:
    """Appends the events of one pytest process to a file."""

    def __init__(self, path: str):
        self._path = path
        self._states: dict[str, tuple[str, float]] = {}
        self._collected = False

    def pytest_collection_finish(self, session):
        self._tell_collected([item.nodeid for item in session.items])

    def pytest_xdist_node_collection_finished(self, node, ids):
        self._tell_collected(ids)

    def pytest_collectreport(self, report):
        if report.failed:
            self._tell("failure", test=report.nodeid, when="collect", text=_text(report))

    def pytest_runtest_logreport(self, report):
        outcome, seconds = self._states.get(report.nodeid, ("passed", 0.0))
        outcome = outcome if report.passed or outcome == "failed" else report.outcome
        # A test that stops or moves the clock lasts no time, or years.
        lasted = report.duration if 0 <= report.duration < LONGEST else 0
        self._states[report.nodeid] = (outcome, seconds + lasted)
        if report.failed:
            self._tell("failure", test=report.nodeid, when=report.when, text=_text(report))
        if report.when == "teardown":
            outcome, seconds = self._states.pop(report.nodeid)
            self._tell("done", test=report.nodeid, outcome=outcome, seconds=round(seconds, 2))

    def _tell_collected(self, ids):
        if ids and not self._collected:
            self._collected = True
            self._tell("collected", tests=list(ids))

    def _tell(self, event, **values):
        with open(self._path, "a", encoding="utf-8") as stream:
            stream.write(json.dumps({"event": event, **values}) + "\n")


def _text(report) -> str:
    """What failed, then what it had printed and logged."""
    parts = [report.longreprtext]
    parts += [f"--- {name}\n{content.rstrip()}" for name, content in report.sections]
    return "\n".join(part for part in parts if part)
