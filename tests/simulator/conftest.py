"""A declarant's moves, as the registry sees them."""

import uuid
from dataclasses import dataclass, replace
from datetime import date

import pytest

from conftest import BY_THE_BOOK, SHIPPED, a_dossier, running_desk
from rnc import contract
from rnc.client import Client, Outcome
from rnc.codec import Refusal, codec_for

PROFILES = (*(contract.named(name).folder for name in SHIPPED), BY_THE_BOOK)


@pytest.fixture(scope="session", params=PROFILES, ids=lambda folder: folder.name)
def profile(request):
    """The shipped profiles, and one that the documentation alone was enough to write."""
    return contract.load(request.param)


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


@dataclass
class Syndic:
    """A declarant at his desk: sends dossiers, asks what became of them."""

    client: Client

    def send(self, service: str, dossier: dict, number: str = "", reference: str = "") -> Outcome:
        body = codec_for(self.client.profile).encode(service, dossier, date.today())
        reference = reference or str(uuid.uuid4())
        return self.client.send(service, body, reference=reference, number=number)

    def register(self, dossier: dict | None = None) -> str:
        """Register a condominium; returns its number."""
        reference = str(uuid.uuid4())
        outcome = self.send("WS1", dossier or a_dossier(), reference=reference)
        assert outcome.answer.status == "received"
        return self.client.status(reference).answer.registration_number

    def fetch(self, number: str) -> Outcome:
        return self.client.fetch(number, reference=str(uuid.uuid4()))

    def told(self, outcome: Outcome) -> list[Refusal]:
        return told(outcome, self.client)

    def reasons(self, outcome: Outcome) -> list[str]:
        return [refusal.code for refusal in self.told(outcome)]

    def refused(self, service: str, dossier: dict, number: str = "") -> list[tuple[str, str]]:
        """What the registry finds wrong: [(code, item)]."""
        outcome = self.send(service, dossier, number)
        return [(refusal.code, refusal.item or "") for refusal in self.told(outcome)]


@pytest.fixture
def syndic(desk):
    return Syndic(desk.client())


@pytest.fixture(scope="module")
def other(desk):
    """Another syndic: another account, another certificate."""
    siren, number, email = "552100554", "T0000002", "autre@syndic.example"
    identity = desk.open_account(number, email, siren, "Autre Syndic")
    return Syndic(desk.client(identity, number=number, email=email))
