"""Contracts of any ordinary shape: what leaves, and what is understood of the answers."""

import json
import re
from dataclasses import replace
from datetime import date, datetime, timezone
from decimal import Decimal

import pytest
from lxml import etree

from conftest import FLAT_JSON, REST, SOAP, a_dossier
from rnc import contract
from rnc.codec import Invalid, Refusal, Unreadable, codec_for
from rnc.codec.multipart import parts_of
from rnc.codec.names import names_of
from rnc.codec.values import from_wire, to_wire
from rnc.contract.formats import Formats
from rnc.contract.service import service
from rnc.items import catalogue, item
from shapes import ANOMALY, ENVELOPE, FAULT, OURS, PIECE, PROBLEM, TODAY, TOLD, a_mandate

NS = {
    "r": "urn:registre:1.0",
    "l": "urn:registre:lieu",
    "e": "urn:registre:entete",
    "env": ENVELOPE,
}


# -- values -------------------------------------------------------------------------

MOMENT = datetime(2026, 7, 14, 22, 30, 5, tzinfo=timezone.utc)
VALUES = [
    ("impayes", {"as": "number", "unit": "cents"}, Decimal("2410.55"), 241055),
    ("impayes", {"unit": "cents"}, Decimal("0.10"), "10"),
    (
        "impayes",
        {"decimals": 2, "separator": ",", "grouping": " "},
        Decimal("41250.3"),
        "41 250,30",
    ),
    (
        "impayes",
        {"decimals": 2, "separator": ",", "grouping": "\u202f"},
        Decimal("-1820"),
        "-1\u202f820,00",
    ),
    ("impayes", {"as": "number"}, Decimal("2410.55"), 2410.55),
    ("nb_lots_total", {"as": "number"}, 12, 12),
    ("nb_lots_total", {"grouping": "."}, 12000, "12.000"),
    ("latitude", {"unit": "cents"}, Decimal("48.1"), "48.1"),
    ("date_reglement", {"format": "%Y%m%d"}, date(1972, 4, 18), "19720418"),
    (
        "date_reglement",
        {"format": "epoch_ms", "zone": "Europe/Paris"},
        date(2026, 7, 15),
        1784066400000,
    ),
    (
        "date_reglement",
        {"format": "%Y-%m-%dT%H:%M:%S%z", "zone": "Europe/Paris"},
        date(2026, 7, 15),
        "2026-07-15T00:00:00+0200",
    ),
    ("date_derniere_maj", {"format": "epoch"}, MOMENT, int(MOMENT.timestamp())),
    (
        "date_derniere_maj",
        {"format": "%d/%m/%Y %H:%M:%S", "zone": "Europe/Paris"},
        MOMENT,
        "15/07/2026 00:30:05",
    ),
    ("residence_service", {"yes": 1, "no": 0}, True, 1),
    ("residence_service", {"yes": "Y", "no": "N"}, False, "N"),
]


@pytest.mark.parametrize(("code", "said", "value", "wire"), VALUES)
def test_a_value_is_written_and_read_again(rest, code, said, value, wire):
    profile = replace(rest, formats=Formats(rest.wire, {code: said}))
    assert to_wire(profile, item(code), value) == wire
    assert type(to_wire(profile, item(code), value)) is type(wire)
    assert from_wire(profile, item(code), wire) == value


def test_true_one_and_a_text_are_three_codes(rest):
    table = {"oui_non_non_connu": {"oui": True, "non": 1, "non connu": "1"}}
    profile = replace(rest, codes=table)
    for ours, theirs in table["oui_non_non_connu"].items():
        written = to_wire(profile, item("administration_provisoire"), ours)
        assert (written, type(written)) == (theirs, type(theirs))
        assert from_wire(profile, item("administration_provisoire"), theirs) == ours


# -- documents ----------------------------------------------------------------------


def sent(dossier: dict) -> dict:
    """What WS1 carries of a dossier."""
    carried = {one.code for one in catalogue(TODAY) if "WS1" in one.services}
    apart = ("numero_teledeclarant", "email_teledeclarant")
    return {code: one for code, one in dossier.items() if code in carried and code not in apart}


