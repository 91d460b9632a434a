"""Shapes that a contract may have beside those of the profiles: each made for its test."""

import json
from datetime import date, timedelta
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import pytest

from conftest import BY_THE_BOOK, a_dossier
from simulator.authority import Authority
from simulator.registry import MANUAL
from voices.rest import RestVoice
from voices.shaped import EMAIL, NUMBER, Shaped, profile_like
from voices.soap import ENVELOPE, SoapVoice

REST, SOAP = (BY_THE_BOOK.parent / name for name in ("rest-1.0", "soap-1.0"))
HEAD = {"X-Declarant": NUMBER, "From": EMAIL}
PDF = b"%PDF-1.4 contrat"
NUMBERS = tuple(f"ZZ{rank:07d}" for rank in range(1, 8))
SUPPORTING = {"piece_type": "contrat_syndic", "piece_nom": "contrat.pdf", "piece_contenu": PDF}


@pytest.fixture(scope="session")
def authority():
    return Authority.create(bits=2048)


@pytest.fixture
def shaped(tmp_path, authority):
    """``shaped(source, change)``: a registry whose profile is ``source`` changed."""

    def made(source, change=lambda manifest: None) -> Shaped:
        profile = profile_like(source, tmp_path / source.name, change)
        return Shaped(profile, tmp_path, authority)

    return made


def rest(registry: Shaped) -> RestVoice:
    return RestVoice(registry, registry.registry.profile, NUMBER, EMAIL)


def soap(registry: Shaped) -> SoapVoice:
    return SoapVoice(registry, registry.registry.profile, NUMBER, EMAIL)


def document(came) -> dict:
    return json.loads(came.body)


def register(registry: Shaped, voice) -> str:
    voice.send("WS1", a_dossier(), "", "ours-1")
    return voice.status("ours-1").answer.registration_number


# -- the list, page by page ---------------------------------------------------------


def _list(pages: dict, query: dict, **answer):
    def change(manifest: dict) -> None:
        service = manifest["services"]["LIST"]
        service |= {"pages": pages, "query": query}
        service["answer"] |= answer

    return change


def _by_counting(registry, name: str, first: int, step: int) -> list[list[str]]:
    pages, place = [], first
    while not pages or len(pages[-1]) == 3:
        query = urlencode({name: place, "size": 3})
        pages.append(_numbers(registry.call("GET", f"/rest/v1/condominiums?{query}", HEAD)))
        place += step
    return pages


def _numbers(came) -> list[str]:
    assert came.status == 200, came
    return [one["number"] for one in document(came)["items"]]


@pytest.mark.parametrize(
    "by, query, first, step", [("number", "page", 1, 1), ("offset", "offset", 0, 3)]
)
def test_a_list_is_counted(shaped, by, query, first, step):
    told = {query: "{page}" if by == "number" else "{offset}", "size": "{size}"}
    registry = shaped(REST, _list({"by": by, "size": 3}, told))
    registry.has(*NUMBERS)
    found = _by_counting(registry, query, first, step)
    assert [len(page) for page in found] == [3, 3, 1]
    assert sum(found, []) == [*NUMBERS]


def test_a_list_goes_on_from_a_cursor(shaped):
    query = {"after": "{cursor}", "size": "{size}"}
    registry = shaped(REST, _list({"by": "cursor", "size": 3}, query, next="paging/after"))
    registry.has(*NUMBERS)
    found, after = [], ""
    while not found or after:
        told = urlencode({"size": 3, **({"after": after} if after else {})})
        came = registry.call("GET", f"/rest/v1/condominiums?{told}", HEAD)
        found += _numbers(came)
        after = document(came).get("paging", {}).get("after", "")
    assert found == [*NUMBERS]
    came = registry.call("GET", "/rest/v1/condominiums?after=forged", HEAD)
    assert came.status == 422 and "cursor" in document(came)["errors"][0]["detail"]


@pytest.mark.parametrize("by", ["next", "link"])
def test_a_list_gives_its_next_address(shaped, by):
    registry = shaped(REST, _list({"by": by, "size": 3}, {"size": "{size}"}, next="next"))
    registry.has(*NUMBERS)
    found, address = [], "/rest/v1/condominiums?size=3"
    while address:
        came = registry.call("GET", address, HEAD)
        found += _numbers(came)
        link = came.headers.get("link", "").partition(">; rel=\"next\"")[0].lstrip("<")
        address = link if by == "link" else document(came).get("next")
    assert found == [*NUMBERS]


