"""The registry goes away in the middle of a portfolio, and comes back."""

import json
import os
import signal
from collections import Counter

import pytest

from end_to_end.office import Office, condominium, wait_until
from simulator.process import Simulator

PORTFOLIO = 30
LATENCY = 0.5  # seconds: long enough to be cut in the middle of a call
PATIENCE = 300  # seconds: the first retry comes after a minute or so


@pytest.fixture
def registry(served):
    """The registry of the served demo, to be stopped and started again."""
    memory = json.loads((served.state / "process.json").read_text())
    simulator = Simulator(served.state, port=memory["port"], control_port=memory["control"])

    def power_cut():
        os.kill(memory["pid"], signal.SIGKILL)

    served.successor = simulator
    yield simulator, power_cut
    if simulator.process is None:
        simulator.start()
    simulator.control.clear_faults()


def test_the_rest_leaves_by_itself_and_nothing_twice(served, registry):
    simulator, power_cut = registry
    office = Office(served.url)
    portfolio = office.call(
        "copro.condominium", "create", [condominium(i) for i in range(1, PORTFOLIO + 1)]
    )
    seen = max((line["id"] for line in simulator.control.ledger()), default=0)
    simulator.control.add_fault("latency", count=PORTFOLIO, seconds=LATENCY, service="WS1")

    office.upload(portfolio)
    wait_until(
        lambda: len(simulator.control.ledger(seen)) >= PORTFOLIO // 3,
        *(60, lambda: office.uploads(portfolio)),
    )
    power_cut()

    # Nobody is refused and nothing is lost: each waits, and says why.
    wait_until(
        lambda: not any(u["state"] == "sending" for u in office.uploads(portfolio)),
        *(60, lambda: office.uploads(portfolio)),
    )
    states = Counter(upload["state"] for upload in office.uploads(portfolio))
    assert set(states) <= {"accepted", "received", "unknown", "queued"}
    assert 0 < states["accepted"] + states["received"] < PORTFOLIO
    assert states["queued"] + states["unknown"]

    simulator.start()
    wait_until(
        lambda: all(u["state"] == "accepted" for u in office.uploads(portfolio)),
        *(PATIENCE, lambda: Counter(u["state"] for u in office.uploads(portfolio))),
    )
    assert_each_once(office, simulator, portfolio, seen)


def assert_each_once(office: Office, simulator: Simulator, portfolio: list[int], seen: int):
    uploads = office.uploads(portfolio)
    assert len(uploads) == PORTFOLIO
    registrations = [
        line
        for line in simulator.control.ledger(seen)
        if line["service"] == "WS1" and line["accepted"]
    ]
    assert Counter(line["reference"] for line in registrations) == Counter(
        upload["reference"] for upload in uploads
    )
    records = office.call("copro.condominium", "read", portfolio, ["registration_number"])
    ours = {record["registration_number"] for record in records}
    theirs = {
        line["number"]
        for line in simulator.control.condominiums()
        if "interruption" in line["address"]
    }
    assert len(ours) == PORTFOLIO
    assert ours == theirs
