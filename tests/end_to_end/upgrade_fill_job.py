"""Fill a database of a published version, in its own Odoo's shell, and tell what is in it.

Names, fields and states are those of that version.
"""

import base64
import hashlib
import io
import json
import os
import zipfile
from datetime import date, timedelta
from pathlib import Path

from odoo.modules import get_module_path
from odoo.tools.safe_eval import safe_eval

env = globals()["env"]  # the shell's
cr = env.cr
MANY = int(os.environ.get("COPRO_REGISTRY_CONDOMINIUMS", "0"))  # besides those of the demo
STATES = (
    *("queued", "sending", "accepted", "registered"),
    *("rejected", "unknown", "failed", "cancelled"),
)
CALLED = ("accepted", "registered", "rejected", "unknown")
NUMBER = "AB1234567"
Condominium, Upload = env["copro.condominium"], env["copro.transmission"]
has_attachment = "attachment_state" in Condominium._fields  # since 19.0.1.1.0
has_calls = "copro.transmission.attempt" in env
env["copro.declarant.account"].search([]).siren = "999000011"


def sql(table, record, **values):
    """What only the engine writes, as it wrote it."""
    columns = ", ".join(f"{name} = %s" for name in values)
    cr.execute(f"UPDATE {table} SET {columns} WHERE id = %s", [*values.values(), record.id])


def call(upload, state, answer):
    if has_calls:
        cr.execute(
            "INSERT INTO copro_transmission_attempt"
            " (transmission_id, company_id, kind, moment, outcome, http_status, milliseconds)"
            " VALUES (%s, %s, 'send', '2026-11-20 10:00', %s, 200, 40) RETURNING id",
            (upload.id, upload.company_id.id, state),
        )
    table = "copro_transmission_attempt" if keeps_answers else "copro_transmission"
    found = cr.fetchone()[0] if has_calls else 0
    cr.execute(
        f"UPDATE {table} SET answer = %s WHERE id = %s",
        (base64.b64encode(answer), found if keeps_answers else upload.id),
    )


keeps_answers = has_calls and "answer" in env["copro.transmission.attempt"]._fields
if keeps_answers:  # a test's own short cut: a call keeps its answer from the beginning
    cr.execute("ALTER TABLE copro_transmission_attempt DISABLE TRIGGER USER")
for condominium, state in zip(Condominium.search([], order="id"), STATES, strict=False):
    upload = Upload._queue(condominium, "WS1", date.today())
    env.flush_all()
    if state in CALLED:
        sql("copro_transmission", upload, state="sending", claimed_at="2026-11-20 10:00")
        call(upload, state, f"<reponse>{state}</reponse>".encode())
    ended = {"answered_at": "2026-11-20 10:00"} if state in ("registered", "rejected") else {}
    sql("copro_transmission", upload, state=state, **ended)
    if state == "registered":
        sheet = env["ir.attachment"].create(
            {
                "name": "Attestation.pdf",
                "raw": b"%PDF-1.4 attestation",
                "res_model": "copro.condominium",
                "res_id": condominium.id,
            }
        )
        digest = {"attestation_sha256": hashlib.sha256(sheet.raw).hexdigest()}
        kept = digest if "attestation_sha256" in Upload._fields else {}
        sql("copro_transmission", upload, attestation_id=sheet.id, **kept)
        sql("copro_condominium", condominium, registration_number=NUMBER)
        if has_attachment:
            sql("copro_condominium", condominium, attachment_state="attached")
        declared = condominium.exercise_ids[:1]
        sql("copro_exercise", declared, declared_on=date.today(), state="declared")
if keeps_answers:
    cr.execute("ALTER TABLE copro_transmission_attempt ENABLE TRIGGER USER")
drafts = [("declared_on", "=", False), ("end_date", "!=", False)]
year = env["copro.exercise"].search(drafts, limit=1)
year.start_date = year.end_date - timedelta(days=700)  # the rules have something to say of it
if has_attachment:
    last = Condominium.search([], order="id desc", limit=1)
    sql("copro_condominium", last, attachment_state="detached")
env.invalidate_all()

# -- what people have made ------------------------------------------------------------

exercise = env["copro.exercise"].search([], order="id", limit=1)
about = {"res_model": "copro.exercise", "res_id": exercise.id}
env["ir.attachment"].create({"name": "accounts.txt", "raw": b"1 000 EUR", **about})
env["mail.message"].create(
    {"model": "copro.exercise", "res_id": exercise.id, "body": "<p>Seen with the accountant</p>"}
)
grouped = "attachment_state" if has_attachment else "exercise_id"
attached = "('attachment_state', '=', 'attached')" if has_attachment else "(1, '=', 1)"
FAVOURITES = {
    "copro.condominium": (
        "['|', ('exercise_ids.state', '=', 'draft'), "
        f"'&', {attached}, ('transmission_id.state', '=', 'registered')]",
        f"{{'group_by': ['{grouped}', 'transmission_id']}}",
        f'["{grouped}"]',
    ),
    "copro.transmission": (
        "[('state', 'in', ('accepted', 'registered')), ('number', '=', False)]",
        "{'group_by': ['exercise_id']}",
        "[]",
    ),
    "copro.exercise": ("[('state', '=', 'draft')]", "{}", "[]"),
}
for rank, (model, (domain, context, sort)) in enumerate(FAVOURITES.items()):
    env["ir.filters"].create(
        {"name": f"Favourite {rank}", "model_id": model, "user_ids": False}
        | {"domain": domain, "context": context, "sort": sort}
    )
