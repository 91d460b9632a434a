"""A small HTTP proxy that opens ways (CONNECT), or refuses to."""

import contextlib
import socket
import threading

OPENED = b"HTTP/1.1 200 Connection established\r\n\r\n"


class SmallProxy:
    """Opens the ways that are asked for, or answers ``answer``. A context manager.

    ``asked`` holds the first line of each request, ``passed`` every byte that went by.
    """

    def __init__(self, answer: bytes = OPENED):
        self.answer = answer
        self.asked: list[str] = []
        self.passed = bytearray()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "SmallProxy":
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_exception) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):  # closed: the end
            while True:
                peer, _address = self._listener.accept()
                threading.Thread(target=self._open, args=(peer,), daemon=True).start()

    def _open(self, peer: socket.socket) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += peer.recv(4096)
        self.asked.append(head.split(b"\r\n")[0].decode())
        peer.sendall(self.answer)
        if self.answer == OPENED:
            host, _colon, port = self.asked[-1].split()[1].rpartition(":")
            server = socket.create_connection((host, int(port)))
            threading.Thread(target=self._pass, args=(server, peer), daemon=True).start()
            self._pass(peer, server)

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with source, target:
            with contextlib.suppress(OSError):  # one of them has gone
                while piece := source.recv(65536):
                    self.passed += piece
                    target.sendall(piece)
            # To close is not enough as long as the other thread still reads.
            for one in (source, target):
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
