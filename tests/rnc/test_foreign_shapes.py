"""Shapes that contracts of other people asked for."""

import hashlib
import json
import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from lxml import etree

from conftest import REST, SOAP, a_dossier
from rnc import contract
from rnc.client import ANSWERED, RETRYABLE
from rnc.codec import Invalid, Unreadable, codec_for
from rnc.codec.values import from_wire, to_wire
from rnc.contract.formats import Formats
from rnc.contract.path import path
from rnc.items import item
from rnc.profile_check import problems
from rnc.requests import place_of_document
from shapes import PIECE, TODAY, TOLD, a_mandate, client_of, with_service
from simulator import moments, paths
from simulator.scripted import Said, registry
from simulator.tree_json import JsonTree
from simulator.tree_xml import XmlTree

PARCEL = {
    "parcelles_code_insee": "35238",
    "parcelles_prefixe": "000",
    "parcelles_section": "AB",
    "parcelles_numero": "0012",
}
IN_ONE_TEXT = {
    "text": "".join(f"{{{code}}}" for code in PARCEL),
    "pattern": "".join(f"(?P<{code}>.{{{len(text)}}})" for code, text in PARCEL.items()),
}


def free(place, **changes):
    """A profile without schemas whose WS3 reads what its WS1 writes."""
    profile = contract.load(place)
    wire = {**profile.wire, "answer_schema": "", **changes.pop("wire", {})}
    formats = {**profile.formats.described, **changes.pop("formats", {})}
    names = {**profile.names, **changes.pop("names", {})}
    bare = replace(profile.services["WS1"], schema="")
    return replace(
        profile,
        wire=wire,
        names=names,
        formats=Formats(wire, formats),
        answer={"dossier": bare.below, "outcome": None},
        services={"WS1": bare, "WS3": replace(bare, code="WS3", answer={})},
        http={**profile.http, "outcomes": {"200": "accepted"}},
        **changes,
    )


def written(profile, dossier) -> bytes:
    return codec_for(profile).encode("WS1", dossier, TODAY, TOLD)


def read(profile, body):
    return codec_for(profile).decode(body, on=TODAY, service="WS3").dossier


# -- paths ------------------------------------------------------------------------------

AMOUNTS = {"impayes": Decimal("2410.55"), "fonds_travaux": Decimal("6000")}


@pytest.mark.parametrize(("place", "mark"), [(REST, ""), (SOAP, "@")], ids=["json", "xml"])
def test_several_equalities(place, mark):
    last = "" if mark else "/value"
    named = {
        code: f"Sum[{mark}kind='{code}'][{mark}unit='EUR']{last}"
        for code in ("impayes", "fonds_travaux")
    }
    profile = free(place, names=named)
    body = written(profile, AMOUNTS)
    assert body.count(b"EUR") == 2, "of what is not sent nothing is written"
    assert read(profile, body) == AMOUNTS
    dollars = body.replace(b"EUR", b"USD", 1)
    assert len(read(profile, dollars)) == 1


@pytest.mark.parametrize("place", [REST, SOAP], ids=["json", "xml"])
def test_the_first_of_several(place):
    profile = free(place, names={"premier_exercice": "years[1]/first", "finance": "."})
    body = written(profile, {"premier_exercice": True})
    if place == REST:
        [year] = json.loads(body)["years"]
        found = {**json.loads(body), "years": [year, {"first": False}]}
        body = json.dumps(found).encode()
    else:
        root = etree.fromstring(body)
        [year] = root.iter("{*}years")
        year.addnext(etree.fromstring(etree.tostring(year).replace(b"true", b"false")))
        body = etree.tostring(root)
    assert read(profile, body) == {"premier_exercice": True}


def test_the_simulator_follows_the_same_paths():
    where = "sums[@kind='a'][@unit='EUR']"
    root = etree.fromstring("<r><sums kind='a' unit='USD'/><sums kind='a' unit='EUR'>7</sums></r>")
    assert paths.find(XmlTree(root).root, where).take() == "7"
    assert paths.find(XmlTree(root).root, "sums[1]/@unit").take() == "USD"
    tree = JsonTree()
    paths.make(tree.root, "sums[kind='a'][unit='EUR']/n").put(7)
    assert tree.document == {"sums": [{"kind": "a", "unit": "EUR", "n": 7}]}
    assert paths.find(tree.root, "sums[1]/n").take() == 7


@pytest.mark.parametrize("text", ["a[b='c'", "a[2]", "a[1][b='c']", "a[b='c'][d]"])
def test_no_other_predicate(text):
    with pytest.raises(ValueError, match="no step"):
        path(text)


def test_structs_without_a_place_of_their_own_stand_together():
    here = {code: "." for code in ("adresse_reference", "representant", "etiquettes")}
    town = {"adresse_reference": {"adresse_reference_commune": "Rennes"}}
    profile = free(REST, names=here, wire={"grouped": False})
    assert read(profile, written(profile, town)) == town


# -- values -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "looks"),
    [(date(2026, 7, 1), "2026-07-01+02:00"), (date(2026, 1, 1), "2026-01-01+01:00")],
)
def test_a_day_with_the_offset_of_a_zone(day, looks):
    said = {"format": "%Y-%m-%d%:z", "zone": "Europe/Paris"}
    profile, one = free(SOAP, formats={"date": said}), item("date_debut_mandat")
    assert to_wire(profile, one, day) == looks
    assert from_wire(profile, one, looks) == day
    styled = {**said, "type": "date"}
    assert moments.write_moment(styled, day.isoformat()) == looks
    assert moments.read_moment(styled, looks, True).date() == day


