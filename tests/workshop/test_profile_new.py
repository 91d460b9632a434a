"""``bin/profile new``: a whole profile that passes at once, and runs."""

import json
import re
from datetime import date

import pytest

from conftest import EMAIL, REFORM, running_desk
from profile_person import profile_command, tried, with_files
from rnc.codec import codec_for
from rnc.contract import load, named
from rnc.example import example_dossier
from rnc.items import all_items
from rnc.profile_check import problems, understood
from workshop.console import Stop
from workshop.profiles.new import write_new

FORMS = ("json", "xml")


@pytest.fixture(scope="module", params=FORMS)
def folder(request, tmp_path_factory):
    made = tmp_path_factory.mktemp("new") / f"registre-{request.param}"
    write_new(made, request.param)
    return made


def test_it_passes_the_checker_at_once(folder):
    assert problems(folder) == []


def test_each_kind_of_answer_has_a_sample_that_is_understood(folder):
    told = list(understood(load(folder)))
    assert all(one.meaning == one.sample.meaning for one in told)
    kinds = {one.meaning for one in told}
    assert kinds == {"received", "accepted", "rejected", "caller", "notknown", "unreadable"}
    dossier = next(
        one.answer.dossier for one in told if one.sample.service == "WS3" and one.answer.dossier
    )
    assert dossier["nb_lots_total"] == 12 and dossier["parcelles"][0]["parcelles_section"] == "AB"


def test_every_item_group_code_and_error_stands_in_it(folder):
    names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
    carried = {item.code for item in all_items() if item.services - {"WEB"}}
    assert carried <= names.keys() and {item.group for item in all_items()} <= names.keys()
    codes = json.loads((folder / "codes.json").read_text(encoding="utf-8"))
    assert codes["type_chauffage"]["mixte"] == "mixte"
    errors = json.loads((folder / "errors.json").read_text(encoding="utf-8"))
    assert errors.keys() == named().errors.keys()


@pytest.mark.parametrize("on", [date(2026, 11, 30), REFORM], ids=str)
def test_the_schemas_take_what_is_sent_on_any_day(folder, on):
    profile = load(folder)
    dossier = example_dossier(on)
    for service in ("WS1", "WS2_STANDARD", "WS2_ANNUAL", "WS4", "WS5", "WS6", "WS7"):
        codec_for(profile).encode(service, dossier, on, {"registration_number": "AB1234567"})


def test_the_schemas_refuse_what_is_not_the_contract(folder):
    """They are schemas: a figure that is none, an item that is missing."""
    profile, on = load(folder), date(2026, 11, 30)
    dossier = example_dossier(on)
    for changes in ({"nb_lots_total": -1}, {"date_reglement": None}, {"type_chauffage": "vapeur"}):
        with pytest.raises(ValueError):
            codec_for(profile).encode("WS1", {**dossier, **changes}, on)


def test_it_runs_end_to_end(folder, tmp_path_factory):
    with running_desk(tmp_path_factory.mktemp("simulator"), load(folder)) as desk:
        person = with_files(desk, tmp_path_factory.mktemp("person"))
        code, said = tried(desk, folder, person, "--email", EMAIL)
    assert code == 0, said
    assert "7 taken" in said or "6 taken" in said, said


def test_the_command(tmp_path):
    code, said = profile_command("new", "registre-9", "--xml", folder=tmp_path)
    assert code == 0 and re.search(r"registre-9: \d+ files, \d+ lines", said), said
    assert (tmp_path / "registre-9" / "request.xsd").exists()
    code, said = profile_command("new", "registre-9", folder=tmp_path)
    assert code == 1 and "exists already" in said and "Traceback" not in said
    code, said = profile_command("new", "a@b", folder=tmp_path)
    assert code == 1 and "no name of a profile" in said
    code, said = profile_command("check", "registre-9", folder=tmp_path)
    assert code == 0 and "WS1-received.http" in said


def test_a_folder_that_exists_is_left_alone(folder):
    with pytest.raises(Stop, match="exists already"):
        write_new(folder, "json")
