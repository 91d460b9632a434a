"""Each fault of a bad day, for each service: the outcome, and never a crash."""

import time
import uuid
from dataclasses import replace
from datetime import date

import pytest

from conftest import a_dossier
from registry.client import ACCEPTED, RETRYABLE, UNKNOWN
from registry.codec import Unreadable, codec_for
from registry.transport import MESSAGES

# fault -> (outcome of a call that changes something, code of the sentence)
EXPECTED = {
    "429": (RETRYABLE, "TOO_MANY_CALLS"),
    "503": (RETRYABLE, "UNAVAILABLE"),
    "redirect": (RETRYABLE, "REDIRECTED"),
    "500_before": (UNKNOWN, "SERVER_ERROR"),
    "500_after": (UNKNOWN, "SERVER_ERROR"),
    "reset_before": (UNKNOWN, "CUT"),
    "reset_after": (UNKNOWN, "CUT"),
    "truncated": (UNKNOWN, "UNREADABLE"),
    "wrong_encoding": (UNKNOWN, "UNREADABLE"),
    "html": (UNKNOWN, "UNREADABLE"),
    "huge": (UNKNOWN, "TOO_LARGE"),
    "xml_bomb": (UNKNOWN, "UNREADABLE"),
    "latency": (ACCEPTED, ""),
    "late": (UNKNOWN, "CUT"),
}
SERVICES = ("WS1", "WS2_STANDARD", "WS2_ANNUAL", "WS3", "STATUS")


@pytest.fixture(scope="module")
def registered(desk, profile):
    """(number, reference) of a registered condominium."""
    reference, client = str(uuid.uuid4()), desk.client()
    body = codec_for(profile).encode("WS1", a_dossier(), date.today())
    client.send("WS1", body, reference=reference)
    return client.status(reference).answer.registration_number, reference


def call(client, service, number, reference):
    if service == "STATUS":
        return client.status(reference)
    if service == "WS3":
        return client.fetch(number, reference=str(uuid.uuid4()))
    body = codec_for(client.profile).encode(service, a_dossier(), date.today())
    number = "" if service == "WS1" else number
    return client.send(service, body, reference=str(uuid.uuid4()), number=number)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("fault", EXPECTED)
def test_a_fault_has_its_outcome(desk, registered, fault, service):
    routed = "WS2_STANDARD" if service == "WS2_ANNUAL" else service  # one route for both
    desk.simulator.control.add_fault(fault, service=routed, seconds=0.2)
    outcome = call(desk.client(), service, *registered)
    assert (outcome.kind, outcome.code) == EXPECTED[fault]
    assert not outcome.code or outcome.code in MESSAGES
    assert len(outcome.raw) <= desk.client().profile.limits.answer_bytes


def test_the_delay_that_the_registry_asks_for_is_known(desk, registered):
    for fault in ("429", "503"):
        desk.simulator.control.add_fault(fault, seconds=37)
        assert call(desk.client(), "WS3", *registered).retry_after == 37


def test_an_answer_that_drips_ends_in_time(desk, registered):
    client = desk.client()
    client.channel.limits = replace(client.channel.limits, total_timeout=1)
    desk.simulator.control.add_fault("slow_drip", service="WS3", seconds=0.2)
    started = time.monotonic()
    outcome = call(client, "WS3", *registered)
    assert (outcome.kind, outcome.code) == (UNKNOWN, "TOO_SLOW")
    assert time.monotonic() - started < 5


HOSTILE = {
    "entity": b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><reponse>&x;</reponse>',
    "external DTD": b'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd"><reponse/>',
    "deep": b"<a>" * 5000 + b"</a>" * 5000,
    "other document": b"<facture/>",
    "empty": b"",
    "NUL": b"\x00" * 100,
    "UTF-16 without saying so": "<reponse/>".encode("utf-16-le"),
    "unknown status": b'<reponse version="2.0.1"><statut>peut-etre</statut></reponse>',
    "bad base64": b'<reponse version="2.0.1"><statut>acceptee</statut>'
    b"<attestation>@@@</attestation></reponse>",
    "the year 10000": b'<reponse version="2.0.1"><statut>acceptee</statut><copropriete>'
    b"<identification><date_reglement>10000-01-01</date_reglement></identification>"
    b"</copropriete></reponse>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_not_of_the_contract_is_not_read(profile, name):
    with pytest.raises(Unreadable) as caught:
        codec_for(profile).decode(HOSTILE[name])
    assert "hostname" not in str(caught.value)
