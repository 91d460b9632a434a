"""An outbound proxy opens the way; TLS still goes from us to the registry."""

import uuid
from dataclasses import replace
from datetime import date

import pytest

from conftest import a_dossier
from rnc.client import ANSWERED, RETRYABLE
from rnc.codec import codec_for
from rnc.connection_test import MESSAGES, examine
from rnc.transport import Channel, Proxy
from simulator.process import free_port
from simulator.proxy import SmallProxy


@pytest.fixture
def through(desk):
    """Makes a client that calls through a proxy."""

    def make(proxy, **changes):
        client = desk.client()
        limits = replace(client.profile.limits, **changes)
        client.channel = Channel(client.channel.context, limits, proxy)
        return client

    return make


def send(client):
    body = codec_for(client.profile).encode("WS1", a_dossier(), date.today())
    return client.send("WS1", body, reference=str(uuid.uuid4()))


def seen(client):
    return {step.topic: (step.level, step.code) for step in examine(client)}


def test_the_way_is_opened_and_nothing_is_read(through, desk):
    with SmallProxy() as small:
        client = through(Proxy.at(small.url))
        assert [send(client).kind for _file in range(2)] == [ANSWERED] * 2
    assert len(small.asked) == 1, "the way is kept open"
    place = desk.simulator.url.split("/")[2]
    assert small.asked[0] == f"CONNECT {place} HTTP/1.1"
    assert len(small.passed) > 1000 and b"Exemple" not in small.passed
    assert b"registre@" not in small.passed


REFUSALS = {
    b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n": "PROXY_AUTHENTICATION",
    b"HTTP/1.1 403 Forbidden\r\n\r\n": "PROXY_REFUSED",
    b"HTTP/1.1 503 Unavailable\r\nRetry-After: 3600\r\n\r\n": "PROXY_REFUSED",
    b"SSH-2.0-OpenSSH\r\n\r\n": "PROXY_UNREADABLE",
    b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100_000 + b"\r\n\r\n": "PROXY_UNREADABLE",
}


@pytest.mark.parametrize("answer", REFUSALS, ids=list(REFUSALS.values()))
def test_a_proxy_that_refuses_proves_that_nothing_was_processed(through, desk, answer):
    before = len(desk.simulator.control.ledger())
    with SmallProxy(answer) as small:
        outcome = send(through(Proxy.at(small.url)))
        sheet = seen(through(Proxy.at(small.url)))
    assert (outcome.kind, outcome.code) == (RETRYABLE, REFUSALS[answer])
    assert outcome.retry_after is None, "the proxy is not the registry"
    assert sheet["proxy"] == ("refuse", REFUSALS[answer])
    assert sheet["tls"] == ("skip", "NOT_TRIED")
    assert {"dns", "tcp"}.isdisjoint(sheet)
    assert MESSAGES[outcome.code] and len(desk.simulator.control.ledger()) == before


def test_a_proxy_that_is_away(through):
    outcome = send(through(Proxy("127.0.0.1", free_port())))
    assert (outcome.kind, outcome.code) == (RETRYABLE, "PROXY_UNREACHABLE")


def test_a_proxy_that_says_nothing(through):
    with SmallProxy(b"") as small:
        outcome = send(through(Proxy.at(small.url), connect_timeout=0.5))
    assert (outcome.kind, outcome.code) == (RETRYABLE, "PROXY_SILENT")


def test_the_sheet_tells_of_the_proxy(through):
    with SmallProxy() as small:
        sheet = seen(through(Proxy.at(small.url)))
    assert [topic for topic in sheet] == ["proxy", "tls", "certificate", "account"]
    assert sheet["proxy"] == ("ok", "PROXY_OK")


def test_no_proxy_of_the_environment(through, monkeypatch):
    with SmallProxy() as small:
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{small.port}")
        assert send(through(None)).kind == ANSWERED
    assert not small.asked


@pytest.mark.parametrize(
    "url",
    [
        "",
        "proxy:3128",
        "https://proxy:3128",
        "http://proxy",
        "http://user:secret@proxy:3128",
        "http://@proxy:3128",
        "http://proxy:3128/path",
        "http://proxy:3128?a=1",
        "http://proxy:99999",
        "http://a..b:3128",
    ],
)
def test_what_is_the_address_of_no_proxy(url):
    with pytest.raises(ValueError):
        Proxy.at(url)


def test_the_address_of_a_proxy():
    assert Proxy.at("http://proxy.cabinet.fr:3128/") == Proxy("proxy.cabinet.fr", 3128)
    assert Proxy.at("http://[::1]:3128") == Proxy("::1", 3128)
