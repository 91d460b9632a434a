"""Run in Odoo's shell: wait until uploads are due, send what other processes leave."""

import json
import os
import time
from pathlib import Path

[READY, PATIENCE] = json.loads(os.environ["COPRO_REGISTRY_ARGUMENTS"])
transmissions = env["copro.transmission"]  # noqa: F821


def due():
    env.cr.rollback()  # noqa: F821
    return transmissions.search_count(transmissions._queue_domain(), limit=1)


env["copro.declarant.account"].search([])._client().channel.close()  # noqa: F821
Path(READY, f"ready-{os.getpid()}").touch()
deadline = time.monotonic() + float(PATIENCE)
while not due() and time.monotonic() < deadline:
    time.sleep(0.01)
cpu = time.process_time()
while due():
    transmissions._process_queue()
print(json.dumps({"ended": time.time(), "cpu": time.process_time() - cpu}))
