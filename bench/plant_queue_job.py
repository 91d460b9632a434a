"""Run in Odoo's shell: give each file to a job of its own, and tell when they could begin."""

import json
import os
import time
from pathlib import Path

[FILES] = json.loads(os.environ["COPRO_REGISTRY_ARGUMENTS"])

uploads = env["bench.upload"].create(  # noqa: F821
    [
        {"reference": reference, "payload": payload}
        for reference, payload in json.loads(Path(FILES).read_text())
    ]
)
for upload in uploads:
    upload.with_delay().upload()
env.cr.commit()  # noqa: F821
print(json.dumps({"committed": time.time()}))
