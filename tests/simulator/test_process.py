"""The simulator as a process: it survives a power cut, and keeps to its doors."""

import socket
import sqlite3
import subprocess
import sys
import uuid

import pytest

from conftest import a_dossier, running_desk
from simulator.process import CHECKOUT, NotStarted, Simulator


@pytest.fixture
def own_desk(tmp_path, profile):
    with running_desk(tmp_path, profile) as made:
        yield made


def test_a_power_cut_loses_nothing_that_was_answered(own_desk, declarant):
    syndic, references = declarant(own_desk), [str(uuid.uuid4()) for _time in range(5)]
    for reference in references:
        sent = syndic.send("WS1", a_dossier(), reference=reference)
        assert sent.answer.status == "received"
    own_desk.simulator.kill()
    assert syndic.is_unreachable(lambda: syndic.status(references[0]))
    own_desk.simulator.start()
    for reference in references:
        assert syndic.status(reference).answer.registration_number
    accepted = [line for line in own_desk.simulator.control.ledger() if line["accepted"]]
    assert [line["reference"] for line in accepted] == references


def test_the_ledger_cannot_be_rewritten(own_desk, declarant):
    path = own_desk.simulator.state / "registry.sqlite"
    declarant(own_desk).send("WS1", a_dossier())
    with sqlite3.connect(path) as connection:
        for statement in ("DELETE FROM ledger", "UPDATE ledger SET accepted = 0"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(statement)


def test_the_operator_is_on_this_machine(own_desk):
    others = {
        address[4][0]
        for address in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
        if not address[4][0].startswith("127.")
    }
    for address in others:
        with socket.socket() as probe:
            probe.settimeout(2)
            assert probe.connect_ex((address, own_desk.simulator.control_port)) != 0


def test_a_taken_port_is_told(own_desk, tmp_path):
    taken = own_desk.simulator.port
    with pytest.raises(NotStarted, match="Next step: stop what uses the port"):
        Simulator(tmp_path / "other", port=taken).start()


def test_help_names_each_option():
    result = subprocess.run(
        [sys.executable, "-m", "simulator", "--help"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    for option in ("--state", "--profile", "--port", "--control-port", "--acceptance", "--today"):
        assert option in result.stdout


@pytest.mark.parametrize(
    "manifest", ["", "[]", "{}", '{"wire": {}, "answer": {}, "http": {}, "services": {"WS1": 3}}']
)
def test_an_ill_made_profile_is_told(tmp_path, manifest):
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(NotStarted, match="Next step: see what is wrong with bin/profile check"):
        Simulator(tmp_path / "state", "--profile", str(tmp_path)).start()
