"""What proves that nothing was processed: a way that was never open, 429, 503; nothing else."""

import contextlib
import errno
import socket
import ssl
import threading
import uuid

import pytest

from rnc import contract
from rnc.client import RETRYABLE, UNKNOWN, Client, Declarant
from rnc.transport import Channel, client_context
from rnc.transport.failure import from_exception, from_status
from simulator.authority import Authority, write_private

BODY = b"<document/>"
GONE = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"


@contextlib.contextmanager
def served(folder, answer):
    """A TLS server whose ``answer(peer, plain)`` comes after each request it has read whole."""
    authority = Authority.open(folder)
    issued = authority.server()
    write_private(folder / "one.key", issued.key)
    (folder / "one.pem").write_bytes(issued.certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "one.pem", folder / "one.key")
    listener, read = socket.create_server(("127.0.0.1", 0)), []

    def serve():
        plain, _address = listener.accept()
        copy = plain.dup()
        with listener, copy, context.wrap_socket(plain, server_side=True) as peer:
            received = b""
            while not received.endswith(BODY):
                received += peer.recv(65536)
            read.append(received)
            answer(peer, copy)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield authority, f"https://127.0.0.1:{listener.getsockname()[1]}/", read
    thread.join(10)


def client_of(authority, url) -> Client:
    profile = contract.named()
    channel = Channel(client_context(None, None, authority.pem), profile.limits)
    return Client(profile, url, Declarant("T1", "a@b.fr"), channel)


def send(client):
    return client.send("WS1", BODY, reference=str(uuid.uuid4()))


def said(reason: str) -> ssl.SSLError:
    """An error of OpenSSL."""
    error = ssl.SSLError(reason)
    error.reason = reason
    return error


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_a_redirect_proves_nothing(tmp_path, status):
    answer = b"HTTP/1.1 %d Elsewhere\r\nLocation: /\r\nContent-Length: 0\r\n\r\n" % status
    with served(tmp_path, lambda peer, _plain: peer.sendall(answer)) as (authority, url, read):
        outcome = send(client_of(authority, url))
    assert read and (outcome.kind, outcome.code) == (UNKNOWN, "REDIRECTED")


def test_clear_text_after_the_request_proves_nothing(tmp_path):
    """A front end that writes in clear on the connection of the server that has read it all."""
    with served(tmp_path, lambda _peer, plain: plain.sendall(GONE)) as (authority, url, read):
        outcome = send(client_of(authority, url))
    assert read and (outcome.kind, outcome.code) == (UNKNOWN, "CUT")


@pytest.mark.parametrize("status", [429, 503])
def test_what_was_not_taken_is_said_so(tmp_path, status):
    answer = b"HTTP/1.1 %d Later\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n" % status
    with served(tmp_path, lambda peer, _plain: peer.sendall(answer)) as (authority, url, _read):
        outcome = send(client_of(authority, url))
    assert (outcome.kind, outcome.retry_after) == (RETRYABLE, 7)


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.EHOSTUNREACH, "No route to host"),
        OSError(errno.ENETUNREACH, "Network is unreachable"),
        ConnectionRefusedError(),
        socket.gaierror(),
        TimeoutError(),
        said("WRONG_VERSION_NUMBER"),
        ssl.SSLEOFError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_fails_once_a_byte_has_left_proves_nothing(error):
    assert from_exception(error, sent=False).processed is False
    assert from_exception(error, sent=True).processed is None


def test_an_alert_about_our_certificate_ends_a_handshake_and_no_more():
    alert = said("TLSV13_ALERT_CERTIFICATE_REQUIRED")
    first = from_exception(alert, sent=True, fresh=True)
    assert (first.code, first.processed) == ("CLIENT_CERTIFICATE_MISSING", False)
    # The server has answered by this connection: it had taken our certificate.
    later = from_exception(alert, sent=True, fresh=False)
    assert (later.code, later.processed) == ("CUT", None)


def test_a_handshake_that_is_cut_sends_nothing(tmp_path):
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=lambda: listener.accept()[0].close(), daemon=True).start()
    with listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/"
        outcome = send(client_of(Authority.open(tmp_path), url))
    assert (outcome.kind, outcome.code) == (RETRYABLE, "TLS_HANDSHAKE")


@pytest.mark.parametrize("digits", ["9" * 5000, "0" * 5000 + "3", "²", "-1", ""])
def test_a_length_that_is_none_is_no_crash(tmp_path, digits):
    """The body ends with its connection: a length that says otherwise is a cut."""
    head = f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {digits}\r\n\r\n"

    def answer(peer, _plain):
        peer.sendall(head.encode("latin-1") + b"<a>")
        with contextlib.suppress(OSError):  # the client closes without a word
            peer.unwrap()

    with served(tmp_path, answer) as (authority, url, _read):
        outcome = send(client_of(authority, url))
    assert outcome.kind == UNKNOWN
    assert outcome.code == ("CUT" if digits.startswith("9") else "UNREADABLE")


def test_what_fails_leaves_its_place_to_the_next(desk):
    """More failures than there are connections, each of which gives its connection back."""
    client, faults = desk.client(), ("503", "redirect", "huge", "500_before", "truncated")
    for _turn in range(client.profile.limits.connections):
        for fault in faults:
            desk.simulator.control.add_fault(fault, seconds=0)
            assert client.prove("reference").answer is None
    assert client.prove("reference").status == 404


def test_a_delay_has_no_meaning_in_a_redirect():
    assert from_status(302, {"Retry-After": "5"}).retry_after is None
