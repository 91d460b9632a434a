"""``bin/profile try`` against the simulator, over TLS."""

import pytest

from conftest import EMAIL, NUMBER
from profile_person import profile_command, with_files
from rnc import contract

DEFAULT = contract.named().folder


@pytest.fixture
def files(desk, tmp_path):
    return with_files(desk, tmp_path)


def tried(desk, files, *others):
    return profile_command(
        *("try", desk.profile.folder, "--url", desk.simulator.url),
        *("--certificate", "certificat.pem", "--key", "cle.pem", "--authority", "autorite.pem"),
        *("--declarant", NUMBER, "--email", EMAIL, "--report", "essai.md", "--wait", "5"),
        *("--dossier", "dossier.json", *others),
        folder=files,
    )


def test_every_service_is_tried_and_told_in_french(desk, files):
    code, said = tried(desk, files)
    written = (files / "essai.md").read_text(encoding="utf-8")
    print(said)
    for service in ("WS1", "WS2_STANDARD", "WS2_ANNUAL", "WS3", "WS4", "WS5", "WS6", "WS7"):
        assert f"| {service} | " in written
    assert "Accepté\u00a0: le registre l'a enregistré. Numéro\u00a0: " in written
