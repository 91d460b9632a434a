"""The TLS is mutual and strict: each wrong identity has its own refusal."""

import uuid
from datetime import date

import pytest

from conftest import BITS, ORGANISATION, OTHER_SIREN, SIREN, a_dossier, days_ago
from rnc.client import ANSWERED, REJECTED, RETRYABLE
from rnc.codec import codec_for
from rnc.transport import MESSAGES
from simulator.authority import Authority
from simulator.process import Simulator


def send(client, profile):
    body = codec_for(profile).encode("WS1", a_dossier(), date.today())
    return client.send("WS1", body, reference=str(uuid.uuid4()))


def ledger_length(desk) -> int:
    return len(desk.simulator.control.ledger())


def test_the_declared_certificate_is_accepted(desk, profile):
    outcome = send(desk.client(), profile)
    assert outcome.kind == ANSWERED
    assert outcome.answer.status == "received"


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda desk: desk.anonymous(), "CLIENT_CERTIFICATE_MISSING"),
        (
            lambda desk: desk.client(
                Authority.create("Another", BITS).client(SIREN, ORGANISATION, bits=BITS)
            ),
            "CLIENT_CERTIFICATE_UNKNOWN_AUTHORITY",
        ),
        (
            lambda desk: desk.client(
                desk.authority.client(
                    *(SIREN, ORGANISATION),
                    **{"bits": BITS, "start": days_ago(400), "end": days_ago(30)},
                )
            ),
            "CLIENT_CERTIFICATE_EXPIRED",
        ),
        (
            lambda desk: desk.client(authority=Authority.create("Another", BITS).pem),
            "SERVER_CERTIFICATE_UNTRUSTED",
        ),
    ],
    ids=["none", "unknown authority", "expired", "server of another authority"],
)
def test_a_wrong_handshake_sends_nothing(desk, profile, make, code):
    before = ledger_length(desk)
    outcome = send(make(desk), profile)
    assert (outcome.kind, outcome.code) == (RETRYABLE, code)
    assert MESSAGES[code]
    assert ledger_length(desk) == before


def test_an_undeclared_certificate_is_refused_by_the_registry(desk, profile):
    other = desk.authority.client(SIREN, ORGANISATION, bits=BITS)
    outcome = send(desk.client(other), profile)
    assert outcome.kind == REJECTED
    assert [profile.means(r.code) for r in outcome.answer.refusals] == ["CERT_UNKNOWN"]


def test_another_siren_is_refused_by_the_registry(desk, profile):
    other = desk.authority.client(OTHER_SIREN, "Autre cabinet", bits=BITS)
    outcome = send(desk.client(other), profile)
    assert outcome.kind == REJECTED
    assert [profile.means(r.code) for r in outcome.answer.refusals] == ["CERT_SIREN_MISMATCH"]


def test_another_account_is_refused_by_the_registry(desk, profile):
    outcome = send(desk.client(email="someone@else.example"), profile)
    assert outcome.kind == REJECTED
    assert [profile.means(r.code) for r in outcome.answer.refusals] == ["ACCOUNT_UNKNOWN"]


def test_a_server_of_another_name_is_refused(desk, profile):
    url = desk.simulator.url.replace("127.0.0.1", "127.0.0.2")
    with Simulator(desk.simulator.state, "--host", "127.0.0.2") as other:
        url = other.url.replace("127.0.0.1", "127.0.0.2")
        outcome = send(desk.client(url=url), profile)
    assert (outcome.kind, outcome.code) == (RETRYABLE, "SERVER_CERTIFICATE_OTHER_NAME")


def test_the_chain_and_an_untouched_trust(desk, profile):
    """The client trusts the given authority alone: the system's are not added."""
    context = desk.client().channel.context
    names = [dict(x[0] for x in ca["subject"]) for ca in context.get_ca_certs()]
    assert [name["commonName"] for name in names] == ["Autorité du simulateur"]
    assert send(desk.client(), profile).kind == ANSWERED
    assert len(context.get_ca_certs()) == 1
