"""The calls a minute are the account's: three processes share them."""

from bench.pace import JITTER, run

A_MINUTE = 60


def test_three_processes_call_as_often_as_the_account_may():
    most, rate, twice = run(uploads=75, a_minute=A_MINUTE)
    assert most <= A_MINUTE + JITTER
    assert rate > 0.7 * A_MINUTE, "nor are they slowed by each other"
    assert not twice
