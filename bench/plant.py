"""A whole installation to load and to ill-treat: Odoo, PostgreSQL, simulator."""

import contextlib
import dataclasses
import functools
import json
import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg2

from simulator.process import Simulator, free_port
from workshop import database, instance, paths
from workshop.console import Stop, step

from . import due

SETUP = paths.CHECKOUT / "bench" / "plant_setup.py"
QUICK = {"connect_timeout": 2, "read_timeout": 2, "total_timeout": 3, "calls_per_minute": 60_000}


class Plant:
    """An installation of its own, whose database is made anew each time.

    ``every_database``: Odoo is started without ``db_name``, as on a host of several
    databases; its scheduled actions run in each that is there.
    """

    def __init__(self, name: str, *, limits: dict | None = None, every_database: bool = False):
        self.name = name
        self.database = f"copro_{name}"
        self.instance = instance.prepare(name, database=self.database, port=free_port())
        database.drop(self.instance)
        database.prepare(self.instance, demo=False)
        self.every_database = every_database
        if every_database:
            dataclasses.replace(self.instance, database=None).write_configuration()
        self.cluster = instance.cluster(name, self.instance.python)
        self._forget_simulator()
        self.simulator = Simulator(self.instance.folder / "simulator")
        self.limits = limits or {}
        self.odoo: subprocess.Popen | None = None
        self._flags: tuple[str, ...] = ()

    def __enter__(self) -> "Plant":
        self.simulator.start()
        return self

    def __exit__(self, *_exception) -> None:
        self.stop()
        self.simulator.stop()
        instance.stop_postgres(self.instance)

    # -- Odoo -----------------------------------------------------------------

    @property
    def environment(self) -> dict[str, str]:
        return self.instance.environment(
            COPRO_REGISTRY_CONTRACTS=str(self.contracts),
            COPRO_REGISTRY_PLANT=json.dumps(
                {
                    "state": str(self.simulator.state),
                    "url": self.simulator.url,
                    "control": self.simulator.control.url,
                    "profile": f"{self.name}-profile",
                }
            ),
        )

    def shells(self, script: Path, *arguments: str, count: int) -> list[str]:
        """Run a script in several shells at a time; returns what each printed."""
        with ThreadPoolExecutor(count) as threads:
            return list(threads.map(lambda _rank: self.shell(script, *arguments), range(count)))

    def shell(self, script: Path, *arguments: str, extra: dict | None = None) -> str:
        """Run a script in Odoo's shell; returns what it printed."""
        environment = {**self.environment, **(extra or {})}
        command = self.instance.command("shell", "-d", self.database, "--no-http")
        if extra and "COPRO_REGISTRY_ADDONS" in extra:
            command.append(f"--addons-path={extra['COPRO_REGISTRY_ADDONS']}")
        with script.open() as source, self.instance.log.open("ab") as log:
            done = subprocess.run(
                [*command, "--log-level=error"],
                stdin=source,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env={**environment, "COPRO_REGISTRY_ARGUMENTS": json.dumps(arguments)},
            )
        if done.returncode:
            raise Stop(f"{script.name} failed", f"read {self.instance.log}")
        return done.stdout

    def fill(self, condominiums: int, refused_every: int = 0) -> None:
        """An account with its certificate, and so many condominiums, ready and queued.

        The address of each n-th is one that the registry refuses; 0: of none.
        """
        step(f"Queueing {condominiums} uploads")
        self.shell(SETUP, str(condominiums), str(refused_every))

    def hold(self) -> None:
        """Nothing is due: a measurement releases what it sends."""
        self.query(due.HOLD)

    def release(self, count: int) -> None:
        """The next ``count`` are due."""
        self.query(due.RELEASE, count)

    def start(self, *flags: str) -> subprocess.Popen:
        """Start an Odoo that serves scheduled actions."""
        script = str(paths.CHECKOUT / "bench" / "odoo_server.py")
        flags = flags or self._flags
        self._flags = flags
        databases = () if self.every_database else ("-d", self.database)
        command = [str(self.instance.python), script, *databases, *flags, "--log-level=warn"]
        with self.instance.log.open("ab") as log:
            self.odoo = subprocess.Popen(
                command, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        return self.odoo

    def supervise(self) -> None:
        """Start Odoo again when it has ended, as a service manager does.

        Its prefork server ends when a worker is to be replaced and PostgreSQL is away.
        """
        if self.odoo and self.odoo.poll() is not None:
            self.restart()

    def stop(self) -> None:
        if self.odoo:  # and what it has left behind
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.odoo.pid, signal.SIGKILL)
            self.odoo.wait()

    def restart(self) -> None:
        self.stop()
        self.start()

    # -- PostgreSQL -------------------------------------------------------------

    def query(self, statement: str, *values) -> list[tuple]:
        """Run one statement on the database; waits for a server that restarts, or copies it."""
        return self.query_in(self.database, statement, *values)

    def query_in(self, name: str, statement: str, *values) -> list[tuple]:
        deadline = time.monotonic() + 60
        while True:
            try:
                return self._query(name, statement, *values)
            except (psycopg2.OperationalError, psycopg2.InterfaceError):  # sent away
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def wake(self) -> None:
        """Make the scheduled actions run now, and what waits be due now.

        The moments of retries are all that is changed: hours pass in seconds. What the
        registry may still be working on stays quiet.
        """
        self.query(
            "UPDATE copro_transmission SET next_attempt = now() AT TIME ZONE 'UTC' "
            "WHERE state IN ('queued', 'received', 'unknown') "
            "AND coalesce(quiet_until, '2000-01-01') < now() AT TIME ZONE 'UTC' "
            "AND next_attempt > now() AT TIME ZONE 'UTC' "
            f"AND next_attempt < {due.HELD}"
        )
        self.query(
            "UPDATE copro_declarant_account SET busy_until = NULL WHERE busy_until IS NOT NULL"
        )
        self.wake_actions(self.database)

    def wake_actions(self, name: str) -> None:
        """Make the scheduled actions of a database run now: those that wait to."""
        self.query_in(
            name,
            "UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'UTC', "
            "failure_count = 0, first_failure_date = NULL WHERE id IN ("
            "SELECT c.id FROM ir_cron c JOIN ir_model_data d ON d.res_id = c.id "
            "WHERE c.active AND d.module = 'copro_registry' AND d.model = 'ir.cron' "
            "FOR NO KEY UPDATE OF c SKIP LOCKED)",
        )
        with contextlib.suppress(psycopg2.OperationalError):
            self._query("postgres", "SELECT pg_notify('cron_trigger', %s)", name)

    def vacuum(self, table: str) -> None:
        """What PostgreSQL does by itself within a minute of so many new rows."""
        self.command(self.database, f"VACUUM ANALYZE {table}")

    def command(self, name: str, statement: str) -> None:
        """Run what no transaction may hold."""
        session = self._session(name)
        session.autocommit = True
        with contextlib.closing(session), session.cursor() as cursor:
            cursor.execute(statement)

    def _query(self, name: str, statement: str, *values) -> list[tuple]:
        session = self._session(name)
        with contextlib.closing(session), session, session.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    def _session(self, name: str):
        connection = self.instance.connection
        where = {"host": connection.host, "port": connection.port, "user": connection.user}
        return psycopg2.connect(dbname=name, password=connection.password or None, **where)

    # -- pieces -----------------------------------------------------------------

    @functools.cached_property
    def contracts(self) -> Path:
        """A folder with the default profile, under the limits of this plant."""
        source = paths.ADDON / "rnc" / "contract" / "hypothetical-2.0.1"
        target = self.instance.folder / "contracts" / f"{self.name}-profile"
        target.mkdir(parents=True, exist_ok=True)
        for path in source.iterdir():
            (target / path.name).write_bytes(path.read_bytes())
        manifest = json.loads((source / "manifest.json").read_text())
        manifest["name"] = target.name
        manifest["limits"] |= self.limits
        (target / "manifest.json").write_text(json.dumps(manifest))
        return target.parent

    def _forget_simulator(self) -> None:
        folder = self.instance.folder / "simulator"
        for path in folder.glob("registry.sqlite*"):
            path.unlink()
