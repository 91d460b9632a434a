"""The operator's door: a JSON API to watch the registry and steer it."""

import json
import os
import signal
from datetime import date

from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from .accounts import Accounts, NotDeclared
from .faults import Faults
from .registry import Registry

ROUTES = (
    ("GET", "/health", "health"),
    ("GET", "/accounts", "list_accounts"),
    ("POST", "/accounts", "open_account"),
    ("POST", "/accounts/<number>/certificates", "declare_certificate"),
    ("GET", "/condominiums", "list_condominiums"),
    ("GET", "/messages", "list_messages"),
    ("GET", "/requests", "list_requests"),
    ("POST", "/requests/<reference>/accept", "accept"),
    ("POST", "/requests/<reference>/refuse", "refuse"),
    ("GET", "/ledger", "ledger"),
    ("POST", "/clock", "set_clock"),
    ("POST", "/acceptance", "set_acceptance"),
    ("POST", "/addresses/refused", "refuse_address"),
    ("POST", "/faults", "add_fault"),
    ("POST", "/faults/rain", "rain"),
    ("DELETE", "/faults", "clear_faults"),
    ("POST", "/stop", "stop"),
)


class Operator:
    """A WSGI application."""

    def __init__(self, registry: Registry, accounts: Accounts, faults: Faults):
        self.registry = registry
        self.accounts = accounts
        self.faults = faults
        rules = [Rule(p, endpoint=name, methods=[verb]) for verb, p, name in ROUTES]
        self.routes = Map(rules)

    def __call__(self, environ, start_response):
        request = Request(environ)
        try:
            name, values = self.routes.bind_to_environ(environ).match()
            result = getattr(self, f"_{name}")(request, **values)
            response = _json(result)
        except (NotDeclared, ValueError, TypeError, KeyError) as error:
            response = _json({"error": str(error)}, 400)
        except HTTPException as error:
            response = _json({"error": error.description}, error.code)
        return response(environ, start_response)

    def _health(self, request):
        return {"status": "ok", "acceptance": str(self.registry.acceptance)}

    def _list_accounts(self, request):
        return self.registry.store.all("SELECT * FROM account ORDER BY number")

    def _open_account(self, request):
        self.accounts.open(**_body(request))
        return {"status": "ok"}

    def _declare_certificate(self, request, number):
        self.accounts.declare(number, request.get_data())
        return {"status": "ok"}

    def _list_condominiums(self, request):
        names = "number, account, address, mandate_start, mandate_end, successor, registered, updated"
        return self.registry.store.all(f"SELECT {names} FROM condominium ORDER BY number")

    def _list_messages(self, request):
        return self.registry.store.all("SELECT * FROM message ORDER BY id")

    def _list_requests(self, request):
        names = "account, reference, service, state, number, detail"
        return self.registry.store.all(f"SELECT {names} FROM request ORDER BY moment")

    def _accept(self, request, reference):
        self.registry.accept(reference)
        return {"status": "ok"}

    def _refuse(self, request, reference):
        self.registry.refuse(reference, _body(request).get("detail", ""))
        return {"status": "ok"}

    def _ledger(self, request):
        names = "id, at, account, service, reference, number, accepted, status, codes, sha256"
        since = int(request.args.get("since", 0))
        sql = f"SELECT {names} FROM ledger WHERE id > ? ORDER BY id"
        return self.registry.store.all(sql, since)

    def _set_clock(self, request):
        today = _body(request).get("today")
        self.registry.today_is = date.fromisoformat(today) if today else None
        return {"today": self.registry.today.isoformat()}

    def _set_acceptance(self, request):
        self.registry.acceptance = str(_body(request)["mode"])
        return {"status": "ok"}

    def _refuse_address(self, request):
        line = _body(request)["address"]
        self.registry.store.run("INSERT OR IGNORE INTO refused_address VALUES (?)", line)
        return {"status": "ok"}

    def _add_fault(self, request):
        self.faults.add(**_body(request))
        return {"status": "ok"}

    def _rain(self, request):
        self.faults.rain(**_body(request))
        return {"status": "ok"}

    def _clear_faults(self, request):
        self.faults.clear()
        return {"status": "ok"}

    def _stop(self, request):
        os.kill(os.getpid(), signal.SIGTERM)
        return {"status": "stopping"}


def _body(request: Request) -> dict:
    data = request.get_json(silent=True, force=True)
    if not isinstance(data, dict):
        raise BadRequest("a JSON object is needed")
    return data


def _json(data, status: int = 200) -> Response:
    text = json.dumps(data, ensure_ascii=False)
    return Response(text, status, content_type="application/json; charset=utf-8")
