"""Contracts of any ordinary shape: what leaves, and what is understood of the answers."""

import json
from dataclasses import replace
from datetime import date, datetime, timezone
from decimal import Decimal

import pytest
from lxml import etree

from conftest import FLAT_JSON, REST, SOAP, a_dossier
from rnc import contract
from rnc.client import ANSWERED, REFERENCE, REJECTED, UNKNOWN, UNPROVEN, Client
from rnc.codec import Invalid, Refusal, Unreadable, codec_for
from rnc.codec.multipart import parts_of
from rnc.codec.names import names_of
from rnc.codec.values import from_wire, to_wire
from rnc.contract.formats import Formats
from rnc.contract.profile import BY_DOSSIER, BY_REPEATING, BY_THEIRS, NEVER
from rnc.contract.service import service
from rnc.items import catalogue, item
from rnc.listing import attached
from rnc.requests import Declarant
from rnc.transport import Channel, client_context
from simulator.scripted import Said, registry

TODAY = date(2026, 3, 1)
REFERENCE_OF_OURS = "6b1f5f0e-0000-4000-8000-000000000001"
TOLD = {"reference": REFERENCE_OF_OURS, "registration_number": "AB1234567"}
PIECE = {"piece_type": "pv_ag", "piece_nom": "pv à signer.pdf", "piece_contenu": b"%PDF-1.4\0\xff"}
NS = {"r": "urn:registre:1.0", "l": "urn:registre:lieu", "e": "urn:registre:entete",
      "env": "http://www.w3.org/2003/05/soap-envelope"}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Of the server's certificate: one for all."""
    return tmp_path_factory.mktemp("scripted")


@pytest.fixture(scope="module")
def rest():
    return contract.load(REST)


@pytest.fixture(scope="module")
def soap():
    return contract.load(SOAP)


def client_of(profile, url: str, pem: bytes) -> Client:
    channel = Channel(client_context(None, None, pem), profile.limits)
    return Client(profile, url, Declarant("T0000001", "registre@cabinet.example"), channel)


def with_service(profile, code, **data):
    described = {"method": "GET", "path": code.lower(), **data}
    made = service(code, described, profile.wire, {})
    return replace(profile, services={**profile.services, code: made})


def a_mandate(**changes):
    return a_dossier(TODAY, piece=PIECE, **changes)


# -- values -------------------------------------------------------------------------

MOMENT = datetime(2026, 7, 14, 22, 30, 5, tzinfo=timezone.utc)
VALUES = [
    ("impayes", {"as": "number", "unit": "cents"}, Decimal("2410.55"), 241055),
    ("impayes", {"unit": "cents"}, Decimal("0.10"), "10"),
    ("impayes", {"decimals": 2, "separator": ",", "grouping": " "}, Decimal("41250.3"), "41 250,30"),
    ("impayes", {"decimals": 2, "separator": ",", "grouping": "\u202f"}, Decimal("-1820"), "-1\u202f820,00"),
    ("impayes", {"as": "number"}, Decimal("2410.55"), 2410.55),
    ("nb_lots_total", {"as": "number"}, 12, 12),
    ("nb_lots_total", {"grouping": "."}, 12000, "12.000"),
    ("latitude", {"unit": "cents"}, Decimal("48.1"), "48.1"),
    ("date_reglement", {"format": "%Y%m%d"}, date(1972, 4, 18), "19720418"),
    ("date_reglement", {"format": "epoch_ms", "zone": "Europe/Paris"}, date(2026, 7, 15), 1784066400000),
    ("date_reglement", {"format": "%Y-%m-%dT%H:%M:%S%z", "zone": "Europe/Paris"}, date(2026, 7, 15), "2026-07-15T00:00:00+0200"),
    ("date_derniere_maj", {"format": "epoch"}, MOMENT, int(MOMENT.timestamp())),
    ("date_derniere_maj", {"format": "%d/%m/%Y %H:%M:%S", "zone": "Europe/Paris"}, MOMENT, "15/07/2026 00:30:05"),
    ("residence_service", {"yes": 1, "no": 0}, True, 1),
    ("residence_service", {"yes": "Y", "no": "N"}, False, "N"),
]  # fmt: skip


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

    assert text("env:Header/e:Message/@id") == REFERENCE_OF_OURS
    [asked] = root.xpath("env:Body/r:MettreAJour", namespaces=NS)
    assert dict(asked.attrib) == {"version": "1.0", "type": "annuelle", "immatriculation": "AB1234567"}
    assert text("//r:Comptes/r:Montant[@poste='impayes']") == "2410,55"
    assert text("//l:Commune") == "Rennes" and text("//l:Commune/@codePostal") == "35000"
    assert text("//r:Lots/@total") == "12"
    names = [etree.QName(one).localname for one in root.xpath("//r:Identification/*", namespaces=NS)]
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
    ("soap", "/env:Envelope/env:Body/r:Immatriculer/r:Dossier/r:Identification/r:Lots/@total", "nb_lots_total"),
    ("soap", "Montant[@poste='impayes']", "impayes"),
    ("soap", "l:Commune/@codePostal", "adresse_reference_code_postal"),
    ("soap", "date_debut_mandat", "date_debut_mandat"),
]  # fmt: skip


