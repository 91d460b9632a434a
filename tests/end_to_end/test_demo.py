"""The first of the README's two commands, run as a stranger would."""

import re
import socket
import sqlite3
import time

import pytest

from .conftest import Demo


@pytest.fixture(scope="module")
def demo(seed, tmp_path_factory):
    """One whose job is done."""
    made = Demo(tmp_path_factory.mktemp("demo"))
    seed.copy_to(made)
    yield made
    made.stop()


@pytest.fixture
def stranger(tmp_path):
    """One that begins with nothing."""
    made = Demo(tmp_path, from_nothing=True)
    yield made
    made.stop()


def lines(output: str) -> list[str]:
    return [line for line in output.splitlines() if re.match(r"  (ZZ\d{7}|—) ", line)]


def ledger(demo) -> list[tuple]:
    with sqlite3.connect(demo.state / "registry.sqlite") as connection:
        return connection.execute("SELECT service, accepted FROM ledger").fetchall()


def registrations(demo) -> int:
    return ledger(demo).count(("WS1", 1))


def test_the_main_job_then_nothing_twice(stranger):
    started = time.monotonic()
    first = stranger.run("--no-serve")
    lasted = time.monotonic() - started
    assert first.returncode == 0, first.stdout + first.stderr
    told = lines(first.stdout)
    assert len(told) == 14 + 4 + 4
    registered = [line for line in told[:14] if "accepté par le registre" in line]
    assert len(registered) == 12
    [unknown_address] = [line for line in told[:14] if "Adresse inconnue" in line]
    assert "Résidence Les Tilleuls" in unknown_address
    [no_dates] = [line for line in told[:14] if "Rien envoyé" in line]
    assert "Date de début de l'exercice comptable » est obligatoire" in no_dates
    assert all("Mise à jour standard" in line for line in told[14:18])
    assert all("Mise à jour annuelle" in line for line in told[18:])
    assert registrations(stranger) == 12
    assert ledger(stranger).count(("WS2_STANDARD", 1)) == 4
    assert ledger(stranger).count(("WS2_ANNUAL", 1)) == 4

    begun = time.monotonic()
    second = stranger.run("--no-serve")
    assert second.returncode == 0, second.stdout + second.stderr
    assert "the database" not in second.stdout, "it is neither made nor updated"
    assert time.monotonic() - begun < lasted / 2, "beside the first, whatever the machine"
    assert registrations(stranger) == 12
    assert sum(accepted for _service, accepted in ledger(stranger)) == 20


def test_a_half_finished_run_is_taken_up(demo):
    """A database that was never finished is made anew, and its registry with it."""
    (demo.folder / "demo" / "installed").unlink()
    result = demo.run("--no-serve")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Creating the database" in result.stdout
    assert len(lines(result.stdout)) == 22
    assert registrations(demo) == 12


def test_fresh_starts_over(demo):
    result = demo.run("--no-serve", "--fresh")
    assert result.returncode == 0, result.stdout + result.stderr
    assert registrations(demo) == 12
    assert len(lines(result.stdout)) == 22


def test_failures_are_told_in_one_message(demo, tmp_path):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        taken = listener.getsockname()[1]
        result = demo.run("--port", str(taken))
        assert_told(result, f"port {taken} is taken", "--port")
    result = demo.run("--no-serve", PGHOST="127.0.0.1", PGPORT="1")
    assert_told(result, "the database server does not answer", "PGHOST")
    result = demo.run("--no-serve", ODOO_SOURCE=str(tmp_path))
    assert_told(result, "holds no Odoo", "ODOO_SOURCE")


def test_a_second_demo_is_told_of_the_first(demo):
    demo.serve()
    assert_told(demo.run("--no-serve"), "already running", "Ctrl-C")
    assert registrations(demo) == 12


def assert_told(result, message: str, next_step: str):
    assert result.returncode == 1
    assert message in result.stderr
    assert "Next step: " in result.stderr
    assert next_step in result.stderr
    assert "Traceback" not in result.stderr + result.stdout
