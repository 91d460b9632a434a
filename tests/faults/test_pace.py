"""The calls a minute are the account's: three processes share them."""

from bench.pace import run

A_MINUTE = 60


def test_three_processes_call_as_often_as_the_account_may():
    most, rate, twice = run(uploads=75, a_minute=A_MINUTE)
    # The clock of the registry, when it has answered: one or two may arrive together.
    assert most <= A_MINUTE + 2
    assert rate > 0.7 * A_MINUTE, "nor are they slowed by each other"
    assert not twice
