"""One method per service: from frozen bytes to what the registry answered."""

from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from .codec import Answer, Unreadable, codec_for
from .contract import AFFILIATION, CALLER, FILE, Profile
from .contract.adapter import adapted
from .today import today
from .transport import Channel, Failure, Reply

ANSWERED = "answered"
REJECTED = "rejected"
RETRYABLE = "retryable"
UNKNOWN = "unknown"
# What a refusal concerns, beside what a profile says of its errors: no file of that
# reference was ever received.
REFERENCE = "reference"
NOT_LET_IN = (401, 403)


@dataclass(frozen=True)
class Declarant:
    """Who calls: what the profile's headers may quote."""

    number: str
    email: str


@dataclass(frozen=True)
class Outcome:
    """What became of a call.

    ``kind`` is ANSWERED (a well-formed answer that is not a refusal), REJECTED (a
    well-formed refusal), RETRYABLE (certain that nothing was processed) or UNKNOWN
    (nobody knows: the registry must be asked). ``code`` and ``params`` name the
    sentence of ``transport.MESSAGES`` when there is no answer.

    A refusal ``concerns`` the FILE, the CALLER (certificate, account), the AFFILIATION of
    the condominium to the caller, or the REFERENCE, which was never received; so says the
    ``profile`` under which the call was made.
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

    @property
    def concludes(self) -> bool:
        """Whether the answer to a question says what became of the file.

        One that refuses to answer us says nothing of it.
        """
        refuses_us = self.status in NOT_LET_IN or self.concerns in (CALLER, AFFILIATION)
        return not (self.kind == REJECTED and refuses_us)


class Client:
    """The services of a registry that speaks ``profile`` at ``url``.

    Raises ProfileError when a schema of the profile cannot be used: nothing leaves then whose
    answer could not be read.
    """

    def __init__(self, profile: Profile, url: str, declarant: Declarant, channel: Channel):
        self.profile = profile
        self.url = url.rstrip("/") + "/"
        self.declarant = declarant
        self.channel = adapted(profile, channel, self.url, declarant)
        self.codec = codec_for(profile)
        self.codec.prepare()

    def send(self, service: str, body: bytes, *, reference: str, number: str = "") -> Outcome:
        """Send a frozen document for WS1, WS2, WS4, WS5, WS6 or WS7.

        ``reference`` is ours, unique; ``number`` is the registration number, empty
        for WS1.
        """
        return self._call(service, body, reference=reference, number=number)

    def fetch(self, number: str, *, reference: str) -> Outcome:
        """WS3: the registry's dossier of ``number``."""
        return self._call("WS3", None, reference=reference, number=number)

    def status(self, reference: str, *, number: str = "") -> Outcome:
        """What became of the call that bore our ``reference``, about ``number``."""
        return self._call("STATUS", None, reference=reference, number=number)

    def prove(self, reference: str) -> Outcome:
        """The call that changes nothing, by which the registry recognises us or does not.

        It asks about a ``reference`` that the registry cannot know.
        """
        return self.status(reference)

    def _call(self, service, body, *, reference: str, number: str) -> Outcome:
        described = self.profile.services[service]
        path = described.path.format(
            registration_number=quote(number, safe=""), reference=quote(reference, safe="")
        )
        try:
            reply = self.channel.call(
                described.method,
                self.url + path + self._query(reference),
                self._headers(reference, body),
                body,
            )
        except Failure as failed:
            return _failed(failed)
        return self._read(reply, reference, number)

    def _headers(self, reference: str, body: bytes | None) -> dict[str, str]:
        media_type = self.profile.wire["media_type"]
        headers = {"Accept": media_type}
        if body is not None:
            headers["Content-Type"] = media_type
        for name, template in self.profile.headers.items():
            headers[name] = _header(template.format(**self._told(reference)))
        return headers

    def _query(self, reference: str) -> str:
        told = self._told(reference)
        values = {name: text.format(**told) for name, text in self.profile.query.items()}
        return f"?{urlencode(values)}" if values else ""

    def _told(self, reference: str) -> dict[str, str]:
        """What the profile's headers and query may quote."""
        return {
            "declarant_number": self.declarant.number,
            "declarant_email": self.declarant.email,
            "reference": reference,
        }

    def _read(self, reply: Reply, reference: str, number: str) -> Outcome:
        measured = {"status": reply.status, "milliseconds": reply.milliseconds}
        try:
            answer = self.codec.decode(reply.body, reply.status, today())
        except Unreadable:
            return Outcome(UNKNOWN, code="UNREADABLE", raw=reply.body, **measured)
        if _is_about_another(answer, reference, number):
            return Outcome(UNKNOWN, code="ABOUT_ANOTHER", raw=reply.body, **measured)
        kind = REJECTED if answer.status == "rejected" else ANSWERED
        if kind == ANSWERED and reply.status not in self.profile.http["accepted"]:
            params = (("status", str(reply.status)),)
            code = "UNEXPECTED"
            return Outcome(UNKNOWN, None, code, params, raw=reply.body, **measured)
        concerns = self._concern(answer, reply.status) if kind == REJECTED else ""
        told = {"raw": reply.body, "concerns": concerns, "profile": self.profile}
        return Outcome(kind, answer, **told, **measured)

    def _concern(self, answer: Answer, status: int) -> str:
        """What a refusal concerns; one that the profile does not know, by its status."""
        codes = [refusal.code for refusal in answer.refusals]
        if codes == [self.profile.http["unknown_reference"]]:
            return REFERENCE
        known = {self.profile.about(code) for code in codes if code in self.profile.errors}
        if CALLER in known or (status in NOT_LET_IN and not known):
            return CALLER
        return AFFILIATION if AFFILIATION in known else FILE


def _is_about_another(answer: Answer, reference: str, number: str) -> bool:
    """Whether an answer says, anywhere, that it is not about what was asked."""
    held = (answer.dossier or {}).get("numero_immatriculation")
    told = ((reference, answer.reference), (number, answer.registration_number), (number, held))
    return any(ours and theirs and _key(ours) != _key(theirs) for ours, theirs in told)


def _key(text: str) -> str:
    return "".join(text.split()).casefold()


def _header(value: str) -> str:
    """Header fields carry ISO 8859-1 at most, and never a line break."""
    printable = "".join(c for c in value if c.isprintable())
    return printable.encode("latin-1", "replace").decode("latin-1")


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
