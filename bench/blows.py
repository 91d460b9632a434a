"""What a campaign does to an installation: one small function for each blow.

A blow strikes, then says by ``yield`` for how many seconds life goes on before its next
step; what it has broken it puts right in the end. Three at a time may last, of three things.
"""

import contextlib
import json
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psutil

from workshop.console import step

from . import due
from .books import OF_THE_FILE
from .databases import moved
from .person import Refused

if TYPE_CHECKING:
    from .faults import Campaign

AWAY = 5.0  # seconds that a thing is away for, once it has been missed
MOST = 60.0  # seconds: on a slow machine it takes time to be missed
FOR_LONG = 120.0  # seconds: more than it takes to try twelve times
SOME = 5  # uploads that the registry has taken since a backup
SENT = "SELECT count(*) FROM copro_transmission WHERE state NOT IN ('queued', 'cancelled')"
HELD_BACK = "SELECT count(*) FROM copro_transmission WHERE failure_code = 'LOCAL'"
STILL_OPEN = f"""
    SELECT reference FROM copro_transmission
     WHERE state IN ('queued', 'sending', 'received', 'unknown') AND next_attempt < {due.HELD}
"""
# Once it has run, or will not.
RUN = (
    "SELECT count(*) FROM ir_cron c JOIN ir_model_data d ON d.res_id = c.id WHERE d.model = "
    "'ir.cron' AND d.name = 'ir_cron_send' AND (c.lastcall > %s OR NOT c.active)"
)


@dataclass(frozen=True)
class Blow:
    """A row of the table: what it strikes, and how often in the long form and the short one."""

    name: str
    thing: str
    strike: Callable[["Campaign"], Iterator[float]]
    long: int
    short: int = 1


# -- the machine --------------------------------------------------------------------


def kill(campaign: "Campaign") -> Iterator[float]:
    """A worker dies, one that is calling if there is any."""
    workers = _children(campaign.plant.odoo.pid)
    calling = [pid for pid in workers if _is_calling(pid, campaign.plant.simulator.port)]
    workers = calling or workers
    if workers:
        with contextlib.suppress(ProcessLookupError):
            os.kill(campaign.draw.choice(workers), signal.SIGKILL)
    yield from ()


def restart_postgresql(campaign: "Campaign") -> Iterator[float]:
    campaign.plant.cluster.stop()
    campaign.plant.cluster.start()
    yield from ()


def power_cut(campaign: "Campaign") -> Iterator[float]:
    """The registry's, not ours."""
    campaign.plant.simulator.kill()
    time.sleep(campaign.draw.uniform(0.2, 1.0))
    campaign.plant.simulator.start()
    campaign.rain()  # the weather is forgotten with the process
    yield from ()


# -- what Odoo's administrator may touch ----------------------------------------------


def template_deleted(campaign: "Campaign") -> Iterator[float]:
    """The refusal's e-mail template is gone for a while."""
    name, record = campaign.template
    campaign.plant.query("DELETE FROM mail_template WHERE id = %s", record["id"])
    campaign.plant.query("DELETE FROM ir_model_data WHERE id = %s", name["id"])
    yield from _refusals(campaign)
    _put_back(campaign, "mail_template", record)
    _put_back(campaign, "ir_model_data", name)


def template_broken(campaign: "Campaign") -> Iterator[float]:
    """It asks for a field that does not exist."""
    _name, record = campaign.template
    broken = "UPDATE mail_template SET partner_to = %s WHERE id = %s"
    campaign.plant.query(broken, "{{ object.a_field_of_long_ago.id }}", record["id"])
    yield from _refusals(campaign)
    campaign.plant.query(broken, record["partner_to"], record["id"])


def profile_moved(campaign: "Campaign") -> Iterator[float]:
    """The folder of ``COPRO_REGISTRY_CONTRACTS`` is elsewhere when Odoo starts again."""
    folder = campaign.plant.contracts
    shutil.rmtree(moved(folder), ignore_errors=True)  # of a campaign that was interrupted
    folder.rename(moved(folder))
    campaign.plant.restart()
    yield from _until(lambda: campaign.plant.query(HELD_BACK) != [(0,)])
    yield AWAY
    moved(folder).rename(folder)
    campaign.plant.restart()
    yield from _repair(campaign)


# -- what the registry knows ------------------------------------------------------------


def certificate_unknown(campaign: "Campaign") -> Iterator[float]:
    """It is withdrawn on the registry's site; declared again, then the connection is tested."""
    [(number, pem)] = campaign.plant.query(
        "SELECT a.number, c.pem FROM copro_declarant_account a "
        "JOIN copro_certificate c ON c.id = a.certificate_id"
    )
    control = campaign.plant.simulator.control
    control.withdraw_certificates(number)
    yield from _until(_has_refused(campaign, "CERT_UNKNOWN"))
    yield AWAY
    control.declare_certificate(number, pem.encode())
    yield from _repair(campaign)


# -- databases ------------------------------------------------------------------------


