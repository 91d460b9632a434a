"""An HTTPS line with a client certificate, and what comes back on it; no code of the client's."""

import http.client
import ssl
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Came:
    """An answer as it came; ``headers`` by lower-case name."""

    status: int
    headers: dict[str, str]
    body: bytes


class Line:
    """Calls the simulator of ``desk`` as the account whose identity is given."""

    def __init__(self, desk, identity, folder: Path):
        self.port = desk.simulator.port
        bundle = folder / "identity.pem"
        bundle.write_bytes(identity.certificate + identity.key)
        self.context = ssl.create_default_context(cadata=desk.authority.pem.decode())
        self.context.load_cert_chain(bundle)

    def call(self, method: str, path: str, headers: dict | None = None, body=None) -> Came:
        link = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.context, timeout=20)
        try:
            link.request(method, path, body=body, headers=headers or {})
            answer = link.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Came(answer.status, found, answer.read())
        finally:
            link.close()


@dataclass
class Understood:
    """What an answer says, with the names that the client's own outcome has."""

    kind: str  # answered, rejected
    status: int
    answer: "Said"
    raw: bytes = b""


@dataclass
class Said:
    status: str = ""
    registration_number: str | None = None
    attestation: bytes | None = None
    dossier: dict | None = None
    refusals: list = field(default_factory=list)


@dataclass
class Reason:
    code: str
    item: str | None = None
    detail: str | None = None
