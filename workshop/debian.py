"""Debian packages fetched and unpacked without root and without installing them.

A private apt state is used, so that neither the machine's package lists nor its
installed packages matter. The mirror is the one the machine is configured for.
"""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from .console import Stop

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
NO_NETWORK = "check the network and the machine's apt sources, then run it again"
INDEX_FORMAT = "$(REPO_URI)"


class Archive:
    """The packages of one suite of the machine's Debian mirror."""

    def __init__(self, suite: str, folder: Path):
        self.suite = suite
        self.folder = folder / f"apt-{suite}"

    def fetch(self, packages: list[str], destination: Path) -> None:
        """Download and unpack ``packages`` into ``destination``. Raises Stop."""
        self._update()
        for package in packages:
            with tempfile.TemporaryDirectory(dir=self.folder) as temporary:
                self._apt(["apt-get", "download", package], cwd=temporary)
                self._unpack(next(Path(temporary).glob("*.deb")), destination)

    def _update(self) -> None:
        for name in ("lists/partial", "cache/archives/partial", "etc"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        (self.folder / "status").touch()
        line = f"deb [signed-by={KEYRING}] {mirror()} {self.suite} main\n"
        (self.folder / "sources.list").write_text(line)
        self._apt(["apt-get", "update"])

    def _apt(self, command: list[str], cwd: str | None = None) -> None:
        options = {
            "Dir::Etc::SourceList": self.folder / "sources.list",
            "Dir::Etc::SourceParts": "/dev/null",
            "Dir::State::Lists": self.folder / "lists",
            "Dir::State::status": self.folder / "status",
            "Dir::Cache": self.folder / "cache",
            "APT::Sandbox::User": "",
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
            # A company's mirror, or a snapshot, may lag: it is signed all the same.
            "Acquire::Check-Valid-Until": "false",
        }
        flags = [f"-o{name}={value}" for name, value in options.items()]
        result = subprocess.run(
            [command[0], *flags, *command[1:]], cwd=cwd, capture_output=True, text=True
        )
        failed = result.returncode or "W: Failed to fetch" in result.stderr
        if failed:
            reason = result.stderr.strip().splitlines()[-1:] or ["no reason given"]
            raise Stop(f"{' '.join(command)} failed: {reason[0]}", NO_NETWORK)

    def _unpack(self, package: Path, destination: Path) -> None:
        # Catalogues of other languages are two thirds of Odoo's weight.
        destination.mkdir(parents=True, exist_ok=True)
        with subprocess.Popen(
            ["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE
        ) as archive:
            wanted = ["--exclude=*/i18n/*.po", "--no-same-owner", "--no-same-permissions"]
            languages = self._pick_languages(package)
            command = ["tar", "-x", "-C", str(destination)]
            extracted = subprocess.run([*command, *wanted], stdin=archive.stdout)
        if archive.returncode or extracted.returncode:
            raise Stop(f"{package.name} cannot be unpacked", "free some disk space")
        if languages:
            self._extract_only(package, destination, languages)

    def _pick_languages(self, package: Path) -> list[str]:
        if not package.name.startswith("odoo"):
            return []
        return ["*/i18n/fr.po"]

    def _extract_only(self, package: Path, destination: Path, names: list[str]) -> None:
        with subprocess.Popen(
            ["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE
        ) as archive:
            command = ["tar", "-x", "-C", str(destination), "--wildcards", *names]
            subprocess.run(command, stdin=archive.stdout, check=True)


def mirror() -> str:
    """The mirror that the machine's own apt is configured for. Raises Stop."""
    if not shutil.which("apt-get"):
        raise Stop(
            "this machine has no apt-get, so Odoo 19 cannot be fetched",
            "get Odoo 19's source and run with ODOO_SOURCE=/path/to/odoo",
        )
    known = _indexed_mirror() or _listed_mirror()
    if not known:
        raise Stop("no Debian mirror in the machine's apt sources", NO_NETWORK)
    return known


def _indexed_mirror() -> str:
    result = subprocess.run(
        [
            *("apt-get", "indextargets", "--format", INDEX_FORMAT),
            *("Created-By: Packages", "Origin: Debian", "Label: Debian"),
        ],
        capture_output=True,
        text=True,
    )
    return next(iter(result.stdout.split()), "")


def _listed_mirror() -> str:
    """A fresh machine has not fetched its lists yet: read its sources."""
    folder = Path("/etc/apt")
    files = [folder / "sources.list", *sorted(folder.glob("sources.list.d/*"))]
    text = "\n".join(path.read_text(errors="replace") for path in files if path.is_file())
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    found = re.findall(r"(?:https?|file|ftp|mirror\+file)://?\S*", "\n".join(lines))
    return next((uri for uri in found if _is_main_archive(uri)), "")


def _is_main_archive(uri: str) -> bool:
    return uri.rstrip("/").endswith("/debian")
