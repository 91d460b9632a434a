"""``bin/profile try`` against the simulator, over TLS."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import EMAIL, NUMBER
from rnc import contract
from workshop import paths

DEFAULT = contract.named().folder


def profile_command(*arguments, folder: Path, **environment):
    """The command itself; (exit code, what it said)."""
    path = os.pathsep.join((str(paths.ADDON), str(paths.CHECKOUT)))
    known = os.environ.get("PYTHONPATH")
    done = subprocess.run(
        [sys.executable, "-m", "workshop.profile_command", *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((path, known or "")), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def files(desk, tmp_path):
    """What a person has: a certificate, its key, the authority of the test server."""
    (tmp_path / "certificat.pem").write_bytes(desk.identity.certificate)
    (tmp_path / "cle.pem").write_bytes(desk.identity.key)
    (tmp_path / "autorite.pem").write_bytes(desk.authority.pem)
    who = {"representant": {"representant_raison_sociale": "Cabinet Fictif"}}
    (tmp_path / "dossier.json").write_text(json.dumps(who), encoding="utf-8")
    return tmp_path


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
