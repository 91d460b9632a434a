"""A declarant's moves, as the registry sees them."""

import uuid
from dataclasses import dataclass
from datetime import date

import pytest

from conftest import a_dossier
from registry.client import Client, Outcome
from registry.codec import codec_for


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
        assert outcome.answer.status == "recorded"
        return self.client.status(reference).answer.registration_number

    def refused(self, service: str, dossier: dict, number: str = "") -> list[tuple[str, str]]:
        """What the registry finds wrong: [(code, item)]."""
        outcome = self.send(service, dossier, number)
        assert outcome.kind == "rejected", outcome
        return [(refusal.code, refusal.item or "") for refusal in outcome.answer.refusals]


@pytest.fixture
def syndic(desk):
    return Syndic(desk.client())
