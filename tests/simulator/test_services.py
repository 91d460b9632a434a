"""The services, called as a declarant's software calls them."""

import time
import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest

from conftest import NUMBER, ORGANISATION, OTHER_SIREN, a_dossier
from simulator.control import ControlError

NOWHERE = "ZZ9999999"


def test_registration_is_recorded_then_registered(syndic):
    reference = str(uuid.uuid4())
    first = syndic.send("WS1", a_dossier(), reference=reference)
    assert first.answer.status == "received"
    assert first.answer.registration_number is None
    second = syndic.status(reference)
    assert second.answer.status == "accepted"
    assert second.answer.registration_number.startswith("ZZ")
    assert second.answer.attestation.startswith(b"%PDF-")


def test_what_is_sent_is_what_is_read_back(syndic):
    sent = a_dossier()
    number = syndic.register(sent)
    outcome = syndic.fetch(number)
    known = outcome.answer.dossier
    assert known["numero_immatriculation"] == number
    assert known["date_immatriculation"] == date.today()
    shared = sent.keys() & known.keys()
    assert {"adresse_reference", "nb_lots_total", "impayes", "type_chauffage"} <= shared
    assert {code: known[code] for code in shared} == {code: sent[code] for code in shared}


def test_updates_replace_what_they_carry(syndic):
    dossier = a_dossier()
    number = syndic.register(dossier)
    changed = {**dossier, "nb_ascenseurs": 3, "impayes": Decimal("9.90")}
    standard = syndic.send("WS2_STANDARD", changed, number)
    assert standard.answer.status == "accepted"
    known = syndic.fetch(number).answer.dossier
    assert (known["nb_ascenseurs"], known["impayes"]) == (3, dossier["impayes"])
    annual = syndic.send("WS2_ANNUAL", changed, number)
    assert syndic.is_attested("WS2_ANNUAL", annual)
    known = syndic.fetch(number).answer.dossier
    assert known["impayes"] == Decimal("9.90")


def test_a_reference_is_processed_once(desk, syndic):
    dossier, reference = a_dossier(), str(uuid.uuid4())
    answers = [syndic.send("WS1", dossier, reference=reference).raw for _time in range(3)]
    assert len(set(answers)) == 1
    lines = [line for line in desk.simulator.control.ledger() if line["reference"] == reference]
    assert [line["accepted"] for line in lines] == [1, 0, 0]
    assert [line["codes"] for line in lines] == ["", "REPEATED", "REPEATED"]


def test_a_late_registry_has_received_what_it_does_not_know_yet(desk, syndic):
    desk.simulator.control.add_fault("late", service="WS1", seconds=1)
    reference = str(uuid.uuid4())
    assert syndic.is_cut(lambda: syndic.send("WS1", a_dossier(), reference=reference))
    if "repeat" not in syndic.ways:  # to ask by repeating is to be received
        assert syndic.status(reference).kind == "rejected"
    time.sleep(1.5)
    assert syndic.status(reference).answer.registration_number


def test_an_unknown_reference_was_never_received(syndic):
    outcome = syndic.status(str(uuid.uuid4()))
    assert syndic.reasons(outcome) == ["REQUEST_UNKNOWN"]


def test_an_operator_accepts_or_refuses(desk, syndic):
    control = desk.simulator.control
    control.set_acceptance("manual")
    accepted, refused = str(uuid.uuid4()), str(uuid.uuid4())
    for reference in (accepted, refused):
        syndic.send("WS1", a_dossier(), reference=reference)
        assert syndic.status(reference).answer.status == "received"
    control.accept(accepted)
    control.refuse(refused, "pièce illisible")
    assert syndic.status(accepted).answer.registration_number
    [refusal] = syndic.told(syndic.status(refused))
    assert (refusal.code, refusal.detail) == ("REQUEST_REJECTED", "pièce illisible")


def test_one_address_is_registered_once(syndic):
    dossier = a_dossier()
    syndic.register(dossier)
    again = {**dossier["adresse_reference"], "adresse_reference_commune": "RENNES"}
    found = syndic.refused("WS1", {**dossier, "adresse_reference": again})
    assert found == [("ALREADY_REGISTERED", "adresse_reference")]


