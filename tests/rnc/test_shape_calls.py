"""Contracts of any ordinary shape: whole calls, with a registry that answers over real TLS."""

import random
from dataclasses import replace

import pytest

from conftest import REST, SOAP, a_dossier
from rnc import contract
from rnc.client import ANSWERED, REFERENCE, REJECTED, RETRYABLE, UNKNOWN, UNPROVEN
from rnc.contract import ProfileError, adapter
from rnc.contract.profile import BY_DOSSIER, BY_REPEATING, BY_THEIRS, NEVER
from rnc.contract.samples import samples
from rnc.listing import attached
from rnc.requests import Subject
from rnc.transport import Reply
from shapes import (
    ANOMALY,
    ENVELOPE,
    FAULT,
    OURS,
    PIECE,
    PROBLEM,
    TODAY,
    TOLD,
    a_mandate,
    client_of,
    with_service,
)
from simulator.scripted import Said, registry


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Of the server's certificate: one for all."""
    return tmp_path_factory.mktemp("scripted")


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
        sent = client.send("WS1", body, reference=OURS)
        assert (sent.kind, sent.answer.status) == (ANSWERED, "received")
        theirs = sent.answer.registry_reference
        told = client.status(OURS, registry_reference=theirs, service="WS1")
    assert told.answer.registration_number == "AB1234567"
    assert told.attestation == told.answer.attestation == b"%PDF-1.4"
    assert [one.path for one in asked] == [
        *("/declarations", "/declarations/8f0c", "/declarations/8f0c/attestation"),
    ]
    assert asked[0].headers["Idempotency-Key"] == OURS


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
        quoted = client.codec.quoted(
            "WS5",
            {
                **a_dossier(TODAY),
                "successeur": {"successeur_nom": "Mme É", "successeur_adresse": "1 rue & place"},
            },
        )
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
        kinds = [
            client.status("R", service=s, number="AB1234567").kind for s in ("WS4", "WS2_ANNUAL")
        ]
    assert kinds == [ANSWERED, UNKNOWN]


@pytest.mark.parametrize("status", [202, 500])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_document_by_a_call_of_its_own(rest, folder, when, status):
    profile = with_service(
        rest,
        "DOCUMENT",
        method="PUT",
        path="documents/{reference}",
        when=when,
        media_type="application/pdf",
    )

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
        fault = fault.replace(ENVELOPE, "http://schemas.xmlsoap.org/soap/envelope/")
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
    assert b"Dossier" not in asked[1].body, "a question holds no item"


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
    assert (found, outcome.kind, outcome.code) == (["AB0000001"], UNKNOWN, "LIST_CUT")
    assert len(asked) == 1


# -- an adapter -------------------------------------------------------------------------


class Signed(adapter.Adapter):
    """Fetches a token, signs the body; what its address says makes it fail."""

    def outgoing(self, request, call):
        if request.service == "WS7":
            raise RuntimeError("no key")
        token = call(replace(request, method="GET", url=request.url + "/token", body=None))
        headers = {**request.headers, "Authorization": token.body.decode()}
        return replace(request, headers=headers)

    def incoming(self, reply):
        return replace(reply, body=reply.body[::-1])


@pytest.fixture
def signed(rest):
    adapter.register("signed")(Signed)
    yield replace(rest, adapter="signed")
    del adapter.ADAPTERS["signed"]


def test_an_adapter_stands_between_the_profile_and_the_wire(signed, folder):
    def answer(asked):
        if asked.path.endswith("/token"):
            return Said(200, b"Bearer 1")
        return Said(
            200,
            b'{"state": "done", "number": "AB1234567"}'[::-1],
            {"Content-Type": "application/json"},
        )

    with registry(folder, answer) as (url, asked, pem):
        client = client_of(signed, url, pem)
        outcome = client.send("WS1", b"{}", reference=OURS)
        broken = client.send("WS7", b"{}", reference=OURS, number="AB1234567")
    assert outcome.answer.registration_number == "AB1234567"
    assert asked[1].headers["Authorization"] == "Bearer 1"
    assert (broken.kind, broken.code) == (RETRYABLE, "NOT_ADAPTED"), "nothing has left"