env["ir.default"].set("copro.exercise", "is_simplified", True, user_id=True)
if has_attachment:
    env["ir.default"].set("copro.condominium", "attachment_state", "detached", user_id=True)
env["ir.exports"].create(
    {
        "name": "Figures",
        "resource": "copro.condominium",
        "export_fields": [
            (0, 0, {"name": name})
            for name in ("name", "exercise_ids/current_charges", "transmission_ids/number")
        ],
    }
)
env["base_import.mapping"].create(
    {
        "res_model": "copro.condominium",
        "column_name": "Charges",
        "field_name": "exercise_ids/current_charges",
    }
)
hidden = "attachment_state == 'detached'" if has_attachment else "not exercise_id"
form = env.ref("copro_registry.copro_condominium_view_form")
env["ir.ui.view"].create(
    {
        "name": "Customised form",
        "model": "copro.condominium",
        "inherit_id": form.id,
        "arch": '<xpath expr="//field[@name=\'exercise_ids\']" position="before">'
        f'<span class="customised" invisible="{hidden}">See the books</span>'
        "</xpath>",
    }
)
env["ir.actions.server"].create(
    {
        "name": "Count",
        "model_id": env.ref("copro_registry.model_copro_exercise").id,
        "state": "code",
        "code": "log(str(env['copro.exercise'].search_count([('condominium_id.exercise_ids.state', "
        "'=', 'draft')])))",
    }
)


# -- a contract profile ------------------------------------------------------------------


def archive():
    """The shipped one, under a name of its own: with the words of this version."""
    folder = Path(get_module_path("copro_registry"), "registry/contract/hypothetical-json")
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        for path in sorted(folder.iterdir()):
            content = path.read_bytes()
            if path.name == "manifest.json":
                content = json.dumps(json.loads(content) | {"name": "of-our-own"}).encode()
            content = content.replace(b'"about": "caller"', b'"about": "attachment"', 1)
            made.writestr(path.name, content)
    return written.getvalue()


profiles = []
if "copro.contract.profile" in env:
    profile = env["copro.contract.profile"]._load(archive())
    profiles = [[profile.name, profile.sha256, hashlib.sha256(profile.archive).hexdigest()]]

# -- many, and what is told -----------------------------------------------------------------

model = Condominium.search([], limit=1).copy_data()[0] | {"registration_number": False}
for first in range(0, MANY, 1000):
    numbers = range(first, min(first + 1000, MANY))
    Condominium.create([model | {"name": f"Résidence {n}"} for n in numbers])
    cr.commit()
cr.commit()
cr.execute(
    "SELECT transmission_id, outcome, encode(answer, 'escape')"
    " FROM copro_transmission_attempt ORDER BY transmission_id, id"
    if keeps_answers
    else "SELECT id, state, encode(answer, 'escape') FROM copro_transmission"
    " WHERE answer IS NOT NULL ORDER BY id"
)
calls = [list(row) for row in cr.fetchall()]
told = {
    "condominiums": [
        [
            *(c.id, c.name, c.registration_number),
            has_attachment and c.attachment_state,
        ]
        for c in Condominium.search([], order="id")
    ],
    "mandates": [
        [m.id, str(m.start_date), str(m.end_date), m.condominium_id.id]
        for m in env["copro.mandate"].search([], order="id")
    ],
    "fiscal_years": [
        [
            *(e.id, str(e.end_date), e.current_charges, e.debtor_count, e.state),
            str(e.declared_on),
        ]
        for e in env["copro.exercise"].search([], order="id")
    ],
    "uploads": [
        [
            *(t.id, t.reference, t.state, t.number, t.service),
            *(t.payload, t.payload_sha256, t.standard_digest),
            *(t.condominium_id.id, t.exercise_id.id, str(t.answered_at)),
            t.attestation_id.raw.decode() if t.attestation_id else "",
        ]
        for t in Upload.search([], order="id")
    ],
    "calls": calls,
    "around_a_fiscal_year": ["1 000 EUR", "<p>Seen with the accountant</p>"],
    "personal_defaults": {"is_simplified": True}
    | ({"affiliation_state": "unaffiliated"} if has_attachment else {}),
    "favourites": {
        model: env[model].search_count(safe_eval(domain))
        for model, (domain, _context, _sort) in FAVOURITES.items()
    },
    "profiles": profiles,
}
print("RESULT", json.dumps(told))
