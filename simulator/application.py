"""The services over HTTP: identification, ledger, faults."""

import threading
import time
import uuid
from datetime import datetime

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.wrappers import Response

from .accounts import Accounts
from .affiliation import Affiliation
from .calls import OtherCalls
from .documents import Error, Refused, Reply
from .faults import Faults
from .incoming import Incoming
from .reading import Call, candidates, read
from .registry import Registry, digest

REPEATED = "REPEATED"  # in the ledger: the same reference once more


class Application:
    """A WSGI application; the certificate of the peer is in its environment."""

    def __init__(self, registry: Registry, accounts: Accounts, faults: Faults):
        self.registry = registry
        self.accounts = accounts
        self.faults = faults
        self.profile = registry.profile
        affiliation, others = Affiliation(registry), OtherCalls(registry)
        self.changes = {
            "WS2_STANDARD": registry.update,
            "WS2_ANNUAL": registry.update,
            "WS4": affiliation.request,
            "WS5": affiliation.declare_successor,
            "WS6": affiliation.renew,
            "WS7": affiliation.confirm,
        }
        self.questions = {
            "WS3": lambda account, call: registry.download(account, call.number),
            "STATUS": lambda account, call: registry.status(account, call.told, call.service.name),
            "ATTESTATION": others.attestation,
            "LIST": others.list,
            "DOCUMENT": others.document,
        }

    def __call__(self, environ, start_response):
        environ["copro.received"] = time.monotonic()
        incoming = Incoming.of(environ, self.profile.base_path)
        services = candidates(self.profile, incoming) if incoming else None
        if not services:
            error = NotFound() if services is None else MethodNotAllowed()
            return error.get_response(environ)(environ, start_response)
        call = read(services, incoming)
        fault = self.faults.draw(call.service.name)
        if fault and fault.name == "late":
            self._respond_later(incoming, call, fault.seconds)
        if fault and fault.before:
            return fault.answer(environ, start_response)
        reply = self._respond(incoming, call)
        response = Response(reply.body, reply.status, reply.headers)
        if "Content-Type" not in reply.headers:
            del response.headers["Content-Type"]
        if fault:
            response = fault.spoil(response, environ, self.registry.speaker, call.service.name)
        return response(environ, start_response)

    def _respond_later(self, incoming: Incoming, call: Call, seconds: float) -> None:
        """Process a request whose sender has already lost the connection."""
        later = threading.Timer(seconds, self._respond, (incoming, call))
        later.daemon = True
        later.start()

    def _respond(self, incoming: Incoming, call: Call) -> Reply:
        call.account = call.told.get("declarant_number", "")
        try:
            account = self._recognise(incoming, call)
            call.account = account["number"]
            return self._serve(account, call)
        except Refused as refused:
            speaker = self.registry.speaker
            reply = speaker.refuse(call.service.name, refused, call.reference)
            self._note(call, reply.status, [error.code for error in refused.errors])
            return reply

    def _recognise(self, incoming: Incoming, call: Call) -> dict:
        """Who calls, by all that the contract says of it. Raises Refused."""
        told = {
            name: call.told.get(name, "") if call.service.tells(name) else None
            for name in ("declarant_number", "declarant_email")
        }
        if call.refused and "" in told.values():
            raise call.refused  # what says who calls could not be read
        return self.accounts.recognise(incoming.peer, *told.values())

    def _serve(self, account: dict, call: Call) -> Reply:
        question = self.questions.get(call.service.kind)
        if question is None:
            return self._serve_change(account, call)
        if call.refused:
            raise call.refused
        reply = question(account, call)
        if call.service.name == "WS3":
            self._note(call, 200, [])
        return reply

    def _serve_change(self, account: dict, call: Call) -> Reply:
        reference = call.reference
        if not call.service.tells("reference"):
            reference = str(uuid.uuid4())  # the contract has no reference of ours
        elif not reference:
            raise call.refused or Refused(422, Error("DOCUMENT_INVALID", detail="no reference"))
        with self.registry.store.transaction():
            repeated = self.registry.repeated(account, reference)
            if repeated:
                self._note(call, 200, [REPEATED])
                return repeated
            if call.refused:
                raise call.refused
            reply = self._change(account, reference, call)
            self._note(call, reply.status, [])
        return reply

    def _change(self, account: dict, reference: str, call: Call) -> Reply:
        if call.service.name == "WS1":
            return self.registry.register(account, reference, call.request)
        change = self.changes[call.service.name]
        return change(account, reference, call.number, call.request)

    def _note(self, call: Call, status: int, codes: list[str]) -> None:
        """Write the ledger: every call that reached the application."""
        self.registry.store.insert(
            "ledger",
            at=datetime.now().isoformat(timespec="milliseconds"),
            account=call.account,
            service=call.service.name,
            reference=call.reference,
            number=call.number,
            accepted=int(status < 300 and call.service.is_change and not codes),
            status=status,
            codes=" ".join(codes),
            sha256=digest(call.body),
            body=call.body,
        )
