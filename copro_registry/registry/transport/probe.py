"""The steps of a connection, one by one: name, TCP, TLS.

For a diagnosis only: calls are made by a channel, which does all of this at once.
"""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from cryptography import x509

from ..certificate import validity
from . import failure
from .failure import Failure

HTTPS_PORT = 443


@dataclass(frozen=True)
class Server:
    """What a server showed of itself during the handshake."""

    version: str  # "TLSv1.3"
    name: str
    issuer: str
    until: date


def place_of(url: str) -> tuple[str, int]:
    """(host, port) of an address. Raises Failure when it is not one of HTTPS."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or HTTPS_PORT
        (host or "").encode("idna")
    except UnicodeError:  # an empty label: https://a..b/
        raise Failure("NAME_UNKNOWN", processed=False) from None
    except ValueError:
        raise Failure("NOT_TLS", processed=False) from None
    if parts.scheme != "https" or not host:
        raise Failure("NOT_TLS", processed=False)
    return host, port


def is_address(url: str) -> bool:
    """Whether an address can be one of a service; nothing is called."""
    try:
        place_of(url)
    except Failure:
        return False
    return True


def resolve(host: str, port: int) -> list[str]:
    """The addresses that a name has. Raises Failure."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Failure("NAME_UNKNOWN", processed=False) from None
    return list(dict.fromkeys(str(place[0]) for *_kind, place in found))


def connect(host: str, port: int, seconds: float) -> None:
    """Open a connection, and close it. Raises Failure."""
    with _connected(host, port, seconds):
        return


def shake_hands(host: str, port: int, context: ssl.SSLContext, seconds: float) -> Server:
    """Make the TLS handshake, with our certificate. Raises Failure.

    Under TLS 1.3 what the server thinks of our certificate comes with its first
    answer only: a handshake that ends well says nothing of it.
    """
    with _connected(host, port, seconds) as plain, _translated():
        with context.wrap_socket(plain, server_hostname=host) as secure:
            return _shown(secure)


@contextmanager
def _connected(host: str, port: int, seconds: float) -> Iterator[socket.socket]:
    with _translated():
        opened = socket.create_connection((host, port), timeout=seconds)
    with opened:
        yield opened


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except TimeoutError:
        raise Failure("CONNECT_TIMEOUT", processed=False) from None
    except OSError as error:
        raise failure.from_exception(error) from None


def _shown(secure: ssl.SSLSocket) -> Server:
    certificate = x509.load_der_x509_certificate(secure.getpeercert(binary_form=True))
    return Server(
        version=secure.version() or "",
        name=_name(certificate.subject),
        issuer=_name(certificate.issuer),
        until=validity(certificate)[1].date(),
    )


def _name(name: x509.Name) -> str:
    values = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(values[0].value) if values else name.rfc4514_string()