TODAY = date.today()
REFUSALS = [
    ({"adresse_reference_numero_voie": "Résidence des Pins"}, "ADDRESS_UNKNOWN"),
    ({"adresse_reference_code_postal": "99000"}, "ADDRESS_UNKNOWN"),
    ({"nb_lots_habitation": 9}, "LOTS_INCONSISTENT"),
    ({"nb_lots_principaux": 13}, "LOTS_INCONSISTENT"),
    ({"type_syndicat": "secondaire"}, "PRINCIPAL_MISSING"),
    ({"date_fin_exercice": TODAY + timedelta(days=1)}, "PERIOD_NOT_CLOSED"),
    ({"date_ag_approbation": TODAY + timedelta(days=1)}, "PERIOD_NOT_CLOSED"),
    ({"date_debut_exercice": TODAY}, "PERIOD_DATES"),
    ({"date_fin_mandat": TODAY + timedelta(days=1500)}, "MANDATE_TOO_LONG"),
    ({"date_fin_mandat": TODAY - timedelta(days=1)}, "MANDATE_EXPIRED"),
]


@pytest.mark.parametrize(("changes", "code"), REFUSALS)
def test_what_is_wrong_is_named(syndic, changes, code):
    dossier = a_dossier()
    for item, value in changes.items():
        place = dossier["adresse_reference"] if item.startswith("adresse_") else dossier
        place[item] = value
    assert code in [found for found, _item in syndic.refused("WS1", dossier)]


def test_what_is_missing_is_named(syndic):
    dossier = a_dossier(nb_lots_total=None)
    [refusal] = syndic.told(syndic.send("WS1", dossier, checked=False))
    assert (refusal.code, refusal.item) == ("FIELD_MISSING", "nb_lots_total")


def test_numbers_are_checked(syndic):
    dossier = a_dossier()
    assert syndic.refused("WS2_STANDARD", dossier, "12") == [
        ("NUMBER_INVALID", "numero_immatriculation")
    ]
    assert syndic.refused("WS2_STANDARD", dossier, NOWHERE) == [
        ("NUMBER_UNKNOWN", "numero_immatriculation")
    ]


def test_an_expired_mandate_is_renewed_before_an_update(desk, syndic):
    end = TODAY + timedelta(days=20)
    dossier = a_dossier(date_fin_mandat=end)
    number = syndic.register(dossier)
    desk.simulator.control.set_clock((end + timedelta(days=1)).isoformat())
    try:
        found = syndic.refused("WS2_STANDARD", dossier, number)
    finally:
        desk.simulator.control.set_clock(None)
    assert ("MANDATE_EXPIRED", "date_fin_mandat") in found


def test_another_declarant_is_not_affiliated(syndic, other):
    number = syndic.register()
    assert other.reasons(other.fetch(number)) == ["NOT_ATTACHED"]


@pytest.mark.parametrize(
    "who", [{"number": "T0000099"}, {"email": "autre@exemple.example"}], ids=["number", "e-mail"]
)
def test_an_unknown_account_is_refused(caller, who):
    stranger = caller(**who)
    assert stranger.reasons(stranger.status(str(uuid.uuid4()))) == ["ACCOUNT_UNKNOWN"]


def test_a_withdrawn_certificate_is_unknown_until_it_is_declared_again(desk, syndic):
    control = desk.simulator.control
    control.withdraw_certificates(NUMBER)
    try:
        assert syndic.reasons(syndic.status(str(uuid.uuid4()))) == ["CERT_UNKNOWN"]
    finally:
        control.declare_certificate(NUMBER, desk.identity.certificate)
    assert syndic.register()


def test_the_site_refuses_what_is_not_the_public_certificate(desk):
    control = desk.simulator.control
    wrong = {
        "the file holds a private key": desk.identity.certificate + desk.identity.key,
        "not a PEM certificate": b"hello",
        "the certificate is for another SIREN": desk.authority.client(
            OTHER_SIREN, ORGANISATION, bits=2048
        ).certificate,
    }
    for reason, content in wrong.items():
        with pytest.raises(ControlError, match=reason):
            control.declare_certificate(NUMBER, content)
