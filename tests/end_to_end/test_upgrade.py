"""A database of the first version goes on with the present one.

With ``COPRO_REGISTRY_CONDOMINIUMS=10000`` it is one of a large portfolio; the time of the
update is printed.
"""

import io
import json
import re
import shutil
import subprocess
import tarfile
import time
from pathlib import Path

import pytest

from workshop.venv import site_packages

from .conftest import CHECKOUT, Demo, environment_with_odoo

FIRST_VERSION = "3a59e03"  # 19.0.1.0.0
DATABASE = "copro_upgrade"
FILL = Path(__file__).with_name("upgrade_fill_job.py")
READ = Path(__file__).with_name("upgrade_read_job.py")


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """An Odoo whose only copy of the addon can be replaced."""
    folder = tmp_path_factory.mktemp("upgrade")
    interpreter = environment_with_odoo(folder / "environment")
    demo = Demo(folder / "var", installed=interpreter)
    yield demo, site_packages(interpreter) / "odoo" / "addons"
    demo.stop_postgres()


def first_version(addons: Path) -> None:
    command = ["git", "archive", FIRST_VERSION, "copro_registry"]
    archive = subprocess.run(command, cwd=CHECKOUT, capture_output=True)
    if archive.returncode:
        pytest.skip(f"the first version ({FIRST_VERSION}) is not in this clone's history")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(addons, filter="data")


def present_version(addons: Path) -> None:
    shutil.rmtree(addons / "copro_registry")
    shutil.copytree(CHECKOUT / "copro_registry", addons / "copro_registry")


def run(demo: Demo, *arguments: str, job: Path | None = None) -> dict:
    script = job.read_text() if job else ""
    done = demo.odoo(*arguments, "-d", DATABASE, "--no-http", "--log-level=warn", script=script)
    assert done.returncode == 0, done.stdout + done.stderr
    result = re.search(r"^RESULT (.*)$", done.stdout, re.MULTILINE)
    return json.loads(result[1]) if result else {}


def test_a_database_of_the_first_version_is_updated(office):
    demo, addons = office
    first_version(addons)
    languages = "--load-language=fr_FR"
    run(demo, "-i", "copro_registry", "--with-demo", languages, "--stop-after-init")
    before = run(demo, "shell", job=FILL)
    present_version(addons)
    start = time.monotonic()
    run(demo, "-u", "copro_registry", "--stop-after-init")
    count = len(before["condominiums"])
    print(f"Updated with {count} condominiums in {time.monotonic() - start:.0f} s")
    after = run(demo, "shell", job=READ)
    assert after["condominiums"] == before["condominiums"]
    assert after["fiscal_years"] == before["fiscal_years"]
    assert after["uploads"] == before["uploads"]
    assert after["left_behind"] == []
