"""What a profile, or an answer in a contract of any shape, may try."""

import json
import shutil
import time
from dataclasses import replace

import pytest

from conftest import REST, a_dossier
from rnc.client import ANSWERED, QUESTION, REJECTED, RETRYABLE, UNKNOWN, Reader
from rnc.codec import Invalid, Unreadable, codec_for
from rnc.contract.pattern import is_slow
from rnc.contract.profile import BY_THEIRS
from rnc.dispatch import NOT_IN_TIME
from rnc.listing import attached
from rnc.profile_check import problems
from rnc.requests import Declarant, Requests, Subject
from rnc.transport import Reply
from shapes import FAULT, OURS, PROBLEM, TODAY, TOLD, client_of, with_service
from simulator.scripted import Said, registry


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("scripted")


# -- addresses ------------------------------------------------------------------------


@pytest.mark.parametrize("theirs", ["..", "."])
def test_a_reference_that_climbs_is_not_asked_about(rest, folder, theirs):
    """By the 404 of another place, a file would leave again."""
    follow_up = {"by": [BY_THEIRS], "not_known": {"statuses": [404], "proves": True}}
    said = Said.json({"type": "about:blank"}, 404, PROBLEM)
    with registry(folder, lambda asked: said) as (url, asked, pem):
        client = client_of(replace(rest, follow_up=follow_up), url, pem)
        outcome = client.status(OURS, registry_reference=theirs)
    assert asked == []
    assert (outcome.kind, outcome.code) == (RETRYABLE, "NOT_ADDRESSED")


def test_an_item_that_climbs_is_not_frozen(rest):
    described = rest.services["WS5"]
    profile = with_service(rest, "WS5", path="of/{nom_usage}", groups=list(described.groups))
    with pytest.raises(Invalid, match="stands in the address"):
        codec_for(profile).quoted("WS5", {**a_dossier(TODAY), "nom_usage": ".."})


def test_what_cannot_be_written_back_is_told(soap, folder):
    """A control character that JSON carries, and XML does not."""
    with registry(folder, lambda asked: Said(200)) as (url, asked, pem):
        outcome = client_of(soap, url, pem).status("\x01")
    assert (outcome.kind, outcome.code, asked) == (RETRYABLE, "NOT_ADDRESSED", [])


@pytest.mark.parametrize("body", ["urlencoded", "multipart"])
def test_a_question_in_a_form_is_sent(rest, body):
    parts = [{"name": "ref", "value": "{reference}"}]
    shape = {"urlencoded": {"ref": "{reference}"}}
    shape = {"multipart": "form-data", "parts": parts} if body == "multipart" else shape
    profile = with_service(rest, "STATUS", method="POST", body=shape)
    requests = Requests(profile, "https://r.example/", Declarant("T", "e"), codec_for(profile))
    made = requests.made(profile.services["STATUS"], Subject("R-1"))
    assert b"R-1" in made.body and body in made.headers["Content-Type"]


def test_a_file_without_a_name_is_not_left_out(rest):
    parts = [{"document": True, "name": "d", "filename": "{nom_usage}.json"}]
    body = {"multipart": "form-data", "parts": parts}
    profile = with_service(rest, "WS1", groups=["identification"], body=body)
    dossier = {**a_dossier(TODAY), "nom_usage": None}
    with pytest.raises(Invalid, match="nom_usage"):
        codec_for(profile).encode("WS1", dossier, TODAY, TOLD)


# -- answers --------------------------------------------------------------------------


@pytest.mark.parametrize("depth", [200, 400, 700, 990, 5000])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_however_deep_an_answer_is(rest, depth, opening, closing):
    inside = opening * depth + b"1" + closing * depth
    headers = {"Content-Type": "application/json"}
    try:
        answer = codec_for(rest).decode(b'{"state":"done","x":%s}' % inside, 200, None, "", headers)
        assert answer.status == "accepted"
    except Unreadable:
        assert depth > 200


def test_refusals_without_number_are_read_soon(rest):
    told = {"errors": [{"code": "A", "pointer": "/x" * 240}] * 5000}
    started = time.process_time()
    answer = codec_for(rest).decode(
        json.dumps(told).encode(), 422, None, "WS1", {"Content-Type": PROBLEM}
    )
    assert len(answer.refusals) == 200
    assert time.process_time() - started < 10


@pytest.mark.parametrize("called", ["WS1", "STATUS"])
@pytest.mark.parametrize("status", [200, 400, 500])
def test_a_fault_that_nobody_knows_refuses_no_file(soap, called, status):
    reply = Reply(status, "", FAULT.format(code="Receiver", detail="").encode(), 0)
    outcome = Reader(soap).outcome(reply, soap.services[called], Subject("R"))
    assert (outcome.kind, outcome.code) == (UNKNOWN, "SERVER_ERROR")