@pytest.mark.parametrize(("which", "pointer", "code"), POINTERS)
def test_an_error_points_at_an_item(rest, soap, which, pointer, code):
    assert names_of({"rest": rest, "soap": soap}[which]).anywhere(pointer) == code


# -- answers --------------------------------------------------------------------------

PROBLEM = "application/problem+json"
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


def test_errors_by_name_and_as_texts(rest):
    form = {**rest.answer, "error_item": "name()", "error_code": None, "error_detail": "."}
    profile = replace(rest, answer={**form, "errors": ["errors"]})
    answer = rest_answer(profile, 400, {"errors": {"lots/total": ["Too few."]}}, PROBLEM)
    assert answer.refusals == (Refusal("", "nb_lots_total", None, "Too few."),)
    answer = rest_answer(profile, 400, {"errors": ["Too few."]}, PROBLEM)
    assert answer.refusals == (Refusal("", None, None, "Too few."),)


FAULT = """<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"><env:Body><env:Fault>
<env:Code><env:Value>env:{code}</env:Value></env:Code><env:Reason><env:Text>Refusé</env:Text></env:Reason>
<env:Detail>{detail}</env:Detail></env:Fault></env:Body></env:Envelope>"""
ANOMALY = """<Anomalies xmlns="urn:registre:1.0"><Anomalie code="MANDATE_OVERLAP" chemin="date_debut_mandat">
<Valeur>2026-01-01</Valeur><Texte>Trop tôt</Texte></Anomalie></Anomalies>"""


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


# -- calls ----------------------------------------------------------------------------


def test_rest_from_the_message_to_the_attestation(rest, folder):
    def answer(asked):
        if asked.method == "POST":
            return Said(202, b"", {"Location": "/declarations/8f0c"})
        if asked.path.endswith("/attestation"):
            return Said(200, b"%PDF-1.4", {"Content-Type": "application/pdf"})
        return Said.json({"state": "done", "number": "AB1234567"})

    with registry(folder, answer) as (url, asked, pem):
        client = client_of(rest, url, pem)
        body = client.codec.encode("WS1", a_dossier(TODAY), TODAY, TOLD)
        sent = client.send("WS1", body, reference=REFERENCE_OF_OURS)
        assert (sent.kind, sent.answer.status) == (ANSWERED, "received")
        theirs = sent.answer.registry_reference
        told = client.status(REFERENCE_OF_OURS, registry_reference=theirs, service="WS1")
    assert told.answer.registration_number == "AB1234567"
    assert told.attestation == told.answer.attestation == b"%PDF-1.4"
    assert [one.path for one in asked] == [
        *("/declarations", "/declarations/8f0c", "/declarations/8f0c/attestation"),
    ]
    assert asked[0].headers["Idempotency-Key"] == REFERENCE_OF_OURS


def test_an_attestation_that_does_not_come_undoes_nothing(rest, folder):
    def answer(asked):
        if asked.path.endswith("/attestation"):
            return Said(500)
        return Said.json({"state": "done", "number": "AB1234567"})

    with registry(folder, answer) as (url, _asked, pem):
        told = client_of(rest, url, pem).status("R", registry_reference="8f0c")
    assert (told.kind, told.answer.status, told.attestation) == (ANSWERED, "accepted", b"")


