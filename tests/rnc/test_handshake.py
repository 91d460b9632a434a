"""What the handshake shows of us: the certificate and its chain, and no more.

The servers here are of other makings than our client: pyOpenSSL, which tells what it
received, and the command ``openssl s_server``, which knows the root alone.
"""

import shutil
import socket
import ssl
import subprocess
import threading
from datetime import datetime, timedelta, timezone

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from OpenSSL import SSL

from conftest import BITS, ORGANISATION, SIREN
from rnc.connection_test import examine
from rnc.transport import Failure, client_context, probe
from simulator.authority import Authority, write_private
from simulator.process import free_port


@pytest.fixture(scope="module")
def root():
    return authority("Racine d'essai")


@pytest.fixture(scope="module")
def intermediate(root):
    """An authority that the server does not know, issued by one that it knows."""
    return authority("Intermédiaire d'essai", root)


def authority(name: str, issuer: Authority | None = None) -> Authority:
    key = rsa.generate_private_key(65537, BITS)
    now = datetime.now(timezone.utc)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(True, None), critical=True)
    )
    return Authority(builder.sign(issuer._key if issuer else key, hashes.SHA256()), key)


@pytest.fixture(scope="module")
def folder(root, tmp_path_factory):
    made = tmp_path_factory.mktemp("server")
    issued = root.server()
    write_private(made / "server.key", issued.key)
    (made / "server.pem").write_bytes(issued.certificate)
    (made / "root.pem").write_bytes(root.pem)
    return made


def context_of(issued, chain: bytes, trusted: bytes) -> ssl.SSLContext:
    key = serialization.load_pem_private_key(issued.key, None).private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return client_context(issued.certificate + chain, key, trusted)


@pytest.fixture(scope="module")
def identity(intermediate):
    return intermediate.client(SIREN, ORGANISATION, bits=BITS)


class Recorder:
    """A TLS server that keeps what its clients showed, and answers nothing."""

    def __init__(self, folder, version, connections=1):
        context = SSL.Context(SSL.TLS_SERVER_METHOD)
        context.use_certificate_file(str(folder / "server.pem"))
        context.use_privatekey_file(str(folder / "server.key"))
        context.load_verify_locations(str(folder / "root.pem"))
        context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, None)
        context.set_max_proto_version(version)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.connection = SSL.Connection(context, self.listener)
        self.port = self.listener.getsockname()[1]
        self.connections = connections
        self.shown: list[str] = []
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        for _connection in range(self.connections):
            peer, _address = self.connection.accept()
            try:
                peer.do_handshake()
            except SSL.Error:
                self.shown.append("refused")
            else:
                self.shown += self._names(peer)
            peer.close()
        self.listener.close()

    def _names(self, peer) -> list[str]:
        chain = [peer.get_peer_certificate(), *(peer.get_peer_cert_chain() or [])]
        names = [one.to_cryptography().subject.rfc4514_string() for one in chain]
        return list(dict.fromkeys(names))

    def end(self):
        self.thread.join(10)
        return self.shown


@pytest.mark.parametrize("version", [SSL.TLS1_2_VERSION, SSL.TLS1_3_VERSION])
def test_the_chain_is_sent(folder, root, intermediate, identity, version):
    server = Recorder(folder, version)
    context = context_of(identity, intermediate.pem, root.pem)
    probe.shake_hands("127.0.0.1", server.port, context)
    leaf, issuer = server.end()
    assert f"2.5.4.97=NTRFR-{SIREN}" in leaf
    assert issuer == "CN=Intermédiaire d'essai"


def test_without_its_chain_the_same_certificate_is_refused(folder, root, identity):
    server = Recorder(folder, SSL.TLS1_2_VERSION)
    with pytest.raises(Failure) as raised:
        probe.shake_hands("127.0.0.1", server.port, context_of(identity, b"", root.pem))
    assert raised.value.code == "CLIENT_CERTIFICATE_UNKNOWN_AUTHORITY"
    assert server.end() == ["refused"]


def test_up_to_tls_1_2_the_refusal_comes_within_the_handshake(desk, folder, root, identity):
    """The sheet still says that the server has proven who it is."""
    server = Recorder(folder, SSL.TLS1_2_VERSION, connections=3)
    client = desk._client(
        context_of(identity, b"", root.pem), url=f"https://127.0.0.1:{server.port}/"
    )
    steps = {step.topic: step.level for step in examine(client)}
    server.end()
    assert list(steps) == ["dns", "tcp", "tls", "certificate", "account"]
    assert list(steps.values()) == ["ok", "ok", "ok", "refuse", "skip"]


@pytest.mark.skipif(not shutil.which("openssl"), reason="the command openssl is not installed")
def test_openssl_agrees(folder, root, intermediate, identity):
    """``openssl s_server`` that trusts the root alone: depth 2 of the chain is verified."""
    port = free_port()
    command = [
        *("openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-naccept", "1", "-www"),
        *("-cert", folder / "server.pem", "-key", folder / "server.key"),
        *("-CAfile", folder / "root.pem", "-Verify", "5", "-verify_return_error"),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as server:
        server.stdout.readline()  # "verify depth is 5"
        context = context_of(identity, intermediate.pem, root.pem)
        answer = _ask(context, port)
        told = server.communicate(timeout=10)[0].decode()
    assert "depth=2" in told and "Racine d'essai" in told
    assert "verify error" not in told
    assert b"200 ok" in answer


def _ask(context, port) -> bytes:
    for _attempt in range(50):
        try:
            plain = socket.create_connection(("127.0.0.1", port), timeout=10)
            break
        except ConnectionRefusedError:
            threading.Event().wait(0.1)
    with plain, context.wrap_socket(plain, server_hostname="127.0.0.1") as secure:
        secure.sendall(b"GET / HTTP/1.0\r\n\r\n")
        return secure.recv(65536)
