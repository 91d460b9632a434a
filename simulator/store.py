"""What the registry remembers, in SQLite.

An answer leaves only after its transaction is on disk: a kill at any moment loses no
accepted call.
"""

import json
import sqlite3
import threading
from contextlib import contextmanager
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS account (
    number TEXT PRIMARY KEY, email TEXT NOT NULL, profile TEXT NOT NULL,
    organisation TEXT NOT NULL, siren TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS certificate (
    sha256 TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account);
CREATE TABLE IF NOT EXISTS condominium (
    number TEXT PRIMARY KEY, account TEXT REFERENCES account,
    address TEXT UNIQUE NOT NULL, mandate_start TEXT NOT NULL DEFAULT '',
    mandate_end TEXT NOT NULL DEFAULT '', successor TEXT NOT NULL DEFAULT '',
    registered TEXT NOT NULL, updated TEXT NOT NULL, dossier TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS request (
    account TEXT NOT NULL, reference TEXT NOT NULL, service TEXT NOT NULL,
    state TEXT NOT NULL, number TEXT NOT NULL DEFAULT '', moment REAL NOT NULL,
    address TEXT NOT NULL DEFAULT '', detail TEXT NOT NULL DEFAULT '',
    dossier TEXT NOT NULL DEFAULT '{}', status INTEGER NOT NULL, answer BLOB NOT NULL,
    headers TEXT NOT NULL DEFAULT '{}', registry_reference TEXT UNIQUE NOT NULL,
    PRIMARY KEY (account, reference));
CREATE TABLE IF NOT EXISTS document (
    account TEXT NOT NULL, reference TEXT NOT NULL, content BLOB NOT NULL,
    PRIMARY KEY (account, reference));
CREATE INDEX IF NOT EXISTS request_address ON request (address) WHERE state = 'received';
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, account TEXT NOT NULL,
    number TEXT NOT NULL, subject TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS refused_address (address TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS ledger (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, account TEXT NOT NULL,
    service TEXT NOT NULL, reference TEXT NOT NULL, number TEXT NOT NULL,
    accepted INTEGER NOT NULL, status INTEGER NOT NULL, codes TEXT NOT NULL,
    sha256 TEXT NOT NULL, body BLOB NOT NULL);
CREATE TRIGGER IF NOT EXISTS ledger_no_update BEFORE UPDATE ON ledger
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER IF NOT EXISTS ledger_no_delete BEFORE DELETE ON ledger
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
"""


# Of the tables and of what stands in them; an older state is not read.
VERSION = 4


class OlderState(RuntimeError):
    """The folder was made by another version of the simulator."""


class Store:
    """One connection, one writer at a time."""

    def __init__(self, path: Path):
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._lock = threading.RLock()
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._check_version()
        self._connection.executescript(SCHEMA)
        self._connection.execute(f"PRAGMA user_version = {VERSION}")

    def _check_version(self) -> None:
        [version] = self._connection.execute("PRAGMA user_version").fetchone()
        used = self._connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        if used and version != VERSION:
            raise OlderState("the state folder was made by another version of the simulator")

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self):
        """All of it or nothing, alone."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def one(self, sql: str, *values) -> dict | None:
        with self._lock:
            row = self._connection.execute(sql, values).fetchone()
        return dict(row) if row else None

    def all(self, sql: str, *values) -> list[dict]:
        with self._lock:
            return [dict(row) for row in self._connection.execute(sql, values)]

    def run(self, sql: str, *values) -> None:
        with self._lock:
            self._connection.execute(sql, values)

    def insert(self, table: str, **values) -> None:
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        self.run(f"INSERT INTO {table} ({names}) VALUES ({marks})", *values.values())


def dump(dossier: dict) -> str:
    return json.dumps(dossier, ensure_ascii=False)


def load(text: str) -> dict:
    return json.loads(text)