def test_a_text_that_the_contract_codes():
    profile = free(SOAP, codes={"representant_civilite": {"M": "1", "Mme": "2"}})
    one = item("representant_civilite")
    assert [to_wire(profile, one, text) for text in ("Mme", "Dr")] == ["2", "Dr"]
    assert from_wire(profile, one, "2") == "Mme"


def test_null_under_a_condition():
    said = {"absent": "null", "when": "premier_exercice=non"}
    profile = free(REST, formats={"impayes": said}, names={"impayes": "unpaid"})
    assert b'"unpaid": null' in written(profile, {"premier_exercice": False})
    assert b"unpaid" not in written(profile, {"premier_exercice": True})


def test_items_in_one_text():
    members = {"parcelles": "Parcel/@idu"}
    profile = free(
        SOAP,
        formats={"parcelles": IN_ONE_TEXT},
        names={"parcelles": "."},
        wire={"members": members},
    )
    body = written(profile, {"parcelles": [PARCEL, PARCEL]})
    assert body.count(b'idu="35238000AB0012"') == 2
    assert read(profile, body) == {"parcelles": [PARCEL, PARCEL]}
    with pytest.raises(Unreadable):
        read(profile, body.replace(b"AB0012", b"AB012"))
    with pytest.raises(Invalid, match="parcelles_numero"):
        written(profile, {"parcelles": [{**PARCEL, "parcelles_numero": ""}]})


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"text": "{nb_lots_total}", "pattern": "(?P<nb_lots_total>.)"}, "items of parcelles"),
        ({**IN_ONE_TEXT, "pattern": "(?P<parcelles_numero>.)"}, "a group"),
        ({**IN_ONE_TEXT, "pattern": "(.)"}, "named groups"),
    ],
)
def test_an_ill_made_text_is_named(tmp_path, said, told):
    folder = shutil.copytree(REST, tmp_path / REST.name)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["formats"]["parcelles"] = said
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert any(told in one for one in problems(folder)), problems(folder)


def test_what_may_be_said_of_a_file():
    profile = free(SOAP)
    constants = (("@size", "{piece_contenu:size}"), ("@sum", "{piece_contenu:sha256}"))
    one = replace(profile.services["WS1"], constants=constants)
    profile = replace(profile, services={"WS1": one})
    digest = hashlib.sha256(PIECE["piece_contenu"]).hexdigest()
    body = written(profile, a_mandate())
    size = len(PIECE["piece_contenu"])
    assert f'size="{size}"'.encode() in body and f'sum="{digest}"'.encode() in body
    assert b"sum=" not in written(profile, a_dossier(TODAY)), "no file, nothing is said of it"


# -- calls ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("foreign")


def with_document(**answer):
    """A contract that wants the document first, and its identifier in the message."""
    profile = with_service(
        contract.load(REST),
        *("DOCUMENT",),
        method="PUT",
        path="documents",
        headers={"Correlation": "{call}"},
        media_type="application/pdf",
        answer={"body": "document", "registry_reference": "id", "outcome": None, "schema": None},
    )
    cited = replace(
        profile.services["WS4"],
        constants=(("documents", ["{document_reference}"]),),
        body="document",
        parts=(),
        schema="",
    )
    http = {**profile.http, "outcomes": {**profile.http.get("outcomes", {}), "201": "accepted"}}
    http["accepted"] = [*http["accepted"], 201]
    return replace(profile, services={**profile.services, "WS4": cited}, http=http)


@pytest.mark.parametrize("told", ["PJ-000017", "", 'a"b'])
def test_a_message_cites_its_document(folder, told):
    profile = with_document()
    headers = {"Content-Type": "application/json"}

    def answer(asked):
        if asked.method == "PUT":
            return Said(201, json.dumps({"id": told}).encode(), headers)
        return Said(202, b"", {"Location": "/x/8f0c"})

    with registry(folder, answer) as (url, asked, pem):
        client = client_of(profile, url, pem)
        values = {**TOLD, "reference": "R", "document_reference": place_of_document("R")}
        body = client.codec.encode("WS4", a_mandate(), TODAY, values)
        apart = client.codec.encode("DOCUMENT", a_mandate(), TODAY, values)
        for _again in range(2):
            outcome = client.send("WS4", body, reference="R", number="AB1234567", document=apart)
    if told == "PJ-000017":
        assert outcome.kind == ANSWERED
        assert json.loads(asked[1].body)["documents"] == ["PJ-000017"]
        calls = [one.headers["Correlation"] for one in asked if one.method == "PUT"]
        assert len(set(calls)) == 2, "each call has an identifier of its own"
    else:
        assert (outcome.kind, outcome.code) == (RETRYABLE, "DOCUMENT_NOT_NAMED")
        assert {one.method for one in asked} == {"PUT"}, "the message has not left"


# -- the checker ------------------------------------------------------------------------


NUMBERS = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
 targetNamespace="urn:registre:lieu" elementFormDefault="qualified">
<xs:element name="A"><xs:complexType><xs:sequence><xs:element name="B" type="xs:int"/>
</xs:sequence></xs:complexType></xs:element></xs:schema>"""


def test_a_prefixed_element_that_its_schema_refuses_is_named(tmp_path):
    (tmp_path / "request.xsd").write_text(NUMBERS)
    wire = codec_for(replace(contract.load(SOAP), folder=tmp_path))._wire()
    root = etree.fromstring('<l:A xmlns:l="urn:registre:lieu"><l:B>a word</l:B></l:A>')
    with pytest.raises(Invalid, match="^B "):
        wire._check(root, "request.xsd")
