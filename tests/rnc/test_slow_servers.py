"""However slow a server is, and in whatever way, a call and a click last no longer than said."""

import time
import uuid
from dataclasses import replace

import pytest

from rnc import contract
from rnc.client import RETRYABLE, UNKNOWN, Client, Declarant
from rnc.connection_test import examine
from rnc.dispatch import Dispatch
from rnc.transport import Channel, client_context, ended_by
from simulator.slow import KINDS, SlowServer

CALL, CLICK = 2.0, 2.5
# What a busy machine may add to a promise that is kept.
SLACK = 1.5
# The whole of it is larger than what two sockets hold.
LARGE = b" " * 20_000_000
NOTHING_LEFT = {"connect", "handshake"}


@pytest.fixture
def slow(request, tmp_path):
    with SlowServer(tmp_path, request.param, late=CALL * 0.9) as server:
        yield server


def client_of(server, **changes) -> Client:
    profile = contract.named()
    limits = replace(profile.limits, read_timeout=60, total_timeout=CALL, **changes)
    profile = replace(profile, limits=limits)
    channel = Channel(client_context(None, None, server.authority.pem), limits)
    return Client(profile, server.url, Declarant("T1", "a@b.fr"), channel)


@pytest.mark.parametrize("slow", KINDS, indirect=True)
def test_a_call_lasts_no_longer_than_its_limit(slow):
    client, started = client_of(slow), time.monotonic()
    body = LARGE if slow.kind == "deaf" else b"<document/>"
    outcome = client.send("WS1", body, reference=str(uuid.uuid4()))
    lasted = time.monotonic() - started
    assert lasted < CALL + SLACK
    nothing_left = slow.kind in NOTHING_LEFT
    assert outcome.kind == (RETRYABLE if nothing_left else UNKNOWN)
    assert outcome.code == ("CONNECT_TIMEOUT" if nothing_left else "TOO_SLOW")
    assert outcome.milliseconds <= lasted * 1000


@pytest.mark.parametrize("slow", KINDS, indirect=True)
def test_a_click_lasts_no_longer_than_its_own(slow):
    """A file and its question share what a person is to wait."""
    started = time.monotonic()
    with Dispatch(CLICK) as dispatch:
        client = dispatch.client("account", lambda: client_of(slow))
        for key in ("send", "ask"):
            dispatch.submit("account", key, lambda: client.status("reference"))
            [(completed, outcome)] = dispatch.completed()
            assert completed == key
    assert time.monotonic() - started < CLICK + SLACK
    assert outcome.code in ("CONNECT_TIMEOUT", "TOO_SLOW", "NOT_IN_TIME")


@pytest.mark.parametrize("slow", KINDS, indirect=True)
def test_the_examination_of_a_connection_lasts_no_longer(slow):
    started = time.monotonic()
    with ended_by(started + CLICK):
        steps = examine(client_of(slow))
    assert time.monotonic() - started < CLICK + SLACK
    assert "refuse" in [step.level for step in steps]


@pytest.mark.parametrize("slow", ["connect"], indirect=True)
def test_several_addresses_share_the_time_of_one(slow, monkeypatch):
    """A name with four addresses, none of which answers, is no four times as slow."""
    from rnc.transport import way

    place = way.resolve("127.0.0.1", slow.port)
    monkeypatch.setattr(way, "resolve", lambda _host, _port: place * 4)
    started = time.monotonic()
    assert client_of(slow).status("reference").code == "CONNECT_TIMEOUT"
    assert time.monotonic() - started < CALL + SLACK


def test_a_name_that_is_never_resolved(tmp_path, monkeypatch):
    from rnc.transport import way

    monkeypatch.setattr(way.socket, "getaddrinfo", lambda *_place, **_names: time.sleep(10))
    with SlowServer(tmp_path, "silence") as server:
        started = time.monotonic()
        outcome = client_of(server).status("reference")
    assert (outcome.kind, outcome.code) == (RETRYABLE, "NAME_UNKNOWN")
    assert time.monotonic() - started < CALL + SLACK


@pytest.mark.parametrize("slow", ["silence"], indirect=True)
def test_a_claim_is_taken_for_lost_after_its_call_only(slow):
    """The wait for a connection, then a call: both within what ``longest_call`` says."""
    started = time.monotonic()
    with Dispatch() as dispatch:
        client = dispatch.client("account", lambda: client_of(slow, connections=1))
        for rank in range(4):
            dispatch.submit("account", rank, lambda: client.status("reference"))
        outcomes = []
        while dispatch:
            outcomes += [outcome.code for _key, outcome in dispatch.completed()]
    limits = client.profile.limits
    assert outcomes[0] == "TOO_SLOW" and outcomes[-1] == "NOT_IN_TIME"
    assert time.monotonic() - started < limits.longest_wait + limits.total_timeout + SLACK
    assert limits.longest_wait + limits.total_timeout < limits.longest_call
