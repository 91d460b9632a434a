"""``odoo copro_registry_seal``, as an integrator runs it."""

import re

from cryptography.fernet import Fernet

from .office import DATABASE

COMMAND = ("copro_registry_seal",)
ON = ("-d", DATABASE, "--log-level=warn")
VARIABLE = "COPRO_REGISTRY_SEALING_KEY"


def keys(demo, suffix="") -> list[str]:
    return (demo.folder / f"demo/data/copro_registry.sealing.key{suffix}").read_text().split()


def test_check_rotate_and_forget_the_old_key(declared):
    before = keys(declared)
    checked = declared.odoo(*COMMAND, "check", *ON)
    assert checked.returncode == 0
    opened = re.search(rf"{DATABASE}: (\d+) private key\(s\) can be opened, 0 stay", checked.stdout)
    assert opened and int(opened[1]) >= 1
    assert declared.odoo(*COMMAND, "rotate", *ON).returncode == 0
    assert keys(declared)[1:] == before, "the old key still opens what was saved before"
    dropped = declared.odoo(*COMMAND, "rotate", "--drop-old", *ON)
    assert "2 old key(s) put aside" in dropped.stdout
    assert len(keys(declared)) == 1 and keys(declared)[0] not in before
    assert set(before) < set(keys(declared, ".old")), "another database may need them"
    assert declared.odoo(*COMMAND, "check", *ON).returncode == 0


def test_a_copy_without_its_key_is_told(declared, monkeypatch):
    monkeypatch.setenv(VARIABLE, Fernet.generate_key().decode())
    checked = declared.odoo(*COMMAND, "check", *ON)
    assert checked.returncode == 1
    assert "put its sealing key back, or import the certificate again" in checked.stdout