def duplicate(campaign: "Campaign") -> Iterator[float]:
    """Beside the original, with its queue, its key and its scheduled actions."""
    yield from _duplicate(campaign, neutralize=False)


def duplicate_neutralized(campaign: "Campaign") -> Iterator[float]:
    """Workers may open it before it is neutralised."""
    yield from _duplicate(campaign, neutralize=True)


def restore(campaign: "Campaign") -> Iterator[float]:
    """The database of a while ago, in its place: the same name, the same uuid."""
    backup = campaign.databases.back_up()
    yield from _go_back(campaign, lambda: campaign.databases.restore(backup, as_copy=False))


def restore_as_copy(campaign: "Campaign") -> Iterator[float]:
    """The same, with a uuid of its own."""
    backup = campaign.databases.back_up()
    yield from _go_back(campaign, lambda: campaign.databases.restore(backup, as_copy=True))


def restore_snapshot(campaign: "Campaign") -> Iterator[float]:
    """The whole server of a while ago, as a disk's snapshot brings it back."""
    snapshot = campaign.databases.snapshot()
    yield from _go_back(campaign, lambda: campaign.databases.put_back(snapshot))


BLOWS = (
    Blow("kill", "worker", kill, long=20, short=2),
    Blow("restart", "server", restart_postgresql, long=3),
    Blow("power-cut", "registry", power_cut, long=2),
    Blow("template-deleted", "template", template_deleted, long=3),
    Blow("template-broken", "template", template_broken, long=3, short=0),
    Blow("profile-moved", "profile", profile_moved, long=2),
    Blow("certificate-unknown", "certificate", certificate_unknown, long=3),
    Blow("duplicate", "database", duplicate, long=2),
    Blow("duplicate-neutralized", "database", duplicate_neutralized, long=2, short=0),
    Blow("restore", "database", restore, long=2),
    Blow("restore-as-copy", "database", restore_as_copy, long=2, short=0),
    Blow("restore-snapshot", "database", restore_snapshot, long=2),
)


# -- pieces ---------------------------------------------------------------------------


def _duplicate(campaign, neutralize):
    """Until its scheduled actions have run: they may be switched off before they do."""
    copy, process = campaign.databases.duplicate(neutralize=neutralize)
    yield from _until(lambda: process.poll() is not None, FOR_LONG)
    campaign.databases.adopt(copy, process)
    now = datetime.now(UTC).replace(tzinfo=None)
    yield from _until(lambda: campaign.plant.query_in(copy, RUN, now) != [(0,)])
    yield AWAY
    campaign.databases.drop_copy(copy)


def _go_back(campaign, put_back):
    """Once some have left since; nobody sees it at once."""
    yield from _until(_has_taken(campaign, SOME))
    put_back()
    yield AWAY
    yield from _repair(campaign)


def _repair(campaign):
    """The main administrator does what the screens ask, until the registry answers."""
    while True:
        try:
            if campaign.administrator.repair():
                return
        except Refused as refused:
            step(f"not repaired yet: {refused}")
        yield 1.0


def _until(condition: Callable[[], bool], most: float = MOST) -> Iterator[float]:
    deadline = time.monotonic() + most
    while not condition() and time.monotonic() < deadline:
        yield 0.5


def _since_now(campaign) -> Callable[[], list[dict]]:
    """What the registry writes in its ledger from now on."""
    control = campaign.plant.simulator.control
    since = max((line["id"] for line in control.ledger()), default=0)
    return lambda: control.ledger(since)


def _has_refused(campaign, code) -> Callable[[], bool]:
    """Whether the registry has said ``code`` since now."""
    lines = _since_now(campaign)
    return lambda: any(code in line["codes"] for line in lines())


def _has_taken(campaign, count) -> Callable[[], bool]:
    """Whether the registry has taken so many since now."""
    lines = _since_now(campaign)
    return lambda: sum(line["accepted"] for line in lines()) >= count


def _refusals(campaign) -> Iterator[float]:
    """Until the registry has refused some, and these have ended here; or nothing is left."""
    lines = _since_now(campaign)

    def is_settled():
        left = {reference for (reference,) in campaign.plant.query(STILL_OPEN)}
        refused = {line["reference"] for line in lines() if OF_THE_FILE in line["codes"]}
        return not left or refused and not left & refused

    yield from _until(is_settled, FOR_LONG)


def _put_back(campaign, table, record):
    campaign.plant.query(
        f"INSERT INTO {table} SELECT * FROM json_populate_record(NULL::{table}, %s) "
        "ON CONFLICT DO NOTHING",
        json.dumps(record),
    )


def _children(parent: int) -> list[int]:
    with open(f"/proc/{parent}/task/{parent}/children") as stream:
        return [int(pid) for pid in stream.read().split()]


def _is_calling(pid: int, port: int) -> bool:
    """Whether a process holds a connection to the registry."""
    with contextlib.suppress(psutil.Error):
        connections = psutil.Process(pid).net_connections(kind="tcp")
        return any(one.raddr and one.raddr.port == port for one in connections)
    return False
