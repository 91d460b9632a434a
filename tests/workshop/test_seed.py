"""A database that begins with a seed is another one, and whole; a user's begins with nothing."""

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
READ = "SELECT key, value FROM ir_config_parameter"


@pytest.fixture
def cluster(monkeypatch, tmp_path):
    """Makes a real server of its own: ``cluster("name")``; all are removed in the end."""
    monkeypatch.delenv("PGHOST", raising=False)
    monkeypatch.delenv(postgres.SEED, raising=False)
    monkeypatch.setattr(paths, "VAR", tmp_path)
    made = []

    def make(name: str) -> Instance:
        python = Path(sys.executable)
        made.append(postgres.Cluster(name, python, lasting=False))
        made[-1].start()
        return Instance(name, None, python, made[-1].connection, 0, "copro_begun")

    yield make
    for one in made:
        one.remove()
        shutil.rmtree(one.folder.parent, ignore_errors=True)


@pytest.fixture
def seed(cluster, monkeypatch, tmp_path):
    """What stands for Odoo's own modules, installed: a real database, and a file."""
    kept, name = cluster("kept"), database.seed_name("bare")
    database._query(kept, f'CREATE DATABASE "{name}"')
    database._query(kept, FILL, on=name)
    stopped = postgres.Cluster("kept", kept.python)
    stopped.stop()
    (tmp_path / "seed" / "files" / name).mkdir(parents=True)
    (tmp_path / "seed" / "files" / name / "attachment").write_text("file")
    (tmp_path / "seed" / "cluster").symlink_to(stopped.folder)
    monkeypatch.setenv(postgres.SEED, str(tmp_path / "seed"))


def test_it_is_whole_and_has_identifiers_of_its_own(seed, cluster):
    begun = cluster("new")
    assert database.begin(begun, "bare")
    found = dict(database._query(begun, READ, on=begun.database))
    assert found.pop("other") == "kept"
    assert len(set(found.values())) == 2 and "first" not in found.values()
    assert (database._filestore(begun) / "attachment").read_text() == "file"
    assert database._query(begun, READ, on=database.seed_name("bare"))[0][1] == "first"


def test_there_is_none_of_another_kind(seed, cluster):
    assert not database.begin(cluster("new"), "demo")


def test_a_user_s_database_begins_with_nothing(seed, cluster, monkeypatch):
    monkeypatch.delenv(postgres.SEED)
    begun = cluster("of_a_user")
    assert not database.begin(begun, "bare")
    assert not database.exists(begun, database.seed_name("bare"))
