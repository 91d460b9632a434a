"""Run in Odoo's shell: send so many of the queued uploads, and tell what it cost.

Those to send are due now, all others in a distant year: ``bench.due``.
"""

import json
import os
import resource
import time

from bench import due

WARM, COUNT = json.loads(os.environ["COPRO_REGISTRY_ARGUMENTS"])


def memory():
    """Resident memory of this process, in bytes."""
    with open("/proc/self/statm") as stream:
        return int(stream.read().split()[1]) * resource.getpagesize()


def release(count):
    """Make the next ``count`` due."""
    env.cr.execute(due.RELEASE, [int(count)])  # noqa: F821
    env.cr.commit()  # noqa: F821
    env.invalidate_all()  # noqa: F821


def send():
    while due.is_any(env.cr):  # noqa: F821
        env["copro.transmission"]._process_queue()  # noqa: F821


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
