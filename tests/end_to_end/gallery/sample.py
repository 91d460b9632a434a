"""The records that the screens show: each kind of record, in each of its states."""

import base64
import io
import json
import zipfile
from collections import Counter
from datetime import date, timedelta
from functools import partial

from end_to_end.office import Office, condominium, wait_until
from rnc import contract

TROUBLED = "Résidence aux cinq fautes, 118 à 124 boulevard du Général-de-Gaulle"
OWN = {"name": "cabinet-1", "note": "Essai du cabinet, d'après le contrat reçu en mars."}
ABSENT = "AB1234567"  # the registry has never heard of it


class Sample:
    """``sample["accepted"]`` is the id of a record; all are made on the first demand."""

    def __init__(self, url: str, control):
        self.url = url
        self.control = control
        self.manager = Office(url)
        self.administrator = Office(url, "administrator")
        self.admin = Office(url, "admin")

    def make(self) -> dict[str, int]:
        found = {**self._condominiums(), **self._account()}
        self._a_user_of_a_new_company()
        found |= self._batches(found)
        # After the uploads: these settle what differs.
        found |= self._comparisons(found["accepted"])
        return found | self._below(found)

    def one(self, model: str, *domain) -> int:
        return self.administrator.call(model, "search", list(domain), limit=1)[0]

    # -- condominiums -----------------------------------------------------------

    def _condominiums(self) -> dict[str, int]:
        named = [("refused", "Résidence Les Tilleuls"), ("accepted", "Les Filaos de l'Exemple")]
        known = {key: self.one("copro.condominium", ("name", "=", name)) for key, name in named}
        create = self.manager.call
        return known | {
            "incomplete": create("copro.condominium", "create", [_troubled()])[0],
            "lines": create("copro.condominium", "create", [_with_lines()])[0],
            "foreign": create("copro.condominium", "create", [_foreign()])[0],
        }

    def _below(self, found: dict[str, int]) -> dict[str, int]:
        mine = ("condominium_id", "=", found["accepted"])
        registered = ("state", "=", "accepted")
        return {
            "mandate": self.one("copro.mandate", mine),
            "fiscal_year": self.one("copro.fiscal.year", mine),
            "declared_year": self.one(
                "copro.fiscal.year", mine, ("state", "=", "declared"), ("is_first", "=", False)
            ),
            "upload": self.one("copro.transmission", mine, registered),
            "refused_upload": self.one("copro.transmission", ("state", "=", "rejected")),
        }

    # -- what the registry holds --------------------------------------------------

    def _comparisons(self, registered: int) -> dict[str, int]:
        with_number = [("registration_number", "!=", False), ("id", "!=", registered)]
        with_number.append(("registration_number", "!=", ABSENT))
        same, failed = self.manager.call("copro.condominium", "search", with_number, limit=2)
        changes = {"lift_count": 17, "city": "Saint-Barthélemy-d'Anjou", "is_cooperative": True}
        self.manager.call("copro.condominium", "write", [registered], changes)
        self.manager.call("copro.condominium", "action_compare", [registered, same])
        self.control.add_fault("503", service="WS3", count=9)
        self.manager.call("copro.condominium", "action_compare", [failed])
        self.control.clear_faults()
        return {
            key: self.one("copro.comparison", ("condominium_id", "=", which))
            for key, which in (("comparison", registered), ("same", same), ("failed", failed))
        }

    # -- batches -------------------------------------------------------------------

    def _batches(self, found: dict[str, int]) -> dict[str, int]:
        values = _portfolio(8, "des Envois")
        values[1]["street"] = "Résidence des Envois, bâtiment 2"  # refused: no such address
        made = self.manager.call("copro.condominium", "create", values)
        left, waiting = made[:3], made[3:]
        self.manager.call("copro.condominium", "write", [found["accepted"]], {"lift_count": 4})
        report = self.manager.upload([*left, found["incomplete"], found["accepted"]])
        self._wait_for(report)
        running = self._running()
        self.control.add_fault("latency", service="WS1", count=9, seconds=30)
        paused = self.manager.upload(waiting)
        self.manager.call("copro.upload.batch", "action_pause", [paused])
        self.control.clear_faults()
        everything = [*waiting, *left, found["incomplete"], found["lines"], found["refused"]]
        action = self.manager.call("copro.condominium", "action_upload", everything)
        ids = {"report": report, "running": running, "paused": paused}
        return ids | {"preview": action["res_id"]}

    def _running(self) -> int:
        """One in progress for an hour: two of its uploads were put off for so long."""
        made = self.manager.call("copro.condominium", "create", _portfolio(6, "de la Patience"))
        self.control.add_fault("503", service="WS1", count=2, seconds=1)
        running = self.manager.upload(made)
        self._wait_until(lambda: self._states(made)["queued"] == 2)
        self._put_off(made, hours=1)
        self._wait_until(lambda: self._states(made) == {"accepted": 4, "queued": 2})
        return running

    def _put_off(self, condominiums: list[int], hours: int) -> None:
        """As a registry that asks to wait does, without the other uploads waiting too."""
        [model] = self.admin.call("ir.model", "search", [("model", "=", "copro.transmission")])
        code = (
            f"domain = [('condominium_id', 'in', {condominiums}), ('state', '=', 'queued'), "
            "('attempts', '>', 0)]\n"
            "now = datetime.datetime.now().replace(microsecond=0)\n"
            f"moment = now + datetime.timedelta(hours={hours})\n"
            "model.sudo().search(domain).write({'next_attempt': moment})"
        )
        action = {"name": "Put off", "model_id": model, "state": "code", "code": code}
        made = self.admin.call("ir.actions.server", "create", [action])
        self.admin.call("ir.actions.server", "run", made)
        self.admin.call("ir.actions.server", "unlink", made)

    def _states(self, condominiums: list[int]) -> Counter:
        uploads = self.manager.uploads(condominiums)
        return Counter(upload["state"] for upload in uploads if upload["attempts"])

    def _wait_for(self, batch: int) -> None:
        read = partial(self.manager.call, "copro.upload.batch", "read", [batch], ["finished_at"])
        self._wait_until(lambda: read()[0]["finished_at"])

    def _wait_until(self, is_so) -> None:
        wait_until(is_so, 120, lambda: "the batch has not come so far")

    # -- configuration ----------------------------------------------------------------

    def _account(self) -> dict[str, int]:
        account = self.one("copro.declarant.account", ("certificate_id", "!=", False))
        create = self.administrator.call
        policy = {"arc": "1.2.250.1.999.1", "name": "Offre d'essai", "level": "*"}
        create("copro.certificate.policy", "create", [policy])
        asked = {
            "account_id": account,
            "organisation": "Cabinet Fictif SA",
            "number": "999000011",
            "common_name": "Registre des copropriétés",
        }
        wizard = create("copro.contract.load", "create", [{"archive": _profile()}])
        loaded = create("copro.contract.load", "action_load", wizard)
        return {
            "account": account,
            "company": 1,
            "certificate": self.one("copro.certificate"),
            "request": create("copro.certificate.request", "create", [asked])[0],
            "profile": loaded["res_id"],
        }

    def _a_user_of_a_new_company(self) -> None:
        """Who opens the app for the first time: nothing is there."""
        company = self.admin.call("res.company", "create", [{"name": "Cabinet du Premier Jour"}])
        known = [("module", "=", "copro_registry"), ("name", "=", "group_main_administrator")]
        [group] = self.admin.call("ir.model.data", "search_read", known, fields=["res_id"])
        user = {
            "name": "Nadia Nouveau",
            "login": "nouveau",
            "password": "nouveau",
            "email": "nadia@cabinet-neuf.example",
            "lang": "fr_FR",
            "tz": "Europe/Paris",
            "company_id": company[0],
            "company_ids": [(6, 0, company)],
            "group_ids": [(6, 0, [group["res_id"]])],
        }
        if "odoobot_state" in self.admin.call("res.users", "fields_get", ["odoobot_state"]):
            user["odoobot_state"] = "disabled"
        self.admin.call("res.users", "create", [user])


