"""The steps of a connection, one by one: name, TCP, TLS.

For a diagnosis only: calls are made by a channel, which does all of this at once.
"""

import ipaddress
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from cryptography import x509

from ..certificate import validity
from . import failure, way
from .failure import Failure
from .way import HTTPS_PORT, Proxy


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


def is_loopback(url: str) -> bool:
    """Whether an address leads to this very machine; no name is looked up."""
    try:
        host, _port = place_of(url)
    except Failure:
        return False
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith((".localhost", ".localdomain")):
        return True
    address = _address(name)
    address = getattr(address, "ipv4_mapped", None) or address
    return address is not None and (address.is_loopback or address.is_unspecified)


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a host is; what the system takes for one too (127.1, 2130706433)."""
    with suppress(OSError):
        return ipaddress.IPv4Address(socket.inet_aton(name))
    with suppress(ValueError):
        return ipaddress.ip_address(name)
    return None


def says_more(url: str) -> bool:
    """Whether an address holds more than a place: who calls (a secret), a query, a fragment."""
    parts = urlsplit(url)
    return "@" in parts.netloc or "?" in url or "#" in url


def resolve(host: str, port: int) -> list[str]:
    """The addresses that a name has. Raises Failure."""
    return list(dict.fromkeys(str(place[0]) for *_kind, place in way.resolve(host, port)))


def connect(host: str, port: int, proxy: Proxy | None = None) -> None:
    """Open a connection, and close it. Raises Failure."""
    way.opened(host, port, proxy).close()


def shake_hands(
    host: str, port: int, context: ssl.SSLContext, proxy: Proxy | None = None
) -> Server:
    """Make the TLS handshake, with our certificate. Raises Failure.

    Under TLS 1.3 what the server thinks of our certificate comes with its first
    answer only: a handshake that ends well says nothing of it.
    """
    with way.opened(host, port, proxy) as plain:
        try:
            with context.wrap_socket(plain, server_hostname=host) as secure:
                return _shown(secure)
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
