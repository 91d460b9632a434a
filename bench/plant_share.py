"""Run in Odoo's shell: wait until uploads are due, send what other processes leave."""

import json
import os
import time
from pathlib import Path

from bench import due

[READY, PATIENCE] = json.loads(os.environ["COPRO_REGISTRY_ARGUMENTS"])
transmissions = env["copro.transmission"]  # noqa: F821


def is_any_due():
    env.cr.rollback()  # noqa: F821
    return due.is_any(env.cr)  # noqa: F821


env["copro.declarant.account"].search([])._client().channel.close()  # noqa: F821
Path(READY, f"ready-{os.getpid()}").touch()
deadline = time.monotonic() + float(PATIENCE)
while not is_any_due() and time.monotonic() < deadline:
    time.sleep(0.01)
cpu = time.process_time()
while is_any_due():
    transmissions._process_queue()
print(json.dumps({"ended": time.time(), "cpu": time.process_time() - cpu}))
