"""Databases of an instance: made, updated, dropped."""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

from . import paths, postgres
from .configuration import Instance
from .console import Stop, step

MARK = "installed"
UNREAD = ("tests", "readme")  # a test that is edited updates nothing
# Odoo gives each database identifiers of its own: so must what is put back.
AS_NEW = (
    "UPDATE ir_config_parameter SET value = gen_random_uuid() "
    "WHERE key IN ('database.uuid', 'database.secret')"
)
# What its own tests alone load, and pages that ours do not open.
UNUSED_ASSETS = ("qunit", "unit_test", "tests_assets", "dark", "public", "api_doc", "report")
ASSETS = f"""
qweb = env["ir.qweb"]
scripts, styles = qweb._get_bundles_to_pregenarate()
wanted = lambda name: not any(part in name for part in {UNUSED_ASSETS!r})
for name in filter(wanted, sorted(scripts)):
    qweb._get_asset_bundle(name, css=False, js=True).js()
for name in filter(wanted, sorted(styles)):
    qweb._get_asset_bundle(name, css=True, js=False).css()
env.cr.commit()
"""


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
        _install(instance, demo=demo)
    mark.write_text(wanted)
    return not known


def _install(instance: Instance, *, demo: bool) -> None:
    step("Creating the database with the addon (about a minute)")
    begin(instance, "demo" if demo else "bare")
    flags = ["--with-demo"] if demo else []
    languages = "--load-language=fr_FR"
    odoo(instance, "-i", "copro_registry", languages, *flags, "--stop-after-init")


def seed_name(kind: str) -> str:
    return f"seed_{kind}"


def begin(instance: Instance, kind: str) -> bool:
    """Make the database with Odoo's own modules, where the cluster has a seed of that kind."""
    seed = os.environ.get(postgres.SEED)
    if not seed or not exists(instance, seed_name(kind)):
        return False
    _query(instance, f'CREATE DATABASE "{instance.database}" TEMPLATE {seed_name(kind)}')
    _query(instance, AS_NEW, on=instance.database)
    files = Path(seed) / "files" / seed_name(kind)
    if files.exists():
        shutil.copytree(files, _filestore(instance))
    return True


def _filestore(instance: Instance) -> Path:
    return instance.data_folder / "filestore" / instance.database


def exists(instance: Instance, name: str = "") -> bool:
    """Whether the database is there, or another one. Raises Stop when the server is not."""
    query = "SELECT 1 FROM pg_database WHERE datname = %s"
    return bool(_query(instance, query, name or instance.database))


def drop(instance: Instance) -> None:
    """Forget the database and its files."""
    (instance.folder / MARK).unlink(missing_ok=True)
    if exists(instance):
        # Connections left by a killed run must not stand in the way.
        _query(instance, f'DROP DATABASE "{instance.database}" WITH (FORCE)')
    shutil.rmtree(_filestore(instance), ignore_errors=True)


def clone(instance: Instance, copy: Instance) -> None:
    """Make ``copy``'s database one like the instance's, files and all, on the same server."""
    copy.write_configuration()
    drop(copy)
    _query(copy, f'CREATE DATABASE "{copy.database}" TEMPLATE "{instance.database}"')
    if _filestore(instance).exists():
        shutil.copytree(_filestore(instance), _filestore(copy))


def make_assets(instance: Instance) -> None:
    """Bundle the web client's scripts and styles: each browser test would, and forget them."""
    odoo(instance, "shell", script=ASSETS)


def odoo(
    instance: Instance, *arguments: str, flags: tuple[str, ...] = (), script: str = ""
) -> None:
    """Run an Odoo command on the database; its log goes to a file. Raises Stop.

    ``script``: its standard input.
    """
    flags = flags or ("-d", instance.database, "--no-http", "--log-level=warn")
    with instance.log.open("ab") as log:
        result = subprocess.run(
            instance.command(*arguments, *flags),
            env=instance.environment(),
            input=script.encode(),
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


def _query(instance: Instance, statement: str, *values: str, on: str = "postgres") -> list:
    """Run one statement with the environment's psycopg2, outside any transaction."""
    script = (
        "import json, sys, psycopg2\n"
        "where, statement, values = json.load(sys.stdin)\n"
        "connection = psycopg2.connect(**where)\n"
        "connection.autocommit = True\n"
        "cursor = connection.cursor()\n"
        "cursor.execute(statement, values or None)\n"
        "print(json.dumps(cursor.fetchall() if cursor.description else []))\n"
    )
    connection = instance.connection
    where = {"host": connection.host, "port": connection.port, "user": connection.user}
    where["dbname"] = on
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
    """What the addon's files are now: those that an update of the database reads."""
    digest = hashlib.sha256()
    for path in sorted(paths.ADDON.rglob("*")):
        inside = path.relative_to(paths.ADDON)
        if path.is_file() and "__pycache__" not in path.parts and inside.parts[0] not in UNREAD:
            digest.update(str(inside).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
