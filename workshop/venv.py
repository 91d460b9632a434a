"""The virtual environment, shared by the checkouts that need the same packages."""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from . import paths
from .console import Stop, step
from .debian import Archive
from .lock import lock
from .odoo_source import Odoo

# Wheels in place of what would need a compiler and headers.
REPLACED = {"psycopg2": "psycopg2-binary", "pypdf2": "pypdf"}
# Needs a compiler (LDAP login) or reads files that the addon never meets (OFX).
UNUSED = {"python-ldap", "ofxparse"}
# Imported by Odoo's web editor, and absent from Debian's metadata.
FORGOTTEN = ["beautifulsoup4"]
OURS = ("requirements.txt", "test-requirements.txt")


def python(odoo: Odoo, pins: Sequence[str] = ()) -> Path:
    """The interpreter of the virtual environment, made when missing. Raises Stop.

    ``pins``: requirements that narrow the others, as in ``cryptography==38.0.4``.
    """
    wanted = [*_odoo_requirements(odoo.requirements), *FORGOTTEN, *_our_requirements(), *pins]
    key = "\n".join([sys.version, _interpreter(), *wanted])
    name = "venv-" + hashlib.sha256(key.encode()).hexdigest()[:12]
    folder = paths.cache() / name
    if not _complete(folder):
        with lock(paths.cache() / f"{name}.lock", "the Python packages"):
            if not _complete(folder):
                _make(folder, wanted)
    return folder / "bin" / "python"


def _interpreter() -> str:
    """The machine's own, even when one of our environments is running."""
    return os.path.realpath(getattr(sys, "_base_executable", "") or sys.executable)


def site_packages(interpreter: Path) -> Path:
    return next((interpreter.parent.parent / "lib").glob("python3*/site-packages"))


def _complete(folder: Path) -> bool:
    return (folder / "complete").exists()


def _odoo_requirements(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    if path.name == "PKG-INFO":
        lines = re.findall(r"^Requires-Dist: (.+)$", text, flags=re.MULTILINE)
        lines = [line for line in lines if "extra ==" not in line]
    else:
        lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    return [_replaced(line) for line in lines if line and _name(line) not in UNUSED]


def _name(line: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0].lower()


def _replaced(line: str) -> str:
    name = _name(line)
    if name not in REPLACED:
        return line
    _requirement, separator, marker = line.partition(";")
    return REPLACED[name] + (f" {separator}{marker}" if separator else "")


def _our_requirements() -> list[str]:
    lines = []
    for name in OURS:
        text = (paths.CHECKOUT / name).read_text(encoding="utf-8")
        lines += [line.partition("#")[0].strip() for line in text.splitlines()]
    return [line for line in lines if line]


def _make(folder: Path, wanted: list[str]) -> None:
    step("Installing the Python packages (once, about a minute)")
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    interpreter = folder / "bin" / "python"
    without = [] if importlib.util.find_spec("ensurepip") else ["--without-pip"]
    _run([_interpreter(), "-m", "venv", *without, str(folder)])
    listed = folder / "requirements.txt"
    listed.write_text("\n".join(wanted) + "\n")
    _pip(interpreter, "-r", str(listed))
    (folder / "complete").touch()


def overlay(interpreter: Path, *wanted: str) -> Path:
    """A folder of packages to put before those of the environment. Raises Stop.

    To run a test with other versions of a library than those at hand.
    """
    name = "overlay-" + hashlib.sha256("\n".join(wanted).encode()).hexdigest()[:12]
    folder = paths.cache() / name
    if not _complete(folder):
        with lock(paths.cache() / f"{name}.lock", "the Python packages"):
            shutil.rmtree(folder, ignore_errors=True)
            _pip(interpreter, "--target", str(folder), *wanted)
            (folder / "complete").touch()
    return folder


def _pip(interpreter: Path, *arguments: str) -> None:
    has_pip = importlib.util.find_spec("ensurepip")
    environ = {} if has_pip else {"PYTHONPATH": _pip_wheel()}
    _run([str(interpreter), "-m", "pip", "install", "-q", "--prefer-binary", *arguments], environ)


def _pip_wheel() -> str:
    """Debian keeps pip apart from Python: take its wheel."""
    folder = paths.cache() / "pip"
    Archive("stable", paths.cache()).fetch(["python3-pip-whl"], folder)
    return str(next(folder.glob("usr/share/python-wheels/pip-*.whl")))


def _run(command: list[str], environ: dict[str, str] | None = None) -> None:
    result = subprocess.run(
        command,
        env={**os.environ, **(environ or {})},
        capture_output=True,
        text=True,
    )
    if result.returncode:
        lines = (result.stderr or result.stdout).strip().splitlines()
        raise Stop(
            "the Python packages cannot be installed: " + " ".join(lines[-3:]),
            "check the network and pip's configuration, then run it again",
        )
