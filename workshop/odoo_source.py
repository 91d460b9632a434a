"""Odoo 19: the integrator's own, or Debian's package unpacked in the cache."""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import paths
from .console import Stop, step
from .debian import Archive
from .lock import lock

# Debian's package leaves these out; its web client holds relative links to them.
FROM_SID = [
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-ocr-b",
]
# Odoo needs Font Awesome 4.7, which sid has replaced.
FROM_STABLE = ["fonts-font-awesome", "fonts-inconsolata"]
REMOVED_BY_DEBIAN = "addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


@dataclass(frozen=True)
class Odoo:
    """A usable Odoo: what to put on the Python path, and its addons."""

    python_path: Path
    requirements: Path
    addons: tuple[Path, ...] = ()

    @property
    def package(self) -> Path:
        return self.python_path / "odoo"


def find() -> Odoo:
    """The Odoo 19 to use, fetched when there is none. Raises Stop."""
    chosen = os.environ.get("ODOO_SOURCE")
    if chosen:
        return _existing(Path(chosen).expanduser().resolve())
    folder = paths.cache() / "odoo-19"
    if not folder.exists():
        with lock(paths.cache() / "odoo-19.lock", "Odoo 19"):
            if not folder.exists():
                _fetch(folder)
    return _packaged(folder)


def _existing(folder: Path) -> Odoo:
    candidates = [folder, folder.parent if folder.name == "odoo" else folder]
    for candidate in candidates:
        if (candidate / "odoo" / "release.py").exists():
            _check_release(candidate / "odoo" / "release.py")
            addons = candidate / "addons"
            return Odoo(
                python_path=candidate,
                requirements=_requirements(candidate),
                addons=(addons,) if addons.is_dir() else (),
            )
    raise Stop(
        f"ODOO_SOURCE={folder} holds no Odoo",
        "give the folder that holds odoo/release.py, or unset ODOO_SOURCE",
    )


def _requirements(folder: Path) -> Path:
    candidates = [folder / "requirements.txt", *folder.glob("odoo-19*.egg-info/PKG-INFO")]
    for candidate in candidates:
        if candidate.exists():
            return candidate
    raise Stop(f"{folder} has no requirements.txt", "use a complete copy of Odoo 19")


def _check_release(release: Path) -> None:
    found = re.search(r"version_info\s*=\s*\((\d+|'[^']*')", release.read_text())
    if not found or not found[1].strip("'").endswith("19"):
        raise Stop(
            f"{release.parent} is Odoo {found[1] if found else '?'}, not 19",
            "give an Odoo 19, or unset ODOO_SOURCE",
        )


def _fetch(folder: Path) -> None:
    step("Fetching Odoo 19 (about 125 MB, once for all checkouts)")
    unpacked = folder.with_name("odoo-19.partial")
    shutil.rmtree(unpacked, ignore_errors=True)
    Archive("sid", paths.cache()).fetch(["odoo-19", *FROM_SID], unpacked)
    Archive("stable", paths.cache()).fetch(FROM_STABLE, unpacked)
    removed = _packaged(unpacked).package / REMOVED_BY_DEBIAN
    removed.parent.mkdir(parents=True, exist_ok=True)
    removed.touch()
    unpacked.rename(folder)


def _packaged(folder: Path) -> Odoo:
    python_path = folder / "usr/lib/python3/dist-packages"
    return Odoo(python_path=python_path, requirements=_requirements(python_path))
