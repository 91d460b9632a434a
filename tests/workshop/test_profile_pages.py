"""What the documentation shows of profiles is what there is."""

import base64
import json
import re
import ssl
import threading
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from conftest import BITS, EMAIL, NUMBER, ORGANISATION, SIREN, a_dossier
from profile_person import profile_command
from rnc import contract
from rnc.certificate import read
from rnc.client import ANSWERED, RETRYABLE, Client
from rnc.codec import codec_for
from rnc.contract.adapter import ADAPTERS
from rnc.requests import Declarant
from rnc.today import today
from rnc.transport import MESSAGES, Channel, client_context
from simulator.authority import Authority
from workshop import paths
from workshop.profiles import page
from workshop.profiles.adapters import load_adapter
from workshop.profiles.new import write_new

DOCS = paths.CHECKOUT / "docs" / "en"
ANSWER = '<reponse version="2.0.1"><statut>enregistree</statut></reponse>'


def test_the_examples_of_the_afternoon_are_those_of_new():
    text = page.PAGE.read_text("utf-8")
    assert page.filled(text) == text, "python -m workshop.profiles.page writes them again"
    assert set(page.BLOCK.findall(text)) == {
        *("WS6", "WS6-received", "WS6-accepted", "WS6-rejected", "WS1-caller"),
        *("STATUS-notknown", "WS1-unreadable"),
    }


def test_the_commands_of_the_pages_exist(tmp_path):
    told = "".join((DOCS / name).read_text("utf-8") for name in ("an-afternoon.md", "adapter.md"))
    options = set(re.findall(r"--[a-z-]+", " ".join(re.findall(r"\./bin/profile[^\n`]*", told))))
    _code, known = profile_command("try", "--help", folder=tmp_path)
    for name in ("new", "from-openapi", "check"):
        known += profile_command(name, "--help", folder=tmp_path)[1]
    assert options and all(option in known for option in options)


def test_the_links_lead_somewhere():
    for path in (DOCS / "an-afternoon.md", DOCS / "adapter.md", DOCS / "contract-profile.md"):
        for link in re.findall(r"\]\(([^)#:]+\.(?:md|py))", path.read_text("utf-8")):
            assert (path.parent / link).exists(), f"{path.name}: {link}"


# -- the adapter of the documentation ---------------------------------------------------


@dataclass
class Registry:
    """A registry that asks for a token and a signature, and remembers what it was told."""

    url: str = ""
    status: int = 200
    calls: list = field(default_factory=list)

    def answer(self, path: str, headers, body: bytes) -> tuple[int, str, bytes]:
        self.calls.append((path, dict(headers), body))
        if path.endswith("/jeton"):
            told = {"access_token": "jeton-1", "expires_in": 300}
            return self.status, "application/json", json.dumps(told).encode()
        return 202, "application/xml", ANSWER.encode()


@pytest.fixture(scope="module")
def authority():
    return Authority.create("Autorité d'essai", BITS)


@pytest.fixture
def registry(authority, tmp_path):
    made = Registry()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, kind, content = made.answer(self.path, self.headers, body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments):
            """Nothing: the calls are remembered."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issued = authority.server()
    (tmp_path / "server.pem").write_bytes(issued.certificate + issued.key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem")
    context.load_verify_locations(cadata=authority.pem.decode())
    context.verify_mode = ssl.CERT_REQUIRED
    server.socket = context.wrap_socket(server.socket, server_side=True)
    made.url = f"https://127.0.0.1:{server.server_port}/ws/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def bridge(tmp_path) -> Path:
    """The file of the documentation."""
    (code,) = re.findall(r"```python\n(.*?)```", (DOCS / "adapter.md").read_text("utf-8"), re.S)
    path = tmp_path / "adapter.py"
    path.write_text(code, "utf-8")
    return path


@pytest.fixture
def client(registry, authority, bridge):
    load_adapter(bridge)
    bundle = read(
        [(issued := authority.client(SIREN, ORGANISATION, bits=BITS)).certificate, issued.key]
    )
    context = client_context(bundle.public_pem(), bundle.key_bytes(), authority.pem)
    profile = replace(contract.named(), adapter="registre-jeton")
    yield Client(profile, registry.url, Declarant(NUMBER, EMAIL), Channel(context, profile.limits))
    del ADAPTERS["registre-jeton"]


def send(client: Client):
    body = codec_for(client.profile).encode("WS1", a_dossier(), today())
    return body, client.send("WS1", body, reference="essai")


def test_the_adapter_of_the_documentation_signs_and_fetches_one_token(client, registry):
    for _twice in range(2):
        body, outcome = send(client)
        assert outcome.kind == ANSWERED
    assert [path for path, _headers, _body in registry.calls] == ["/ws/jeton", "/ws/", "/ws/"]
    _path, headers, sent = registry.calls[-1]
    assert headers["Authorization"] == "Bearer jeton-1" and sent == body
    public = x509.load_pem_x509_certificate(client.way.certificate).public_key()
    signature = base64.b64decode(headers["X-Signature"])
    public.verify(signature, sent, padding.PKCS1v15(), hashes.SHA256())


def test_without_a_token_nothing_is_sent_and_it_is_said_why(client, registry):
    registry.status = 401
    _body, outcome = send(client)
    assert (outcome.kind, outcome.code) == (RETRYABLE, "ADAPTER")
    told = MESSAGES[outcome.code] % dict(outcome.params)
    assert told == (
        "Nothing was sent: le registre ne donne pas de jeton, vérifiez le numéro du compte. "
        "It will be tried again."
    )
    assert [path for path, _headers, _body in registry.calls] == ["/ws/jeton"]


def test_the_checker_loads_it_from_its_file(bridge, tmp_path):
    folder = tmp_path / "registre-jeton"
    write_new(folder, "json")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    (folder / "manifest.json").write_text(json.dumps({**manifest, "adapter": folder.name}), "utf-8")
    code, said = profile_command("check", folder, folder=tmp_path)
    assert code == 1 and "no installed addon brings registre-jeton" in said
    code, said = profile_command("check", folder, "--adapter", bridge, folder=tmp_path)
    assert code == 0, said
    (tmp_path / "broken.py").write_text("raise RuntimeError('x')", "utf-8")
    code, said = profile_command("check", folder, "--adapter", "broken.py", folder=tmp_path)
    assert code == 1 and "broken.py cannot be loaded" in said and "Traceback" not in said
