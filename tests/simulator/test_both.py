"""Calls beside the seven services: the client and the simulator, each by its own reading."""

import uuid
from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from conftest import REST, a_dossier, running_desk
from rnc import contract
from rnc.codec import codec_for
from rnc.listing import attached
from voices.shaped import profile_like

SIREN, NUMBER, EMAIL = "552100554", "T0000002", "autre@syndic.example"


@pytest.fixture
def spoken(tmp_path, syndic_of):
    """``spoken(change)``: a desk whose contract is ``rest-1.0`` changed, and its declarant."""

    @contextmanager
    def made(change):
        folder = profile_like(REST, tmp_path / "rest-1.0", change).folder
        with running_desk(tmp_path / "state", contract.load(folder)) as desk:
            yield desk, syndic_of(desk.client())

    return made


PAGES = {
    "number": {"page": "{page}", "size": "{size}"},
    "offset": {"from": "{offset}", "size": "{size}"},
    "cursor": {"after": "{cursor}", "size": "{size}"},
    "link": {"size": "{size}"},
    "next": {"size": "{size}"},
}


@pytest.mark.parametrize("by", PAGES)
def test_the_client_lists_what_the_simulator_has(spoken, by):
    def change(manifest: dict) -> None:
        service = manifest["services"]["LIST"]
        service |= {"pages": {"by": by, "size": 2}, "query": PAGES[by]}
        if by in ("cursor", "next"):
            service["answer"]["next"] = "following"

    with spoken(change) as (_desk, syndic):
        numbers = [syndic.register() for _time in range(5)]
        found, outcome = attached(syndic.client)
    assert outcome.kind == "answered", outcome
    assert found == numbers


DOCUMENT = {
    "piece_type": "contrat_syndic",
    "piece_nom": "contrat.pdf",
    "piece_contenu": b"%PDF-1.4 contrat",
}


@pytest.mark.parametrize(
    ("when", "path"),
    [("before", "documents/{reference}"), ("after", "declarations/{registry_reference}/document")],
)
def test_the_client_brings_the_document_apart(spoken, when, path):
    def change(manifest: dict) -> None:
        for name in ("WS4", "WS6"):
            del manifest["services"][name]["body"]
        manifest["services"]["DOCUMENT"] = {
            "method": "PUT", "path": path, "groups": ["representation"], "when": when,
            "media_type": "application/pdf", "headers": {"Idempotency-Key": "{reference}"},
        }  # fmt: skip

    with spoken(change) as (desk, syndic):
        number = syndic.register(a_dossier())
        identity = desk.open_account(NUMBER, EMAIL, SIREN, "Autre Syndic")
        client = desk.client(identity, number=NUMBER, email=EMAIL)
        reference = str(uuid.uuid4())
        day = date.today()
        mandate = {
            "cadre_intervention": "mandat_syndic",
            "representant": {"representant_raison_sociale": "Cabinet"},
            "date_debut_mandat": day,
            "date_fin_mandat": day + timedelta(days=300),
            "piece": DOCUMENT,
        }
        codec = codec_for(client.profile)
        told = {"reference": reference, "registration_number": number}
        bodies = [codec.encode(name, mandate, day, told) for name in ("WS4", "DOCUMENT")]
        sent = client.send("WS4", bodies[0], reference=reference, number=number, document=bodies[1])
        assert (sent.kind, sent.answer.status) == ("answered", "received"), sent
        theirs = sent.answer.registry_reference
        assert client.status(reference, registry_reference=theirs).answer.status == "accepted"
        assert client.fetch(number, reference=reference).answer.dossier
