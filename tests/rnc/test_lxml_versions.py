"""The fence around schemas holds with the lxml of the platforms that Odoo 19 declares.

Each is laid over the environment of the tests, in a process of its own: their libxml2 speaks
HTTP and reads what a schema includes otherwise than the newest.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from workshop import venv

HERE = Path(__file__).parent


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="these have no wheel for it")
@pytest.mark.parametrize("version", ["4.9.4", "5.2.2"])
def test_the_fence(version):
    overlay = venv.overlay(Path(sys.executable), f"lxml=={version}")
    paths = [str(overlay), os.environ["PYTHONPATH"]]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    code = "import lxml.etree; print(lxml.etree.LXML_VERSION)"
    assert _run(environment, "-c", code).stdout.startswith(f"({version[0]}, {version[2]}")
    test = str(HERE / "test_schema_fence.py")
    result = _run(environment, "-m", "pytest", "-q", "-p", "no:odoo", test)
    assert result.returncode == 0, result.stdout[-3000:]


def _run(environment, *arguments):
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=HERE.parents[1], env=environment, capture_output=True, text=True
    )
