"""One method per service: from frozen bytes to what the registry answered."""

import re
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .codec import Answer, Unreadable, codec_for
from .codec.answer import BY_FAULT, BY_STATUS
from .contract import AFFILIATION, CALLER, FILE, Profile, Service
from .contract.adapter import Request, Way, adapter_for, prepared, received
from .contract.profile import BY_DOSSIER, BY_NUMBER, BY_REFERENCE, BY_REPEATING, BY_THEIRS, NEVER
from .contract.service import ATTESTATION, DOCUMENT_CALL, LIST, STATUS
from .contract.template import Missing
from .requests import Declarant, Requests, Subject, place_of_document
from .today import today
from .transport import Channel, Failure, Reply, ended_by

ANSWERED = "answered"
REJECTED = "rejected"
RETRYABLE = "retryable"
UNKNOWN = "unknown"
# What a refusal concerns, beside what a profile says of its errors: no file of that
# reference was ever received.
REFERENCE = "reference"
# A status by which no such upload is known, and which may be somebody else's: it proves nothing.
UNPROVEN = "unproven"
# A status that refuses the question, by no error of the contract: of the file it says nothing.
QUESTION = "question"
NOT_LET_IN = (401, 403)
SEE_OTHER = 303
NOT_ASKED = "NOT_ASKED"  # the code of a question that the contract has no way to ask
NO_NUMBER = "ZZ0000000"  # of no condominium
# Written in a document without being escaped, whatever the format.
IDENTIFIER = re.compile(r"[\w.:/+=-]{1,200}", re.ASCII)
ABOUT_NUMBERS = ("NUMBER_UNKNOWN", "NUMBER_INVALID", "NOT_ATTACHED")


@dataclass(frozen=True)
class Outcome:
    """What became of a call.

    ``kind`` is ANSWERED (a well-formed answer that is not a refusal), REJECTED (a
    well-formed refusal), RETRYABLE (certain that nothing was processed) or UNKNOWN
    (nobody knows: the registry must be asked). ``code`` and ``params`` name the
    sentence of ``transport.MESSAGES`` when there is no answer.

    A refusal ``concerns`` the FILE, the CALLER (certificate, account), the AFFILIATION of
    the condominium to the caller, or the REFERENCE, which was never received (UNPROVEN when
    that may be said by mistake), or the QUESTION alone; so says the
    ``profile`` under which the call was made, of the answers to ``service``.
    """

    kind: str
    answer: Answer | None = None
    code: str = ""
    params: tuple[tuple[str, str], ...] = ()
    retry_after: int | None = None
    status: int | None = None
    milliseconds: int = 0
    raw: bytes = field(default=b"", repr=False)
    concerns: str = ""
    profile: Profile | None = field(default=None, repr=False)
    service: str = ""
    link: str = ""  # the header of that name
    attestation: bytes = field(default=b"", repr=False)  # brought by a call of its own

    @property
    def concludes(self) -> bool:
        """Whether the answer to a question says what became of the file.

        One that refuses to answer us says nothing of it.
        """
        refuses_us = self.status in NOT_LET_IN or self.concerns in (CALLER, AFFILIATION)
        says_nothing = self.concerns in (UNPROVEN, QUESTION)
        return not (self.kind == REJECTED and (refuses_us or says_nothing))


