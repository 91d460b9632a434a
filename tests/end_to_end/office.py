"""The manager's own session, without his browser."""

import time
from datetime import date, timedelta

import requests

DATABASE = "copro_demo"


def wait_until(condition, seconds: float, told) -> None:
    """Raises AssertionError, with what ``told()`` says, when it has not come by then."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, told()
        time.sleep(0.2)


class Office:
    """The manager's own session, without his browser."""

    def __init__(self, url: str, login: str = "manager"):
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False  # no proxy stands before this machine
        who = {"db": DATABASE, "login": login, "password": login}
        self._post("/web/session/authenticate", who)

    def call(self, model: str, method: str, *arguments, **keywords):
        # As the web client: without a language, Odoo speaks English.
        keywords = {"context": {"lang": "fr_FR", "tz": "Europe/Paris"}, **keywords}
        what = {"model": model, "method": method, "args": arguments, "kwargs": keywords}
        return self._post("/web/dataset/call_kw", what)

    def _post(self, path: str, params: dict):
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        answer = self.session.post(self.url + path, json=body, timeout=120).json()
        assert "error" not in answer, answer
        return answer.get("result")  # a method that returns nothing has none

    def upload(self, condominiums: list[int]) -> int:
        """The two clicks: preview, then start. Returns the batch."""
        batch = self.call("copro.condominium", "action_upload", condominiums)["res_id"]
        self.call("copro.upload.batch", "action_start", [batch])
        return batch

    def uploads(self, condominiums: list[int]) -> list[dict]:
        domain = [("condominium_id", "in", condominiums)]
        names = ["state", "reference", "attempts", "condominium_id", "message"]
        return self.call("copro.transmission", "search_read", domain, fields=names)


def condominium(index: int) -> dict:
    today = date.today()
    mandate = {
        "start_date": f"{today - timedelta(days=60)}",
        "end_date": f"{today + timedelta(days=600)}",
    }
    fiscal_year = {
        "start_date": f"{today.year - 2}-01-01",
        "end_date": f"{today.year - 2}-12-31",
        "meeting_date": f"{today.year - 1}-05-15",
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
        "fiscal_year_ids": [(0, 0, fiscal_year)],
    }
