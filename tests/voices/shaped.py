"""A registry in this process that speaks a profile made for one test; calls without a network."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from werkzeug.test import EnvironBuilder, run_wsgi_app

from simulator.accounts import Accounts
from simulator.application import Application
from simulator.authority import Issued
from simulator.faults import Faults
from simulator.incoming import PEER
from simulator.profile import Profile
from simulator.registry import Registry
from simulator.store import Store

from .line import Came

NUMBER, EMAIL, SIREN = "T0000001", "registre@cabinet-fictif.example", "999000011"


def profile_like(source: Path, folder: Path, change: Callable[[dict], None]) -> Profile:
    """A copy of a profile whose manifest ``change`` has changed."""
    shutil.copytree(source, folder)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    change(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return Profile(folder)


class Shaped:
    """The registry, with one account; ``call`` is that of a line."""

    def __init__(self, profile: Profile, folder: Path, issued: Issued):
        self.registry = Registry(profile, Store(folder / "registry.sqlite"))
        self.faults = Faults()
        accounts = Accounts(self.registry.store)
        self.application = Application(self.registry, accounts, self.faults)
        self.peer = x509.load_pem_x509_certificate(issued.certificate).public_bytes(Encoding.DER)
        accounts.open(
            number=NUMBER, email=EMAIL, profile="professionnel", organisation="", siren=SIREN
        )
        accounts.declare(NUMBER, issued.certificate)

    def call(self, method: str, path: str, headers: dict | None = None, body=None) -> Came:
        builder = EnvironBuilder(path, method=method, headers=headers or {}, data=body)
        environ = {**builder.get_environ(), "REQUEST_URI": path, PEER: self.peer}
        chunks, status, told = run_wsgi_app(self.application, environ, buffered=True)
        found = {name.lower(): value for name, value in told.items()}
        return Came(int(status.split()[0]), found, b"".join(chunks))

    def has(self, *numbers: str) -> None:
        """Condominiums of the account, as if they had been registered."""
        for number in numbers:
            self.registry.store.insert(
                "condominium",
                number=number,
                account=NUMBER,
                address=number,
                registered="2020-01-01",
                updated="2020-01-01",
                dossier="{}",
            )
