"""What travels is of the profile's schemas, for another implementation too."""

import json
import uuid
from datetime import date

import fastjsonschema
import pytest
import xmlschema

from conftest import a_dossier
from registry.codec import codec_for


@pytest.fixture(scope="module")
def judge(profile):
    """Raises when bytes are not of the answers' schema; no code of the client's is used."""
    schema = profile.folder / profile.wire["answer_schema"]
    if schema.suffix == ".xsd":
        return xmlschema.XMLSchema(schema).validate
    validate = fastjsonschema.compile(json.loads(schema.read_text("utf-8")))
    return lambda answer: validate(json.loads(answer))


def test_each_kind_of_answer_is_of_the_schema(syndic, judge):
    reference = str(uuid.uuid4())
    recorded = syndic.send("WS1", a_dossier(), reference=reference)
    registered = syndic.client.status(reference)
    number = registered.answer.registration_number
    dossier = syndic.fetch(number)
    refused = syndic.send("WS1", {**a_dossier(), "nb_lots_principaux": 13})
    unknown = syndic.client.status(str(uuid.uuid4()))
    kinds = [one.kind for one in (recorded, registered, dossier, refused, unknown)]
    assert kinds == ["accepted"] * 3 + ["rejected"] * 2
    for outcome in (recorded, registered, dossier, refused, unknown):
        judge(outcome.raw.decode())


def test_what_is_accepted_is_of_the_schema_for_both(syndic, profile):
    schema = profile.folder / profile.wire["request_schema"]
    if schema.suffix != ".xsd":
        pytest.skip("JSON documents have one judge")
    document = codec_for(profile).encode("WS1", a_dossier(), date.today())
    outcome = syndic.client.send("WS1", document, reference=str(uuid.uuid4()))
    assert outcome.kind == "accepted"
    xmlschema.XMLSchema(schema).validate(document.decode())
