"""Tell what the present version finds in a database of the first one."""

import json

fields = env["ir.model.fields"].search([("model", "=like", "copro.%")])  # noqa: F821
told = {
    "condominiums": [
        [c.id, c.name, c.registration_number]
        for c in env["copro.condominium"].search([], order="id")  # noqa: F821
    ],
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
    # What the first version had, and nobody knows any more.
    "left_behind": [
        f"{field.model}.{field.name}"
        for field in fields
        if field.model not in env or field.name not in env[field.model]._fields  # noqa: F821
    ],
}
print("RESULT", json.dumps(told))
