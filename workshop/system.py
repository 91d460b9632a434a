"""System programs that some tests need, and cannot bring with them."""

import ctypes
import os
import shutil
import subprocess

from . import paths
from .console import Stop, say, step

PROGRAMS = {
    # Debian package: the names its program may have
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "wkhtmltopdf": ("wkhtmltopdf",),
}
LIBRARIES = {"libatomic1": "libatomic.so.1"}  # of what drives the browser


def prepare() -> None:
    """Install what is missing where we may; else say the command. Raises Stop on CI."""
    packages = missing()
    if not packages:
        return
    if paths.IS_ROOT and shutil.which("apt-get"):
        step(f"Installing {' and '.join(packages)}")
        _apt("update")
        _apt("install", "--no-install-recommends", *packages)
    elif os.environ.get("CI"):
        raise Stop(f"missing on this machine: {' '.join(packages)}", command(packages))
    else:
        names = " ".join(packages)
        say(f"Missing, so their tests are skipped: {names}. To run them: {command(packages)}")


def missing() -> list[str]:
    """The Debian packages whose programs or libraries are not there."""
    programs = [package for package, names in PROGRAMS.items() if not any(map(shutil.which, names))]
    return programs + [package for package, name in LIBRARIES.items() if not _loads(name)]


def command(packages: list[str]) -> str:
    return f"apt-get install {' '.join(packages)}"


def browser() -> str | None:
    """The path of Chromium, when there is one."""
    return next(filter(None, map(shutil.which, PROGRAMS["chromium"])), None)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _apt(*arguments: str) -> None:
    result = subprocess.run(
        ["apt-get", "-y", "-q", "-oDPkg::Lock::Timeout=300", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        capture_output=True,
        text=True,
    )
    if result.returncode:
        reason = (result.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Stop(f"apt-get {arguments[0]} failed: {reason}", "check the network, run it again")
