"""A declarant's moves, as the registry sees them."""

import http.client
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from conftest import (
    BITS,
    BY_THE_BOOK,
    EMAIL,
    NUMBER,
    ORGANISATION,
    REST,
    SHIPPED,
    SIREN,
    SOAP,
    a_dossier,
    running_desk,
)
from rnc import contract
from rnc.client import Client, Outcome
from rnc.codec import Refusal, codec_for
from simulator.authority import Authority
from simulator.profile import Profile
from voices.line import Line, Understood
from voices.rest import RestVoice, Voice
from voices.shaped import Shaped, profile_like
from voices.soap import SoapVoice

OTHER_SKELETONS = (REST, SOAP)
PROFILES = (*(contract.named(n).folder for n in SHIPPED), BY_THE_BOOK, *OTHER_SKELETONS)
BY_HAND = tuple(zip(OTHER_SKELETONS, (RestVoice, SoapVoice), strict=True))
SPOKEN = [pytest.param((folder, None), id=folder.name) for folder in PROFILES]
SPOKEN += [pytest.param(one, id=f"{one[0].name}-by-hand") for one in BY_HAND]


@pytest.fixture(scope="session", params=SPOKEN)
def spoken(request):
    """(folder, voice): by the client (no voice), or by a declarant written by hand."""
    return request.param


@pytest.fixture(scope="session")
def profile(spoken):
    """The shipped profiles, one that the documentation alone was enough to write, and others
    of other skeletons."""
    return contract.load(spoken[0])


@pytest.fixture(scope="session")
def desk(tmp_path_factory, profile):
    """Of these profiles: the one of ``tests/conftest.py`` follows its own."""
    with running_desk(tmp_path_factory.mktemp("simulator"), profile) as made:
        yield made


def told(outcome: Outcome, client: Client) -> list[Refusal]:
    """The reasons of a refusal, by the names that the default profile gives them."""
    assert outcome.kind == "rejected", outcome
    means = client.profile.means
    return [replace(refusal, code=means(refusal.code)) for refusal in outcome.answer.refusals]


def without_schemas(profile: contract.Profile) -> contract.Profile:
    """That of a client which does not check what it sends."""
    services = {name: replace(one, schema="") for name, one in profile.services.items()}
    return replace(profile, services=services)


@dataclass
class Syndic:
    """A declarant at his desk: sends dossiers, asks what became of them."""

    client: Client
    sent: dict[str, dict] = field(default_factory=dict)  # by reference: what is frozen of it

    @property
    def ways(self) -> tuple[str, ...]:
        return self.client.profile.ways()

    def send(
        self, service: str, dossier: dict, number: str = "", reference: str = "", checked=True
    ) -> Outcome:
        profile, who = self.client.profile, self.client.declarant
        codec = codec_for(profile if checked else without_schemas(profile))
        reference = reference or str(uuid.uuid4())
        quoted = codec.quoted(service, dossier)
        told = {"reference": reference, "registration_number": number, **quoted}
        told |= {"declarant_number": who.number, "declarant_email": who.email}
        body = codec.encode(service, dossier, date.today(), told)
        outcome = self.client.send(service, body, reference=reference, number=number, quoted=quoted)
        theirs = outcome.answer.registry_reference if outcome.answer else None
        self.sent[reference] = {
            "service": service,
            "body": body,
            "quoted": quoted,
            "registry_reference": theirs or "",
        }
        return outcome

    def status(self, reference: str) -> Outcome:
        # Of what was never sent, the registry is asked by what it cannot know.
        kept = self.sent.get(reference, {"registry_reference": reference})
        outcome = self.client.status(reference, **kept)
        theirs = outcome.answer.registry_reference if outcome.answer else None
        if theirs and not kept["registry_reference"]:  # learned by asking: asked by it now
            kept["registry_reference"] = theirs
            return self.client.status(reference, **kept)
        return outcome

    def fetch(self, number: str) -> Outcome:
        return self.client.fetch(number, reference=str(uuid.uuid4()))

    def is_cut(self, call: Callable[[], Outcome]) -> bool:
        """Whether the connection was cut before an answer came."""
        return call().kind == "unknown"

    def is_unreachable(self, call: Callable[[], Outcome]) -> bool:
        return call().kind == "retryable"

    @property
    def folder(self) -> Path:
        return self.client.profile.folder

    def is_attested(self, service: str, outcome: Outcome | Understood) -> bool:
        """Whether an attestation came; unless its address quotes what the answer does not tell."""
        profile = Profile(self.folder)
        apart = profile.services.get("ATTESTATION")
        told = profile.description(service, outcome.status).get("registry_reference")
        if apart and apart.tells("registry_reference") and not told:
            return outcome.answer.status == "accepted"
        return outcome.answer.attestation.startswith(b"%PDF-")

    def register(self, dossier: dict | None = None) -> str:
        """Register a condominium; returns its number."""
        reference = str(uuid.uuid4())
        outcome = self.send("WS1", dossier or a_dossier(), reference=reference)
        assert outcome.answer.status == "received"
        return self.status(reference).answer.registration_number

    def told(self, outcome: Outcome) -> list[Refusal]:
        return told(outcome, self.client)

    def reasons(self, outcome: Outcome) -> list[str]:
        return [refusal.code for refusal in self.told(outcome)]

    def refused(self, service: str, dossier: dict, number: str = "") -> list[tuple[str, str]]:
        """What the registry finds wrong: [(code, item)]."""
        outcome = self.send(service, dossier, number)
        return [(refusal.code, refusal.item or "") for refusal in self.told(outcome)]