def test_a_list_may_be_of_texts_in_an_array_of_its_own(shaped):
    pages = {"by": "number", "size": 3}
    change = _list(pages, {"page": "{page}"}, members=".", registration_number=".", outcome=None)
    registry = shaped(REST, change)
    registry.has(*NUMBERS[:2])
    assert document(registry.call("GET", "/rest/v1/condominiums", HEAD)) == [*NUMBERS[:2]]
    assert document(registry.call("GET", "/rest/v1/condominiums?page=2", HEAD)) == []


# -- the supporting document, by a call of its own ------------------------------------


def _apart(when: str, path: str, body):
    def change(manifest: dict) -> None:
        for name in ("WS4", "WS6"):
            del manifest["services"][name]["body"]
        manifest["services"]["DOCUMENT"] = {
            "method": "PUT", "path": path, "groups": [], "when": when, "body": body,
            "media_type": "application/pdf", "headers": {"Idempotency-Key": "{reference}"},
            "answer": {"by_status": {"200": {"body": "none"}}},
        }  # fmt: skip

    return change


def _left(registry: Shaped) -> str:
    """A condominium of another account, to which one may ask to be affiliated."""
    number = register(registry, rest(registry))
    registry.registry.store.run("UPDATE condominium SET account = 'T0000009'")
    return number


def _mandate() -> dict:
    start = date.today() + timedelta(days=1)
    return {
        "cadre_intervention": "mandat_syndic",
        "representant": {"representant_raison_sociale": "Cabinet"},
        "date_debut_mandat": start,
        "date_fin_mandat": start + timedelta(days=300),
    }


def _affiliate(registry: Shaped, number: str):
    voice = rest(registry)
    body: dict = {}
    for code, place, value in voice.items("WS4", _mandate()):
        voice._put(body, place, voice.text(code, value))
    headers = {**HEAD, "Idempotency-Key": "ours-2", "Content-Type": "application/json"}
    path = f"/rest/v1/condominiums/{number}/affiliations"
    return registry.call("POST", path, headers, json.dumps(body).encode())


def test_the_document_comes_before(shaped):
    registry = shaped(REST, _apart("before", "documents/{reference}", "file"))
    number = _left(registry)
    refused = _affiliate(registry, number)
    assert document(refused)["errors"][0]["code"].endswith("document-missing")
    headers = {**HEAD, "Idempotency-Key": "ours-2", "Content-Type": "application/pdf"}
    came = registry.call("PUT", "/rest/v1/documents/ours-2", headers, PDF)
    assert (came.status, came.body) == (200, b"")
    assert _affiliate(registry, number).status == 202


def test_the_document_comes_after(shaped):
    parts = {"multipart": "related", "parts": [{"item": "piece_contenu", "filename": "{piece_nom}",
             "media_type": "application/pdf"}]}  # fmt: skip
    path = "declarations/{registry_reference}/document"
    registry = shaped(REST, _apart("after", path, parts))
    where = _affiliate(registry, _left(registry)).headers["location"]
    assert registry.call("GET", where, HEAD).status == 202, "the document is awaited"
    body = b"--b\r\nContent-Type: application/pdf\r\n\r\n" + PDF + b"\r\n--b--"
    headers = {**HEAD, "Idempotency-Key": "ours-2", "Content-Type": "multipart/related; boundary=b"}
    assert registry.call("PUT", f"{where}/document", headers, body).status == 200
    assert document(registry.call("GET", where, HEAD))["state"] == "done"
    unknown = "/rest/v1/declarations/nothing/document"
    assert registry.call("PUT", unknown, headers, body).status == 404


# -- what became of it ------------------------------------------------------------------


def _status(service: dict, **answer):
    def change(manifest: dict) -> None:
        manifest["services"]["STATUS"] |= service
        manifest["answer"] |= answer
        manifest["answer"]["by_status"]["202"] = {}

    return change