def test_the_call_of_an_adapter_that_fails_sends_nothing(signed, folder):
    with registry(folder, lambda asked: Said(503)) as (url, asked, pem):
        outcome = client_of(signed, url, pem).send("WS1", b"{}", reference=OURS)
    assert (outcome.kind, outcome.code) == (RETRYABLE, "UNAVAILABLE")
    assert [one.path for one in asked] == ["/declarations/token"]


def test_an_adapter_that_is_not_installed(rest, folder):
    with pytest.raises(ProfileError, match="no installed addon brings nobody"):
        client_of(replace(rest, adapter="nobody"), "https://127.0.0.1:9/", None)


# -- answers that are ill-made ------------------------------------------------------------

KINDS = {ANSWERED, REJECTED, UNKNOWN}


def spoiled(body: bytes, draw: random.Random) -> bytes:
    """A body, cut, with bytes that have changed, or something else in it."""
    at = draw.randrange(len(body) + 1)
    junk = draw.choice([b"\0", b"\xff\xfe", b"<", b"{", b"]", b'"', b"&x;", b"9" * 400, b"null"])
    return draw.choice([body[:at], body[:at] + junk + body[at:], body[:at] + junk, body[::-1]])


@pytest.mark.parametrize("place", [REST, SOAP], ids=lambda place: place.name)
def test_whatever_an_answer_holds_there_is_an_outcome(place, folder):
    draw, profile = random.Random(1), contract.load(place)
    with registry(folder, lambda asked: Said()) as (url, _asked, pem):
        client = client_of(profile, url, pem)
    for sample in samples(place):
        service = profile.services[sample.service]
        for _rank in range(40):
            body = spoiled(sample.body, draw)
            status = draw.choice([sample.status, 200, 202, 400, 404, 422])
            reply = Reply(status, sample.headers.get("content-type", ""), body, 0, sample.headers)
            outcome = client.outcome(reply, service, Subject("another"))
            assert outcome.kind in KINDS, sample.name
            if outcome.kind == REJECTED and outcome.concerns == REFERENCE:
                assert sample.meaning == "notknown" or status == 404, (sample.name, status, body)


HEADERS = ["", "/", "//", "https://[", "%", "\x00", "a" * 100_000, "?x", "/declarations/%ff"]


@pytest.mark.parametrize("location", HEADERS, ids=lambda text: text[:12])
def test_whatever_a_header_says(rest, folder, location):
    with registry(folder, lambda asked: Said()) as (url, _asked, pem):
        client = client_of(rest, url, pem)
    reply = Reply(202, "", b"", 0, {"location": location})
    outcome = client.outcome(reply, rest.services["WS1"], Subject(OURS))
    assert outcome.kind in (ANSWERED, UNKNOWN)
    assert outcome.answer is None or len(outcome.answer.registry_reference or "") <= 2000


def test_done_see_there(rest, folder):
    """303 to a question, where the contract says what it means; it is not followed."""
    http = {**rest.http, "outcomes": {**rest.http["outcomes"], "303": "accepted"}}
    by_status = {"303": {"body": "none", "registration_number": {"header": "Location"}}}
    answer = {**rest.answer, "by_status": {**rest.answer["by_status"], **by_status}}
    profile = replace(rest, http=http, answer=answer)
    said = Said(303, b"", {"Location": "/condominiums/AB1234567"})
    with registry(folder, lambda asked: said) as (url, _asked, pem):
        client = client_of(profile, url, pem)
        told = client.status("R", registry_reference="8f0c")
        sent = client.send("WS1", b"{}", reference="R")
    assert told.answer.registration_number == "AB1234567"
    assert (sent.kind, sent.code) == (UNKNOWN, "REDIRECTED")
