"""An answer as a person reads it: what each part means, whatever the format."""

import json
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from conftest import BY_THE_BOOK, FLAT_JSON
from rnc import contract
from rnc.codec import codec_for

REFUSALS = {
    "hypothetical-2.0.1": "<reponse><erreurs><erreur><code>E1</code><champ>c</champ></erreur>"
    "</erreurs></reponse>",
    "hypothetical-json": json.dumps({"problems": [{"type": "E1", "property": "c"}]}),
    "atelier-1.0": '<Retour xmlns="urn:atelier:registre"><Anomalie><Code>E1</Code>'
    "<Donnee>c</Donnee></Anomalie></Retour>",
    "prefecture-3.1": json.dumps({"errors": [{"code": "E1", "pointer": "c"}]}),
}


def profile_called(name):
    folders = {folder.name: folder for folder in (BY_THE_BOOK, FLAT_JSON)}
    return contract.load(folders[name]) if name in folders else contract.named(name)


def test_the_lines_of_a_refusal_have_a_meaning():
    for name, body in REFUSALS.items():
        lines = codec_for(profile_called(name)).outline(body.encode())
        meanings = [line.meaning for line in lines]
        assert meanings[-3:] == ["error", "error_code", "error_item"], name
        assert all(meanings), f"{name}: {meanings}"


def test_an_array_further_below():
    profile = contract.named("hypothetical-json")
    profile = replace(profile, answer={**profile.answer, "errors": "result/problems"})
    body = b'{"result": {"problems": [{"type": "E1"}]}}'
    meanings = [line.meaning for line in codec_for(profile).outline(body)]
    assert meanings[1:] == ["errors", "error", "error_code"]


def test_an_answer_is_read_by_the_date_in_france(profile):
    """At 23:30 UTC on the eve of the reform, it is the 21st here: its items are read."""
    reform, eve = date(2027, 2, 21), date(2027, 2, 20)
    codec = codec_for(profile)
    group, name = codec.names.wire("bati_2027"), codec.names.wire("presence_irve")
    dossier = f"<{group}><{name}>oui</{name}></{group}>"
    answers = {
        "xml": '<reponse version="2.0.1"><statut>acceptee</statut>'
        f"<copropriete>{dossier}</copropriete></reponse>",
        "json": json.dumps({"contract": "2.0.1-json", "data": {group: {name: True}}}),
    }
    body = answers[profile.wire["codec"]].encode()
    assert codec.decode(body, on=eve).dossier == {}
    assert codec.decode(body, on=reform).dossier == {"presence_irve": True}
    with freeze_time(datetime(2027, 2, 20, 23, 30, tzinfo=ZoneInfo("UTC"))):
        assert codec.decode(body).dossier == {"presence_irve": True}
