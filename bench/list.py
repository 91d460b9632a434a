"""The list and the desk of a large portfolio, beside Odoo's own list of contacts."""

from workshop import console, paths
from workshop.console import say

from . import portfolio

JOB = paths.CHECKOUT / "bench" / "list_job.py"
WORK = (
    ("contacts", "contacts: first page", None),
    ("list", "condominiums: first page", "contacts"),
    ("board", "Today: the whole screen", "contacts"),
    ("late", "condominiums: those late", "contacts"),
    ("contacts_search", "contacts: two words typed", None),
    ("search", "condominiums: two words typed", "contacts_search"),
    ("typed", "condominiums: l’exemple 42", "contacts_search"),
)
# What must cost the same whatever the portfolio; a search also reads what it finds.
SCREENS = ("list", "board", "late")
SEARCHES = ("search", "typed")


def main(arguments: list[str]) -> int:
    options = portfolio.parser("list", __doc__, goal=1.3).parse_args(arguments)
    measured = portfolio.measure(JOB, options.count, "Showing")
    say(f"\n{_table(measured)}")
    ratios = [_ratio(measured, name, "contacts") for name in SCREENS]
    ratios += [_ratio(measured, name, "contacts_search") for name in SEARCHES]
    return 0 if max(ratios) <= options.goal and _is_constant(measured) else 1


def _ratio(measured: dict, name: str, peer: str) -> float:
    return measured["large"][name]["seconds"] / measured["large"][peer]["seconds"]


def _is_constant(measured: dict) -> bool:
    return all(
        measured["large"][name]["queries"] == measured["small"][name]["queries"] for name in SCREENS
    )


def _table(measured: dict) -> str:
    rows = [
        f"{measured['count']} condominiums and {measured['contacts']} contacts, then "
        f"{measured['few']} condominiums; medians of {measured['rounds']}"
    ]
    for name, what, peer in WORK:
        large, small = measured["large"][name], measured["small"][name]
        beside = f"{_ratio(measured, name, peer):5.2f} × {peer}" if peer else "the peer"
        rows.append(
            f"  {what:30} {large['seconds'] * 1000:7.1f} ms  "
            f"{large['queries']:3} queries ({small['queries']} with few)  {beside}"
        )
    return "\n".join(rows)


if __name__ == "__main__":
    console.run(main)
