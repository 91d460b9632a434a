"""Secrets at rest open with their own key, for their own use, and not otherwise."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.fernet import Fernet

from rnc.seal import (
    FILE,
    OLD,
    VARIABLE,
    SealBroken,
    Sealer,
    SealingKeyError,
    add_key,
    drop_old_keys,
)

SECRET, USE = b"a private key", b"certificate 1 of company 2"
SERVICE, GROUP = 1234, 2345  # of the user that runs Odoo
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")


def sealing(folder):
    """The sealer of who is about to seal."""
    return Sealer.at(folder, {}, make=True)


def owner(path):
    found = path.stat()
    return found.st_uid, found.st_gid


def test_open_what_was_sealed(tmp_path):
    sealed = sealing(tmp_path).seal(SECRET, USE)
    assert SECRET not in sealed
    assert Sealer.at(tmp_path, {}).open(sealed, USE) == SECRET


def test_the_key_file_is_private(tmp_path):
    sealing(tmp_path)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    os.chmod(tmp_path / FILE, 0o640)
    with pytest.raises(SealingKeyError) as raised:
        Sealer.at(tmp_path, {})
    assert raised.value.code == "SEALING_KEY_EXPOSED"


def test_another_use_another_key_or_an_alteration_do_not_open(tmp_path):
    sealer = sealing(tmp_path)
    sealed = sealer.seal(SECRET, USE)
    altered = sealed[:-8] + b"AAAAAAA="
    stranger = Sealer([Fernet.generate_key()])
    for attempt in (
        lambda: sealer.open(sealed, b"another use"),
        lambda: sealer.open(altered, USE),
        lambda: sealer.open(b"", USE),
        lambda: stranger.open(sealed, USE),
    ):
        with pytest.raises(SealBroken):
            attempt()


def test_the_environment_comes_first(tmp_path):
    environ = {VARIABLE: Fernet.generate_key().decode()}
    sealed = Sealer.at(tmp_path, environ).seal(SECRET, USE)
    assert not (tmp_path / FILE).exists()
    assert Sealer.at(tmp_path, environ).open(sealed, USE) == SECRET


def test_a_malformed_key_is_told(tmp_path):
    with pytest.raises(SealingKeyError) as raised:
        Sealer.at(tmp_path, {VARIABLE: "not a key"})
    assert raised.value.code == "SEALING_KEY_MALFORMED"
    assert "not a key" not in str(raised.value)


def test_rotation_keeps_the_old_secrets(tmp_path):
    sealed = sealing(tmp_path).seal(SECRET, USE)
    old = (tmp_path / FILE).read_bytes()
    add_key(tmp_path)
    rotated = Sealer.at(tmp_path, {}).rotate(sealed)
    assert Sealer.at(tmp_path, {}).open(sealed, USE) == SECRET
    assert Sealer.at(tmp_path, {}).open(rotated, USE) == SECRET
    with pytest.raises(SealBroken):
        Sealer([old.strip()]).open(rotated, USE)


def test_two_at_once_end_with_one_key(tmp_path):
    with ThreadPoolExecutor(16) as threads:
        made = list(threads.map(lambda _n: sealing(tmp_path), range(64)))
    sealed = made[0].seal(SECRET, USE)
    assert {sealer.open(sealed, USE) for sealer in made} == {SECRET}
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_reading_makes_no_key(tmp_path):
    """A folder that is not mounted, a restore without its key: the true one may come back."""
    for attempt in (lambda: Sealer.at(tmp_path, {}), lambda: add_key(tmp_path)):
        with pytest.raises(SealingKeyError) as raised:
            attempt()
        assert raised.value.code == "SEALING_KEY_MISSING"
    assert not list(tmp_path.iterdir())


def test_what_the_file_system_refuses_has_a_code(tmp_path):
    (tmp_path / FILE).mkdir(mode=0o700)
    with pytest.raises(SealingKeyError) as raised:
        Sealer.at(tmp_path, {})
    assert raised.value.code == "SEALING_KEY_UNREADABLE"


@as_root
def test_the_file_stays_the_services_when_root_rotates(tmp_path):
    os.chown(tmp_path, SERVICE, GROUP)
    sealing(tmp_path)
    assert owner(tmp_path / FILE) == (SERVICE, GROUP), "made as its folder"
    os.chown(tmp_path / FILE, SERVICE, 0)
    add_key(tmp_path)
    assert owner(tmp_path / FILE) == (SERVICE, 0), "replaced as it was"
    drop_old_keys(tmp_path)
    assert owner(tmp_path / FILE) == owner(tmp_path / OLD) == (SERVICE, 0)


@as_root
def test_a_file_of_somebody_else_is_not_read(tmp_path, monkeypatch):
    sealing(tmp_path)
    os.chown(tmp_path / FILE, 4321, 4321)
    assert Sealer.at(tmp_path, {}), "root may"
    monkeypatch.setattr(os, "geteuid", lambda: SERVICE)
    with pytest.raises(SealingKeyError) as raised:
        Sealer.at(tmp_path, {})
    assert raised.value.code == "SEALING_KEY_UNREADABLE"


def test_dropped_keys_are_kept_apart(tmp_path):
    sealed = sealing(tmp_path).seal(SECRET, USE)
    first = (tmp_path / FILE).read_text().split()
    add_key(tmp_path)
    second = (tmp_path / FILE).read_text().split()[:1]
    assert drop_old_keys(tmp_path) == 1
    assert drop_old_keys(tmp_path) == 0
    with pytest.raises(SealBroken):
        Sealer.at(tmp_path, {}).open(sealed, USE)
    add_key(tmp_path)
    drop_old_keys(tmp_path)
    assert (tmp_path / OLD).read_text().split() == second + first
    assert stat.S_IMODE((tmp_path / OLD).stat().st_mode) == 0o600


def test_whether_a_seal_is_of_the_newest_key(tmp_path):
    late = sealing(tmp_path)  # a worker that has read the keys before the rotation
    add_key(tmp_path)
    sealed, here = late.seal(SECRET, USE), Sealer.at(tmp_path, {})
    assert not here.is_newest(sealed)
    assert here.is_newest(here.rotate(sealed))


def test_what_a_killed_process_left_is_forgotten(tmp_path):
    left, being_written = (tmp_path / f"{FILE}.{name}.tmp" for name in ("left", "now"))
    for path in (left, being_written):
        path.write_text("a key")
    os.utime(left, (0, 0))
    sealing(tmp_path)
    assert not left.exists()
    assert being_written.exists()
