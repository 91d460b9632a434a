"""A database that is put back from what an installation gave is another one, and whole."""

import shutil
import sys
from pathlib import Path

import pytest

from workshop import database, paths, postgres
from workshop.configuration import Instance

FILL = """
    CREATE TABLE ir_config_parameter (key varchar, value text);
    INSERT INTO ir_config_parameter VALUES
        ('database.uuid', 'first'), ('database.secret', 'first'), ('other', 'kept')
"""


@pytest.fixture
def installed(monkeypatch, tmp_path):
    """What stands for an Odoo whose addon is installed: a real server, a real database."""
    monkeypatch.delenv("PGHOST", raising=False)
    monkeypatch.setattr(paths, "VAR", tmp_path)
    python = Path(sys.executable)
    cluster = postgres.Cluster("kept", python, lasting=False)
    cluster.start()
    instance = Instance("kept", None, python, cluster.connection, 0, "copro_kept")
    database._query(instance, f'CREATE DATABASE "{instance.database}"')
    database._tool(instance, "psql", "-d", instance.database, "-c", FILL)
    files = database._filestore(instance)
    files.mkdir(parents=True)
    (files / "attachment").write_text("file")
    yield instance
    cluster.stop()
    shutil.rmtree(cluster.folder.parent)


def parameters(instance: Instance) -> dict[str, str]:
    path = instance.folder / "parameters"
    query = ("-c", "SELECT key, value FROM ir_config_parameter")
    database._tool(instance, "psql", "-d", instance.database, "-At", "-o", str(path), *query)
    return dict(line.split("|") for line in path.read_text().splitlines())


def test_it_is_whole_and_has_identifiers_of_its_own(installed, tmp_path):
    template = tmp_path / "templates" / "bare"
    database._keep(installed, template)
    (database._filestore(installed) / "attachment").write_text("changed since")
    database.drop(installed)
    database._restore(installed, template)
    found = parameters(installed)
    assert found.pop("other") == "kept"
    assert len(set(found.values())) == 2 and "first" not in found.values()
    assert (database._filestore(installed) / "attachment").read_text() == "file"


def test_a_user_s_database_is_never_put_back(installed, tmp_path, monkeypatch):
    """Only tests say where installations are kept; a wheel's addon is always installed."""
    done = []
    monkeypatch.setattr(database, "_install", lambda _instance, *, demo: done.append(demo))
    monkeypatch.delenv(database.TEMPLATES, raising=False)
    database._create(installed, "bare", demo=False)
    monkeypatch.setenv(database.TEMPLATES, str(tmp_path))
    monkeypatch.setattr(paths, "INSTALLED", "/usr/bin/python3")
    database._create(installed, "bare", demo=True)
    assert done == [False, True]
    assert not list(tmp_path.glob("bare*"))
