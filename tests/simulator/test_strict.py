"""What does not fit the contract is refused by the contract's own error; nothing crashes it."""

import json
import random

import pytest

from conftest import REST, SOAP, a_dossier
from voices.rest import RestVoice
from voices.shaped import EMAIL, NUMBER
from voices.soap import ENVELOPE, SoapVoice

INVALID = "https://registre.example/problems/document-invalid"
OLDER = "http://schemas.xmlsoap.org/soap/envelope/"


@pytest.fixture
def rest(shaped):
    """A declarant by REST who has one message ready, not yet sent."""
    registry = shaped(REST)
    return _ready(RestVoice(registry, registry.registry.profile, NUMBER, EMAIL), registry)


@pytest.fixture
def soap(shaped):
    registry = shaped(SOAP)
    return _ready(SoapVoice(registry, registry.registry.profile, NUMBER, EMAIL), registry)


def _ready(voice, registry):
    """The voice, with the arguments of the one call that it would have made."""
    held = []
    voice.line = type("Held", (), {"call": lambda _self, *told: held.append(told) or 1 / 0})()
    with pytest.raises(ZeroDivisionError):
        voice.send("WS1", a_dossier(), "", "ours-1")
    voice.line, [voice.ready] = registry, held
    return voice


def _json(change):
    """The message, its document changed."""

    def changed(method, path, headers, body):
        document = json.loads(body)
        change(document)
        return method, path, headers, json.dumps(document).encode()

    return changed


def _identity(**values):
    return _json(lambda document: document["identity"].update(values))


