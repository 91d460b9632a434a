"""The heart works with the libraries of Debian 12 and of Ubuntu 24.04, and with the newest.

The newest are in the environment of the tests; each other set is laid over it, in a process
of its own.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from workshop import floors, venv

HERE = Path(__file__).parent
TESTS = ("test_certificate.py", "test_profiles.py", "test_shared_schema.py", "test_seal.py")
# What is drawn at random is drawn with the newest; the simulator runs with these too.
CHOSEN = ("-k", "not random and not damaged and not mutated and not sentence")


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="the oldest have no wheel for it")
@pytest.mark.parametrize("name", floors.FLOORS)
def test_the_libraries_of(name):
    overlay = venv.overlay(Path(sys.executable), *floors.pins(name))
    paths = [str(overlay), os.environ["PYTHONPATH"]]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    code = "import cryptography, jsonschema; print(cryptography.__version__)"
    assert _run(environment, "-c", code).stdout.strip() == floors.FLOORS[name]["cryptography"]
    tests = [str(HERE / name) for name in TESTS]
    result = _run(environment, "-m", "pytest", "-q", "-p", "no:odoo", *CHOSEN, *tests)
    assert result.returncode == 0, result.stdout[-3000:]
    print(result.stdout.splitlines()[-1])


def _run(environment, *arguments):
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=HERE.parents[1], env=environment, capture_output=True, text=True
    )


def test_a_siret_of_la_poste_is_one_with_every_version(monkeypatch):
    """Those of its offices add up to a multiple of 5; stdnum 1.17 does not know it."""
    from rnc.rules import formats

    monkeypatch.setattr(formats.siret, "is_valid", lambda number: number == "35600000000048")
    assert formats.is_siret("35600000000048") and formats.is_siret("35600000009075")
    assert not formats.is_siret("35600000009076") and not formats.is_siret("35600100009075")
    assert not formats.is_siret("3560000000907") and not formats.is_siret("")
