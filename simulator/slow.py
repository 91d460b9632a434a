"""A server that is slow, each in its way: what a call and a click last then is measured."""

import contextlib
import socket
import ssl
import threading
import time
from pathlib import Path

from .authority import Authority, write_private

PAUSE = 0.1  # seconds between two pieces of what comes drop by drop
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n"
KINDS = {
    "connect": "the connection is never taken",
    "handshake": "the TLS handshake is never answered",
    "deaf": "the request is never read",
    "silence": "the request is read, and never answered",
    "headers": "the headers come one by one",
    "body": "the headers come at once, the body never",
    "late_body": "the headers come near the end of the time, the body never",
    "drip": "the body comes byte by byte",
    "open_end": "the body has no length, and the connection is never closed",
    "interim": "interim answers (1xx) without end",
    "long_length": "a length of 5,000 digits, then a silence",
}


class SlowServer:
    """Serves one kind of slowness to whoever calls. A context manager.

    ``late`` is when, in seconds, the headers of ``late_body`` come.
    """

    def __init__(self, folder: Path, kind: str, *, late: float = 1):
        self.kind, self.late = kind, late
        self.authority = Authority.open(folder)
        issued = self.authority.server()
        write_private(folder / "slow.key", issued.key)
        (folder / "slow.pem").write_bytes(issued.certificate)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(folder / "slow.pem", folder / "slow.key")
        self._ended = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=0)
        self.port = self._listener.getsockname()[1]
        self.url = f"https://127.0.0.1:{self.port}/"
        self._waiting: list[socket.socket] = []

    def __enter__(self) -> "SlowServer":
        if self.kind == "connect":
            self._fill()
        else:
            threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_exception) -> None:
        self._ended.set()
        for one in (self._listener, *self._waiting):
            one.close()

    def _fill(self) -> None:
        """Take every place of the queue of connections, so that no other is answered."""
        for _place in range(4):
            one = socket.socket()
            one.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                one.connect(("127.0.0.1", self.port))
            self._waiting.append(one)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):  # closed: the end
            while not self._ended.is_set():
                peer, _address = self._listener.accept()
                threading.Thread(target=self._answer, args=(peer,), daemon=True).start()

    def _answer(self, plain: socket.socket) -> None:
        with plain, contextlib.suppress(OSError):  # the client has gone
            if self.kind == "handshake":
                self._ended.wait()
                return
            plain.settimeout(60)
            with self._context.wrap_socket(plain, server_side=True) as peer:
                if self.kind != "deaf":
                    peer.recv(65536)
                getattr(self, f"_{self.kind}")(peer)
                self._ended.wait()

    def _deaf(self, peer) -> None:
        """Whoever sends more than the buffers hold waits."""

    _silence = _deaf

    def _headers(self, peer) -> None:
        peer.sendall(b"HTTP/1.1 200 OK\r\n")
        self._drop_by_drop(peer, b"X-Slow: yes\r\n")

    def _body(self, peer) -> None:
        peer.sendall(HEAD + b"Content-Length: 100\r\n\r\n")

    def _late_body(self, peer) -> None:
        self._ended.wait(self.late)
        self._body(peer)

    def _drip(self, peer) -> None:
        peer.sendall(HEAD + b"\r\n")
        self._drop_by_drop(peer, b" ")

    def _open_end(self, peer) -> None:
        peer.sendall(HEAD + b"Connection: close\r\n\r\n<reponse/>")

    def _interim(self, peer) -> None:
        while not self._ended.is_set():
            peer.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            time.sleep(0.001)  # not the speed of the machine is measured

    def _long_length(self, peer) -> None:
        peer.sendall(HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n<reponse/>")

    def _drop_by_drop(self, peer, drop: bytes) -> None:
        while not self._ended.wait(PAUSE):
            peer.sendall(drop)
