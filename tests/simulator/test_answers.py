"""What travels is of the profile's schemas, for another implementation than the client's."""

import json
import uuid

import fastjsonschema
import pytest
import xmlschema

from conftest import a_dossier


@pytest.fixture(scope="module")
def judge(profile):
    """``judge(which, document, root)`` raises; no code of the client's is used."""

    if "request_schema" not in profile.wire:
        pytest.skip("a contract without schemas")

    def judged(which: str, document: bytes, root: str = "") -> None:
        path = profile.folder / profile.wire[which]
        if path.suffix == ".xsd":
            return xmlschema.XMLSchema(path).validate(document.decode())
        schema = json.loads(path.read_text("utf-8"))
        part = {"$ref": f"#/$defs/{root}"} if root else {}
        return fastjsonschema.validate({**schema, **part}, json.loads(document))

    return judged


def test_each_kind_of_answer_is_of_the_schema(syndic, judge):
    reference = str(uuid.uuid4())
    received = syndic.send("WS1", a_dossier(), reference=reference)
    accepted = syndic.status(reference)
    dossier = syndic.fetch(accepted.answer.registration_number)
    refused = syndic.send("WS1", {**a_dossier(), "nb_lots_principaux": 13})
    unknown = syndic.status(str(uuid.uuid4()))
    outcomes = (received, accepted, dossier, refused, unknown)
    assert [one.kind for one in outcomes] == ["answered"] * 3 + ["rejected"] * 2
    for outcome in outcomes:
        judge("answer_schema", outcome.raw)


def test_what_is_accepted_is_of_the_schema(syndic, profile, judge):
    reference = str(uuid.uuid4())
    assert syndic.send("WS1", a_dossier(), reference=reference).kind == "answered"
    judge("request_schema", syndic.sent[reference]["body"], profile.services["WS1"].root)