@pytest.mark.parametrize("place", [REST, SOAP, FLAT_JSON], ids=lambda place: place.name)
def test_a_dossier_comes_back_as_it_was_written(place):
    profile = contract.load(place)
    profile = replace(profile, wire={**profile.wire, "answer_schema": ""})
    values = {"code_insee": "35238", "prefixe": "000", "section": "AB", "numero": "0012"}
    parcel = {f"parcelles_{name}": value for name, value in values.items()}
    dossier = a_dossier(TODAY, parcelles=[parcel, parcel], adresses_complementaires=["a", "b"])
    body = codec_for(profile).encode("WS1", dossier, TODAY, TOLD)
    below = profile.services["WS1"].below
    described = {"dossier": below, "outcome": None, "root": None}
    answer = {**profile.answer, **described}
    services = {**profile.services, "WS3": replace(profile.services["WS3"], answer={})}
    http = {**profile.http, "outcomes": {"200": "accepted"}}
    profile = replace(profile, answer=answer, services=services, http=http)
    read = codec_for(profile).decode(body, on=TODAY, service="WS3").dossier
    assert read == sent(dossier)


def test_a_document_of_another_nesting(rest):
    dossier = a_dossier(TODAY, nom_usage="", administration_provisoire="non connu")
    sent = json.loads(codec_for(rest).encode("WS1", dossier, TODAY, TOLD))
    assert sent["kind"] == "registration" and sent["identity"]["name"] is None
    assert sent["identity"]["location"]["address"]["town"]["name"] == "Rennes"
    assert {"kind": "unpaid", "cents": 241055} in sent["accounts"]["amounts"]
    assert sent["holder"]["company"] == "Cabinet Fictif", "the struct has no member of its own"
    assert sent["technical"]["type_chauffage"] == 2
    assert sent["proceedings"]["administration_provisoire"] is None


def test_a_soap_envelope(soap):
    body = codec_for(soap).encode("WS2_ANNUAL", a_dossier(TODAY), TODAY, TOLD)
    root = etree.fromstring(body)

    def text(path):
        return root.xpath(f"string({path})", namespaces=NS)

    assert text("env:Header/e:Message/@id") == OURS
    [asked] = root.xpath("env:Body/r:MettreAJour", namespaces=NS)
    assert dict(asked.attrib) == {
        "version": "1.0",
        "type": "annuelle",
        "immatriculation": "AB1234567",
    }
    assert text("//r:Comptes/r:Montant[@poste='impayes']") == "2410,55"
    assert text("//l:Commune") == "Rennes" and text("//l:Commune/@codePostal") == "35000"
    assert text("//r:Lots/@total") == "12"
    names = [
        etree.QName(one).localname for one in root.xpath("//r:Identification/*", namespaces=NS)
    ]
    assert names[:2] == ["Lieu", "Lots"], "in the order that the profile says"


def test_what_an_address_quotes_is_frozen(rest):
    codec = codec_for(rest)
    quoted = codec.quoted("WS2_ANNUAL", a_dossier(TODAY))
    assert quoted["date_fin_exercice:%Y-%m-%d"] == "2025-12-31"
    with pytest.raises(Invalid, match="date_fin_exercice"):
        codec.quoted("WS2_ANNUAL", a_dossier(TODAY, date_fin_exercice=None))


def test_a_body_of_several_parts(rest):
    codec = codec_for(rest)
    body = codec.encode("WS4", a_mandate(), TODAY, TOLD)
    document, kind, file = parts_of(body)
    assert "document" not in json.loads(document)["holder"]
    assert (kind, file) == (b"pv_ag", PIECE["piece_contenu"])
    assert 'filename="pv à signer.pdf"\r\nContent-Type: application/pdf'.encode() in body
    assert codec.media_type(rest.services["WS4"], body).startswith("multipart/form-data; boundary=")
    assert codec.encode("WS4", a_mandate(), TODAY, TOLD) == body, "to the last byte"
    assert len(parts_of(codec.encode("WS4", a_dossier(TODAY), TODAY, TOLD))) == 1, "left out"
    assert [line.name for line in codec.outline(body, "WS4")][0] == "holder"


def test_two_things_in_one_place_are_refused(rest):
    names = {**rest.names, "nb_asl": "lots", "nb_lots_total": "lots/total"}
    with pytest.raises(Invalid):
        codec_for(replace(rest, names=names)).encode("WS1", a_dossier(TODAY, nb_asl=1), TODAY, TOLD)


# -- errors that point at an item -----------------------------------------------------

POINTERS = [
    ("rest", "#/identity/lots/total", "nb_lots_total"),
    ("rest", "$.identity.location.address.town.name", "adresse_reference_commune"),
    ("rest", "/identity/location/parcels/0/parcelles_numero", "parcelles_numero"),
    ("rest", "accounts.amounts[kind='unpaid'].cents", "impayes"),
    ("rest", "/accounts/amounts/3/cents", None),
    ("rest", "total", "nb_lots_total"),
    ("rest", "elsewhere", None),
    (
        "soap",
        "/env:Envelope/env:Body/r:Immatriculer/r:Dossier/r:Identification/r:Lots/@total",
        "nb_lots_total",
    ),
    ("soap", "Montant[@poste='impayes']", "impayes"),
    ("soap", "l:Commune/@codePostal", "adresse_reference_code_postal"),
    ("soap", "date_debut_mandat", "date_debut_mandat"),
]


