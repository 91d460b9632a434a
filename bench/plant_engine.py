"""Run in Odoo's shell: send so many of the queued uploads, and tell what it cost.

Those to send are due now, all others in a distant year: ``bench.plant.Plant.hold``.
"""

import json
import os
import resource
import time

WARM, COUNT = json.loads(os.environ["COPRO_REGISTRY_ARGUMENTS"])
FAR = "2100-01-01"


def memory():
    """Resident memory of this process, in bytes."""
    with open("/proc/self/statm") as stream:
        return int(stream.read().split()[1]) * resource.getpagesize()


def release(count):
    """Make the next ``count`` due: Odoo's clock counts whole seconds."""
    env.cr.execute(  # noqa: F821
        "UPDATE copro_transmission "
        "SET next_attempt = date_trunc('second', now() AT TIME ZONE 'UTC') WHERE id IN ("
        "SELECT id FROM copro_transmission WHERE state = 'queued' AND next_attempt = %s "
        "ORDER BY id LIMIT %s)",
        [FAR, int(count)],
    )
    env.cr.commit()  # noqa: F821
    env.invalidate_all()  # noqa: F821


def send():
    transmissions = env["copro.transmission"]  # noqa: F821
    while transmissions.search_count(transmissions._queue_domain(), limit=1):
        transmissions._process_queue()


release(WARM)
send()
release(COUNT)
before, started, cpu = memory(), time.monotonic(), time.process_time()
send()
cost = {
    "seconds": time.monotonic() - started,
    "cpu": time.process_time() - cpu,
    "memory": memory() - before,
}
print(json.dumps(cost))
