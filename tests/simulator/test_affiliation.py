"""Who represents a condominium: WS4 to WS7, as a declarant's software calls them."""

import time
import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest

from conftest import a_dossier

TODAY = date.today()
DOCUMENT = {
    "piece_type": "contrat_syndic",
    "piece_nom": "contrat.pdf",
    "piece_contenu": b"%PDF-1.4 contrat",
}
SUCCESSOR = {
    "successeur_raison_sociale": "Autre Syndic",
    "successeur_siret": "55210055400013",
    "successeur_adresse": "1 place de la Gare 35000 Rennes",
}


def mandate(start: int = 1, end: int = 700, **others) -> dict:
    """Of the one who calls; ``start`` and ``end`` are in days from today."""
    dates = {"date_debut_mandat": _day(start), "date_fin_mandat": _day(end)}
    return {
        "cadre_intervention": "mandat_syndic",
        "representant": {"representant_raison_sociale": "Cabinet"},
        **dates,
        **others,
    }


def _day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


def leave(syndic, number: str, **others):
    outcome = syndic.send("WS5", {"date_fin_mandat": _day(0), "successeur": SUCCESSOR}, number)
    assert outcome.answer.status == "accepted", outcome
    return outcome


def messages(desk, number: str) -> list[tuple[str, str]]:
    told = desk.simulator.control.messages()
    return [(line["account"], line["subject"]) for line in told if line["number"] == number]


def test_a_renewal_gives_the_registry_the_new_mandate(desk, syndic):
    end = TODAY + timedelta(days=20)
    dossier = a_dossier(date_fin_mandat=end)
    number = syndic.register(dossier)
    renewal = mandate(21, 700, date_fin_mandat_precedent=end)
    assert syndic.is_attested("WS6", syndic.send("WS6", renewal, number))
    desk.simulator.control.set_clock((end + timedelta(days=1)).isoformat())
    try:
        assert syndic.send("WS2_STANDARD", dossier, number).answer.status == "accepted"
    finally:
        desk.simulator.control.set_clock(None)
    assert syndic.fetch(number).answer.dossier["date_fin_mandat"] == _day(700)


REFUSED_RENEWALS = [
    ({}, {"date_fin_mandat_precedent": _day(30)}, "MANDATE_OVERLAP"),
    ({}, {"date_fin_mandat": _day(2000)}, "MANDATE_TOO_LONG"),
    ({"administration_provisoire": "oui"}, {}, "ADMIN_PROVISOIRE"),
    ({"date_fin_mandat": None}, {}, "DOCUMENT_MISSING"),
]


@pytest.mark.parametrize(("known", "changes", "code"), REFUSED_RENEWALS)
def test_a_renewal_is_refused(syndic, known, changes, code):
    number = syndic.register(a_dossier(**known))
    renewal = {**mandate(21, 700, date_fin_mandat_precedent=_day(20)), **changes}
    assert code in [found for found, _item in syndic.refused("WS6", renewal, number)]


def test_a_provisional_syndic_is_renewed_with_a_document(syndic):
    number = syndic.register(a_dossier(date_fin_mandat=None))
    renewal = mandate(21, 700, date_fin_mandat_precedent=_day(20), piece=DOCUMENT)
    assert syndic.send("WS6", renewal, number).answer.status == "accepted"


def test_the_successor_confirms(desk, syndic, other):
    dossier = a_dossier()
    number = syndic.register(dossier)
    leave(syndic, number)
    assert syndic.fetch(number).answer.dossier, "the former syndic still reads"
    assert syndic.refused("WS2_STANDARD", dossier, number)[0][0] == "NOT_ATTACHED"
    annual = str(uuid.uuid4())
    late = {**dossier, "impayes": Decimal("12.34")}
    waiting = syndic.send("WS2_ANNUAL", late, number, reference=annual)
    assert waiting.answer.status == "received"
    assert other.send("WS7", mandate(), number).answer.status == "accepted"
    assert syndic.status(annual).answer.status == "accepted"
    assert other.fetch(number).answer.dossier["impayes"] == Decimal("12.34")
    assert syndic.reasons(syndic.fetch(number)) == ["NOT_ATTACHED"]
    told = messages(desk, number)
    assert {account for account, subject in told if "attachement" in subject} == {
        "T0000001",
        "T0000002",
    }


def test_a_former_syndic_reads_for_one_month(desk, syndic):
    number = syndic.register()
    leave(syndic, number)
    desk.simulator.control.set_clock(_day(32).isoformat())
    try:
        assert syndic.reasons(syndic.fetch(number)) == ["NOT_ATTACHED"]
    finally:
        desk.simulator.control.set_clock(None)


def test_nobody_confirms_who_was_not_declared(syndic, other):
    number = syndic.register()
    assert other.refused("WS7", mandate(), number) == [("NO_PENDING_DECLARATION", "")]


def test_an_affiliation_is_examined(desk, syndic, other):
    number, reference = syndic.register(), str(uuid.uuid4())
    desk.simulator.control.set_acceptance("manual")
    asked = other.send("WS4", mandate(piece=DOCUMENT), number, reference=reference)
    assert asked.answer.status == "received"
    assert other.reasons(other.fetch(number)) == ["REQUEST_PENDING"]
    again = other.refused("WS4", mandate(piece=DOCUMENT), number)
    assert again == [("REQUEST_PENDING", "")]
    desk.simulator.control.accept(reference)
    assert other.status(reference).answer.status == "accepted"
    assert other.fetch(number).answer.dossier
    assert syndic.reasons(syndic.fetch(number)) == ["NOT_ATTACHED"]


def test_an_affiliation_is_refused(desk, syndic, other):
    number, reference = syndic.register(), str(uuid.uuid4())
    desk.simulator.control.set_acceptance("manual")
    other.send("WS4", mandate(piece=DOCUMENT), number, reference=reference)
    desk.simulator.control.refuse(reference, "contrat non signé")
    [refusal] = other.told(other.status(reference))
    assert (refusal.code, refusal.detail) == ("REQUEST_REJECTED", "contrat non signé")
    assert other.reasons(other.fetch(number)) == ["NOT_ATTACHED"]
    assert syndic.fetch(number).answer.dossier


def test_an_affiliation_needs_its_document(syndic, other):
    number = syndic.register()
    assert other.refused("WS4", mandate(), number) == [("DOCUMENT_MISSING", "piece")]
    assert syndic.refused("WS4", mandate(piece=DOCUMENT), number) == [("ALREADY_ATTACHED", "")]


def test_a_timer_accepts(desk, syndic, other):
    number, reference = syndic.register(), str(uuid.uuid4())
    desk.simulator.control.set_acceptance("3600")
    other.send("WS4", mandate(piece=DOCUMENT), number, reference=reference)
    assert other.status(reference).answer.status == "received"
    desk.simulator.control.set_acceptance("0.2")
    time.sleep(0.3)
    assert other.status(reference).answer.status == "accepted"
