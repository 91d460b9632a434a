"""The services over HTTP: routes, identification, ledger, faults."""

import threading
import time
from datetime import datetime

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from .accounts import Accounts
from .affiliation import Affiliation
from .documents import Answer, Error, Refused
from .documents import Request as Document
from .faults import Faults
from .registry import Registry, digest

LARGEST_BODY = 20_000_000
PEER = "copro.peer_certificate"
REPEATED = "REPEATED"  # in the ledger: the same reference once more


class Application:
    """A WSGI application; the certificate of the peer is in its environment."""

    def __init__(self, registry: Registry, accounts: Accounts, faults: Faults):
        self.registry = registry
        self.accounts = accounts
        self.faults = faults
        self.profile = registry.profile
        affiliation = Affiliation(registry)
        self.changes = {
            "WS2_STANDARD": registry.update,
            "WS2_ANNUAL": registry.update,
            "WS4": affiliation.request,
            "WS5": affiliation.declare_successor,
            "WS6": affiliation.renew,
            "WS7": affiliation.confirm,
        }
        self.doors = self._doors()
        rules = [self._rule(door) for door in self.doors]
        self.routes = Map(rules)

    def __call__(self, environ, start_response):
        environ["copro.received"] = time.monotonic()
        request = Request(environ)
        try:
            door, values = self.routes.bind_to_environ(environ).match()
        except HTTPException as error:
            return error.get_response(environ)(environ, start_response)
        services = self.doors[door]
        fault = self.faults.draw(services)
        if fault and fault.name == "late":
            self._respond_later(request, services, values, fault.seconds)
        if fault and fault.before:
            return fault.answer(environ, start_response)
        response = self._respond(request, services, values)
        if fault:
            response = fault.spoil(response, environ)
        return response(environ, start_response)

    def _doors(self) -> dict[tuple[str, str], list[str]]:
        """{(verb, path): services}: an update may be of two kinds behind one door."""
        doors: dict[tuple[str, str], list[str]] = {}
        for name, described in self.profile.services.items():
            doors.setdefault((described["method"], described["path"]), []).append(name)
        return doors

    def _rule(self, door: tuple[str, str]) -> Rule:
        method, path = door
        path = path.replace("{", "<").replace("}", ">")
        return Rule(self.profile.base_path + path, endpoint=door, methods=[method])

    def _respond_later(self, request: Request, services, values: dict, seconds: float):
        """Process a request whose sender has already lost the connection."""
        request.get_data()  # cached: the connection is about to be cut
        later = threading.Timer(seconds, self._respond, (request, services, values))
        later.daemon = True
        later.start()

    def _respond(self, request: Request, services: list[str], values: dict) -> Response:
        who = {name: self._told(request, name) for name in _WHO}
        reference, number = who["reference"][:100], who["declarant_number"]
        is_too_large = _length(request) > LARGEST_BODY
        body = b"" if is_too_large else request.get_data()
        call = Call(number, services[0], reference, values, body)
        try:
            peer = request.environ.get(PEER)
            account = self.accounts.recognise(peer, number, who["declarant_email"])
            if is_too_large:
                raise Refused(413, Error("DOCUMENT_INVALID", detail="too large"))
            status, content = self._serve(account, services, call)
        except Refused as refused:
            status, content = refused.status, self._refusal(refused, reference)
            self._note(call, status, [error.code for error in refused.errors])
        kind = self.profile.wire["media_type"]
        return Response(content, status=status, content_type=kind)

    def _told(self, request: Request, name: str) -> str:
        """What the caller says of himself, where the profile says it travels."""
        if name in self.profile.query:
            return request.args.get(self.profile.query[name], "")
        return request.headers.get(self.profile.headers.get(name, ""), "")

    def _serve(self, account: dict, services: list[str], call: "Call"):
        if services == ["STATUS"]:
            return self.registry.status(account, call.values["reference"])
        if services == ["WS3"]:
            answer = self.registry.download(account, call.number)
            self._note(call, 200, [])
            return answer
        if not call.reference:
            raise Refused(422, Error("DOCUMENT_INVALID", detail="no reference"))
        document = self._read(services, call)  # before the transaction: others wait for that
        with self.registry.store.transaction():
            repeated = self.registry.repeated(account, call.reference)
            if repeated:
                self._note(call, 200, [REPEATED])
                return repeated
            if isinstance(document, Refused):
                raise document
            answer = self._change(account, document, call)
            self._note(call, answer[0], [])
        return answer

    def _read(self, services: list[str], call: "Call") -> Document | Refused:
        """The document of a call, or why it is none: said unless the call is a repeated one."""
        try:
            return self.registry.wire.read(services, call.body)
        except Refused as refused:
            return refused

    def _change(self, account: dict, request: Document, call: "Call"):
        call.service = request.service
        if request.service == "WS1":
            return self.registry.register(account, call.reference, request)
        change = self.changes[request.service]
        return change(account, call.reference, call.number, request)

    def _note(self, call: "Call", status: int, codes: list[str]) -> None:
        """Write the ledger: every call that reached the application."""
        self.registry.store.insert(
            "ledger",
            at=datetime.now().isoformat(timespec="milliseconds"),
            account=call.account,
            service=call.service,
            reference=call.reference,
            number=call.number,
            accepted=int(status < 300 and call.service != "WS3" and not codes),
            status=status,
            codes=" ".join(codes),
            sha256=digest(call.body),
            body=call.body,
        )

    def _refusal(self, refused: Refused, reference: str) -> bytes:
        answer = Answer("rejected", reference=reference, errors=refused.errors)
        return self.registry.wire.write(answer)


_WHO = ("reference", "declarant_number", "declarant_email")


class Call:
    """One call, for the ledger."""

    def __init__(self, account: str, service: str, reference: str, values: dict, body: bytes):
        self.account = account
        self.service = service
        self.reference = reference
        self.values = values
        self.number = values.get("registration_number", "")
        self.body = body


def _length(request: Request) -> int:
    return request.content_length or 0