def test_delete_without_a_body(rest, folder):
    with registry(folder, lambda asked: Said(204)) as (url, asked, pem):
        client = client_of(rest, url, pem)
        quoted = client.codec.quoted("WS5", {**a_dossier(TODAY), "successeur": {
            "successeur_nom": "Mme É", "successeur_adresse": "1 rue & place"}})  # fmt: skip
        outcome = client.send("WS5", b"", reference="R", number="AB1234567", quoted=quoted)
    assert outcome.answer.status == "accepted"
    [one] = asked
    assert (one.method, one.body) == ("DELETE", b"") and "Content-Type" not in one.headers
    assert "address=1+rue+%26+place" in one.path and "siret" not in one.path, "left out"


NOT_KNOWN = Said.json({"type": "about:blank"}, 404, PROBLEM)


@pytest.mark.parametrize(("proves", "concerns"), [(True, REFERENCE), (False, UNPROVEN)])
def test_not_known_by_a_status(rest, folder, proves, concerns):
    follow_up = {"by": [BY_THEIRS], "not_known": {"statuses": [404], "proves": proves}}
    with registry(folder, lambda asked: NOT_KNOWN) as (url, _asked, pem):
        client = client_of(replace(rest, follow_up=follow_up), url, pem)
        outcome = client.status("R", registry_reference="8f0c")
        assert client.recognises(client.prove("R"))
    assert (outcome.kind, outcome.concerns, outcome.concludes) == (REJECTED, concerns, proves)


def test_a_gateway_s_404_is_not_believed(rest, folder):
    page = Said(404, b"<html/>", {"Content-Type": "text/html"})
    with registry(folder, lambda asked: page) as (url, _asked, pem):
        outcome = client_of(rest, url, pem).status("R", registry_reference="8f0c")
    assert (outcome.kind, outcome.code) == (UNKNOWN, "UNREADABLE")


WAYS = [
    ([BY_THEIRS, BY_REPEATING], {}, "POST /declarations"),
    ([BY_THEIRS, NEVER], {}, None),
    ([BY_DOSSIER], {"number": "AB1234567"}, "GET /condominiums/AB1234567"),
    (["registration_number"], {}, None),
]


@pytest.mark.parametrize(("ways", "known", "call"), WAYS)
def test_the_way_to_ask(rest, folder, ways, known, call):
    profile = replace(rest, follow_up={"by": ways})
    with registry(folder, lambda asked: Said(202)) as (url, asked, pem):
        outcome = client_of(profile, url, pem).status("R", service="WS1", body=b"{}", **known)
    assert [f"{one.method} {one.path}" for one in asked] == ([call] if call else [])
    if not call:
        assert (outcome.kind, outcome.code) == (UNKNOWN, "NOT_ASKED")


def test_a_dossier_that_is_given_proves_an_affiliation_and_nothing_else(rest, folder):
    profile = replace(rest, follow_up={"by": [BY_DOSSIER]})
    with registry(folder, lambda asked: Said.json({"number": "AB1234567"})) as (url, _a, pem):
        client = client_of(profile, url, pem)
        kinds = [client.status("R", service=s, number="AB1234567").kind for s in ("WS4", "WS2_ANNUAL")]
    assert kinds == [ANSWERED, UNKNOWN]


