"""Which addresses lead to this very machine."""

import pytest

from rnc.transport import probe


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "LOCALHOST.", "registre.localhost", "localhost.localdomain"),
        *("127.0.0.1", "127.1", "2130706433", "0x7f.1", "127.8.8.8", "0.0.0.0", "0"),
        *("[::1]", "[::]", "[::ffff:127.0.0.1]"),
    ],
)
def test_this_machine(host):
    assert probe.is_loopback(f"https://{host}:8443/ws/")


@pytest.mark.parametrize(
    "host", ["registre.example", "10.0.0.5", "192.0.2.1", "[2001:db8::1]", "localhost.example"]
)
def test_another_machine(host):
    assert not probe.is_loopback(f"https://{host}/ws/")


def test_what_is_no_address():
    assert not probe.is_loopback("http://127.0.0.1/")
    assert not probe.is_loopback("https://a..b/")