class Reader:
    """What the answers of a registry that speaks ``profile`` mean."""

    def __init__(self, profile: Profile):
        self.profile = profile
        self.codec = codec_for(profile)

    def statuses_read(self, service: str) -> tuple[int, ...]:
        """Those that usually prove nothing, and that the contract gives a meaning.

        In SOAP that of a fault (SOAP 1.1, 6.2; SOAP 1.2, 7.4); to a question, "done: see there"
        (303), where the profile says so. It is not followed.
        """
        faults = (500,) if self.profile.wire.get("soap") else ()
        is_told = service.startswith(STATUS) and str(SEE_OTHER) in self.profile.http.get(
            "outcomes", ()
        )
        return (*faults, SEE_OTHER) if is_told else faults

    def outcome(self, reply: Reply, service: Service, about: Subject) -> Outcome:
        measured = {"status": reply.status, "milliseconds": reply.milliseconds}
        measured |= {"service": service.code, "raw": reply.body}
        measured |= {"link": reply.headers.get("link", "")}
        try:
            said = {**reply.headers, "content-type": reply.content_type}
            answer = self.codec.decode(reply.body, reply.status, today(), service.code, said)
        except Unreadable:
            return Outcome(UNKNOWN, code="UNREADABLE", **measured)
        if _is_about_another(answer, about):
            return Outcome(UNKNOWN, code="ABOUT_ANOTHER", **measured)
        kind = REJECTED if answer.status == "rejected" else ANSWERED
        is_failure = answer.told_by == BY_FAULT and reply.status not in NOT_LET_IN
        if (is_failure or reply.status >= 500) and not self._is_listed(answer):
            return Outcome(UNKNOWN, code="SERVER_ERROR", **measured)
        expected = (*self.profile.http["accepted"], SEE_OTHER)
        if kind == ANSWERED and reply.status not in expected:
            params = (("status", str(reply.status)),)
            return Outcome(UNKNOWN, None, "UNEXPECTED", params, **measured)
        concerns = self._concern(answer, reply.status, service) if kind == REJECTED else ""
        return Outcome(kind, answer, concerns=concerns, profile=self.profile, **measured)

    def _is_listed(self, answer: Answer) -> bool:
        """Whether a fault of the server is a refusal that the contract knows."""
        codes = [refusal.code for refusal in answer.refusals]
        return bool(codes) and all(code in self.profile.errors for code in codes)

    def _concern(self, answer: Answer, status: int, service: Service) -> str:
        """What a refusal concerns; one that the profile does not know, by its status."""
        codes = [refusal.code for refusal in answer.refusals]
        if codes and codes == [self.profile.http.get("unknown_reference")]:
            return REFERENCE
        known = {self.profile.about(code) for code in codes if code in self.profile.errors}
        if CALLER in known or (status in NOT_LET_IN and not known):
            return CALLER
        if AFFILIATION in known:
            return AFFILIATION
        not_known = self.profile.follow_up.get("not_known", {})
        if not service.code.startswith(STATUS):
            return FILE
        if status in not_known.get("statuses", ()):
            return REFERENCE if not_known.get("proves") else UNPROVEN
        return QUESTION if answer.told_by == BY_STATUS and not known else FILE


