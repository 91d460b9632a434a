"""Copies of a database, restores, and live scheduled actions: real databases, a real registry.

The data folder is shared, and with it the sealing key: nothing but the guard keeps a copy
from sending.
"""

import configparser
import contextlib
import os
import subprocess
import threading
import time
import xmlrpc.client
from collections import Counter
from pathlib import Path

import pytest

from bench.plant import QUICK, Plant
from workshop import postgres, processes

QUEUE = Path(__file__).with_name("queue_job.py")
UPLOADS = 5
MASTER = "master password"
OURS = (
    "SELECT res_id FROM ir_model_data WHERE module = 'copro_registry' "
    "AND name IN ('ir_cron_send', 'ir_cron_status')"
)


class Office:
    """An installation whose database is copied, dumped and put back."""

    def __init__(self, plant: Plant):
        self.plant = plant
        self.dump = plant.instance.folder / "backup.dump"
        self.original = plant.database

    # -- the registry ---------------------------------------------------------------

    def sent(self) -> Counter:
        """{reference: times that its file reached the registry}"""
        ledger = self.plant.simulator.control.ledger()
        return Counter(line["reference"] for line in ledger if line["service"] == "WS1")

    def calls(self) -> int:
        return len(self.plant.simulator.control.ledger())

    # -- a database ---------------------------------------------------------------------

    @contextlib.contextmanager
    def on(self, database: str):
        """The plant's own queries, on another database."""
        self.plant.database = database
        try:
            yield
        finally:
            self.plant.database = self.original

    def states(self, database: str) -> Counter:
        with self.on(database):
            return Counter(
                state
                for (state,) in self.plant.query(
                    "SELECT state FROM copro_transmission ORDER BY id DESC LIMIT %s", UPLOADS
                )
            )

    def runs(self, database: str) -> int:
        """How often sending and asking were looked at, as Odoo counts it."""
        with self.on(database):
            [(runs,)] = self.plant.query(
                f"SELECT count(*) FROM ir_cron_progress WHERE cron_id IN ({OURS})"
            )
        return runs

    def let_crons_run(self, database: str) -> None:
        """Until each has run once more, whatever it did."""
        before, deadline = self.runs(database), time.monotonic() + 120
        while self.runs(database) < before + 2:
            assert time.monotonic() < deadline, "no scheduled action has run"
            with self.on(database):
                self.plant.wake()
            time.sleep(0.3)

    def wait_until_registered(self, database: str) -> None:
        deadline = time.monotonic() + 180
        while self.states(database) != {"accepted": UPLOADS}:
            assert time.monotonic() < deadline, self.states(database)
            with self.on(database):
                self.plant.wake()
            time.sleep(0.3)

    def references(self) -> set[str]:
        rows = self.plant.query(
            "SELECT reference FROM copro_transmission ORDER BY id DESC LIMIT %s", UPLOADS
        )
        return {reference for (reference,) in rows}

    def hide_the_original(self) -> None:
        """So that nothing but the copy can send: it is still there to be copied."""
        self.admin(f'ALTER DATABASE "{self.original}" ALLOW_CONNECTIONS false')

    def show_the_original(self) -> None:
        self.admin(f'ALTER DATABASE "{self.original}" ALLOW_CONNECTIONS true')

    def admin(self, statement: str) -> None:
        session = self.plant._session("postgres")
        session.autocommit = True
        with contextlib.closing(session), session.cursor() as cursor:
            cursor.execute(statement)

    # -- Odoo -------------------------------------------------------------------------

    def rpc(self, database: str, method: str):
        url = f"http://127.0.0.1:{self.plant.instance.port}/xmlrpc/2"
        common = xmlrpc.client.ServerProxy(f"{url}/common")
        who = common.authenticate(database, "admin", "admin", {})
        objects = xmlrpc.client.ServerProxy(f"{url}/object", allow_none=True)
        model = "copro.declarant.account"
        [account] = objects.execute_kw(database, who, "admin", model, "search", [[]])
        return objects.execute_kw(database, who, "admin", model, method, [[account]])

    def serve(self, *flags: str) -> None:
        self.plant.start("--max-cron-threads=2", *flags)
        self.wait_for_odoo()

    def wait_for_odoo(self) -> None:
        port = self.plant.instance.port
        processes.wait_for(lambda: not processes.is_free(port), 90, "no Odoo", "read its log")

    def serve_all(self) -> None:
        """An Odoo without ``db_name``: its cron workers open whatever database appears."""
        instance = self.plant.instance
        parser = configparser.ConfigParser(interpolation=None)
        parser.read(instance.configuration)
        for name in ("db_name", "dbfilter"):
            parser["options"].pop(name)
        parser["options"].update(list_db="True", admin_passwd=MASTER, max_cron_threads="2")
        path = instance.folder / "host.conf"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
            parser.write(stream)
        with instance.log.open("ab") as log:
            self.plant.odoo = subprocess.Popen(
                instance.command("-c", str(path), "--log-level=warn"),
                env=self.plant.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_for_odoo()

    def duplicate(self, name: str, *, neutralize: bool) -> None:
        url = f"http://127.0.0.1:{self.plant.instance.port}/xmlrpc/2/db"
        databases = xmlrpc.client.ServerProxy(url)
        databases.duplicate_database(MASTER, self.original, name, neutralize)

    # -- backups ----------------------------------------------------------------------

    def back_up(self) -> None:
        self.tool("pg_dump", "-Fc", "-f", str(self.dump), self.original)

    def restore(self, how: str) -> None:
        """In time: into the same database, or into a new one of the same name."""
        if how == "anew":
            self.admin(f'DROP DATABASE "{self.original}" WITH (FORCE)')
            self.admin(f"CREATE DATABASE \"{self.original}\" TEMPLATE template0 LC_COLLATE 'C'")
        clean = ["--clean", "--if-exists"] if how == "in place" else []
        self.tool("pg_restore", "--no-owner", *clean, "-d", self.original, str(self.dump))

    def tool(self, name: str, *arguments: str) -> None:
        place = self.plant.instance.connection
        program = name if postgres.existing() else str(self.plant.cluster._binaries / name)
        where = ["-h", place.host, "-p", str(place.port), "-U", place.user]
        environment = {**os.environ, "PGPASSWORD": place.password}
        subprocess.run([program, *where, *arguments], env=environment, check=True)


@pytest.fixture(scope="module")
def plant():
    with Plant("copies", limits=QUICK) as made:
        made.fill(1)  # and the account
        yield made


@pytest.fixture
def office(plant):
    """Five more uploads are queued, and no Odoo runs yet."""
    plant.shell(QUEUE, str(UPLOADS))
    yield Office(plant)
    plant.stop()


@pytest.mark.parametrize("how", ["in place", "anew"])
def test_a_restore_in_time_asks_before_it_sends(office, how):
    office.back_up()
    office.serve()
    office.wait_until_registered(office.original)
    office.plant.stop()
    office.restore(how)
    assert office.states(office.original) == {"queued": UPLOADS}

    office.serve()
    calls = office.calls()
    office.let_crons_run(office.original)
    assert office.states(office.original) == {"queued": UPLOADS}
    assert office.calls() == calls, "nothing leaves, nothing is asked"

    office.rpc(office.original, "action_confirm_sender")
    office.wait_until_registered(office.original)
    sent = office.sent()
    assert {sent[reference] for reference in office.references()} == {1}, "none twice"


def test_a_duplicate_sends_nothing_until_it_is_confirmed(office):
    copy, references = "copro_copies_plain", office.references()
    office.admin(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
    office.hide_the_original()
    try:
        office.serve_all()
        calls = office.calls()
        office.duplicate(copy, neutralize=False)
        office.let_crons_run(copy)
        assert office.states(copy) == {"queued": UPLOADS}
        assert office.calls() == calls

        office.rpc(copy, "action_confirm_sender")
        office.wait_until_registered(copy)
        sent = office.sent()
        assert {sent[reference] for reference in references} == {1}
    finally:
        office.plant.stop()
        office.admin(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
        office.show_the_original()


@pytest.mark.parametrize("copy", ["copro_copies_one", "copro_copies_two"])
def test_a_neutralised_duplicate_sends_nothing_while_workers_are_busy(office, copy):
    """They open the copy as soon as it is there, before it is neutralised."""
    office.admin(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
    office.plant.wake()  # in the copy too, everything is due at once
    office.hide_the_original()
    over = threading.Event()
    keep_busy = threading.Thread(target=_keep_busy, args=(office, copy, over))
    try:
        office.serve_all()
        calls = office.calls()
        keep_busy.start()
        # A scheduled action that ends at that very moment may conflict with Odoo's own
        # neutralisation: the copy is then not neutralised, and must not send all the same.
        with contextlib.suppress(xmlrpc.client.Fault):
            office.duplicate(copy, neutralize=True)
        time.sleep(10)
        assert office.calls() == calls
        assert set(office.states(copy)) <= {"queued", "cancelled"}
    finally:
        over.set()
        keep_busy.join()
        office.plant.stop()
        office.admin(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
        office.show_the_original()


def _keep_busy(office: Office, copy: str, over: threading.Event) -> None:
    session = office.plant._session("postgres")
    session.autocommit = True
    with contextlib.closing(session), session.cursor() as cursor:
        while not over.wait(0.02):
            cursor.execute("SELECT pg_notify('cron_trigger', %s)", (copy,))
