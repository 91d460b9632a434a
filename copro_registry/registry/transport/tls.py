"""The TLS context: our certificate and chain, our key, and whom we trust."""

import os
import secrets
import ssl
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from cryptography.hazmat.primitives import serialization

from ..certificate import PrivateKey
from .failure import Failure


class _Call(threading.local):
    """The call that a thread is making: when it must have ended (monotonic seconds)."""

    deadline: float | None = None


_call = _Call()


@contextmanager
def ended_by(deadline: float) -> Iterator[None]:
    """No read of this thread begins after ``deadline``, however slowly the bytes come."""
    _call.deadline = deadline
    try:
        yield
    finally:
        _call.deadline = None


class _HurriedSocket(ssl.SSLSocket):
    """A time limit for each read is none for an answer whose headers come one by one."""

    def recv_into(self, *args, **options):
        if _call.deadline is not None and time.monotonic() > _call.deadline:
            raise Failure("TOO_SLOW", processed=None)
        return super().recv_into(*args, **options)


class NamedContext(ssl.SSLContext):
    """A context that knows which host it is for.

    urllib3 1.26, which Odoo 19 allows, does not say it when the host is an address, and
    the certificate could then not be compared with it.
    """

    host: str | None = None
    sslsocket_class = _HurriedSocket

    def wrap_socket(self, sock, *args, server_hostname=None, **options):
        return super().wrap_socket(
            sock, *args, server_hostname=server_hostname or self.host, **options
        )


def client_context(
    certificate_chain: bytes | None, private_key: bytes | None, authority: bytes | None
) -> NamedContext:
    """A context for calls authenticated by a client certificate.

    ``certificate_chain`` is PEM, leaf first; ``private_key`` is PKCS#8 DER, in clear,
    in memory; ``authority`` is the PEM of the only authorities that may have signed
    the server's certificate, or None for the system's. Without a certificate the
    call goes out unauthenticated, which the registry refuses in its own words.
    """
    context = NamedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if authority:
        context.load_verify_locations(cadata=authority.decode("ascii"))
    else:
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    if certificate_chain and private_key:
        _load_identity(context, certificate_chain, private_key)
    return context


def _load_identity(context: ssl.SSLContext, chain: bytes, key: bytes) -> None:
    # OpenSSL reads identities from files only: a memory file, and even there the
    # key is encrypted under a passphrase that lives as long as this call.
    passphrase = secrets.token_bytes(32).hex().encode()
    encrypted = _private_key(key).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase),
    )
    with _memory_file(chain + b"\n" + encrypted) as path:
        context.load_cert_chain(path, password=passphrase)


def _private_key(der: bytes) -> PrivateKey:
    # It was examined when it was imported, and its seal has just vouched for it: to try
    # its primes again would cost more than the call.
    try:
        return serialization.load_der_private_key(der, None, unsafe_skip_rsa_key_validation=True)
    except TypeError:  # cryptography before 39 always tries them
        return serialization.load_der_private_key(der, None)


@contextmanager
def _memory_file(content: bytes) -> Iterator[str]:
    try:
        descriptor = os.memfd_create("identity", os.MFD_CLOEXEC)
    except (AttributeError, OSError):
        with _private_file(content) as path:
            yield path
        return
    try:
        os.write(descriptor, content)
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)


@contextmanager
def _private_file(content: bytes) -> Iterator[str]:
    with tempfile.NamedTemporaryFile() as stream:  # mode 0600
        stream.write(content)
        stream.flush()
        yield stream.name
