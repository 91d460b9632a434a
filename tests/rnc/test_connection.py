"""The connection test names what fails on the way, and changes nothing."""

import pytest

from conftest import BITS, ORGANISATION, OTHER_SIREN, SIREN, days_ago
from rnc.connection_test import MESSAGES, TOPICS, examine, is_proven
from simulator.authority import Authority
from simulator.process import free_port

NUMBER, EMAIL, THIRD_SIREN = "T0000009", "essai@syndic.example", "732829320"


def seen(client):
    return {step.topic: (step.level, step.code) for step in examine(client)}


def test_everything_is_well(desk):
    # A declarant of its own: what others have sent may still take effect.
    identity = desk.open_account(NUMBER, EMAIL, THIRD_SIREN, "Syndic à l'essai")
    steps = examine(desk.client(identity, number=NUMBER, email=EMAIL))
    assert [step.level for step in steps] == ["ok"] * 5 and is_proven(steps)
    assert [step.topic for step in steps] == [topic for topic in TOPICS if topic != "proxy"]
    tls = next(step for step in steps if step.topic == "tls")
    assert dict(tls.params)["issuer"] == "Autorité du simulateur"
    calls = [line for line in desk.simulator.control.ledger() if line["account"] == NUMBER]
    assert calls and not any(line["accepted"] for line in calls), "nothing was changed"


@pytest.mark.parametrize(
    ("url", "topic", "code"),
    [
        ("https://registre.invalid/", "dns", "NAME_UNKNOWN"),
        ("http://127.0.0.1/", "dns", "NOT_TLS"),
        ("https://[", "dns", "NOT_TLS"),
        ("https://a..b/", "dns", "NAME_UNKNOWN"),
        ("https://127.0.0.1:{free_port}/", "tcp", "CONNECTION_REFUSED"),
    ],
)
def test_a_way_that_leads_nowhere(desk, url, topic, code):
    url = url.format(free_port=free_port())
    found = seen(desk.client(url=url))
    assert found[topic] == ("refuse", code)
    assert {level for level, _code in found.values()} <= {"ok", "refuse", "skip"}
    assert found["account"] == ("skip", "NOT_TRIED")


def test_what_is_not_tls_is_told(desk):
    plain = desk.simulator.control.url.replace("http:", "https:")
    assert seen(desk.client(url=plain))["tls"] == ("refuse", "NOT_TLS")


def test_a_server_of_another_authority(desk):
    stranger = Authority.create("Another", BITS)
    found = seen(desk.client(authority=stranger.pem))
    assert found["tls"] == ("refuse", "SERVER_CERTIFICATE_UNTRUSTED")


@pytest.mark.parametrize(
    ("make", "topic", "code"),
    [
        (lambda d: d.anonymous(), "certificate", "CLIENT_CERTIFICATE_MISSING"),
        (
            lambda d: d.client(
                d.authority.client(
                    SIREN, ORGANISATION, bits=BITS, start=days_ago(400), end=days_ago(30)
                )
            ),
            "certificate",
            "CLIENT_CERTIFICATE_EXPIRED",
        ),
        (
            lambda d: d.client(d.authority.client(SIREN, ORGANISATION, bits=BITS)),
            "certificate",
            "REFUSED",
        ),
        (
            lambda d: d.client(d.authority.client(OTHER_SIREN, "Autre", bits=BITS)),
            "certificate",
            "REFUSED",
        ),
        (lambda d: d.client(email="someone@else.example"), "account", "REFUSED"),
    ],
    ids=["none", "expired", "not declared", "another SIREN", "another account"],
)
def test_who_is_refused(desk, make, topic, code):
    found = seen(make(desk))
    assert found["tls"][0] == "ok"
    assert found[topic] == ("refuse", code)
    assert code in MESSAGES


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("503", "UNAVAILABLE"),
        ("reset_before", "CUT"),
        ("html", "UNREADABLE"),
        ("no_reason", "NO_REASON"),
    ],
)
def test_a_registry_that_is_unwell(desk, fault, code):
    desk.simulator.control.add_fault(fault)
    found = seen(desk.client())
    assert found["account"] == ("refuse", code)
    assert all(said in MESSAGES for _level, said in found.values())
