"""The way to a server: its name, its TCP connection, and the proxy in between.

Every step waits no longer than the call that it is part of. Nothing of a request has left
before the way is open: whatever fails here has processed nothing.
"""

import re
import socket
import threading
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from urllib.parse import urlsplit

from . import failure
from .failure import Failure
from .timing import current, seconds_left

HTTPS_PORT = 443
LONGEST_ANSWER_OF_A_PROXY = 16 * 1024  # bytes
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})\b")


@dataclass(frozen=True)
class Proxy:
    """An HTTP proxy that opens ways (CONNECT, RFC 9110, 9.3.6)."""

    host: str
    port: int

    @classmethod
    def at(cls, url: str) -> "Proxy":
        """The proxy of ``http://host:port``. Raises ValueError when it is not written so."""
        parts = urlsplit(url)
        bare = parts.scheme == "http" and parts.path in ("", "/")
        if not (bare and parts.hostname and parts.port):
            raise ValueError("no proxy")
        if "@" in parts.netloc or parts.query or parts.fragment:
            raise ValueError("more than an address")
        parts.hostname.encode("idna")  # a UnicodeError is a ValueError
        return cls(parts.hostname, parts.port)


def opened(host: str, port: int, proxy: Proxy | None = None) -> socket.socket:
    """A connection to ``host``, through ``proxy`` when there is one. Raises Failure."""
    if not proxy:
        return _connected(host, port)
    try:
        plain = _connected(proxy.host, proxy.port)
    except Failure:
        raise Failure("PROXY_UNREACHABLE", processed=False) from None
    try:
        _open_through(plain, host, port)
    except BaseException:
        plain.close()
        raise
    return plain


def resolve(host: str, port: int) -> list[tuple]:
    """What getaddrinfo says of a name. Raises Failure.

    It knows no time limit: it runs in a thread of its own, which is left behind.
    """
    found: SimpleQueue = SimpleQueue()
    threading.Thread(target=_look_up, args=(host, port, found), daemon=True).start()
    try:
        places = found.get(timeout=seconds_left(current.connect_timeout))
    except (Empty, TimeoutError):
        places = None
    if not places:
        raise Failure("NAME_UNKNOWN", processed=False)
    return places


def _look_up(host: str, port: int, found: SimpleQueue) -> None:
    try:
        found.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError):
        found.put(None)


def _connected(host: str, port: int) -> socket.socket:
    """A TCP connection, by the first address of ``host`` that answers. Raises Failure."""
    failed: Exception | None = None
    for family, kind, protocol, _name, address in resolve(host, port):
        plain = socket.socket(family, kind, protocol)
        try:
            plain.settimeout(seconds_left(current.connect_timeout))
            plain.connect(address)
        except OSError as error:
            plain.close()
            failed = error
            continue
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return plain
    raise failure.from_exception(failed) from None


def _open_through(plain: socket.socket, host: str, port: int) -> None:
    """Have the proxy open the way: TLS then goes from us to ``host``. Raises Failure."""
    name = f"[{host}]" if ":" in host else host.encode("idna").decode("ascii")
    request = f"CONNECT {name}:{port} HTTP/1.1\r\nHost: {name}:{port}\r\n\r\n".encode()
    try:
        plain.settimeout(seconds_left(current.connect_timeout))
        plain.sendall(request)
        answer = _head(plain)
    except TimeoutError:
        raise Failure("PROXY_SILENT", processed=False) from None
    except OSError:
        answer = b""
    told = _STATUS.match(answer)
    if not told:
        raise Failure("PROXY_UNREADABLE", processed=False)
    status = told[1].decode()
    if status == "407":
        raise Failure("PROXY_AUTHENTICATION", processed=False)
    if not status.startswith("2"):
        raise Failure("PROXY_REFUSED", processed=False, params=(("status", status),))


def _head(plain: socket.socket) -> bytes:
    """The head of a proxy's answer, and not a byte of what comes after."""
    head = bytearray()
    while not head.endswith(b"\r\n\r\n") and len(head) < LONGEST_ANSWER_OF_A_PROXY:
        plain.settimeout(seconds_left(current.connect_timeout))
        byte = plain.recv(1)
        if not byte:
            return b""
        head += byte
    return bytes(head) if head.endswith(b"\r\n\r\n") else b""
