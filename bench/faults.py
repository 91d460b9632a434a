"""Ill-treatment: faults, kills, restarts, copies; then the books are compared."""

import argparse
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from workshop import console, postgres
from workshop.console import Stop, say, step
from workshop.processes import wait_for

from .blows import BLOWS, SENT, Blow
from .books import OPEN, Books, compare
from .databases import Databases
from .person import Administrator
from .plant import QUICK, Plant

WARM = 300  # seconds
AT_A_TIME = 3  # blows that last
REFUSED_EVERY = 7  # of so many uploads, one whose address the registry does not know
TEMPLATE = """
    SELECT row_to_json(d), row_to_json(t) FROM ir_model_data d
      JOIN mail_template t ON t.id = d.res_id
     WHERE d.module = 'copro_registry' AND d.name = 'mail_template_refusal'
"""


@dataclass
class Plan:
    """How a campaign goes; the same seed, the same draws."""

    uploads: int
    blows: dict[str, int]  # {name: how many}
    seed: int = 1
    share: float = 0.4  # of the calls that meet a fault
    patience: float = 600  # seconds

    def drawn(self, draw: random.Random) -> list[Blow]:
        """What happens, in its order."""
        drawn = [blow for blow in BLOWS for _one in range(self.blows.get(blow.name, 0))]
        draw.shuffle(drawn)
        return drawn


@dataclass
class Lasting:
    """A blow that has struck and is not over."""

    blow: Blow
    steps: Iterator[float]
    moment: float = 0  # of its next step


@dataclass
class Campaign:
    """What the blows strike, and those that last."""

    plan: Plan
    plant: Plant
    draw: random.Random
    lasting: list[Lasting] = field(default_factory=list)

    @cached_property
    def databases(self) -> Databases:
        return Databases(self.plant)

    @cached_property
    def administrator(self) -> Administrator:
        url = f"http://127.0.0.1:{self.plant.instance.port}"
        return Administrator(url, self.plant.database, "admin", "admin")

    def __post_init__(self):
        # (its name, the refusal's e-mail template) as they were installed.
        [self.template] = self.plant.query(TEMPLATE)

    def rain(self) -> None:
        seed = self.draw.random()
        self.plant.simulator.control.rain(share=self.plan.share, seed=seed, seconds=0.2)

    def warm_up(self) -> None:
        """Until Odoo sends: before, there is nothing to strike. Raises Stop."""
        self.plant.release(1)
        told = "Odoo sends nothing", f"read {self.plant.instance.log}"
        wait_for(lambda: self._live() or self.plant.query(SENT) != [(0,)], WARM, *told)

    def run(self) -> None:
        """Until every blow is over and every upload has ended, or patience is."""
        blows = self.plan.drawn(self.draw)
        each = -(-self.plan.uploads // (len(blows) + 1))
        deadline = time.monotonic() + self.plan.patience
        while time.monotonic() < deadline and (blows or self.lasting or self._open()):
            self._live()
            free = next((blow for blow in blows if self._is_free(blow)), None)
            if free:
                self.plant.release(each)
                blows.remove(free)
                self._strike(free)
            elif not blows:
                self.plant.release(self.plan.uploads)
            self._go_on()

    def _live(self) -> None:
        self.plant.supervise()
        self.plant.wake()
        self.databases.wake_copies()
        time.sleep(self.draw.uniform(0.3, 1.5))

    def _open(self) -> int:
        # What has ended is told after that is committed: a moment later on a busy machine.
        query = "SELECT count(*) FROM copro_transmission WHERE state IN %s OR news != ''"
        [(count,)] = self.plant.query(query, OPEN)
        return count

    def _is_free(self, blow: Blow) -> bool:
        struck = {lasting.blow.thing for lasting in self.lasting}
        return len(self.lasting) < AT_A_TIME and blow.thing not in struck

    def _strike(self, blow: Blow) -> None:
        step(blow.name)
        self.lasting.append(Lasting(blow, blow.strike(self)))

    def _go_on(self) -> None:
        """The next step of each blow whose moment has come."""
        for lasting in list(self.lasting):
            if time.monotonic() < lasting.moment:
                continue
            try:
                lasting.moment = next(lasting.steps) + time.monotonic()
            except StopIteration:
                self.lasting.remove(lasting)
                step(f"{lasting.blow.name}: over")


def run(plan: Plan) -> Books:
    """A whole campaign. Returns the books. Raises Stop."""
    if postgres.existing():
        raise Stop("the campaign stops and restores its own PostgreSQL", "unset PGHOST")
    with Plant("faults", limits=QUICK, every_database=True) as plant:
        campaign = Campaign(plan, plant, random.Random(plan.seed))
        campaign.databases.forget()
        plant.fill(plan.uploads, REFUSED_EVERY)
        plant.hold()
        started = time.monotonic()
        campaign.rain()
        plant.start("--workers=1", "--max-cron-threads=2")
        campaign.warm_up()
        campaign.run()
        books = compare(plant, campaign.databases.sent_by_copies)
        books.seconds = time.monotonic() - started
        plant.stop()
        campaign.databases.forget()
        return books


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench faults", description=__doc__)
    parser.add_argument("--uploads", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=0.4, help="of the calls: a fault")
    parser.add_argument("--patience", type=float, default=3600, help="seconds")
    parser.add_argument("--only", action="store_true", help="the blows that are named, no other")
    for blow in BLOWS:
        told = (blow.strike.__doc__ or "").strip()
        parser.add_argument(f"--{blow.name}", type=int, help=f"{blow.long}; {told}")
    options = vars(parser.parse_args(arguments))
    only = options.pop("only")
    asked = {blow.name: options.pop(blow.name.replace("-", "_")) for blow in BLOWS}
    usual = {blow.name: 0 if only else blow.long for blow in BLOWS}
    blows = {name: usual[name] if count is None else count for name, count in asked.items()}
    books = run(Plan(blows=blows, **options))
    say(f"\n{books}")
    return 0 if books.balance else 1


if __name__ == "__main__":
    console.run(main)