def _told(**headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda method, path, told, body: (method, path, {**told, **names}, body)


def _body(old: bytes, new: bytes):
    return lambda method, path, told, body: (method, path, told, body.replace(old, new, 1))


def _path(end: str):
    return lambda method, path, told, body: (method, path + end, told, body)


def _into(document: dict, *names) -> dict:
    for name in names:
        document = document[name]
    return document


BY_REST = {
    "unknown member": _json(lambda d: d["identity"].update(colour="red")),
    "unknown group": _json(lambda d: d.update(garden={"trees": 3})),
    "constant": _json(lambda d: d.update(kind="other")),
    "no constant": _json(lambda d: d.pop("kind")),
    "list for object": _json(lambda d: d.update(identity=[])),
    "object for text": _json(lambda d: d["identity"].update(name={"fr": "x"})),
    "array document": lambda method, path, told, _body: (method, path, told, b"[]"),
    "no body": lambda method, path, told, _body: (method, path, told, b""),
    "unfinished": _body(b"}}", b"}"),
    "twice": _body(b'"kind"', b'"kind": "registration", "kind"'),
    "not UTF-8": _body(b"Rennes", b"Rennes\xe9"),
    "NaN": _body(b'"cents": 0', b'"cents": NaN'),
    "huge number": _body(b'"cents": 0', b'"cents": 1e999999999'),
    "half a cent": _body(b'"cents": 0', b'"cents": 0.5'),
    "text for number": _body(b'"cents": 0', b'"cents": "0"'),
    "float for int": _json(lambda d: _into(d, "identity", "lots").update(total=12.5)),
    "deep": _body(b'"kind"', b'"x": ' + b"[" * 20_000 + b"]" * 20_000 + b', "kind"'),
    "media type": _told(Content_Type="application/xml"),
    "charset": _told(Content_Type="application/json; charset=iso-8859-1"),
    "query": _path("?verbose=1"),
    "query twice": _path("?a=1&a=2"),
    "unknown amount": _body(b'"kind": "works"', b'"kind": "bribes"'),
    "amount twice": _body(
        b'{"kind": "works"', b'{"kind": "current", "cents": 1}, {"kind": "works"'
    ),
}
OTHER_CODES = {
    "unknown heating": (_json(lambda d: d["technical"].update(type_chauffage=7)), "code-unknown"),
    "heating by our word": (
        _json(lambda d: d["technical"].update(type_chauffage="collectif")),
        "code-unknown",
    ),
    "another date": (_body(b"18.04.1972", b"1972-04-18"), "date-invalid"),
    "no such day": (_body(b"18.04.1972", b"31.02.1972"), "date-invalid"),
    "text for yes": (
        _json(lambda d: d["identity"].update(residence_service="false")),
        "code-unknown",
    ),
    "nought for no": (_json(lambda d: d["identity"].update(residence_service=0)), "code-unknown"),
    "nothing": (_identity(type_syndicat=None), "field-missing"),
    "empty": (_identity(type_syndicat=""), "field-missing"),
}


@pytest.mark.parametrize("spoil", BY_REST.values(), ids=BY_REST)
def test_a_message_by_rest_is_read_strictly(rest, spoil):
    came = rest.line.call(*spoil(*rest.ready))
    assert came.headers["content-type"] == "application/problem+json", came
    assert 400 <= came.status < 500
    assert {error["code"] for error in json.loads(came.body)["errors"]} == {INVALID}
    assert rest._understood(rest.line.call(*rest.ready)).answer.status == "received"


@pytest.mark.parametrize(("spoil", "code"), OTHER_CODES.values(), ids=OTHER_CODES)
def test_what_is_wrong_by_rest_has_its_code(rest, spoil, code):
    came = rest.line.call(*spoil(*rest.ready))
    found = [error["code"].rpartition("/")[2] for error in json.loads(came.body)["errors"]]
    assert code in found, found


LOTS = b'<ns2:Lots total="12" principaux="8" habitation="8" stationnement="4" />'
LIFTS = b"<ns2:nb_ascenseurs>1</ns2:nb_ascenseurs>"
FORM = "multipart/form-data; boundary=b"
BY_SOAP = {
    "older envelope": lambda m, p, told, body: (
        m, p, told, body.replace(ENVELOPE[1:-1].encode(), OLDER.encode())),
    "two documents": _body(b"</ns0:Body>", b"<ns0:x/></ns0:Body>"),
    "no envelope": lambda m, p, told, _body: (m, p, told, b"<Immatriculer/>"),
    "another action": _told(Content_Type='application/soap+xml; action="urn:other"'),
    "document type": _body(b"<ns0:Envelope", b"<!DOCTYPE a [<!ENTITY b 'c'>]><ns0:Envelope"),
    "another version": _body(b'version="1.0">', b'version="9.0">'),
    "unknown element": _body(b"<ns2:Lieu>", b"<ns2:Jardin>oui</ns2:Jardin><ns2:Lieu>"),
    "unknown attribute": _body(b"<ns2:Lieu>", b'<ns2:Lieu etat="bon">'),
    "no namespace": _body(b"<ns2:Technique>", b'<x xmlns="">1</x><ns2:Technique>'),
    "stray text": _body(b"<ns2:Technique>", b"<ns2:Technique>bonjour"),
    "twice": _body(LIFTS, LIFTS + LIFTS),
    "another order": _body(LOTS, b""),
    "three decimals": _body(b"41250,30", b"41250,300"),
    "a point": _body(b"41250,30", b"41250.30"),
    "unfinished": _body(b"</ns0:Envelope>", b""),
}  # fmt: skip


@pytest.mark.parametrize("name", BY_SOAP)
def test_a_message_by_soap_is_read_strictly(soap, name):
    method, path, headers, body = BY_SOAP[name](*soap.ready)
    if name == "another order":
        body = body.replace(b"</ns2:Identification>", LOTS + b"</ns2:Identification>")
    found = soap._understood(soap.line.call(method, path, headers, body))
    assert found.kind == "rejected" and 400 <= found.status < 500
    assert {reason.code for reason in found.answer.refusals} == {"DOCUMENT_INVALID"}, found
    assert soap._understood(soap.line.call(*soap.ready)).answer.status == "received"


PARTS = {
    "no boundary": (b"", "multipart/form-data"),
    "another subtype": (b"--b\r\n\r\n\r\n--b--\r\n", "multipart/mixed; boundary=b"),
    "without an end": (b"--b\r\n\r\nx\r\n", FORM),
    "a part without a name": (b"--b\r\n\r\nx\r\n--b--\r\n", FORM),
    "an unknown part": (
        b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\nx\r\n--b--\r\n',
        FORM,
    ),
    "no document": (
        b'--b\r\nContent-Disposition: form-data; name="kind"\r\n\r\npv_ag\r\n--b--\r\n',
        FORM,
    ),
    "a header without a colon": (b"--b\r\nfoo\r\n\r\nx\r\n--b--\r\n", FORM),
    "Base64": (
        b'--b\r\nContent-Disposition: form-data; name="document"\r\n'
        b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        b"JVBERg==\r\n--b--",
        FORM,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "kind"), PARTS.values(), ids=PARTS)
def test_parts_are_read_strictly(rest, body, kind):
    path = "/rest/v1/condominiums/ZZ0000001/affiliations"
    headers = {"Idempotency-Key": "ours-1", "Content-Type": kind}
    came = rest.call("POST", path, headers, body)
    assert came.status in (400, 415, 422)
    assert {error["code"] for error in json.loads(came.body)["errors"]} == {INVALID}


def test_a_body_where_none_is_expected(rest):
    path = "/rest/v1/condominiums/ZZ0000001/mandate?end=2026-12-31"
    came = rest.call("DELETE", path, {"Idempotency-Key": "ours-1"}, b"{}")
    assert json.loads(came.body)["errors"][0]["code"] == INVALID


def test_an_address_and_a_document_that_disagree(rest):
    body = {"accounts": {"end": "31.12.2025"}}
    headers = {"Idempotency-Key": "ours-1", "Content-Type": "application/json"}
    path = "/rest/v1/condominiums/ZZ0000001/accounts/2024-12-31"
    came = rest.call("PUT", path, headers, json.dumps(body).encode())
    [error] = json.loads(came.body)["errors"]
    assert (error["code"], error["pointer"]) == (INVALID, "end")


def test_an_address_that_no_service_has(rest):
    assert rest.call("GET", "/rest/v1/nowhere").status == 404
    assert rest.call("GET", "/elsewhere").status == 404
    assert rest.call("TRACE", "/rest/v1/condominiums").status == 405


@pytest.mark.parametrize("name", ["rest", "soap"])
def test_no_message_crashes_it(request, name):
    """300 messages spoilt at random: each has an answer of the contract."""
    voice, dice = request.getfixturevalue(name), random.Random(24)
    method, path, headers, body = voice.ready
    for rank in range(300):
        spoilt = bytearray(body)
        for _time in range(dice.randint(1, 4)):
            place = dice.randrange(len(spoilt))
            spoilt[place : place + dice.randint(0, 6)] = dice.choice(PIECES)
        came = voice.line.call(method, path, headers, bytes(spoilt))
        found = voice._understood(came)
        if found.kind == "rejected":
            assert found.answer.refusals, (rank, came)


PIECES = [b"", b"<", b">", b'"', b"{", b"}", b"[", b"]", b"\x00", b"\xff", b"&amp;", b"null",
          b"-1", b"<x/>", b"1e9", b"true", b"31.12.2025", b",", b"/", b"\n"]  # fmt: skip
