"""The mark of the last claim survives what happens to the database, and never goes back."""

import os
import stat
from concurrent.futures import ProcessPoolExecutor

import pytest

from registry.claim_mark import FOLDER, last_claim, raise_last_claim

NAME = "0123456789abcdef-7"


def test_nothing_is_known_at_first(tmp_path):
    assert last_claim(tmp_path, NAME) == 0
    assert not list(tmp_path.iterdir()), "reading makes nothing"


def test_it_never_goes_back(tmp_path):
    for number in (3, 12, 5):
        raise_last_claim(tmp_path, NAME, number)
    assert last_claim(tmp_path, NAME) == 12
    raise_last_claim(tmp_path, "another-7", 4)
    assert last_claim(tmp_path, NAME) == 12


def test_several_processes_at_once_leave_the_highest(tmp_path):
    with ProcessPoolExecutor(4) as processes:
        list(processes.map(_raise, [(tmp_path, number) for number in range(1, 201)]))
    assert last_claim(tmp_path, NAME) == 200


def _raise(given):
    folder, number = given
    raise_last_claim(folder, NAME, number)


def test_what_a_power_cut_left_empty_says_nothing(tmp_path):
    raise_last_claim(tmp_path, NAME, 3)
    os.truncate(tmp_path / FOLDER / NAME, 0)
    assert last_claim(tmp_path, NAME) == 0
    raise_last_claim(tmp_path, NAME, 4)
    assert last_claim(tmp_path, NAME) == 4


def test_it_is_private(tmp_path):
    raise_last_claim(tmp_path, NAME, 3)
    assert stat.S_IMODE((tmp_path / FOLDER).stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / FOLDER / NAME).stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_what_root_makes_belongs_to_the_service(tmp_path):
    os.chown(tmp_path, 1234, 2345)
    raise_last_claim(tmp_path, NAME, 3)
    for path in (tmp_path / FOLDER, tmp_path / FOLDER / NAME):
        assert (path.stat().st_uid, path.stat().st_gid) == (1234, 2345)
