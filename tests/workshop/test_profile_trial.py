"""``bin/profile try`` against the simulator, over TLS."""

import pytest

from conftest import EMAIL, NUMBER
from profile_person import profile_command, tried, with_files
from rnc import contract


@pytest.fixture(scope="session")
def profile():
    """One is enough: the simulator's own tests go through all of them."""
    return contract.named()


@pytest.fixture
def files(desk, tmp_path):
    return with_files(desk, tmp_path)


@pytest.fixture
def trial(desk, files):
    options = ("--declarant", NUMBER, "--email", EMAIL, "--wait", "5", "--dossier", "dossier.json")
    return lambda: tried(desk, desk.profile.folder, files, *options)


def test_every_service_is_tried_and_told_in_french(trial, files):
    code, said = trial()
    written = (files / "essai.md").read_text(encoding="utf-8")
    print(said)
    for service in ("WS1", "WS2_STANDARD", "WS2_ANNUAL", "WS3", "WS4", "WS5", "WS6", "WS7"):
        assert f"| {service} | " in written
    assert "Accepté\u00a0: le registre l'a enregistré. Numéro\u00a0: " in written


def test_the_report_holds_no_key_and_nobodys_data(desk, trial, files):
    trial()
    written = (files / "essai.md").read_text(encoding="utf-8")
    assert EMAIL not in written and NUMBER not in written
    assert "[e-mail]" in written and "[numéro]" in written
    key = b"".join(desk.identity.key.splitlines()[1:-1]).decode()
    assert "PRIVATE" not in written and key[:40] not in written


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (["--certificate"], "no certificate"),
        (["--certificate", "absent.pem"], "absent.pem cannot be read"),
        (["--certificate", "dossier.json"], "dossier.json: "),
        (["--certificate", "certificat.pem"], "holds no private key"),
        (["--authority", "dossier.json"], "dossier.json cannot be used"),
        (["--url", "http://127.0.0.1/"], "no https address"),
        (["--url", "https://me:secret@127.0.0.1/"], "no https address"),
        (["--dossier", "cle.pem"], "cle.pem is not JSON"),
        (["--report", "absent/essai.md"], "cannot be written"),
    ],
)
def test_bad_input_is_told_in_one_sentence(desk, files, changes, told):
    arguments = {
        "--url": desk.simulator.url,
        "--certificate": "certificat.pem",
        "--key": "cle.pem",
        "--authority": "autorite.pem",
        "--wait": "0",
    }
    arguments[changes[0]] = changes[1] if changes[1:] else None
    if changes[0] == "--certificate":
        arguments["--key"] = None
    given = [part for name, value in arguments.items() if value for part in (name, value)]
    code, said = profile_command("try", desk.profile.folder, *given, folder=files)
    assert code == 1 and told in said and "Traceback" not in said and "secret" not in said


@pytest.mark.parametrize("said_so", [[], ["--production"]], ids=["not said", "said once"])
def test_the_production_is_refused_unless_said_so_twice(desk, files, said_so):
    for url in (
        desk.profile.environments["production"],
        "https://www.registre-coproprietes.gouv.fr/x",
    ):
        arguments = ["--url", url, "--certificate", "certificat.pem", "--key", "cle.pem"]
        code, said = profile_command("try", desk.profile.folder, *arguments, *said_so, folder=files)
        assert code == 1 and "is the production" in said and "--production twice" in said


def test_a_server_that_does_not_answer(desk, files):
    code, said = profile_command(
        *("try", desk.profile.folder, "--url", "https://127.0.0.1:9/"),
        *("--certificate", "certificat.pem", "--key", "cle.pem", "--report", "essai.md"),
        folder=files,
    )
    assert code == 1 and "Traceback" not in said
    assert "La connexion est refusée" in said or "refuse la connexion" in said, said
