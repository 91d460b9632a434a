"""The preview of a large selection, prepared part by part, beside one request for all of it."""

from workshop import console, paths
from workshop.console import say

from . import portfolio

JOB = paths.CHECKOUT / "bench" / "preview_job.py"
MOST_GROWTH = 64  # MB, whatever the portfolio


def main(arguments: list[str]) -> int:
    options = portfolio.parser("preview", __doc__, goal=MOST_GROWTH).parse_args(arguments)
    measured = portfolio.measure(JOB, options.count, "Previewing")
    say(f"\n{_table(measured, options.goal)}")
    return 0 if measured["growth"] <= options.goal else 1


def _table(measured: dict, goal: float) -> str:
    count, seconds = measured["count"], measured["prepared"]
    return "\n".join(
        [
            f"{count} condominiums, in parts of {measured['together']}",
            f"  the click                {measured['click']:7.2f} s",
            f"  prepared in background   {seconds:7.1f} s  {count / seconds:8.0f} /s",
            f"  the summary, once        {measured['summary']:7.2f} s",
            f"  memory from the second part to the last: + {measured['growth']:.0f} MB"
            f" (limit: {goal:g})",
            f"  plans: {measured['plans']}",
        ]
    )


if __name__ == "__main__":
    console.run(main)