def _portfolio(count: int, of: str) -> list[dict]:
    """Condominiums that lack nothing, in a street of their own."""
    return [
        condominium(rank) | {"name": f"Résidence {of} {rank}", "street": f"{rank} rue {of}"}
        for rank in range(1, count + 1)
    ]


def _troubled() -> dict:
    """A registered condominium with a fault in each kind of place."""
    today = date.today()
    values = condominium(9_001)
    [(_create, _zero, mandate)] = values["mandate_ids"]
    [(_create, _zero, fiscal_year)] = values["fiscal_year_ids"]
    return values | {
        "name": TROUBLED,
        "zip": False,
        "insee_code": "35O38",
        "main_lot_count": 14,
        "mandate_ids": [(0, 0, {**mandate, "end_date": f"{today - timedelta(days=1)}"})],
        "fiscal_year_ids": [(0, 0, {**fiscal_year, "debtor_count": False, "unpaid_amount": False})],
    }


def _with_lines() -> dict:
    building = {"floor_count": 7, "energy_class": "D"}
    return condominium(9_002) | {
        "name": "Résidence des Lignes",
        "parcel_ids": [
            (0, 0, {"insee_code": "35238", "section": "AB", "number": "12"}),
            (0, 0, {"insee_code": "35238", "prefix": "000", "section": "AC", "number": "1204"}),
        ],
        "address_ids": [
            (0, 0, {"line": "14 boulevard de la Résidence-de-l'Exemple, 35000 Rennes"}),
            (0, 0, {"line": "16 boulevard de la Résidence-de-l'Exemple, 35000 Rennes"}),
        ],
        "building_count": 2,
        "label_d_count": 2,
        "building_ids": [
            (0, 0, {"name": "Bâtiment A", **building}),
            (0, 0, {"name": "Bâtiment B, sur cour", **building}),
        ],
    }


def _foreign() -> dict:
    """One that another syndic declared: to be affiliated."""
    return condominium(9_003) | {
        "name": "Résidence venue d'un confrère",
        "registration_number": ABSENT,
    }


def _profile() -> str:
    """The default profile under another name, as an administrator would zip it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path in contract.named().folder.iterdir():
            content = path.read_bytes()
            if path.name == "manifest.json":
                content = json.dumps({**json.loads(content), **OWN}).encode()
            archive.writestr(f"cabinet-1/{path.name}", content)
    return base64.b64encode(stream.getvalue()).decode()
