"""The addon as integrators install it: a wheel, in an environment that has Odoo."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from .conftest import CHECKOUT, Demo, environment_with_odoo

ADDON = CHECKOUT / "copro_registry"
# What the addon reads or serves at run time: all of it must travel.
NEEDED = {".py", ".xml", ".csv", ".json", ".xsd", ".po", ".js", ".css", ".scss", ".png", ".sql"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    _pip(sys.executable, "wheel", "--no-deps", "--wheel-dir", str(folder), str(ADDON))
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_whole_addon(wheel):
    packed = set(zipfile.ZipFile(wheel).namelist())
    ours = {f"odoo/addons/copro_registry/{path}" for path in _tracked()}
    assert ours and not ours - packed


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A demo whose Odoo knows the addon from the wheel alone."""
    folder = tmp_path_factory.mktemp("installed")
    demo = Demo(folder / "var", installed=_environment(folder / "environment", wheel))
    yield demo
    demo.stop_postgres()


def test_the_main_job_runs_from_the_wheel(installed):
    done = installed.run("--no-serve")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("accepté par le registre") == 20
    assert str(CHECKOUT) not in (installed.folder / "demo" / "odoo.conf").read_text()


def test_uninstalling_says_what_is_lost_and_leaves_a_database_that_works(installed):
    script = Path(__file__).with_name("uninstall_job.py")
    done = installed.odoo("shell", "-d", "copro_demo", "--no-http", script=script.read_text())
    result = re.search(r"^RESULT (.*)$", done.stdout, re.MULTILINE)
    assert result, done.stdout + done.stderr
    told = json.loads(result[1])
    assert {"copro.condominium", "copro.transmission", "copro.certificate"} <= set(told["lost"])
    assert told["left"] == []
    assert told["works"] == "Après"


def _environment(folder: Path, wheel: Path) -> Path:
    interpreter = environment_with_odoo(folder)
    _pip(str(interpreter), "install", "--no-deps", str(wheel))
    return interpreter


def _pip(interpreter: str, *arguments: str) -> None:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [interpreter, "-m", "pip", "--quiet", *arguments]
    done = subprocess.run(command, env=kept, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def _tracked() -> list[str]:
    paths = [path.relative_to(ADDON) for path in ADDON.rglob("*") if path.suffix in NEEDED]
    return [str(path) for path in paths if "__pycache__" not in path.parts]
