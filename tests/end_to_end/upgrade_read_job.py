"""Tell what the present version finds in a database of a published one, and upload."""

import ast
import hashlib
import json
from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.copro_registry.rnc.today import today

env = globals()["env"]  # the shell's
cr = env.cr
env = env(context={"lang": "en_US"})
Condominium, Upload = env["copro.condominium"], env["copro.transmission"]
FORMER = (
    "exercise_ids?|copro_exercise|copro[.]exercise|copro_attachment|copro[.]attachment"
    "|attachment_state|attachment_obstacle|registered_count|EXERCISE_"
)


def rows(query, *values):
    cr.execute(query, values)
    return [list(row) for row in cr.fetchall()]


def former_names():
    """Where the database still calls something by its former name."""
    queries = (
        "SELECT relname FROM pg_class WHERE relname ~ %s",
        "SELECT conname FROM pg_constraint WHERE conname ~ %s",
        "SELECT tgname FROM pg_trigger WHERE pg_get_triggerdef(oid) ~ (%s || '|''registered''')",
        "SELECT indexname FROM pg_indexes WHERE indexdef ~ (%s || '|''registered''')",
        "SELECT table_name, column_name FROM information_schema.columns WHERE column_name ~ %s",
        "SELECT name FROM ir_model_data WHERE module = 'copro_registry'"
        " AND name ~ (%s || '|^exercise_|^menu_exercises')",
    )
    found = [row for query in queries for row in rows(query, FORMER)]
    return found + [place for place in texts() if rows(place[2], FORMER)]


def texts():
    """[table, column, a query that finds rows in it] of everything that is written."""
    columns = rows(
        "SELECT table_name, column_name FROM information_schema.columns"
        " JOIN information_schema.tables USING (table_schema, table_name)"
        " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        " AND data_type IN ('text', 'character varying', 'jsonb')"
        " AND (table_name, column_name) NOT IN"
        " (('ir_ui_view', 'arch_prev'), ('mail_message', 'message_id'),"
        "  ('ir_actions_server_history', 'code'),"
        # The addon's own history tells what was renamed.
        "  ('ir_module_module', 'description'))"
    )
    for table, column in columns:
        query = f'SELECT FROM "{table}" WHERE "{column}"::text ~ %s LIMIT 1'
        yield [table, column, query]


def favourites():
    """{model: how many it finds}; a name that is not there any more raises."""
    found = {}
    for kept in env["ir.filters"].search([("name", "like", "Favourite")]):
        records, domain = env[kept.model_id], ast.literal_eval(kept.domain)
        for name in ast.literal_eval(kept.context).get("group_by", []) + json.loads(kept.sort):
            assert name in records._fields, name
        Domain(domain).validate(records)
        found[kept.model_id] = records.search_count(domain)
    return found


def personal_defaults():
    return {
        default.field_id.name: json.loads(default.json_value)
        for default in env["ir.default"].search([("field_id.model", "=like", "copro.%")])
    }


def exports():
    """The paths of the template, which Odoo can read."""
    lines = env["ir.exports"].search([("name", "=", "Figures")]).export_fields
    paths = lines.mapped("name")
    Condominium.search([], limit=1).export_data(paths)
    return paths


def around_a_fiscal_year():
    year = env["copro.fiscal.year"].search([], order="id", limit=1)
    about = [("res_model", "=", year._name), ("res_id", "=", year.id)]
    file = env["ir.attachment"].search(about)
    message = env["mail.message"].search([("model", "=", year._name), ("res_id", "=", year.id)])
    return [file.raw.decode(), str(message.body)]


def customised():
    """The form with what people have added, and what their server action does."""
    form = env.ref("copro_registry.copro_condominium_view_form")
    arch = Condominium.get_view(form.id, "form")["arch"]
    env["ir.actions.server"].search([("name", "=", "Count")]).run()
    line = arch.partition('class="customised"')[2].partition("/>")[0].partition(">")[0]
    return "affiliation_state == 'unaffiliated'" in line or "not fiscal_year_id" in line


def unfit_profiles():
    profiles = env["copro.contract.profile"]
    found = [refusal(profiles._profile_of, key) for key in profiles.search([]).mapped("key")]
    return [one for one in found if one]


def refusal(operation, *arguments):
    """What the error that it raises says first, or nothing."""
    try:
        with cr.savepoint():
            operation(*arguments)
    except Exception as error:
        return str(error).partition("\n")[0]
    return ""


def rewrite(column):
    upload = Upload.search([("state", "=", "accepted")], limit=1)
    query = f"UPDATE copro_transmission SET {column} = 'cancelled' WHERE id = %s"
    return refusal(cr.execute, query, [upload.id])


def queue(state):
    """A new upload of the condominium whose last one is so."""
    condominium = Upload.search([("state", "=", state)], limit=1).condominium_id
    before = condominium.transmission_id
    try:
        with cr.savepoint():
            Upload._queue(condominium, "WS1", date.today())
            env.flush_all()
    except (UserError, IntegrityError) as error:  # the rule, or the index below it
        return str(error)
    condominium.invalidate_recordset()
    return condominium.transmission_id.state if condominium.transmission_id != before else ""


is_old = (
    env["ir.model.fields"]
    .search([("model", "=like", "copro.%")])
    .filtered(lambda field: field.model not in env or field.name not in env[field.model]._fields)
)
told = {
    "condominiums": [
        [c.id, c.name, c.registration_number, c.affiliation_state]
        for c in Condominium.search([], order="id")
    ],
    "mandates": [
        [m.id, str(m.start_date), str(m.end_date), m.condominium_id.id]
        for m in env["copro.mandate"].search([], order="id")
    ],
    "fiscal_years": [
        [
            *(year.id, str(year.end_date), year.current_charges, year.debtor_count, year.state),
            str(year.declared_on),
        ]
        for year in env["copro.fiscal.year"].search([], order="id")
    ],
    "uploads": [
        [
            *(t.id, t.reference, t.state, t.registration_number, t.service),
            *(t.payload, t.payload_sha256, t.standard_digest),
            *(t.condominium_id.id, t.fiscal_year_id.id, str(t.answered_at)),
            t.attestation_id.raw.decode() if t.attestation_id else "",
        ]
        for t in Upload.search([], order="id")
    ],
    "calls": rows(
        "SELECT transmission_id, outcome, encode(answer, 'escape')"
        " FROM copro_transmission_attempt ORDER BY transmission_id, id"
    ),
    "profiles": [
        [profile.name, profile.sha256, hashlib.sha256(profile.archive).hexdigest()]
        for profile in env["copro.contract.profile"].search([])
    ],
    "unfit_profiles": unfit_profiles(),
    "left_behind": is_old.mapped(lambda field: f"{field.model}.{field.name}"),
    "former_names": former_names(),
    "favourites": favourites(),
    "personal_defaults": personal_defaults(),
    "exports": exports(),
    "mapping": env["base_import.mapping"].search([("column_name", "=", "Charges")]).field_name,
    "around_a_fiscal_year": around_a_fiscal_year(),
    "is_customised": customised(),
    "rewritten": [rewrite("state"), rewrite("payload")],
    "not_to_review": Condominium.search_count([("review_date", ">", today())]),
    "queued": [queue("failed"), queue("received")],
}
env.cr.rollback()
print("RESULT", json.dumps(told))
