"""What is done to whole databases on a host: backed up, put back, duplicated, dropped."""

import shutil
import subprocess
import time
from pathlib import Path

import psycopg2

from workshop import paths
from workshop.console import Stop, step

from .plant import Plant

DUPLICATE = paths.CHECKOUT / "bench" / "odoo_duplicate.py"
PATIENCE = 120  # seconds
NEW_UUID = "UPDATE ir_config_parameter SET value = gen_random_uuid() WHERE key = 'database.uuid'"
# A copy of a database begins with this file; no session of the model is open then.
# The moment of a file is told in whole seconds: what the original wrote in that very second came
# along. A copy calls nobody so early, Odoo takes longer to load it.
MADE = (
    "SELECT (pg_stat_file(format('base/%%s/PG_VERSION', oid))).modification AT TIME ZONE 'UTC' "
    "+ interval '1 second'"
)
# A call that the original was making is noted in the copy as cut: the copy has made none.
SENT = """
    SELECT t.reference FROM copro_transmission_attempt a
      JOIN copro_transmission t ON t.id = a.transmission_id
     WHERE a.kind = 'send' AND a.failure_code IS DISTINCT FROM 'INTERRUPTED' AND a.create_date > %s
"""


class Databases:
    """Those of a plant."""

    def __init__(self, plant: Plant):
        self.plant = plant
        self.copies: list[str] = []  # alive: scheduled actions run in them
        self.sent_by_copies: list[str] = []  # references
        self._count = 0

    def back_up(self) -> str:
        """Keep the database as it is; returns the backup's name. It is no live database."""
        backup = self._name("backup")
        self._copy(self.plant.database, backup, "IS_TEMPLATE true")
        return backup

    def restore(self, backup: str, *, as_copy: bool) -> None:
        """Put a backup back under the same name while Odoo is stopped.

        ``as_copy``: with another ``database.uuid``, as Odoo's own page does when asked.
        """
        self.plant.stop()
        self._drop(self.plant.database)
        self._copy(backup, self.plant.database)
        if as_copy:
            self.plant.query(NEW_UUID)
        self.plant.start()
        self.plant.command("postgres", f'ALTER DATABASE "{backup}" IS_TEMPLATE false')
        self._drop(backup)

    def snapshot(self) -> Path:
        """Copy the folder of the whole server, stopped for that; returns where."""
        folder = self.plant.cluster.folder
        kept = folder.with_name(f"{folder.name}.snapshot")
        shutil.rmtree(kept, ignore_errors=True)
        self.plant.cluster.stop()
        subprocess.run(["cp", "-a", str(folder), str(kept)], check=True)  # owners too
        self.plant.cluster.start()
        return kept

    def put_back(self, snapshot: Path) -> None:
        """Nothing in PostgreSQL tells that time has gone back: not even its identifiers."""
        folder = self.plant.cluster.folder
        self.plant.stop()
        self.plant.cluster.stop()
        shutil.rmtree(folder)
        snapshot.rename(folder)
        self.plant.cluster.start()
        self.plant.start()

    def duplicate(self, *, neutralize: bool) -> tuple[str, subprocess.Popen]:
        """Begin what *Duplicate* of Odoo's page does, beside the server that runs.

        Returns the copy's name, and the process.
        """
        copy = self._name("copy")
        command = [str(self.plant.instance.python), str(DUPLICATE), self.plant.database, copy]
        with self.plant.instance.log.open("ab") as log:
            process = subprocess.Popen(
                [*command, *(["--neutralize"] if neutralize else [])],
                env=self.plant.environment,
                stdout=log,
                stderr=log,
            )
        return copy, process

    def adopt(self, copy: str, process: subprocess.Popen) -> None:
        """The copy is made. Raises Stop when it is not.

        Odoo may fail to neutralise it, where a worker writes in it at the same moment: the
        copy is left as it is then, alive.
        """
        failed = process.wait()
        known = self.plant.query("SELECT 1 FROM pg_database WHERE datname = %s", copy)
        if not known:
            raise Stop("the database was not duplicated", f"read {self.plant.instance.log}")
        if failed:
            step("Odoo has copied the database, and failed then: the copy lives")
        self.copies.append(copy)

    def wake_copies(self) -> None:
        for copy in self.copies:
            self.plant.wake_actions(copy)

    def drop_copy(self, copy: str) -> None:
        """Note what it has sent, then forget it."""
        [(made,)] = self.plant.query(f"{MADE} FROM pg_database WHERE datname = %s", copy)
        self.sent_by_copies += [one for (one,) in self.plant.query_in(copy, SENT, made)]
        self.copies.remove(copy)
        self._drop(copy)
        shutil.rmtree(self.plant.instance.data_folder / "filestore" / copy, ignore_errors=True)

    def forget(self) -> None:
        """What earlier campaigns, and this one, have left."""
        names = self.plant.query(
            "SELECT datname FROM pg_database WHERE datname LIKE %s",
            f"{self.plant.database}\\_%",
        )
        for (name,) in names:
            self.plant.command("postgres", f'ALTER DATABASE "{name}" IS_TEMPLATE false')
            self._drop(name)

    def _name(self, what: str) -> str:
        self._count += 1
        return f"{self.plant.database}_{what}_{self._count}"

    def _copy(self, source: str, target: str, options: str = "") -> None:
        """Workers are sent away, and may come back too early: tried again then."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self.plant.query_in(
                    "postgres",
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                    source,
                )
                create = f'CREATE DATABASE "{target}" TEMPLATE "{source}" {options}'
                return self.plant.command("postgres", create)
            except (psycopg2.errors.ObjectInUse, psycopg2.OperationalError):
                if time.monotonic() > deadline:
                    raise

    def _drop(self, name: str) -> None:
        self.plant.command("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def moved(folder: Path) -> Path:
    """Where a folder is while it is away."""
    return folder.with_name(f"{folder.name}-moved-away")
