"""Errors, wherever a contract has them."""

import json
from datetime import date, timedelta

import pytest

from conftest import REST, a_dossier
from voices.rest import PlainRest, RestVoice
from voices.shaped import EMAIL, NUMBER, Shaped

PROBLEMS = "https://registre.example/problems/"


def rest(registry: Shaped) -> RestVoice:
    return RestVoice(registry, registry.registry.profile, NUMBER, EMAIL)


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


def test_two_errors_of_one_name_are_both_there(shaped):
    def change(manifest: dict) -> None:
        form = {"errors": "fields", "error_item": "name()", "error_code": ".", "outcome": None}
        manifest["answer"] |= form

    start = date.today() + timedelta(days=9)
    wrong = {"date_debut_mandat": start, "date_fin_mandat": date.today() - timedelta(days=1)}
    found = rest(shaped(REST, change)).send("WS1", a_dossier(**wrong), "", "ours-1")
    [codes] = json.loads(found.raw)["fields"].values()
    assert [code.rpartition("/")[2] for code in codes] == ["date-invalid", "mandate-expired"]


def test_a_code_may_stand_in_a_header(shaped):
    def change(manifest: dict) -> None:
        code = [{"header": "X-Error"}, "code"]
        manifest["answer"] |= {"errors": ".", "error_code": code, "outcome": None}
        manifest["answer"]["by_status"]["4xx"] = {"body": "none"}

    registry = shaped(REST, change)
    voice = PlainRest(registry, registry.registry.profile, NUMBER, EMAIL)
    came = voice.send("WS1", a_dossier(nb_lots_principaux=13), "", "ours-1")
    assert (came.status, came.body) == (422, b"")
    assert came.headers["x-error"] == f"{PROBLEMS}lots-inconsistent"


def test_what_is_not_known_has_the_status_that_says_so(shaped):
    def change(manifest: dict) -> None:
        manifest["follow_up"]["not_known"]["statuses"] = [410]
        manifest["http"]["outcomes"] = {"200": "accepted", "202": "received", "422": "rejected"}

    registry = shaped(REST, change)
    came = rest(registry).call("GET", "/rest/v1/declarations/nothing")
    assert came.status == 410
    other = rest(registry).call("GET", "/rest/v1/condominiums/ZZ0000009")
    assert other.status == 422, "the only status of a refusal here"
