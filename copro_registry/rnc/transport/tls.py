"""The TLS context: our certificate and chain, our key, and whom we trust."""

import os
import secrets
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from cryptography.hazmat.primitives import serialization

from ..certificate import PrivateKey
from .failure import Failure
from .signer import Signer
from .timing import current, is_over, seconds_left


class _TimedSocket(ssl.SSLSocket):
    """Each step waits for what is left of the call, and no longer, however the bytes come.

    It knows what has left: nothing has been processed as long as nothing has.
    """

    heard = False  # whether a byte of an answer has ever come by this connection

    def do_handshake(self, *args, **options):
        try:
            self._wait_at_most(current.connect_timeout)
            return super().do_handshake(*args, **options)
        except TimeoutError:
            raise Failure("CONNECT_TIMEOUT", processed=False) from None

    def send(self, *args, **options):
        try:
            self._wait_at_most(current.read_timeout)
            current.sent, current.fresh = True, not self.heard
            return super().send(*args, **options)
        except TimeoutError:
            raise _late() from None

    def recv_into(self, *args, **options):
        try:
            self._wait_at_most(current.read_timeout)
            count = super().recv_into(*args, **options)
        except TimeoutError:
            raise _late() from None
        if count:
            self.heard, current.fresh = True, False
        return count

    def _wait_at_most(self, seconds):
        left = seconds_left(seconds)
        if left is not None:
            self.settimeout(left)


def _late() -> Failure:
    if not current.sent:
        return Failure("CONNECT_TIMEOUT", processed=False)
    return Failure("TOO_SLOW" if is_over() else "NO_ANSWER", processed=None)


class NamedContext(ssl.SSLContext):
    """A context that knows which host it is for.

    urllib3 1.26, which Odoo 19 allows, does not say it when the host is an address, and
    the certificate could then not be compared with it.
    """

    host: str | None = None
    signer: Signer | None = None  # with the key of our certificate
    sslsocket_class = _TimedSocket

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


def _load_identity(context: NamedContext, chain: bytes, key: bytes) -> None:
    # OpenSSL reads identities from files only: a memory file, and even there the
    # key is encrypted under a passphrase that lives as long as this call.
    passphrase = secrets.token_bytes(32).hex().encode()
    private = _private_key(key)
    encrypted = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase),
    )
    with _memory_file(chain + b"\n" + encrypted) as path:
        context.load_cert_chain(path, password=passphrase)
    context.signer = Signer(chain, private)


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
