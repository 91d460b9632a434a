"""A registry that answers what a test has written, over real TLS."""

import contextlib
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from .authority import Authority, write_private


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Said:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, content, status: int = 200, kind: str = "application/json") -> "Said":
        return cls(status, json.dumps(content).encode(), {"Content-Type": kind})


@contextlib.contextmanager
def registry(folder: Path, answer: Callable[[Asked], Said]) -> Iterator[tuple[str, list, bytes]]:
    """(address, what was asked, the authority's PEM) of a server that ``answer``s."""
    authority, asked = Authority.open(folder), []
    if not (folder / "one.pem").exists():
        issued = authority.server()
        write_private(folder / "one.key", issued.key)
        (folder / "one.pem").write_bytes(issued.certificate)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self):
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            one = Asked(self.command, self.path, dict(self.headers.items()), body)
            asked.append(one)
            said = answer(one)
            self.send_response(said.status)
            for name, text in said.headers.items():
                self.send_header(name, text)
            if said.status not in (204, 304):
                self.send_header("Content-Length", str(len(said.body)))
            self.end_headers()
            self.wfile.write(said.body)

        def log_message(self, *_arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "one.pem", folder / "one.key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_address[1]}/", asked, authority.pem
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
