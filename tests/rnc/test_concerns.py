"""What a refusal concerns: the file, whoever calls, or who represents the condominium."""

import json
import shutil
from dataclasses import replace

import pytest

from rnc import contract
from rnc.client import QUESTION, REFERENCE, REJECTED, Reader
from rnc.contract import AFFILIATION, CALLER, FILE
from rnc.profile_check import problems
from rnc.requests import Subject
from rnc.transport import Reply
from simulator.documents import Error, Refused
from simulator.profile import Profile
from simulator.speaking import Speaker

PROFILES = ("hypothetical-2.0.1", "hypothetical-json")
CASES = [
    # HTTP status, codes by their meaning, what it concerns, whether it concludes a question
    (403, ("CERT_UNKNOWN",), CALLER, False),
    (422, ("ACCOUNT_UNKNOWN",), CALLER, False),
    (422, ("ADDRESS_UNKNOWN", "ACCOUNT_UNKNOWN"), CALLER, False),
    (403, ("NOT_ATTACHED",), AFFILIATION, False),
    (422, ("NOT_ATTACHED",), AFFILIATION, False),
    (403, ("ADDRESS_UNKNOWN",), FILE, False),
    (422, ("ADDRESS_UNKNOWN",), FILE, True),
    (404, ("REQUEST_UNKNOWN",), REFERENCE, True),
    (403, (), CALLER, False),
]
# A refusal without an error: of the file where the document tells it, of the question where
# nothing but the status does.
WITHOUT_ERROR = {"hypothetical-json": (QUESTION, False)}


def refusal(name, status, meanings):
    """What a client makes of a refusal."""
    profile = contract.named(name)
    errors = tuple(Error(meaning) for meaning in meanings)
    speaker = Speaker(Profile(profile.folder))
    body = speaker.refuse("WS1", Refused(status, *errors), "r").body
    reply, asked = Reply(status, "", body, 1), profile.services["STATUS"]
    return Reader(profile).outcome(reply, asked, Subject("r"))


@pytest.mark.parametrize("name", PROFILES)
@pytest.mark.parametrize("status, meanings, concerns, concludes", CASES)
def test_a_refusal_says_whom_it_concerns(name, status, meanings, concerns, concludes):
    outcome = refusal(name, status, meanings)
    assert outcome.kind == REJECTED
    assert (outcome.concerns, outcome.concludes) == (concerns, concludes)
    assert outcome.profile.name == name


@pytest.mark.parametrize("name", PROFILES)
def test_a_refusal_without_an_error(name):
    outcome = refusal(name, 422, ())
    expected = WITHOUT_ERROR.get(name, (FILE, True))
    assert (outcome.concerns, outcome.concludes) == expected


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_written_before_says_it_by_what_its_errors_mean(name):
    profile = contract.named(name)
    for described in profile.errors.values():
        assert described.get("about") in (None, CALLER, AFFILIATION)
    bare = {
        code: {key: value for key, value in described.items() if key != "about"}
        for code, described in profile.errors.items()
    }
    older = replace(profile, errors=bare)
    for code in bare:
        assert older.about(code) == profile.about(code)


def test_a_profile_says_it_in_known_words(tmp_path):
    folder = tmp_path / "other"
    shutil.copytree(contract.named().folder, folder)
    errors = json.loads((folder / "errors.json").read_text("utf-8"))
    errors["CERT_MISSING"]["about"] = "someone"
    (folder / "errors.json").write_text(json.dumps(errors))
    assert any("CERT_MISSING/about: one of" in found for found in problems(folder))