class HandSyndic(Syndic):
    """The same, who speaks with a voice of their own."""

    def __init__(self, voice: Voice):
        self.voice = voice

    @property
    def folder(self) -> Path:
        return self.voice.profile.folder

    @property
    def ways(self) -> tuple[str, ...]:
        return tuple(self.voice.profile.ways)

    def send(
        self, service: str, dossier: dict, number: str = "", reference: str = "", checked=True
    ) -> Understood:
        return self.voice.send(service, dossier, number, reference or str(uuid.uuid4()))

    def status(self, reference: str) -> Understood:
        return self.voice.status(reference)

    def fetch(self, number: str) -> Understood:
        return self.voice.fetch(number)

    def is_cut(self, call: Callable[[], Understood]) -> bool:
        try:
            call()
        except (ConnectionError, http.client.HTTPException):
            return True
        return False

    is_unreachable = is_cut

    def told(self, outcome: Understood) -> list:
        assert outcome.kind == "rejected", outcome
        return outcome.answer.refusals


@pytest.fixture(scope="session")
def declarant(spoken, tmp_path_factory):
    """``declarant(desk, …)``: one who speaks the contract, with an identity of their own."""
    folder, kind = spoken

    def made(desk, identity=None, number: str = NUMBER, email: str = EMAIL) -> Syndic:
        if kind is None:
            return Syndic(desk.client(identity, number=number, email=email))
        line = Line(desk, identity or desk.identity, tmp_path_factory.mktemp("line"))
        return HandSyndic(kind(line, Profile(Path(folder)), number, email))

    return made


@pytest.fixture(scope="session")
def caller(desk, declarant):
    """``caller(identity, number, email)``: a declarant of the shared registry."""
    return partial(declarant, desk)


@pytest.fixture
def syndic_of():
    """``syndic_of(client)``: a declarant with this client."""
    return Syndic


@pytest.fixture
def syndic(caller):
    return caller()


@pytest.fixture(scope="module")
def other(desk, caller):
    """Another syndic: another account, another certificate."""
    siren, number, email = "552100554", "T0000002", "autre@syndic.example"
    identity = desk.open_account(number, email, siren, "Autre Syndic")
    return caller(identity, number, email)


@pytest.fixture(scope="session")
def issued():
    """One identity for every registry of this process: keys take time."""
    return Authority.create(bits=BITS).client(SIREN, ORGANISATION, bits=BITS)


@pytest.fixture
def shaped(tmp_path, issued):
    """``shaped(source, change)``: a registry whose profile is ``source`` changed."""

    def made(source, change=lambda manifest: None) -> Shaped:
        profile = profile_like(source, tmp_path / source.name, change)
        return Shaped(profile, tmp_path, issued)

    return made
