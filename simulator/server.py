"""HTTPS with compulsory client certificates, and the operator's plain loopback."""

import socket
import ssl
from pathlib import Path

from cheroot import errors
from cheroot.ssl.builtin import BuiltinSSLAdapter
from cheroot.wsgi import Gateway_10, Server

from .incoming import PEER

THREADS = 24
HANDSHAKE_SECONDS = 10


class MutualTls(BuiltinSSLAdapter):
    """Asks for a certificate of a known authority; nothing is served without."""

    def __init__(self, folder: Path):
        certificate, key = str(folder / "server.pem"), str(folder / "server.key")
        super().__init__(certificate, key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(certificate, key)
        context.load_verify_locations(folder / "ca.pem")
        for trusted in sorted(folder.glob("trusted/*.pem")):
            context.load_verify_locations(trusted)
        context.verify_mode = ssl.CERT_REQUIRED
        self.context = context

    def wrap(self, sock):
        """Shake hands; a refusal leaves time for the alert to arrive.

        Under TLS 1.3 a client may write before it learns that its certificate is
        refused; closing on unread bytes would reset the connection, and the alert
        would be lost.
        """
        sock.settimeout(HANDSHAKE_SECONDS)
        wrapped = self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        try:
            wrapped.do_handshake()
        except OSError as error:
            _linger(wrapped)
            raise errors.FatalSSLAlert(*error.args) from error
        return wrapped, self.get_environ(wrapped)

    def get_environ(self, sock):
        environ = super().get_environ(sock)
        environ[PEER] = sock.getpeercert(binary_form=True)
        environ["copro.connection"] = sock
        return environ


def https_server(application, folder: Path, host: str, port: int) -> Server:
    server = Server((host, port), application, numthreads=THREADS, timeout=30)
    server.gateway = Gateway_10
    server.ssl_adapter = MutualTls(folder)
    server.keep_alive_conn_limit = 100
    return server


def control_server(application, port: int) -> Server:
    """The operator's door: this machine only, whatever the host of the service."""
    return Server(("127.0.0.1", port), application, numthreads=4)


def _linger(wrapped: ssl.SSLSocket) -> None:
    plain = socket.socket(fileno=wrapped.detach())
    try:
        plain.settimeout(1)
        plain.shutdown(socket.SHUT_WR)
        while plain.recv(65536):
            pass
    except OSError:
        pass  # the client has gone: nothing more to tell it
    finally:
        plain.close()
