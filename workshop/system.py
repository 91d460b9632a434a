"""System programs that some tests need, and cannot bring with them."""

import os
import shutil
import subprocess

from . import paths
from .console import Stop, say, step

# program -> (other names, Debian package)
NEEDED = {
    "chromium": (("chromium-browser", "google-chrome"), "chromium"),
    "wkhtmltopdf": ((), "wkhtmltopdf"),
}


def prepare() -> None:
    """Install what is missing where we may; else say the command. Raises Stop on CI."""
    missing = [NEEDED[name][1] for name in NEEDED if not _found(name)]
    if not missing:
        return
    command = f"apt-get install {' '.join(missing)}"
    if paths.IS_ROOT and shutil.which("apt-get"):
        step(f"Installing {' and '.join(missing)}")
        _apt("update")
        _apt("install", "--no-install-recommends", *missing)
    elif os.environ.get("CI"):
        raise Stop(f"missing on this machine: {' '.join(missing)}", command)
    else:
        say(f"Missing, so their tests are skipped: {' '.join(missing)}. To run them: {command}")


def _found(name: str) -> bool:
    others, _package = NEEDED[name]
    return any(shutil.which(candidate) for candidate in (name, *others))


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
