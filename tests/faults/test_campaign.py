"""The short form of the fault campaign; ``bin/bench faults`` runs the long one."""

from bench.blows import BLOWS
from bench.faults import REFUSED_EVERY, Plan, run

UPLOADS = 120


def test_the_books_balance_whatever_happens(monkeypatch):
    """Under faults, kills, copies and restores: none lost, twice, refused by mistake, stuck."""
    monkeypatch.delenv("PGHOST", raising=False)  # it stops and restores a server of its own
    blows = {blow.name: blow.short for blow in BLOWS}
    books = run(Plan(uploads=UPLOADS, blows=blows, seed=20, patience=500))
    assert books.balance, str(books)
    refused = UPLOADS // REFUSED_EVERY
    assert books.states["rejected"] == refused, str(books)
    assert books.states["accepted"] >= UPLOADS - refused - UPLOADS // 20, str(books)
