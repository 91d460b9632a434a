"""Run in Odoo's shell: so many more condominiums, ready, and their uploads queued."""

import json
import os
import sys

sys.path.append(os.environ["PYTHONPATH"].rpartition(os.pathsep)[2])

from tests.end_to_end.office import condominium  # noqa: E402

[COUNT] = map(int, json.loads(os.environ["COPRO_REGISTRY_ARGUMENTS"]))
FIRST = env["copro.condominium"].search_count([]) + 1  # noqa: F821
made = env["copro.condominium"].create(  # noqa: F821
    [condominium(rank) for rank in range(FIRST, FIRST + COUNT)]
)
for one in made:
    _transmission, reason = one._queue_upload()
    if reason:
        raise SystemExit(reason)
env.cr.commit()  # noqa: F821
