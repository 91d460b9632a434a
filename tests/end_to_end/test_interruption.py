"""The registry goes away in the middle of a portfolio, and comes back."""

import json
import os
import signal
import time
from collections import Counter
from datetime import date, timedelta

import pytest
import requests

from simulator.process import Simulator

PORTFOLIO = 30
LATENCY = 0.5  # seconds: long enough to be cut in the middle of a call
PATIENCE = 300  # seconds: the first retry comes after a minute or so
DATABASE = "copro_demo"


class Office:
    """The manager's own session, without his browser."""

    def __init__(self, url: str, login: str = "manager"):
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False  # no proxy stands before this machine
        who = {"db": DATABASE, "login": login, "password": login}
        self._post("/web/session/authenticate", who)

    def call(self, model: str, method: str, *arguments, **keywords):
        what = {"model": model, "method": method, "args": arguments, "kwargs": keywords}
        return self._post("/web/dataset/call_kw", what)

    def _post(self, path: str, params: dict):
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        answer = self.session.post(self.url + path, json=body, timeout=120).json()
        assert "error" not in answer, answer
        return answer["result"]

    def uploads(self, condominiums: list[int]) -> list[dict]:
        domain = [("condominium_id", "in", condominiums)]
        names = ["state", "reference", "attempts", "condominium_id", "message"]
        return self.call("copro.transmission", "search_read", domain, fields=names)


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


def condominium(index: int) -> dict:
    today = date.today()
    mandate = {
        "start_date": f"{today - timedelta(days=60)}",
        "end_date": f"{today + timedelta(days=600)}",
    }
    exercise = {
        "start_date": f"{today.year - 2}-01-01",
        "end_date": f"{today.year - 2}-12-31",
        "meeting_date": f"{today.year - 1}-05-15",
        "state": "approved",
        "current_charges": 24000 + index,
        "works_charges": 0,
        "supplier_debts": 1200,
        "unpaid_amount": 800,
        "debtor_count": 1,
        "works_fund": 3000,
    }
    return {
        "name": f"Résidence de l'Interruption {index}",
        "street": f"{index} avenue de l'Interruption",
        "zip": "35000",
        "city": "Rennes",
        "bylaws_date": "1972-04-18",
        "lot_count": 12,
        "main_lot_count": 8,
        "housing_lot_count": 8,
        "parking_lot_count": 4,
        "building_count": 1,
        "lift_count": 0,
        "construction_period": "DE_1961_A_1974",
        "heating_type": "individuel",
        "mandate_ids": [(0, 0, mandate)],
        "exercise_ids": [(0, 0, exercise)],
    }


def wait_until(condition, seconds: float, told) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, told()
        time.sleep(0.2)


def test_the_rest_leaves_by_itself_and_nothing_twice(served, registry):
    simulator, power_cut = registry
    office = Office(served.url)
    portfolio = office.call(
        "copro.condominium", "create", [condominium(i) for i in range(1, PORTFOLIO + 1)]
    )
    seen = max((line["id"] for line in simulator.control.ledger()), default=0)
    simulator.control.add_fault("latency", count=PORTFOLIO, seconds=LATENCY, service="WS1")

    office.call("copro.condominium", "action_upload", portfolio)
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
    assert set(states) <= {"registered", "accepted", "unknown", "queued"}
    assert 0 < states["registered"] + states["accepted"] < PORTFOLIO
    assert states["queued"] + states["unknown"]

    simulator.start()
    wait_until(
        lambda: all(u["state"] == "registered" for u in office.uploads(portfolio)),
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
