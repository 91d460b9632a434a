"""A registry that sends its headers one by one does not hold a call beyond its limit."""

import contextlib
import socket
import ssl
import threading
import time
from dataclasses import replace

import pytest

from registry import contract
from registry.transport import Channel, Failure, client_context
from simulator.authority import Authority, write_private

LIMITS = replace(contract.named().limits, read_timeout=1, total_timeout=2)
DRIPS = 100  # one header each fifth of a second: twenty seconds
PATIENCE = 15


class Dripping(threading.Thread):
    """Answers one request, and never comes to an end of it."""

    def __init__(self, folder, authority):
        super().__init__(daemon=True)
        issued = authority.server()
        write_private(folder / "server.key", issued.key)
        (folder / "server.pem").write_bytes(issued.certificate)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / "server.pem", folder / "server.key")
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{self.listener.getsockname()[1]}/"

    def run(self):
        accepted, _address = self.listener.accept()
        with self.listener, self.context.wrap_socket(accepted, server_side=True) as peer:
            peer.recv(65536)
            with contextlib.suppress(OSError):  # the client has gone
                peer.sendall(b"HTTP/1.1 200 OK\r\n")
                for rank in range(DRIPS):
                    peer.sendall(b"X-%d: slow\r\n" % rank)
                    time.sleep(0.2)


@pytest.fixture
def authority(tmp_path):
    return Authority.open(tmp_path)


def test_the_limit_of_a_call_covers_its_headers(tmp_path, authority):
    server = Dripping(tmp_path, authority)
    server.start()
    channel = Channel(client_context(None, None, authority.pem), LIMITS)
    started = time.monotonic()
    with pytest.raises(Failure) as failed:
        channel.call("GET", server.url, {}, None)
    assert failed.value.code == "TOO_SLOW"
    assert failed.value.processed is None, "nobody knows what the registry has done"
    assert time.monotonic() - started < PATIENCE
    channel.close()