class Client(Reader):
    """The services of a registry that speaks ``profile`` at ``url``.

    Raises ProfileError when a schema of the profile cannot be used: nothing leaves then whose
    answer could not be read.
    """

    def __init__(self, profile: Profile, url: str, declarant: Declarant, channel: Channel):
        super().__init__(profile)
        self.url = url.rstrip("/") + "/"
        self.declarant = declarant
        self.channel = channel
        self.codec.prepare()
        self.requests = Requests(profile, url, declarant, self.codec)
        self.adapter = adapter_for(profile)
        self.way = Way(channel, self.url, declarant)

    def send(
        self,
        service: str,
        body: bytes,
        *,
        reference: str,
        number: str = "",
        quoted: Mapping[str, str] | None = None,
        document: bytes = b"",
    ) -> Outcome:
        """Send a frozen document for WS1, WS2, WS4, WS5, WS6 or WS7.

        ``reference`` is ours, unique; ``number`` is the registration number, empty
        for WS1. ``quoted``: {placeholder: text} of the address and the headers.
        ``document``: the body of the call by which a supporting document travels apart.
        """
        about = Subject(reference, number, quoted=quoted or {})
        with ended_by(time.monotonic() + self.channel.limits.total_timeout):
            outcome = self._send(service, body, about, document)
            return self._with_attestation(outcome, about)

    def _send(self, service: str, body: bytes, about: Subject, document: bytes) -> Outcome:
        apart = self.profile.services.get(DOCUMENT_CALL) if document else None
        if apart and apart.when == "before":
            taken = self._call(apart, document, about)
            if taken.kind != ANSWERED:  # nothing of the declaration has left
                kind = REJECTED if taken.kind == REJECTED else RETRYABLE
                return replace(taken, kind=kind)
            body = _citing(body, about, taken)
        if body is None:
            return Outcome(RETRYABLE, code="DOCUMENT_NOT_NAMED")
        outcome = self._call(self.profile.services[service], body, about)
        if apart and apart.when == "after" and outcome.kind == ANSWERED:
            about = _followed(about, outcome)
            if self._call(apart, document, about).kind != ANSWERED:
                return replace(outcome, kind=UNKNOWN, code="DOCUMENT_NOT_TAKEN")
        return outcome

    def _with_attestation(self, outcome: Outcome, about: Subject) -> Outcome:
        """With the attestation, by a call of its own: that it fails undoes nothing."""
        service = self.profile.services.get(ATTESTATION)
        answer = outcome.answer
        is_due = service and outcome.kind == ANSWERED and answer.status == "accepted"
        if not is_due or answer.attestation:
            return outcome
        told = self._call(service, None, _followed(about, outcome)).answer
        if not told or not told.attestation:
            return outcome
        answer = replace(answer, attestation=told.attestation)
        return replace(outcome, answer=answer, attestation=told.attestation)

    def fetch(self, number: str, *, reference: str) -> Outcome:
        """WS3: the registry's dossier of ``number``."""
        return self._call(self.profile.services["WS3"], None, Subject(reference, number))

    def status(
        self,
        reference: str,
        *,
        number: str = "",
        registry_reference: str = "",
        service: str = "",
        body: bytes | None = None,
        quoted: Mapping[str, str] | None = None,
    ) -> Outcome:
        """What became of the call that bore our ``reference``, about ``number``.

        By the first way of the profile's ``follow_up`` that has what it takes; ``body``: the
        frozen one, to be repeated where the contract promises that it is recognised.
        """
        about = Subject(reference, number, registry_reference, quoted or {})
        with ended_by(time.monotonic() + self.channel.limits.total_timeout):
            return self._with_attestation(self._ask(service, body, about), about)

    def _ask(self, service: str, body: bytes | None, about: Subject) -> Outcome:
        held = {
            BY_REFERENCE: about.reference,
            BY_THEIRS: about.registry_reference,
            BY_NUMBER: about.number,
            BY_DOSSIER: about.number,
            BY_REPEATING: service and body is not None and not _cites(body, about),
        }
        way = next((way for way in self.profile.ways() if held.get(way)), NEVER)
        if way == BY_REPEATING:
            return self._call(self.profile.services[service], body, about)
        if way == BY_DOSSIER:
            return _by_dossier(self.fetch(about.number, reference=about.reference), service)
        known = self.profile.services
        asked = known.get(f"{STATUS}_{service}") or known.get(STATUS)
        if way == NEVER or not asked:
            return Outcome(UNKNOWN, code=NOT_ASKED)
        return self._call(asked, None, about)

    def prove(self, reference: str) -> Outcome:
        """The call that changes nothing, by which the registry recognises us or does not.

        It asks about a ``reference`` that the registry cannot know; where nothing can be
        asked so, for the list of condominiums, or the dossier of a number that is none.
        """
        services = self.profile.services
        if STATUS in services:
            about = Subject(reference, NO_NUMBER, reference)
            return self._call(services[STATUS], None, about)
        if LIST in services:
            return self.page(first_page(services[LIST].pages))
        return self.fetch(NO_NUMBER, reference=reference)

    def recognises(self, outcome: Outcome) -> bool:
        """Whether the outcome of `prove` shows that the certificate and the account are known."""
        if outcome.kind == ANSWERED or outcome.concerns in (REFERENCE, UNPROVEN, AFFILIATION):
            return True
        codes = [refusal.code for refusal in outcome.answer.refusals] if outcome.answer else []
        return any(self.profile.means(code) in ABOUT_NUMBERS for code in codes)

    def page(self, place: Mapping[str, str], address: str = "") -> Outcome:
        """A page of the condominiums attached to the account (LIST).

        ``place``: what its address quotes; ``address``: of the page itself, when it was given.
        """
        about = Subject(str(uuid.uuid4()), quoted=place)
        return self._call(self.profile.services[LIST], None, about, address)

    def page_address(self, place: Mapping[str, str]) -> str:
        """That of a page, from which the address of the next is read."""
        return self.requests.made(self.profile.services[LIST], Subject("", quoted=place)).url

    # -- one call -----------------------------------------------------------------

    def _call(self, service: Service, body: bytes | None, about: Subject, url="") -> Outcome:
        try:
            request = self.requests.made(service, about, body, url)
            request = prepared(self.adapter, request, self.way)
        except (Missing, ValueError) as fault:  # what the registry gave cannot be written back
            params = (("name", str(fault.args[0])),)
            return Outcome(RETRYABLE, code="NOT_ADDRESSED", params=params)
        except Failure as failed:
            return _failed(failed)
        try:
            reply = received(self.adapter, self._transported(request))
        except Failure as failed:
            return _failed(failed)
        return self.outcome(reply, service, about)

    def _transported(self, request: Request) -> Reply:
        return self.channel.call(
            *(request.method, request.url, request.headers, request.body),
            self.statuses_read(request.service),
        )


