"""The last resort: an adapter signs, fetches a token, and never makes a file leave twice."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from conftest import EMAIL, NUMBER, a_dossier
from rnc import contract
from rnc.client import ANSWERED, RETRYABLE, UNKNOWN, Client
from rnc.codec import codec_for
from rnc.contract import ProfileError
from rnc.contract.adapter import Adapter, Way, refuse, register
from rnc.profile_check import problems
from rnc.requests import Declarant
from rnc.today import today
from rnc.transport import MESSAGES, Failure

PAGE = Path(__file__).parents[2] / "docs" / "en" / "adapter.md"
NAMES = iter(f"essai-{rank}" for rank in range(1000))


def brought(profile, made: type[Adapter]):
    """The profile, by an adapter of its own name."""
    name = next(NAMES)
    register(name)(made)
    return replace(profile, adapter=name)


def adapted_client(desk, made: type[Adapter]) -> Client:
    plain = desk.client()
    profile = brought(desk.profile, made)
    return Client(profile, plain.url, Declarant(NUMBER, EMAIL), plain.channel)


def registers(desk, client: Client, reference: str):
    body = codec_for(desk.profile).encode("WS1", a_dossier(), today())
    return client.send("WS1", body, reference=reference)


def test_one_that_changes_nothing(desk):
    outcome = registers(desk, adapted_client(desk, Adapter), "essai-sans-effet")
    assert outcome.kind == ANSWERED and outcome.answer.status == "received"


def test_a_header_is_added_and_a_body_signed_by_the_certificate(desk):
    seen = {}

    class Signed(Adapter):
        def outgoing(self, request, way):
            seen.update(body=request.body, way=way, signature=way.sign(request.body or b""))
            return request.with_headers(X_Signature=seen["signature"].hex())

    outcome = registers(desk, adapted_client(desk, Signed), "essai-signe")
    assert outcome.kind == ANSWERED
    public = x509.load_pem_x509_certificate(seen["way"].certificate).public_key()
    public.verify(seen["signature"], seen["body"], padding.PKCS1v15(), hashes.SHA256())
    assert "PRIVATE" not in repr(seen["way"]) and "key" not in repr(seen["way"]).lower()


def test_something_is_fetched_first_on_the_same_connection(desk):
    class Token(Adapter):
        def outgoing(self, request, way):
            reply = way.call("GET", way.url + "jeton")  # no such service: an answer all the same
            return request.with_headers(Authorization=f"Bearer {reply.status}")

    assert registers(desk, adapted_client(desk, Token), "essai-jeton").kind == ANSWERED


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (ValueError("a secret"), "NOT_ADAPTED"),
        (refuse("le jeton a été refusé, vérifiez le compte."), "ADAPTER"),
        (Failure("NO_ANSWER", processed=None), "ADAPTER_UNANSWERED"),
        (Failure("NAME_UNKNOWN", processed=False), "NAME_UNKNOWN"),
    ],
)
def test_what_fails_before_the_file_has_left(desk, raised, code):
    """Tried again later: nothing was sent."""

    class Broken(Adapter):
        def outgoing(self, request, way):
            raise raised

    before = len(desk.simulator.control.ledger())
    outcome = registers(desk, adapted_client(desk, Broken), "essai-avant")
    assert (outcome.kind, outcome.code) == (RETRYABLE, code)
    sentence = MESSAGES[code] % dict(outcome.params)
    assert "othing was sent" in sentence or code == "NAME_UNKNOWN"
    assert "secret" not in sentence
    assert len(desk.simulator.control.ledger()) == before


def test_what_fails_once_the_file_has_left(desk):
    """The registry is asked: the file is never sent again."""

    class Broken(Adapter):
        def incoming(self, reply):
            raise ValueError("a secret")

    outcome = registers(desk, adapted_client(desk, Broken), "essai-apres")
    assert (outcome.kind, outcome.code) == (UNKNOWN, "UNREADABLE")
    assert desk.client().status("essai-apres").kind == ANSWERED


def test_an_answer_is_turned_into_what_the_profile_describes(desk):
    class Wrapped(Adapter):
        def incoming(self, reply):
            return replace(reply, body=reply.body.removeprefix(b""))

    assert registers(desk, adapted_client(desk, Wrapped), "essai-lu").kind == ANSWERED


def test_its_own_calls_count_in_the_time_of_the_call(desk):
    plain = desk.client()
    plain.channel.limits = plain.channel.limits.capped(1)

    class Slow(Adapter):
        def outgoing(self, request, way):
            desk.simulator.control.add_fault("slow", seconds=5)
            way.call("GET", way.url + "jeton")
            return request

    profile = brought(desk.profile, Slow)
    client = Client(profile, plain.url, Declarant(NUMBER, EMAIL), plain.channel)
    assert registers(desk, client, "essai-lent").kind == RETRYABLE


def test_another_host_has_connections_of_its_own(desk):
    plain = desk.client()
    way = Way(plain.channel, plain.url, plain.declarant)
    with pytest.raises(Failure) as failed:
        way.call("GET", "https://jeton.invalid/")
    assert failed.value.code == "NAME_UNKNOWN"
    assert way._channel("https://jeton.invalid/") is not way._channel(plain.url)


def test_without_a_certificate_nothing_is_signed(desk):
    anonymous = desk.anonymous()
    with pytest.raises(Failure) as failed:
        Way(anonymous.channel, anonymous.url, anonymous.declarant).sign(b"x")
    assert failed.value.code == "CLIENT_CERTIFICATE_MISSING"


def test_one_that_is_not_on_this_server(desk, tmp_path):
    folder = tmp_path / "sans-adaptateur"
    shutil.copytree(contract.named().folder, folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest.update(name=folder.name, adapter="registre-signe")
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (told,) = problems(folder)
    assert told == "manifest.json: adapter: no installed addon brings registre-signe"
    with pytest.raises(ProfileError, match="no installed addon brings"):
        Client(contract.read(folder), desk.simulator.url, Declarant("", ""), None)