@pytest.mark.parametrize("status", [202, 500])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_document_by_a_call_of_its_own(rest, folder, when, status):
    profile = with_service(
        rest, "DOCUMENT", method="PUT", path="documents/{reference}", when=when,
        media_type="application/pdf",
    )  # fmt: skip

    def answer(asked):
        return Said(status) if asked.method == "PUT" else Said(202, b"", {"Location": "/x/8f0c"})

    with registry(folder, answer) as (url, asked, pem):
        client = client_of(profile, url, pem)
        body = client.codec.encode("WS4", a_mandate(), TODAY, TOLD)
        apart = client.codec.encode("DOCUMENT", a_mandate(), TODAY, TOLD)
        assert apart == PIECE["piece_contenu"]
        outcome = client.send("WS4", body, reference="R", number="AB1234567", document=apart)
    methods = [one.method for one in asked]
    if when == "before":
        assert methods == (["PUT", "POST"] if status == 202 else ["PUT"])
        assert outcome.kind == (ANSWERED if status == 202 else "retryable")
    else:
        assert methods == ["POST", "PUT"]
        assert (outcome.kind, outcome.code) == (
            (ANSWERED, "") if status == 202 else (UNKNOWN, "DOCUMENT_NOT_TAKEN")
        )


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_a_soap_action(soap, folder, version):
    profile = replace(soap, wire={**soap.wire, "soap": version})
    fault = FAULT.format(code="Sender", detail=ANOMALY)
    if version == "1.1":
        fault = fault.replace(NS["env"], "http://schemas.xmlsoap.org/soap/envelope/")
    said = Said(500, fault.encode(), {"Content-Type": "text/xml"})
    with registry(folder, lambda asked: said) as (url, asked, pem):
        client = client_of(profile, url, pem)
        body = client.codec.encode("WS6", a_mandate(), TODAY, TOLD)
        outcome = client.send("WS6", body, reference="R", number="AB1234567")
        asking = client.status("R")
    assert outcome.kind == REJECTED and outcome.answer.refusals[0].code == "MANDATE_OVERLAP"
    action = asked[0].headers["SOAPAction" if version == "1.1" else "Content-Type"]
    assert "urn:registre:1.0/Renouveler" in action
    assert asking.kind == REJECTED and b"<Reference>R</Reference>" in asked[1].body


def test_a_fault_that_the_contract_does_not_know_proves_nothing(soap, folder):
    said = Said(500, FAULT.format(code="Receiver", detail="").encode())
    with registry(folder, lambda asked: said) as (url, _asked, pem):
        outcome = client_of(soap, url, pem).send("WS1", b"<a/>", reference="R")
    assert (outcome.kind, outcome.code) == (UNKNOWN, "SERVER_ERROR")


# -- lists ----------------------------------------------------------------------------

NUMBERS = [f"AB000000{n}" for n in range(5)]
PAGES = {
    "number": ({"page": "{page}", "size": "{size}"}, {"by": "number", "first": 0, "size": 2}),
    "offset": ({"from": "{offset}", "size": "{size}"}, {"by": "offset", "size": 2}),
    "cursor": ({"after": "{cursor}"}, {"by": "cursor"}),
    "link": ({}, {"by": "link"}),
    "next": ({}, {"by": "next"}),
}


@pytest.mark.parametrize("by", PAGES)
def test_a_list_in_pages(rest, folder, by):
    query, pages = PAGES[by]
    form = {"members": "items", "registration_number": "number", "next": "next", "outcome": None}
    profile = with_service(rest, "LIST", path="list", query=query, pages=pages, answer=form)

    def answer(asked):
        told = dict(pair.split("=") for pair in asked.path.partition("?")[2].split("&") if pair)
        start = int(told.get("from") or told.get("after") or told.get("at") or 0)
        start = 2 * int(told["page"]) if "page" in told else start
        shown, rest_of = NUMBERS[start : start + 2], NUMBERS[start + 2 :]
        content = {"items": [{"number": one} for one in shown]}
        following = {"cursor": str(start + 2), "next": f"list?at={start + 2}"}.get(by)
        if rest_of and following:
            content["next"] = following
        said = Said.json(content)
        if by == "link" and rest_of:
            said.headers["Link"] = f'</a>; rel="prev", </list?at={start + 2}>; rel="next"'
        return said

    with registry(folder, answer) as (url, asked, pem):
        found, outcome = attached(client_of(profile, url, pem))
    assert (found, outcome.kind) == (NUMBERS, ANSWERED)
    assert len(asked) == 3


def test_pages_without_an_end_end(rest, folder):
    said = Said.json({"items": [{"number": "AB0000001"}] * 50})
    with registry(folder, lambda asked: said) as (url, asked, pem):
        found, _outcome = attached(client_of(rest, url, pem))
    assert found == ["AB0000001"] and len(asked) == 2


def test_a_page_elsewhere_is_not_asked_for(rest, folder):
    form = {"members": "items", "registration_number": ".", "next": "next", "outcome": None}
    profile = with_service(rest, "LIST", path="list", pages={"by": "next"}, answer=form)
    said = Said.json({"items": ["AB0000001"], "next": "https://elsewhere.example/list"})
    with registry(folder, lambda asked: said) as (url, asked, pem):
        found, outcome = attached(client_of(profile, url, pem))
    assert (found, outcome.kind, len(asked)) == (["AB0000001"], ANSWERED, 1)
