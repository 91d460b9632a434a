"""The mark of the last claim survives what happens to the database, and never goes back."""

import os
import stat
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta

import pytest

from rnc.claim_mark import FOLDER, last_claim, note_claim

NAME = "0123456789abcdef-7"
NOON = datetime(2026, 11, 30, 12)


def at(minute):
    return NOON + timedelta(minutes=minute)


def test_nothing_is_known_at_first(tmp_path):
    assert last_claim(tmp_path, NAME) is None
    assert not list(tmp_path.iterdir()), "reading makes nothing"


def test_the_last_one_stays(tmp_path):
    for minute in (3, 12, 5):
        note_claim(tmp_path, NAME, at(minute), 1000 - minute)
    assert last_claim(tmp_path, NAME) == (at(12), 988)
    note_claim(tmp_path, "another-7", at(4), 1)
    assert last_claim(tmp_path, NAME) == (at(12), 988)


def test_several_processes_at_once_leave_the_last(tmp_path):
    with ProcessPoolExecutor(4) as processes:
        list(processes.map(_note, [(tmp_path, minute) for minute in range(1, 201)]))
    assert last_claim(tmp_path, NAME) == (at(200), 200)


def _note(given):
    folder, minute = given
    note_claim(folder, NAME, at(minute), minute)


def test_what_a_power_cut_left_empty_says_nothing(tmp_path):
    note_claim(tmp_path, NAME, at(3), 1)
    os.truncate(tmp_path / FOLDER / NAME, 0)
    assert last_claim(tmp_path, NAME) is None
    note_claim(tmp_path, NAME, at(4), 1)
    assert last_claim(tmp_path, NAME) == (at(4), 1)


def test_it_is_private(tmp_path):
    note_claim(tmp_path, NAME, at(3), 1)
    assert stat.S_IMODE((tmp_path / FOLDER).stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / FOLDER / NAME).stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_what_root_makes_belongs_to_the_service(tmp_path):
    os.chown(tmp_path, 1234, 2345)
    note_claim(tmp_path, NAME, at(3), 1)
    for path in (tmp_path / FOLDER, tmp_path / FOLDER / NAME):
        assert (path.stat().st_uid, path.stat().st_gid) == (1234, 2345)
