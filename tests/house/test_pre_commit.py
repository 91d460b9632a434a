"""The conventions of .pre-commit-config.yaml hold for every file."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workshop import paths

CHECKOUT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(sys.executable).parent
TELLS_ONLY = "pylint-odoo"  # with --exit-zero; pylint-odoo-mandatory is the one that fails


def test_every_hook_is_green():
    if not (CHECKOUT / ".git").exists() or not shutil.which("git"):
        pytest.skip("pre-commit reads the list of files from git: this is not a clone")
    # The environment brings its own Node.js, for prettier and eslint.
    search = os.pathsep.join([str(PROGRAMS), os.environ["PATH"]])
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--all-files", "--show-diff-on-failure"],
        cwd=CHECKOUT,
        env={**_environment(), "PATH": search, "SKIP": TELLS_ONLY},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def _environment() -> dict[str, str]:
    """Without the paths of the tests: the hooks have environments of their own."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return {**kept, "PRE_COMMIT_HOME": str(paths.cache() / "hooks")}
