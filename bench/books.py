"""The books of a campaign: the registry's ledger against the database of Odoo."""

from collections import Counter
from dataclasses import dataclass, field

from .plant import Plant

REGISTERED = "accepted"
OPEN = ("queued", "sending", "received", "unknown")
# What the registry has against an address that it does not know: the file is to be corrected.
OF_THE_FILE = "ADDRESS_UNKNOWN"

# Each upload, its condominium's number, and whether a person who is there was told of it.
UPLOADS = """
    SELECT t.reference, t.state, c.registration_number, EXISTS (
        SELECT FROM mail_activity a
          JOIN res_users u ON u.id = a.user_id AND u.active
          JOIN ir_model_data d ON d.model = 'mail.activity.type' AND d.res_id = a.activity_type_id
         WHERE a.res_model = 'copro.condominium' AND a.res_id = c.id
           AND d.module = 'copro_registry' AND d.name = 'mail_activity_upload')
      FROM copro_transmission t JOIN copro_condominium c ON c.id = t.condominium_id
"""
CUT = "SELECT count(*) FROM copro_transmission_attempt WHERE failure_code = 'INTERRUPTED'"


@dataclass
class Books:
    """What they say of each reference."""

    states: Counter = field(default_factory=Counter)
    lost: set[str] = field(default_factory=set)  # taken by the registry, unknown here
    invented: set[str] = field(default_factory=set)  # registered here, unknown there
    misnumbered: set[str] = field(default_factory=set)  # another number here than there
    twice: set[str] = field(default_factory=set)  # received twice by the registry
    mistaken: set[str] = field(default_factory=set)  # refused here, whose file never was there
    unsaid: set[str] = field(default_factory=set)  # refused there, ended otherwise here
    copied: set[str] = field(default_factory=set)  # sent by a copy of the database
    unattended: set[str] = field(default_factory=set)  # ended badly, and no person was told
    interrupted: int = 0  # calls that a kill has cut
    seconds: float = 0

    @property
    def stuck(self) -> int:
        return sum(self.states[state] for state in OPEN)

    @property
    def faults(self) -> dict[str, int]:
        return {
            "lost": len(self.lost),
            "invented": len(self.invented),
            "misnumbered": len(self.misnumbered),
            "received twice": len(self.twice),
            "refused by mistake": len(self.mistaken),
            "refused and not said": len(self.unsaid),
            "sent by a copy": len(self.copied),
            "unattended": len(self.unattended),
            "stuck": self.stuck,
        }

    @property
    def balance(self) -> bool:
        return not any(self.faults.values())

    def __str__(self) -> str:
        states = ", ".join(f"{count} {state}" for state, count in sorted(self.states.items()))
        faults = ", ".join(f"{count} {name}" for name, count in self.faults.items())
        return f"{states}; {faults}; {self.interrupted} calls cut by a kill; {self.seconds:.0f} s"


def compare(plant: Plant, sent_by_copies: list[str]) -> Books:
    rows = plant.query(UPLOADS)
    [(interrupted,)] = plant.query(CUT)
    ledger = plant.simulator.control.ledger()
    taken = Counter(line["reference"] for line in ledger if line["accepted"])
    repeated = {line["reference"] for line in ledger if line["codes"] == "REPEATED"}
    refused = {line["reference"] for line in ledger if OF_THE_FILE in line["codes"].split()}
    theirs = {one["reference"]: one["number"] for one in plant.simulator.control.requests()}
    ours = {reference: number for reference, state, number, _told in rows if state == REGISTERED}
    registered = set(ours)
    rejected = {reference for reference, state, _number, _told in rows if state == "rejected"}
    ended_badly = {r: told for r, state, _number, told in rows if state in ("failed", "rejected")}
    return Books(
        states=Counter(state for _reference, state, _number, _told in rows),
        lost=set(taken) - registered,
        invented=registered - set(taken),
        twice=repeated | {reference for reference, count in taken.items() if count > 1},
        misnumbered={r for r, number in ours.items() if theirs.get(r) not in (None, number)},
        mistaken=rejected - refused,
        unsaid=refused - rejected,
        copied=set(sent_by_copies),
        unattended={reference for reference, told in ended_badly.items() if not told},
        interrupted=interrupted,
    )