@pytest.mark.parametrize("status", [400, 405, 410, 422])
def test_a_question_that_is_refused_refuses_no_file(rest, status):
    reply = Reply(status, PROBLEM, b'{"errors":[{"code":"QUOTA"}]}', 0)
    outcome = Reader(rest).outcome(reply, rest.services["STATUS"], Subject("R"))
    assert (outcome.kind, outcome.concerns, outcome.concludes) == (REJECTED, QUESTION, False)
    sent = Reader(rest).outcome(reply, rest.services["WS1"], Subject("R"))
    assert (sent.concerns, sent.concludes) == ("file", True)


@pytest.mark.parametrize("told", ["a%00b", "a%0D%0AX-Y: z", "%E2%80%AEgpj"])
def test_what_a_pattern_finds_in_a_header_is_a_text(rest, told):
    source = {"header": "Location", "pattern": "/declarations/(.+)$"}
    by_status = {"202": {"body": "none", "registry_reference": source}}
    profile = replace(rest, answer={**rest.answer, "by_status": by_status})
    headers = {"Location": f"/declarations/{told}"}
    answer = codec_for(profile).decode(b"", 202, None, "WS1", headers)
    assert (answer.status, answer.registry_reference) == ("received", None)


# -- lists ----------------------------------------------------------------------------

ELSEWHERE = [
    *("//elsewhere.example/", "http://[bad", "https://h]/x", "https://h\uff0f@evil/x"),
    *("http://127.0.0.1/", "ftp:x"),
]


def listed(rest, folder, following, may_call=lambda: True):
    form = {"members": "items", "registration_number": ".", "next": "next", "outcome": None}
    profile = with_service(rest, "LIST", path="of/list", pages={"by": "next"}, answer=form)

    def answer(asked):
        rank = int(asked.path.partition("at=")[2] or 0)
        content = {"items": [f"AB000000{rank}"], "next": following(rank)}
        return Said.json({name: one for name, one in content.items() if one})

    with registry(folder, answer) as (url, asked, pem):
        found, outcome = attached(client_of(profile, url, pem), may_call)
    return found, outcome, [one.path for one in asked]


@pytest.mark.parametrize("told", ELSEWHERE)
def test_a_list_that_goes_on_elsewhere_is_not_complete(rest, folder, told):
    found, outcome, asked = listed(rest, folder, lambda rank: told)
    assert (found, len(asked)) == (["AB0000000"], 1)
    assert (outcome.kind, outcome.code) == (UNKNOWN, "LIST_CUT")


def test_a_list_that_turns_round_is_not_complete(rest, folder):
    found, outcome, asked = listed(rest, folder, lambda rank: f"list?at={(rank + 1) % 3}")
    assert (len(found), outcome.code) == (3, "LIST_CUT") and len(asked) < 6


def test_the_next_page_is_read_from_this_one(rest, folder):
    found, outcome, asked = listed(rest, folder, lambda rank: "" if rank else "?at=1")
    assert (found, outcome.kind) == (["AB0000000", "AB0000001"], ANSWERED)
    assert asked == ["/of/list", "/of/list?at=1"]


def test_each_page_waits_for_its_turn(rest, folder):
    turns = iter([True, True, False])
    found, outcome, asked = listed(
        rest, folder, lambda rank: f"list?at={rank + 1}", lambda: next(turns)
    )
    assert len(found) == len(asked) == 2
    assert (outcome.kind, outcome.code) == (RETRYABLE, NOT_IN_TIME)


# -- profiles ---------------------------------------------------------------------------

SLOW = [
    "(a+)+b",
    "(a|a)*b",
    "(.*)*x",
    "((a{2,9}){2,9})x",
    ".*.*.*(x)",
    "a?a?a?a?a?a?a?a?a?(a)",
    "(a+){9}",
]
QUICK = [
    "/declarations/(.+)$",
    "^(?:REG-)?([0-9]{7})$",
    "id=([^;]*);?",
    "(?P<n>[A-Z]{2}\\d{7})",
    "(a)(?:/x)?",
]


def test_a_pattern_for_headers_is_quick():
    assert [one for one in SLOW if not is_slow(one)] == []
    assert [one for one in QUICK if is_slow(one)] == []


MISTAKES = [
    ("limits/connections", 5.0),
    ("limits/calls_per_minute", 60.0),
    ("services/LIST/pages/size", 100.0),
    ("services/LIST/pages/first", 1.0),
    ("wire/media_type", "application/\u0436son"),
    ("answer/date", {"header": "X-At", "pattern": "(a+)+$"}),
]


@pytest.mark.parametrize(("place", "value"), MISTAKES)
def test_a_profile_that_would_fail_at_the_call_is_refused(tmp_path, place, value):
    copy = shutil.copytree(REST, tmp_path / REST.name)
    manifest = json.loads((copy / "manifest.json").read_text())
    *above, last = place.split("/")
    at = manifest
    for step in above:
        at = at[step]
    at[last] = value
    (copy / "manifest.json").write_text(json.dumps(manifest))
    assert any(place in told for told in problems(copy))
