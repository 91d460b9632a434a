"""Shapes that a contract may have beside those of the profiles: each made for its test."""

import json
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest

from conftest import REST, a_dossier
from simulator.registry import MANUAL
from voices.rest import PlainRest, RestVoice
from voices.shaped import EMAIL, NUMBER, Shaped

HEAD = {"X-Declarant": NUMBER, "From": EMAIL}
PROBLEMS = "https://registre.example/problems/"
PDF = b"%PDF-1.4 contrat"
NUMBERS = tuple(f"ZZ{rank:07d}" for rank in range(1, 8))


def rest(registry: Shaped) -> RestVoice:
    return RestVoice(registry, registry.registry.profile, NUMBER, EMAIL)


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
        link = came.headers.get("link", "").partition('>; rel="next"')[0].lstrip("<")
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


@pytest.mark.parametrize(
    "answer, found",
    ANSWERED,
    ids=["member", "header", "within a header", "the first that is there"],
)
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


# -- bodies and outcomes of other kinds ---------------------------------------------------


def _by_form(manifest: dict) -> None:
    manifest["services"]["WS7"] |= {
        "body": {
            "urlencoded": {
                "kind": "confirmation",
                "mode": "{cadre_intervention}",
                "dates": "{date_debut_mandat:%d/%m/%Y}-{date_fin_mandat:%d/%m/%Y}",
            }
        }
    }


def test_a_form_has_fields_in_place_of_a_document(shaped):
    registry = shaped(REST, _by_form)
    number = _left(registry)
    successor = json.dumps({"siret": "99900001100017", "email": ""})
    registry.registry.store.run("UPDATE condominium SET successor = ?", successor)
    headers = {
        **HEAD,
        "Idempotency-Key": "ours-2",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    path = f"/rest/v1/condominiums/{number}/affiliation"
    days = [date.today() + timedelta(days=offset) for offset in (1, 300)]
    told = {"kind": "confirmation", "mode": "mandat_syndic"}
    told["dates"] = "-".join(day.strftime("%d/%m/%Y") for day in days)
    for wrong in ({"kind": "other"}, {"colour": "red"}, {"dates": "tomorrow"}):
        came = registry.call("PUT", path, headers, urlencode({**told, **wrong}).encode())
        assert document(came)["errors"][0]["code"].endswith("document-invalid"), wrong
    came = registry.call("PUT", path, headers, urlencode(told).encode())
    assert document(came)["state"] == "done"
    known = registry.registry.store.one("SELECT mandate_start, mandate_end FROM condominium")
    assert [*known.values()] == [day.isoformat() for day in days]


def test_a_text_may_be_made_of_two_items(shaped):
    def change(manifest: dict) -> None:
        manifest["services"]["WS1"]["constants"] = {
            "kind": "registration",
            "label": "{adresse_reference_numero_voie}, {adresse_reference_commune}",
        }
        two = ["adresse_reference_numero_voie", "adresse_reference_commune"]
        manifest["wire"]["not_in_body"] += two

    registry = shaped(REST, change)
    voice, held = rest(registry), []
    voice.line = type("Held", (), {"call": lambda _self, *told: held.append(told) or 1 / 0})()
    with pytest.raises(ZeroDivisionError):
        voice.send("WS1", a_dossier(), "", "ours-1")
    [(method, path, headers, body)] = held
    sent = json.loads(body)
    address = sent["identity"]["location"]["address"]
    sent["label"] = f"{address.pop('street')}, {address['town'].pop('name')}"
    came = registry.call(method, path, headers, json.dumps(sent).encode())
    assert came.status == 202, came
    assert "rennes" in registry.registry.store.one("SELECT address FROM request")["address"]


def test_a_question_may_be_answered_by_another_address(shaped):
    def change(manifest: dict) -> None:
        manifest["http"]["outcomes"] = {"303": "accepted", "200": "accepted", "202": "received"}
        manifest["answer"]["by_status"]["303"] = {
            "body": "none", "registration_number": {"header": "Location"}
        }  # fmt: skip

    registry = shaped(REST, change)
    voice = rest(registry)
    voice.send("WS1", a_dossier(), "", "ours-1")
    came = voice.call("GET", voice.asked["ours-1"])
    assert (came.status, came.body) == (303, b"")
    assert came.headers["location"] == "/rest/v1/condominiums/ZZ0000001"
    assert voice.call("GET", came.headers["location"]).status == 200


def test_the_mere_presence_of_a_code_may_tell_a_refusal(shaped):
    def change(manifest: dict) -> None:
        manifest["answer"] = {
            "outcome": "problem/code", "outcomes": {"*": "rejected"},
            "errors": ".", "error_code": "problem/code",
        }  # fmt: skip
        manifest["http"] = {"accepted": [200], "outcomes": {"200": "accepted", "202": "received"}}

    registry = shaped(REST, change)
    voice = PlainRest(registry, registry.registry.profile, NUMBER, EMAIL)
    came = voice.send("WS1", a_dossier(nb_lots_principaux=13), "", "ours-1")
    assert document(came) == {"problem": {"code": f"{PROBLEMS}lots-inconsistent"}}
    assert document(voice.send("WS1", a_dossier(), "", "ours-2")) == {}
