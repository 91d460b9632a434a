"""Fill a database of the first version, in its own Odoo's shell, and tell what is in it."""

import base64
import json
import os
from datetime import date

MANY = int(os.environ.get("COPRO_REGISTRY_CONDOMINIUMS", "0"))  # besides those of the demo
STATES = ("queued", "accepted", "rejected", "failed", "cancelled")

condominiums = env["copro.condominium"].search([], order="id")  # noqa: F821
env["copro.declarant.account"].search([]).siren = "999000011"  # noqa: F821
for condominium, state in zip(condominiums, STATES):  # noqa: B905
    upload = env["copro.transmission"]._queue(condominium, "WS1", date.today())  # noqa: F821
    answer = base64.b64encode(f"<reponse>{state}</reponse>".encode())
    upload.sudo().write({"state": state, "answer": answer})
    if state == "accepted":
        condominium.registration_number = "AB1234567"
        condominium.fiscal_year_ids[:1].declared_on = date.today()
model = condominiums[:1].copy_data()[0] | {"registration_number": False}
for first in range(0, MANY, 1000):
    numbers = range(first, min(first + 1000, MANY))
    env["copro.condominium"].create([model | {"name": f"Résidence {n}"} for n in numbers])  # noqa: F821
    env.cr.commit()  # noqa: F821
condominiums = env["copro.condominium"].search([], order="id")  # noqa: F821
env.cr.commit()  # noqa: F821

told = {
    "condominiums": [[c.id, c.name, c.registration_number] for c in condominiums],
    "fiscal_years": [
        [e.id, str(e.end_date), e.current_charges, e.debtor_count, e.state]
        for e in env["copro.fiscal.year"].search([], order="id")  # noqa: F821
    ],
    "uploads": [
        [
            *(t.id, t.reference, t.state, t.payload_sha256, t.condominium_id.id),
            t.answer and t.answer.decode(),
        ]
        for t in env["copro.transmission"].search([], order="id")  # noqa: F821
    ],
}
print("RESULT", json.dumps(told))