@pytest.mark.parametrize(("which", "pointer", "code"), POINTERS)
def test_an_error_points_at_an_item(rest, soap, which, pointer, code):
    assert names_of({"rest": rest, "soap": soap}[which]).anywhere(pointer) == code


# -- answers --------------------------------------------------------------------------

LOTS = "https://registre.example/problems/lots-inconsistent"


def rest_answer(rest, status, content=None, kind="application/json", called="WS1", **headers):
    body = b"" if content is None else json.dumps(content).encode()
    said = {"content-type": kind, **headers}
    return codec_for(rest).decode(body, status, TODAY, called, said)


def test_an_empty_202_and_its_location(rest):
    answer = rest_answer(rest, 202, location="/rest/v1/declarations/8f0c%2F1?x=1")
    assert (answer.status, answer.registry_reference) == ("received", "8f0c/1")


def test_a_problem_and_its_errors(rest):
    errors = [{"code": LOTS, "pointer": "#/identity/lots/main", "value": 9, "detail": "Trop."}]
    answer = rest_answer(rest, 422, {"type": "about:blank", "errors": errors}, PROBLEM)
    assert answer.refusals == (Refusal(LOTS, "nb_lots_principaux", "9", "Trop."),)
    alone = rest_answer(rest, 422, {"type": LOTS, "title": "Lots", "status": 422}, PROBLEM)
    assert [(one.code, one.detail) for one in alone.refusals] == [(LOTS, "Lots")]
    with pytest.raises(Unreadable):
        rest_answer(rest, 422, {"type": LOTS}, "text/html")


def test_a_conflict_gives_the_existing_number(rest):
    answer = rest_answer(rest, 409, {"title": "Known", "condominium": "AB1234567"}, PROBLEM)
    assert answer.registration_number == "AB1234567"
    assert rest.means(answer.refusals[0].code) == "ALREADY_REGISTERED", "by its status"


def test_an_answer_to_a_question_that_says_nothing_is_not_believed(rest):
    with pytest.raises(Unreadable):
        rest_answer(rest, 200, {"number": "AB1234567"}, called="STATUS")
    found = rest_answer(rest, 200, {"number": "AB1234567"}, called="WS3")
    assert found.dossier == {"numero_immatriculation": "AB1234567"}


def test_the_only_one_of_an_array(rest):
    form = {
        "outcome": "items/state",
        "registration_number": "items/number",
        "reference": "items/id",
    }
    profile = replace(rest, answer={**rest.answer, **form})
    items = [{"state": "done", "number": "AB1234567", "id": OURS}]
    answer = rest_answer(profile, 200, {"items": items}, called="STATUS")
    assert (answer.registration_number, answer.reference) == ("AB1234567", OURS)
    for others in ([], items * 2, [1], [[]]):
        with pytest.raises(Unreadable):
            rest_answer(profile, 200, {"items": others}, called="STATUS")


def test_errors_by_name_and_as_texts(rest):
    form = {**rest.answer, "error_item": "name()", "error_code": None, "error_detail": "."}
    profile = replace(rest, answer={**form, "errors": ["errors"]})
    answer = rest_answer(profile, 400, {"errors": {"lots/total": ["Too few."]}}, PROBLEM)
    assert answer.refusals == (Refusal("", "nb_lots_total", None, "Too few."),)
    answer = rest_answer(profile, 400, {"errors": ["Too few."]}, PROBLEM)
    assert answer.refusals == (Refusal("", None, None, "Too few."),)


def test_a_soap_fault(soap):
    answer = codec_for(soap).decode(FAULT.format(code="Sender", detail=ANOMALY).encode(), 500)
    refusal = Refusal("MANDATE_OVERLAP", "date_debut_mandat", "2026-01-01", "Trop tôt")
    assert answer.status == "rejected" and answer.refusals == (refusal,)
    bare = codec_for(soap).decode(FAULT.format(code="Receiver", detail="").encode(), 500)
    assert bare.refusals == (Refusal("Receiver", None, None, "Refusé"),)


def test_what_is_no_envelope_is_not_read(soap):
    for body in (b"<Reponse xmlns='urn:registre:1.0' etat='ACCEPTEE'/>", b"<html/>", b""):
        with pytest.raises(Unreadable):
            codec_for(soap).decode(body)


# -- lists, structs, empty values -------------------------------------------------------

