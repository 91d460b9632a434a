"""The short form of the fault campaign; ``bin/bench faults`` runs the long one."""

from bench.faults import Plan, run


def test_the_books_balance_whatever_happens():
    """Of 200 uploads under faults, kills and restarts: none lost, none twice, none stuck."""
    books = run(Plan(uploads=200, kills=4, restarts=1, power_cuts=1, seed=20, patience=400))
    assert books.balance, str(books)
    assert books.states["registered"] >= 190, str(books)
