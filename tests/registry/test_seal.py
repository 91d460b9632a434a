"""Secrets at rest open with their own key, for their own use, and not otherwise."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.fernet import Fernet

from registry.seal import FILE, VARIABLE, SealBroken, Sealer, SealingKeyError, add_key

SECRET, USE = b"a private key", b"certificate 1 of company 2"


def test_open_what_was_sealed(tmp_path):
    sealed = Sealer.at(tmp_path, {}).seal(SECRET, USE)
    assert SECRET not in sealed
    assert Sealer.at(tmp_path, {}).open(sealed, USE) == SECRET


def test_the_key_file_is_private(tmp_path):
    Sealer.at(tmp_path, {})
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    os.chmod(tmp_path / FILE, 0o640)
    with pytest.raises(SealingKeyError) as raised:
        Sealer.at(tmp_path, {})
    assert raised.value.code == "SEALING_KEY_EXPOSED"


def test_another_use_another_key_or_an_alteration_do_not_open(tmp_path):
    sealer = Sealer.at(tmp_path, {})
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
    sealed = Sealer.at(tmp_path, {}).seal(SECRET, USE)
    old = (tmp_path / FILE).read_bytes()
    add_key(tmp_path)
    rotated = Sealer.at(tmp_path, {}).rotate(sealed)
    assert Sealer.at(tmp_path, {}).open(sealed, USE) == SECRET
    assert Sealer.at(tmp_path, {}).open(rotated, USE) == SECRET
    with pytest.raises(SealBroken):
        Sealer([old.strip()]).open(rotated, USE)


def test_two_at_once_end_with_one_key(tmp_path):
    with ThreadPoolExecutor(16) as threads:
        made = list(threads.map(lambda _n: Sealer.at(tmp_path, {}), range(64)))
    sealed = made[0].seal(SECRET, USE)
    assert {sealer.open(sealed, USE) for sealer in made} == {SECRET}
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
