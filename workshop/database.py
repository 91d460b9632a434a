"""Databases of an instance: made, updated, dropped."""

import hashlib
import json
import shutil
import subprocess

from . import paths
from .configuration import Instance
from .console import Stop, step

MARK = "installed"


def prepare(instance: Instance, *, demo: bool) -> bool:
    """Install the addon in the instance's database, or bring it up to date.

    Returns whether the database is a new one. Raises Stop.
    """
    mark = instance.folder / MARK
    wanted = _digest()
    known = mark.read_text() if mark.exists() and exists(instance) else ""
    if known == wanted:
        return False
    if known:
        step("Updating the addon in the database")
        # Terms whose French has changed are read again: a new database would have them.
        odoo(instance, "-u", "copro_registry", "--i18n-overwrite", "--stop-after-init")
    else:
        drop(instance)
        step("Creating the database with the addon (about a minute)")
        flags = ["--with-demo"] if demo else []
        languages = "--load-language=fr_FR"
        odoo(instance, "-i", "copro_registry", languages, *flags, "--stop-after-init")
    mark.write_text(wanted)
    return not known


def exists(instance: Instance) -> bool:
    """Whether the database is there. Raises Stop when the server is not."""
    query = "SELECT 1 FROM pg_database WHERE datname = %s"
    return bool(_query(instance, query, instance.database))


def drop(instance: Instance) -> None:
    """Forget the database and its files."""
    (instance.folder / MARK).unlink(missing_ok=True)
    if exists(instance):
        # Connections left by a killed run must not stand in the way.
        _query(instance, f'DROP DATABASE "{instance.database}" WITH (FORCE)')
    shutil.rmtree(instance.data_folder / "filestore" / instance.database, True)


def clone(instance: Instance, copy: Instance) -> None:
    """Make ``copy``'s database one like the instance's, files and all, on the same server."""
    copy.write_configuration()
    drop(copy)
    _query(copy, f'CREATE DATABASE "{copy.database}" TEMPLATE "{instance.database}"')
    files = instance.data_folder / "filestore"
    if (files / instance.database).exists():
        shutil.copytree(files / instance.database, copy.data_folder / "filestore" / copy.database)


def odoo(instance: Instance, *arguments: str, flags: tuple[str, ...] = ()) -> None:
    """Run an Odoo command on the database; its log goes to a file. Raises Stop."""
    flags = flags or ("-d", instance.database, "--no-http", "--log-level=warn")
    with instance.log.open("ab") as log:
        result = subprocess.run(
            instance.command(*arguments, *flags),
            env=instance.environment(),
            stdout=log,
            stderr=log,
        )
    if result.returncode:
        raise Stop(
            f"Odoo failed: {_last_error(instance)}",
            f"read {instance.log}; running again starts this step anew",
        )


def _last_error(instance: Instance) -> str:
    lines = instance.log.read_text(errors="replace").splitlines()
    return next((line for line in reversed(lines) if line.strip()), "no reason given")


def _query(instance: Instance, statement: str, *values: str) -> list:
    """Run one statement with the environment's psycopg2, outside any transaction."""
    script = (
        "import json, sys, psycopg2\n"
        "where, statement, values = json.load(sys.stdin)\n"
        "connection = psycopg2.connect(dbname='postgres', **where)\n"
        "connection.autocommit = True\n"
        "cursor = connection.cursor()\n"
        "cursor.execute(statement, values or None)\n"
        "print(json.dumps(cursor.fetchall() if cursor.description else []))\n"
    )
    connection = instance.connection
    where = {"host": connection.host, "port": connection.port, "user": connection.user}
    if connection.password:
        where["password"] = connection.password
    result = subprocess.run(
        [str(instance.python), "-c", script],
        input=json.dumps([where, statement, list(values)]),
        capture_output=True,
        text=True,
    )
    if result.returncode:
        reason = (result.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Stop(
            f"the database server does not answer: {reason}",
            "start it again, or unset PGHOST to use a private one",
        )
    return json.loads(result.stdout)


def _digest() -> str:
    """What the addon's files are now."""
    digest = hashlib.sha256()
    for path in sorted(paths.ADDON.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(paths.ADDON)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