ADDRESSES = ["1 rue A", "2 rue B"]
LISTS = [
    # (profile, where the list stands, its members, how it looks)
    (FLAT_JSON, "others", None, '"others": ["1 rue A", "2 rue B"]'),
    (
        FLAT_JSON,
        "a/others",
        "label",
        '"a": {"others": [{"label": "1 rue A"}, {"label": "2 rue B"}]}',
    ),
    (SOAP, ".", "Autre", "<Autre>1 rue A</Autre><Autre>2 rue B</Autre>"),
    (SOAP, "Autres", "Autre/Ligne", "<Autres><Autre><Ligne>1 rue A</Ligne></Autre><Autre>"),
    (SOAP, "Autres", "Autre/@ligne", '<Autres><Autre ligne="1 rue A"/><Autre ligne="2 rue B"/>'),
]


@pytest.mark.parametrize(("place", "where", "members", "looks"), LISTS)
def test_a_list(place, where, members, looks):
    profile = contract.load(place)
    wire = {**profile.wire, "answer_schema": ""}
    kept = {**wire.get("members", {}), **({"adresses_complementaires": members} if members else {})}
    names = {**profile.names, "adresses_complementaires": where}
    bare = replace(profile.services["WS1"], schema="")
    profile = replace(
        *(profile,),
        wire={**wire, "members": kept},
        names=names,
        answer={"dossier": bare.below, "outcome": None},
        services={"WS1": bare, "WS3": replace(bare, code="WS3", answer={})},
        http={**profile.http, "outcomes": {"200": "accepted"}},
    )
    dossier = {"adresses_complementaires": ADDRESSES, "nom_usage": "Les Lilas"}
    body = codec_for(profile).encode("WS1", dossier, TODAY, TOLD)
    squeezed = re.sub(r">\s+<", "><", re.sub(r"\s*\n\s*", " ", body.decode()))
    assert looks in squeezed.replace("[ ", "[").replace(" ]", "]").replace("{ ", "{").replace(
        " }", "}"
    )
    assert codec_for(profile).decode(body, on=TODAY, service="WS3").dossier == dossier


@pytest.mark.parametrize("absent", ["null", "empty", "omit"])
@pytest.mark.parametrize("place", [REST, SOAP], ids=lambda place: place.name)
def test_what_has_no_value(place, absent):
    profile = contract.load(place)
    formats = Formats(
        profile.wire, {**profile.formats.described, "siret_syndicat": {"absent": absent}}
    )
    body = codec_for(replace(profile, formats=formats)).encode("WS1", a_dossier(TODAY), TODAY, TOLD)
    looks = {
        ("null", REST): b'"siret_syndicat": null',
        ("empty", REST): b'"siret_syndicat": ""',
        ("null", SOAP): b'nil="true"',
        ("empty", SOAP): b"<siret_syndicat></siret_syndicat>",
    }
    assert (looks.get((absent, place), b"siret_syndicat") in body) == (absent != "omit")


def test_the_items_of_amounts_are_told_apart_when_shown(rest, soap):
    for profile in (rest, soap):
        codec = codec_for(profile)
        shown = codec.outline(codec.encode("WS1", a_dossier(TODAY), TODAY, TOLD), "WS1")
        found = {line.item: line.value for line in shown if line.item and line.value is not None}
        amount = {"rest-1.0": 241055, "soap-1.0": "2410,55"}[profile.name]
        assert found["impayes"] == amount and "fonds_travaux" in found
        assert found["nb_lots_total"] in (12, "12")
        assert found["adresse_reference_commune"] == "Rennes"


def test_form_fields(rest):
    fields = {"lots": "{nb_lots_total}", "fin": "{date_fin_exercice:%d/%m/%Y}", "no": "{nb_asl}"}
    described = {
        "method": "POST",
        "path": "a",
        "groups": ["finance"],
        "body": {"urlencoded": fields},
    }
    made = service("WS1", described, rest.wire, {})
    profile = replace(rest, services={**rest.services, "WS1": made})
    body = codec_for(profile).encode("WS1", a_dossier(TODAY), TODAY, TOLD)
    assert body == b"lots=12&fin=31%2F12%2F2025"
    assert codec_for(profile).media_type(made, body) == "application/x-www-form-urlencoded"


def test_json_rpc(rest):
    """The mere presence of an error tells that it is one."""
    answer = {"outcome": "error/code", "outcomes": {"*": "rejected"}, "errors": "error"}
    answer |= {"error_code": "code", "registration_number": "result/number", "by_status": {}}
    profile = replace(rest, answer={**rest.answer, **answer})
    codec = codec_for(profile)
    refused = codec.decode(b'{"error": {"code": -32000, "message": "a"}}', 200)
    assert refused.status == "rejected"
    assert codec.decode(b'{"result": {"number": "AB1234567"}}').status == "accepted"
