"""What a person who fits a profile does: the command, and their files."""

import json
import os
import subprocess
import sys
from pathlib import Path

from workshop import paths


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


def with_files(desk, tmp_path: Path) -> Path:
    """What a person has: a certificate, its key, the authority of the test server."""
    (tmp_path / "certificat.pem").write_bytes(desk.identity.certificate)
    (tmp_path / "cle.pem").write_bytes(desk.identity.key)
    (tmp_path / "autorite.pem").write_bytes(desk.authority.pem)
    who = {"representant": {"representant_raison_sociale": "Cabinet Fictif"}}
    (tmp_path / "dossier.json").write_text(json.dumps(who), encoding="utf-8")
    return tmp_path


def tried(desk, profile: Path, folder: Path, *options):
    """``bin/profile try`` of a profile with the files of ``with_files``; as profile_command."""
    return profile_command(
        *("try", profile, "--url", desk.simulator.url, "--report", "essai.md"),
        *("--certificate", "certificat.pem", "--key", "cle.pem", "--authority", "autorite.pem"),
        *options,
        folder=folder,
    )
