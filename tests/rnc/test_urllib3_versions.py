"""The transport works with urllib3 1.26, which Odoo 19 may bring, and with the newest.

The newest is in the environment of the tests; the other one is laid over it, in a
process of its own.
"""

import os
import subprocess
import sys
from pathlib import Path

import urllib3

from workshop import venv

HERE = Path(__file__).parent
OLD = ("urllib3==1.26.20",)
TESTS = (
    "test_strict_tls.py",
    "test_hostile_answers.py",
    "test_connection.py",
    "test_slow_servers.py",
    "test_proof.py",
    "test_proxy.py",
)
TOGETHER = ("-n", "2", "--dist", "loadfile")  # slow servers are waited for beside the others
# Of the faults of each service, those of one service are enough here.
CHOSEN = ("-k", "not WS and not STATUS or WS1")


def version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:2])


def test_the_other_tests_run_with_a_recent_one():
    assert version(urllib3.__version__) >= (2, 0)


def test_urllib3_1_26():
    overlay = venv.overlay(Path(sys.executable), *OLD)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(overlay), os.environ["PYTHONPATH"]]),
    }
    shown = subprocess.run(
        [sys.executable, "-c", "import urllib3; print(urllib3.__version__)"],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert shown.stdout.strip() == "1.26.20"
    result = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:odoo",
            *TOGETHER,
            *CHOSEN,
            *(HERE / name for name in TESTS),
        ],
        cwd=HERE.parents[1],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout[-3000:]
    print(result.stdout.splitlines()[-1])