ANSWERED = [
    ({"registry_reference": "ticket"}, lambda came: document(came)["ticket"]),
    ({"registry_reference": {"header": "X-Ticket"}}, lambda came: came.headers["x-ticket"]),
    (
        {"registry_reference": {"header": "Link", "pattern": r"</declarations/([^/?>]+)"}},
        lambda came: came.headers["link"].removeprefix("</declarations/"),
    ),
    (
        {"registry_reference": [{"header": "Content-Location"}, "ticket"]},
        lambda came: came.headers["content-location"].rpartition("/")[2],
    ),
]


@pytest.mark.parametrize("answer, found", ANSWERED, ids=str)
def test_the_registry_tells_its_own_identifier(shaped, answer, found):
    registry = shaped(REST, _status({}, **answer))
    voice = rest(registry)
    voice.send("WS1", a_dossier(), "", "ours-1")
    theirs = found(voice.call(*voice.sent["ours-1"]))
    came = registry.call("GET", f"/rest/v1/declarations/{theirs}", HEAD)
    assert document(came)["state"] == "done"


def test_a_state_is_asked_by_the_number(shaped):
    registry = shaped(REST, _status({"path": "condominiums/{registration_number}/state"}))
    registry.has("ZZ0000001")
    path = "/rest/v1/condominiums/ZZ0000001/state"
    assert registry.call("GET", path, HEAD).status == 404, "nothing was sent about it"


def test_without_status_the_repeated_message_tells_the_state(shaped):
    def change(manifest: dict) -> None:
        del manifest["services"]["STATUS"], manifest["services"]["ATTESTATION"]
        manifest["follow_up"] = {"by": ["repeat"]}

    registry = shaped(REST, change)
    voice = rest(registry)
    registry.registry.acceptance = MANUAL
    assert voice.send("WS1", a_dossier(), "", "ours-1").answer.status == "received"
    registry.registry.accept("ours-1")
    came = voice.call(*voice.sent["ours-1"])
    assert document(came)["number"] == "ZZ0000001"


def test_an_affiliation_has_an_address_of_its_own(shaped):
    def change(manifest: dict) -> None:
        manifest["services"]["STATUS_WS4"] = {
            "method": "GET", "path": "affiliations/{reference}", "groups": []
        }  # fmt: skip

    registry = shaped(REST, change)
    came = registry.call("GET", "/rest/v1/affiliations/nothing", HEAD)
    assert document(came)["errors"][0]["code"].endswith("request-unknown")


def test_the_certificate_alone_says_who_calls(shaped):
    registry = shaped(REST, lambda manifest: manifest.update(headers={}))
    registry.has(*NUMBERS[:1])
    assert _numbers(registry.call("GET", "/rest/v1/condominiums")) == [NUMBERS[0]]
    registry.registry.store.run("DELETE FROM certificate")
    came = registry.call("GET", "/rest/v1/condominiums")
    assert came.status == 401, "the status by which this contract says it"
    assert document(came)["errors"][0]["code"].endswith("cert-unknown")


def test_a_conflict_gives_the_existing_number(shaped):
    registry = shaped(REST)
    voice, dossier = rest(registry), a_dossier()
    voice.send("WS1", dossier, "", "ours-1")
    number = voice.status("ours-1").answer.registration_number
    again = voice.send("WS1", dossier, "", "ours-2")
    assert (again.status, again.answer.registration_number) == (409, number)


# -- errors -------------------------------------------------------------------------------

WRITTEN = [
    ({"errors": "."}, {"code": "C", "pointer": "#/identity/lots/total"}),
    ({"errors": "errors", "error_code": ".", "error_item": None}, {"errors": ["C"]}),
    (
        {"errors": "fields", "error_item": "name()", "error_code": "."},
        {"fields": {"#/identity/lots/total": ["C"]}},
    ),
    (
        {"errors": "faults", "error_code": "name()"},
        {"faults": {"C": {"pointer": "#/identity/lots/total"}}},
    ),
]


@pytest.mark.parametrize("answer, wanted", WRITTEN, ids=str)
def test_errors_are_written_as_the_contract_has_them(shaped, answer, wanted):
    registry = shaped(REST, lambda manifest: manifest["answer"].update(answer, outcome=None))
    found = rest(registry).send("WS1", a_dossier(nb_lots_principaux=13), "", "ours-1")
    code = "https://registre.example/problems/lots-inconsistent"
    assert json.loads(found.raw.replace(code.encode(), b"C")) == wanted
