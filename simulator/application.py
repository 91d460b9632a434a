"""The services over HTTP: routes, identification, ledger, faults."""

import threading
import time
from datetime import datetime

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from . import documents
from .accounts import Accounts
from .documents import Answer, Error, Refused
from .faults import Faults
from .registry import Registry, digest

LARGEST_BODY = 1_000_000
SIMULATED = ("WS1", "WS2_STANDARD", "WS3", "STATUS")
PEER = "copro.peer_certificate"
REPEATED = "REPEATED"  # in the ledger: the same reference once more


class Application:
    """A WSGI application; the certificate of the peer is in its environment."""

    def __init__(self, registry: Registry, accounts: Accounts, faults: Faults):
        self.registry = registry
        self.accounts = accounts
        self.faults = faults
        self.profile = registry.profile
        self.routes = Map([self._rule(name) for name in SIMULATED])

    def __call__(self, environ, start_response):
        environ["copro.received"] = time.monotonic()
        request = Request(environ)
        try:
            service, values = self.routes.bind_to_environ(environ).match()
        except HTTPException as error:
            return error.get_response(environ)(environ, start_response)
        fault = self.faults.draw(service)
        if fault and fault.name == "late":
            self._respond_later(request, service, values, fault.seconds)
        if fault and fault.before:
            return fault.answer(environ, start_response)
        response = self._respond(request, service, values)
        if fault:
            response = fault.spoil(response, environ)
        return response(environ, start_response)

    def _rule(self, name: str) -> Rule:
        described = self.profile.manifest["services"][name]
        path = described["path"].replace("{", "<").replace("}", ">")
        return Rule(self.profile.base_path + path, endpoint=name, methods=[described["method"]])

    def _respond_later(self, request: Request, service: str, values: dict, seconds: float):
        """Process a request whose sender has already lost the connection."""
        request.get_data()  # cached: the connection is about to be cut
        later = threading.Timer(seconds, self._respond, (request, service, values))
        later.daemon = True
        later.start()

    def _respond(self, request: Request, service: str, values: dict) -> Response:
        headers = self.profile.headers
        reference = request.headers.get(headers["reference"], "")[:100]
        number = request.headers.get(headers["declarant_number"], "")
        email = request.headers.get(headers["declarant_email"], "")
        body = request.get_data() if _length(request) <= LARGEST_BODY else b""
        codes: list[str] = []
        try:
            peer = request.environ.get(PEER)
            account = self.accounts.recognise(peer, number, email)
            if _length(request) > LARGEST_BODY:
                raise Refused(413, Error("DOCUMENT_INVALID", detail="too large"))
            status, content = self._serve(account, service, reference, values, body, codes)
        except Refused as refused:
            codes = [error.code for error in refused.errors]
            status, content = refused.status, self._refusal(refused, reference)
            self._note(number, service, reference, values, status, codes, body)
        kind = self.profile.manifest["wire"]["media_type"]
        return Response(content, status=status, content_type=kind)

    def _serve(self, account, service, reference, values, body, codes):
        if service == "WS3":
            answer = self.registry.download(account, values["registration_number"])
            self._note(account["number"], service, reference, values, 200, codes, body)
            return answer
        if service == "STATUS":
            return self.registry.status(account, values["reference"])
        if not reference:
            raise Refused(422, Error("DOCUMENT_INVALID", detail="no reference"))
        with self.registry.store.transaction():
            repeated = self.registry.repeated(account, reference)
            if repeated:
                codes = [REPEATED]
                self._note(account["number"], service, reference, values, 200, codes, body)
                return repeated
            answer = self._change(account, service, reference, values, body)
            self._note(account["number"], service, reference, values, answer[0], codes, body)
        return answer

    def _change(self, account, service, reference, values, body):
        if service == "WS1":
            return self.registry.register(account, reference, body)
        number = values["registration_number"]
        return self.registry.update(account, reference, number, body)

    def _note(self, account, service, reference, values, status, codes, body) -> None:
        """Write the ledger: every call that reached the application."""
        self.registry.store.insert(
            "ledger",
            at=datetime.now().isoformat(timespec="milliseconds"),
            account=account,
            service=_service(service, body),
            reference=reference,
            number=values.get("registration_number", ""),
            accepted=int(status < 300 and service != "WS3" and not codes),
            status=status,
            codes=" ".join(codes),
            sha256=digest(body),
            body=body,
        )

    def _refusal(self, refused: Refused, reference: str) -> bytes:
        answer = Answer("refusee", reference=reference, errors=refused.errors)
        return documents.write(self.profile, answer)


def _length(request: Request) -> int:
    return request.content_length or 0


def _service(service: str, body: bytes) -> str:
    if service == "WS2_STANDARD" and b'type="annuelle"' in body[:500]:
        return "WS2_ANNUAL"
    return service
