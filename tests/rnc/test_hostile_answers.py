"""Each fault of a bad day, for each service: the outcome, and never a crash."""

import uuid
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from conftest import OTHER_SIREN, a_dossier
from rnc.client import ANSWERED, RETRYABLE, UNKNOWN, Client, Outcome
from rnc.codec import Unreadable, codec_for
from rnc.transport import MESSAGES
from rnc.transport.failure import from_status

# fault -> (outcome of a call that changes something, code of the sentence)
EXPECTED = {
    "429": (RETRYABLE, "TOO_MANY_CALLS"),
    "503": (RETRYABLE, "UNAVAILABLE"),
    "redirect": (UNKNOWN, "REDIRECTED"),
    "500_before": (UNKNOWN, "SERVER_ERROR"),
    "500_after": (UNKNOWN, "SERVER_ERROR"),
    "reset_before": (UNKNOWN, "CUT"),
    "reset_after": (UNKNOWN, "CUT"),
    "truncated": (UNKNOWN, "UNREADABLE"),
    "wrong_encoding": (UNKNOWN, "UNREADABLE"),
    "html": (UNKNOWN, "UNREADABLE"),
    "huge": (UNKNOWN, "TOO_LARGE"),
    "xml_bomb": (UNKNOWN, "UNREADABLE"),
    "deep": (UNKNOWN, "UNREADABLE"),
    "other_document": (UNKNOWN, "UNREADABLE"),
    "slow_drip": (UNKNOWN, "TOO_SLOW"),
    "lying_length": (UNKNOWN, "TOO_SLOW"),
    "latency": (ANSWERED, ""),
    "late": (UNKNOWN, "CUT"),
}
SERVICES = ("WS1", "WS2_STANDARD", "WS2_ANNUAL", "WS3", "WS4", "WS5", "WS6", "WS7", "STATUS")
OTHER_EMAIL, OTHER_NUMBER = "autre@syndic.example", "T0000002"
TODAY = date.today()
MANDATE = {
    "cadre_intervention": "mandat_syndic",
    "representant": {"representant_raison_sociale": "Cabinet"},
    "date_debut_mandat": TODAY + timedelta(days=501),
    "date_fin_mandat": TODAY + timedelta(days=900),
    "date_fin_mandat_precedent": TODAY + timedelta(days=500),
    "successeur": {"successeur_adresse": "1 place de la Gare", "successeur_email": OTHER_EMAIL},
    "piece": {"piece_nom": "pv.pdf", "piece_contenu": b"%PDF-1.4"},
}


@dataclass
class Bench:
    """Two declarants in a hurry: what takes more than a second is late."""

    first: Client
    second: Client

    def call(self, service: str, number: str, reference: str) -> Outcome:
        client = self.second if service in ("WS4", "WS7") else self.first
        if service == "STATUS":
            return client.status(reference)
        if service == "WS3":
            return client.fetch(number, reference=reference)
        return self.send(client, service, number, str(uuid.uuid4()))

    def send(self, client, service, number, reference):
        body = codec_for(client.profile).encode(service, {**a_dossier(), **_part(service)}, TODAY)
        number = "" if service == "WS1" else number
        return client.send(service, body, reference=reference, number=number)

    def condominium(self, service: str) -> tuple[str, str]:
        """(number, reference) of a condominium that awaits ``service``."""
        reference = str(uuid.uuid4())
        self.send(self.first, "WS1", "", reference)
        number = self.first.status(reference).answer.registration_number
        if service == "WS7":
            self.send(self.first, "WS5", number, str(uuid.uuid4()))
        return number, reference


def _part(service: str) -> dict:
    return MANDATE if service in ("WS4", "WS5", "WS6", "WS7") else {}


@pytest.fixture(scope="module")
def bench(desk):
    other = desk.open_account(OTHER_NUMBER, OTHER_EMAIL, OTHER_SIREN, "Autre Syndic")
    capped = replace(desk.profile.limits, read_timeout=1.5, total_timeout=1.5)
    quick = replace(desk, profile=replace(desk.profile, limits=capped))
    second = quick.client(other, number=OTHER_NUMBER, email=OTHER_EMAIL)
    return Bench(quick.client(), second)


@pytest.fixture(scope="module")
def table(profile, capsys_of_module):
    """What was seen, printed at the end: fault by service."""
    seen: dict[tuple[str, str], str] = {}
    yield seen
    width = max(map(len, EXPECTED))
    lines = [" " * width + "".join(f"  {service:12}" for service in SERVICES)]
    for fault in EXPECTED:
        cells = "".join(f"  {seen.get((fault, service), ''):12}" for service in SERVICES)
        lines.append(f"{fault:{width}}{cells}")
    with capsys_of_module():
        print(f"\n\n{profile.name}: outcome of each fault, by service\n" + "\n".join(lines))


@pytest.fixture(scope="module")
def capsys_of_module(request):
    return request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled


@pytest.mark.parametrize("fault", EXPECTED)
@pytest.mark.parametrize("service", SERVICES)
def test_a_fault_has_its_outcome(desk, bench, table, fault, service):
    number, reference = bench.condominium(service)
    desk.simulator.control.add_fault(fault, service=service, seconds=0.2)
    outcome = bench.call(service, number, reference)
    table[fault, service] = outcome.kind
    assert (outcome.kind, outcome.code) == EXPECTED[fault]
    assert not outcome.code or outcome.code in MESSAGES
    assert len(outcome.raw) <= desk.profile.limits.answer_bytes


def test_the_delay_that_the_registry_asks_for_is_known(desk, bench):
    number, reference = bench.condominium("WS3")
    for fault in ("429", "503"):
        desk.simulator.control.add_fault(fault, seconds=37)
        assert bench.call("WS3", number, reference).retry_after == 37


ABOUT_ANOTHER = [
    *(("other_reference", service) for service in SERVICES if service != "WS3"),
    *(("other_number", service) for service in ("WS2_STANDARD", "WS3", "WS6", "WS7", "STATUS")),
]


@pytest.mark.parametrize(("fault", "service"), ABOUT_ANOTHER)
def test_an_answer_about_another_is_not_believed(desk, bench, fault, service):
    number, reference = bench.condominium(service)
    desk.simulator.control.add_fault(fault, service=service)
    if service == "STATUS":
        outcome = bench.first.status(reference, number=number)
    else:
        outcome = bench.call(service, number, reference)
    assert (outcome.kind, outcome.code, outcome.answer) == (UNKNOWN, "ABOUT_ANOTHER", None)


HOSTILE = {
    "entity": b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><reponse>&x;</reponse>',
    "external DTD": b'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd"><reponse/>',
    "deep": b"<a>" * 5000 + b"</a>" * 5000,
    "other document": b"<facture/>",
    "empty": b"",
    "NUL": b"\x00" * 100,
    "UTF-16 without saying so": "<reponse/>".encode("utf-16-le"),
    "unknown status": b'<reponse version="2.0.1"><statut>peut-etre</statut></reponse>',
    "bad base64": b'<reponse version="2.0.1"><statut>acceptee</statut>'
    b"<attestation>@@@</attestation></reponse>",
    "a megabyte of attributes": b"<r " + b"".join(b'a%d="" ' % n for n in range(80_000)) + b"/>",
    "hidden in an encoding": b"<?xml version='1.0' encoding='UTF-7'?><reponse/>",
    "the year 10000": b'<reponse version="2.0.1"><statut>acceptee</statut><copropriete>'
    b"<identification><date_reglement>10000-01-01</date_reglement></identification>"
    b"</copropriete></reponse>",
}


@pytest.mark.parametrize("text", ["²", "٣", "Mon, 01 Jan 99999999999 00:00:00 GMT", "soon", ""])
def test_a_delay_that_is_none_is_left_out(text):
    assert from_status(503, {"Retry-After": text}).retry_after is None


def test_nothing_leaves_for_an_address_of_no_server(desk):
    outcome = desk.client(url="https://a..b/").status(str(uuid.uuid4()))
    assert (outcome.kind, outcome.code) == (RETRYABLE, "NAME_UNKNOWN")


HOSTILE_JSON = {
    "not JSON": b"<reponse/>",
    "not UTF-8": b'{"contract": "\xe9"}',
    "no number": b'{"contract": "2.0.1-json", "data": {"identity": {"lots": NaN}}}',
    "a huge number": b'{"contract": "2.0.1-json", "data": {"identity": {"lots": '
    + b"9" * 5000
    + b"}}}",
    "deep": b'{"contract":' * 20_000,
    "a list": b"[]",
    "a number that swells": b'{"contract": "2.0.1-json", "data": {"accounts": '
    b'{"unpaid": 1e-300000000}}}',
    "unknown member": b'{"contract": "2.0.1-json", "script": "x"}',
    "NUL in a text": b'{"contract": "2.0.1-json", "problems": '
    b'[{"type": "XYZ", "title": "\\u0000"}]}',
    "half a character": b'{"contract": "2.0.1-json", "problems": '
    b'[{"type": "XYZ", "title": "\\ud800"}]}',
    "bad base64": b'{"contract": "2.0.1-json", "certificate": {"pdf": "A"}}',
    "impossible date": b'{"contract": "2.0.1-json", "data": {"identity": '
    b'{"bylawsDate": "31/02/2020"}}}',
}


def hostile(profile) -> dict[str, bytes]:
    return {"xml": HOSTILE, "json": HOSTILE_JSON}[profile.wire["codec"]]


def test_what_is_not_of_the_contract_is_not_read(profile):
    for name, body in hostile(profile).items():
        with pytest.raises(Unreadable) as caught:
            codec_for(profile).decode(body)
        assert "hostname" not in str(caught.value), name


@pytest.mark.parametrize("reference", ["../{number}?x=", "..%2f{number}", "{number}#", "a/b?c=d"])
def test_a_reference_addresses_nothing_else(desk, bench, reference):
    """It stands in the path of the question: quoted, it is one reference, and unknown."""
    number, _reference = bench.condominium("WS3")
    outcome = bench.first.status(reference.format(number=number))
    assert outcome.answer is None or outcome.answer.registration_number is None
    assert outcome.kind != ANSWERED