def first_page(pages: Mapping[str, Any]) -> dict[str, str]:
    """What the address of the first page of LIST quotes."""
    size = {"size": str(pages["size"])} if "size" in pages else {}
    return {"page": str(pages.get("first", 1)), "offset": "0", **size}


def _followed(about: Subject, outcome: Outcome) -> Subject:
    """The same, with what its answer has told of it."""
    answer = outcome.answer
    return replace(
        about,
        number=about.number or answer.registration_number or "",
        registry_reference=answer.registry_reference or about.registry_reference,
    )


def _by_dossier(outcome: Outcome, service: str) -> Outcome:
    """What a dossier that is given to us proves: that we represent it, or nothing."""
    if outcome.kind != ANSWERED or outcome.answer.dossier is None:
        return outcome if outcome.kind != REJECTED else replace(outcome, concerns=UNPROVEN)
    if service in ("WS4", "WS7"):
        return replace(outcome, answer=replace(outcome.answer, status="accepted"))
    return replace(outcome, kind=UNKNOWN, answer=None, code=NOT_ASKED)


def _is_about_another(answer: Answer, about: Subject) -> bool:
    """Whether an answer says, anywhere, that it is not about what was asked."""
    held = (answer.dossier or {}).get("numero_immatriculation")
    told = (
        (about.reference, answer.reference),
        (about.registry_reference, answer.registry_reference),
        (about.number, answer.registration_number),
        (about.number, held),
    )
    return any(ours and theirs and _key(ours) != _key(theirs) for ours, theirs in told)


def _key(text: str) -> str:
    return "".join(text.split()).casefold()


def _cites(body: bytes, about: Subject) -> bool:
    """Whether a frozen message has a place for the registry's identifier of its document."""
    return place_of_document(about.reference).encode() in body


def _citing(body: bytes, about: Subject, taken: Outcome) -> bytes | None:
    """A frozen message, with the identifier that the registry gave its document; None: none."""
    if not _cites(body, about):
        return body
    told = taken.answer.registry_reference or ""
    if not IDENTIFIER.fullmatch(told):
        return None
    return body.replace(place_of_document(about.reference).encode(), told.encode())


def _failed(failed: Failure) -> Outcome:
    kind = RETRYABLE if failed.processed is False else UNKNOWN
    return Outcome(
        kind,
        code=failed.code,
        params=failed.params,
        retry_after=failed.retry_after,
        status=failed.status,
        milliseconds=failed.milliseconds,
    )
