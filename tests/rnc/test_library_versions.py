"""The heart works with the libraries of Debian 12 and of Ubuntu 24.04, and with the newest.

The newest are in the environment of the tests; each other set is laid over it, in a process
of its own.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from workshop import venv

HERE = Path(__file__).parent
DEBIAN_12 = {
    "cryptography": "38.0.4",
    "jsonschema": "4.10.3",
    "requests": "2.28.1",
    "urllib3": "1.26.12",
    "lxml": "4.9.2",
    "python-stdnum": "1.18",
}
UBUNTU_24_04 = {
    "cryptography": "41.0.7",
    "jsonschema": "4.10.3",
    "requests": "2.31.0",
    "urllib3": "2.0.7",
    "lxml": "5.2.1",
    "python-stdnum": "1.19",
}
TESTS = ("test_certificate.py", "test_profiles.py", "test_shared_schema.py", "test_seal.py")
# What is drawn at random is drawn with the newest; the simulator runs with these too.
CHOSEN = ("-k", "not random and not damaged and not mutated and not sentence")


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="the oldest have no wheel for it")
@pytest.mark.parametrize("wanted", [DEBIAN_12, UBUNTU_24_04], ids=["debian 12", "ubuntu 24.04"])
def test_the_libraries_of(wanted):
    pins = [f"{name}=={version}" for name, version in wanted.items()]
    overlay = venv.overlay(Path(sys.executable), *pins)
    paths = [str(overlay), os.environ["PYTHONPATH"]]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    code = "import cryptography, jsonschema; print(cryptography.__version__)"
    assert _run(environment, "-c", code).stdout.strip() == wanted["cryptography"]
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
