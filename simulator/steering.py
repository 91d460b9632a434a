"""The operator's door: a page, and the same in JSON, to watch the registry and steer it."""

import json
import os
import signal
from datetime import date
from pathlib import Path

from werkzeug.exceptions import BadRequest, Forbidden, HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from .accounts import Accounts, NotDeclared
from .faults import AFTER, BEFORE, Faults
from .registry import IMMEDIATE, MANUAL, Registry

FOLDER = Path(__file__).parent / "page"
POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
ROUTES = (
    ("GET", "/", "page"),
    ("GET", "/page.js", "page_script"),
    ("GET", "/page.css", "page_style"),
    ("GET", "/health", "health"),
    ("GET", "/state", "state"),
    ("GET", "/faults", "list_faults"),
    ("GET", "/accounts", "list_accounts"),
    ("POST", "/accounts", "open_account"),
    ("POST", "/accounts/<number>/certificates", "declare_certificate"),
    ("DELETE", "/accounts/<number>/certificates", "withdraw_certificates"),
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
            _require_this_machine(request)
            name, values = self.routes.bind_to_environ(environ).match()
            result = getattr(self, f"_{name}")(request, **values)
            response = result if isinstance(result, Response) else _json(result)
        except (NotDeclared, ValueError, TypeError, KeyError) as error:
            response = _json({"error": str(error)}, 400)
        except HTTPException as error:
            response = _json({"error": error.description}, error.code)
        return response(environ, start_response)

    def _page(self, request):
        return _file("page.html", "text/html; charset=utf-8")

    def _page_script(self, request):
        return _file("page.js", "text/javascript; charset=utf-8")

    def _page_style(self, request):
        return _file("page.css", "text/css; charset=utf-8")

    def _state(self, request):
        profile = self.registry.profile.manifest
        return {
            "today": self.registry.today.isoformat(),
            "clock": bool(self.registry.today_is),
            "acceptance": str(self.registry.acceptance),
            "profile": f"{profile['name']} {profile['contract_version']}",
            "faults": BEFORE + AFTER,
            "services": list(profile["services"]),
        }

    def _list_faults(self, request):
        return self.faults.to_come()

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

    def _withdraw_certificates(self, request, number):
        self.accounts.withdraw(number)
        return {"status": "ok"}

    def _list_condominiums(self, request):
        names = (
            "number, account, address, mandate_start, mandate_end, successor, registered, updated"
        )
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
        mode = str(_body(request)["mode"])
        if mode not in (IMMEDIATE, MANUAL):
            float(mode)  # seconds
        self.registry.acceptance = mode
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


def _require_this_machine(request: Request) -> None:
    """No other site's page steers the registry through the operator's browser.

    The address must be the loopback's, so that no name leads here by surprise (DNS
    rebinding); a browser names the page that asks, which must be our own.
    """
    name = request.host.rpartition(":")[0] or request.host
    if name not in LOOPBACK:
        raise Forbidden("by a name of this machine only: 127.0.0.1, localhost")
    origin = request.headers.get("Origin")
    if origin and origin != f"http://{request.host}":
        raise Forbidden("not from another site")


def _file(name: str, kind: str) -> Response:
    response = Response((FOLDER / name).read_bytes(), content_type=kind)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def _body(request: Request) -> dict:
    data = request.get_json(silent=True, force=True)
    if not isinstance(data, dict):
        raise BadRequest("a JSON object is needed")
    return data


def _json(data, status: int = 200) -> Response:
    text = json.dumps(data, ensure_ascii=False)
    return Response(text, status, content_type="application/json; charset=utf-8")
