"""Run in Odoo's shell: claim and write what is queued, without any call between.

The client answers at once, as the registry does to a WS1: what is left is what the
engine and the database cost. Prints, for slices of the queue, the seconds, and the CPU of
this process and of its PostgreSQL backend (None when that runs on another machine); and the
sequential scans that counting the batch took.
"""

import json
import os
import resource
import time

[SLICE] = map(int, json.loads(os.environ["COPRO_REGISTRY_ARGUMENTS"]))

accounts = env["copro.declarant.account"]  # noqa: F821
transmissions = env["copro.transmission"]  # noqa: F821
account = accounts.search([])
Outcome = __import__("odoo.addons.copro_registry.rnc.client", fromlist=["x"]).Outcome
Answer = __import__("odoo.addons.copro_registry.rnc.codec", fromlist=["x"]).Answer
RAW = b"<reponse><statut>enregistree</statut></reponse>" * 8


class Instant:
    """A client whose registry answers at once."""

    profile = account._limited_contract()

    @property
    def channel(self):
        return self

    def close(self):
        pass

    def send(self, service, body, *, reference, number=""):
        return Outcome("answered", Answer("received", reference), raw=RAW, status=202)


def memory():
    with open("/proc/self/statm") as stream:
        return int(stream.read().split()[1]) * resource.getpagesize()


def backend_cpu():
    """Seconds of processor used by the backend of our connection."""
    try:
        with open(f"/proc/{env.cr._cnx.info.backend_pid}/stat") as stream:  # noqa: F821
            values = stream.read().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(values[11]) + int(values[12])) / os.sysconf("SC_CLK_TCK")


def cpu():
    there = backend_cpu()
    return None if there is None else time.process_time() + there


class Meter:
    """Notes when each slice is done, from the progress that the engine reports."""

    def __init__(self):
        self.done, self.slices = 0, []
        self._begin()

    def _begin(self):
        self._started, self._cpu = time.monotonic(), cpu()

    def __call__(self, crons, processed=0, *, remaining=None, deactivate=False):
        crons.env.cr.commit()
        self.done += processed
        if self.done >= SLICE * (len(self.slices) + 1):
            seconds = time.monotonic() - self._started
            used = cpu() - self._cpu if self._cpu is not None else seconds
            self.slices.append({"seconds": seconds, "cpu": used, "memory": memory()})
            self._begin()
        return float("inf")


def scans():
    """Of the table, in this transaction."""
    env.cr.execute(  # noqa: F821
        "SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'copro_transmission'"
    )
    return sum(count for (count,) in env.cr.fetchall())  # noqa: F821


class Counts:
    """The counts of a batch: they may read it all, now and then."""

    scans = 0
    _count_states = type(env["copro.upload.batch"])._count_states  # noqa: F821

    @classmethod
    def of(cls, batch):
        before = scans()
        counts = cls._count_states(batch)
        cls.scans += scans() - before
        return counts


# Each worker of a parallel scan would be counted as one more.
env.cr.execute("SET max_parallel_workers_per_gather = 0")  # noqa: F821
env.cr.commit()  # noqa: F821
meter = Meter()
type(env["copro.upload.batch"])._count_states = lambda self: Counts.of(self)  # noqa: F821
type(accounts)._client = lambda self: Instant()
type(env["ir.cron"])._commit_progress = (  # noqa: F821
    lambda self, *values, **names: meter(self, *values, **names)
)
transmissions._process_queue()
print(json.dumps({"slices": meter.slices, "counting": Counts.scans}))
