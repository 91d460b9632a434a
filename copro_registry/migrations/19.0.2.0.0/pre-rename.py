"""The field's words: what 19.0.2.0.0 calls otherwise, told once in these lists.

A new name is a new line of a list. All that follows from it is found in the database: tables,
columns, indexes, constraints, the ORM's own records, and what people have made with the old
names (favourites, personal defaults, export templates, views, server actions).

By SQL of our own: ``openupgradelib`` renames models and fields as well, but it would have to be
installed beside every Odoo that upgrades, and knows no values that change places.
"""

import json
import re

from odoo.tools import SQL

MODULE = "copro_registry"
# {old model: new}.
MODELS = {
    "copro.exercise": "copro.fiscal.year",
    "copro.attachment.request": "copro.affiliation.request",
}
# {model, by its new name: {old field: new}}; what is not stored too: favourites name it.
FIELDS = {
    "copro.condominium": {
        "exercise_id": "fiscal_year_id",
        "exercise_ids": "fiscal_year_ids",
        "attachment_state": "affiliation_state",
        "attachment_obstacle": "affiliation_obstacle",
        "verdict": "stored_findings",
        "deadlines_told": "notified_deadlines",
    },
    "copro.transmission": {"exercise_id": "fiscal_year_id", "number": "registration_number"},
    "copro.upload.batch": {
        "registered_count": "accepted_count",
        "rest_message": "pause_message",
    },
    "copro.upload.batch.line": {"verdict": "plan"},
    "copro.declarant.account": {"rest_message": "pause_message"},
}
STATES = {"accepted": "received", "registered": "accepted"}
# {(model, field), by their new names: {old value: new}}: all at once, as they change places.
VALUES = {
    ("copro.transmission", "state"): STATES,
    ("copro.transmission.attempt", "outcome"): STATES,
    ("copro.condominium", "upload_status"): STATES,
    ("copro.upload.batch.line", "status"): STATES,
    ("copro.condominium", "affiliation_state"): {
        "attached": "affiliated",
        "detached": "unaffiliated",
    },
}
# [(table, column, old, new)]: parts of what is kept as JSON, by the old names of columns.
CODES = [("copro_condominium", "verdict", '"EXERCISE_', '"FISCAL_YEAR_')]
# [(regular expression, replacement)] of the XML ids that follow from no model and no field.
XMLIDS = [
    (r"^menu_exercises$", "menu_fiscal_years"),
    (r"^exercise_", "fiscal_year_"),  # of the demo
]
# Names in people's expressions that follow from none of the above: of methods, of filters.
WORDS = {
    "search_default_registered": "search_default_accepted",
    "action_request_attachment": "action_request_affiliation",
}

OF_MODEL_ID = "(SELECT model FROM ir_model WHERE id = model_id)"
# [(table, SQL of the model that its expressions speak of, columns)]: what people may have written.
EXPRESSIONS = [
    ("ir_filters", "model_id", ("domain", "context", "sort")),
    ("ir_default", "(SELECT model FROM ir_model_fields WHERE id = field_id)", ("json_value",)),
    ("ir_exports_line", "(SELECT resource FROM ir_exports WHERE id = export_id)", ("name",)),
    ("base_import_mapping", "res_model", ("field_name",)),
    ("ir_ui_view", "model", ("arch_db",)),
    ("ir_act_window", "res_model", ("domain", "context")),
    ("ir_embedded_actions", "parent_res_model", ("domain", "context")),
    ("ir_act_server", OF_MODEL_ID, ("code", "update_path", "value")),
    ("base_automation", OF_MODEL_ID, ("filter_domain", "filter_pre_domain")),
    ("ir_rule", OF_MODEL_ID, ("domain_force",)),
    ("ir_model_fields", "model", ("related", "depends", "domain", "compute")),
    ("mail_template", "model", ("subject", "body_html", "partner_to", "email_to", "lang")),
]
PROSE = ("mail_template",)  # there, a field is only named as ``object.field``
RECORDS = ("object", "record", "records", "self", "parent")
# The columns that hold the name of a model, in whatever table.
HOLD_A_MODEL = (
    *("model", "res_model", "parent_res_model", "resource", "model_name", "model_id", "relation"),
    *("source_model", "src_model"),
)
PATH = re.compile(r"[A-Za-z_]\w*(?:[./][A-Za-z_]\w*)*")


def migrate(cr, version):
    _drop_what_names_states(cr)
    for old, new in MODELS.items():
        _rename_model(cr, old, new)
    for part in CODES:
        _rename_codes(cr, *part)
    for model, names in FIELDS.items():
        for old, new in names.items():
            _rename_field(cr, model, old, new)
    for (model, name), values in VALUES.items():
        _rename_values(cr, model, name, values)
    for pattern, replacement in XMLIDS:
        _rename_xmlids(cr, pattern, replacement)
    _Expressions(cr).rename()
    _empty_our_extensions(cr)


# -- the database --------------------------------------------------------------------


def _drop_what_names_states(cr):
    """The triggers of the proof, and the indexes of some states: the models make them again."""
    tables = [_table(model) for model in {*FIELDS, *(model for model, _field in VALUES)}]
    cr.execute(
        "SELECT tgname, relname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid "
        "WHERE NOT tgisinternal AND tgname LIKE 'copro\\_%%' AND relname = ANY(%s)",
        [tables],
    )
    for trigger, table in cr.fetchall():
        cr.execute(SQL("DROP TRIGGER %s ON %s", *map(SQL.identifier, (trigger, table))))
    words = "|".join({old for values in VALUES.values() for old in values})
    cr.execute(
        "SELECT indexname FROM pg_indexes WHERE tablename = ANY(%s) AND indexdef ~ %s",
        [tables, f"'({words})'"],
    )
    for (index,) in cr.fetchall():
        cr.execute(SQL("DROP INDEX %s", SQL.identifier(index)))


def _rename_model(cr, old, new):
    old_table, new_table = _table(old), _table(new)
    if _has(cr, old_table):
        names = map(SQL.identifier, (old_table, new_table))
        cr.execute(SQL("ALTER TABLE %s RENAME TO %s", *names))
        _rename_around(cr, new_table, f"^{old_table}_", f"{new_table}_")
    for table, column in _columns_of_models(cr):
        _update(cr, table, column, SQL("%s", new), SQL("= %s", old))
    cr.execute("SELECT model, name FROM ir_model_fields WHERE ttype = 'reference' AND store")
    for model, name in cr.fetchall():
        replaced = SQL("replace(%s, %s, %s)", SQL.identifier(name), f"{old},", f"{new},")
        if _has(cr, _table(model), name):
            _update(cr, _table(model), name, replaced, SQL("LIKE %s", f"{old},%"))
    _rename_xmlids(cr, f"((?<=_)|^){old_table}(?=_|$)", new_table)


def _rename_field(cr, model, old, new):
    table = _table(model)
    if _has(cr, table, old) and not _has(cr, table, new):
        names = map(SQL.identifier, (table, old, new))
        cr.execute(SQL("ALTER TABLE %s RENAME COLUMN %s TO %s", *names))
        _rename_around(cr, table, f"^({table}__?){old}_(index|fkey|not_null|key)$", rf"\1{new}_\2")
    cr.execute(
        "UPDATE ir_model_fields SET name = %s WHERE model = %s AND name = %s", (new, model, old)
    )
    cr.execute(
        "UPDATE ir_model_fields SET relation_field = %s "
        "WHERE relation = %s AND relation_field = %s",
        (new, model, old),
    )
    _rename_xmlids(cr, f"^((field|selection)__?{table}__){old}(?=__|$)", rf"\1{new}")


def _rename_values(cr, model, name, values):
    renamed = SQL("%s::jsonb ->> %s", json.dumps(values), SQL.identifier(name))
    if _has(cr, _table(model), name):
        _update(cr, _table(model), name, renamed, SQL("IN %s", tuple(values)))
    # Server actions are deleted with the choice that they write: these stay, and change places
    # by way of values that are nobody's. The ORM finds their XML ids again by itself.
    chosen = "(SELECT id FROM ir_model_fields WHERE model = %s AND name = %s)"
    for old, new in values.items():
        cr.execute(
            "UPDATE ir_model_fields_selection SET value = %s || '*' "
            f"WHERE value = %s AND field_id IN {chosen}",
            (new, old, model, name),
        )
    cr.execute(
        "UPDATE ir_model_fields_selection SET value = rtrim(value, '*') "
        f"WHERE value LIKE '%%*' AND field_id IN {chosen}",
        (model, name),
    )
    cr.execute(
        "DELETE FROM ir_model_data WHERE model = 'ir.model.fields.selection' AND name ~ %s",
        [f"^selection__{_table(model)}__{name}__"],
    )


def _empty_our_extensions(cr):
    """Our own extensions of views, until this upgrade reads them again.

    A view is validated with what extends it, when those still call methods of the last version.
    """
    cr.execute(
        "UPDATE ir_ui_view SET arch_db = %s WHERE mode = 'extension' AND id IN "
        "(SELECT res_id FROM ir_model_data WHERE model = 'ir.ui.view' AND module = %s)",
        (json.dumps({"en_US": "<data/>"}), MODULE),
    )


def _rename_codes(cr, table, column, old, new):
    if _has(cr, table, column):
        text = SQL("%s::text", SQL.identifier(column))
        replaced = SQL("replace(%s, %s, %s)::jsonb", text, old, new)
        _update(cr, table, column, replaced, SQL("::text LIKE %s", f"%{old}%"))


def _rename_xmlids(cr, pattern, replacement):
    """Ours, and those that the ORM gives to what other addons add to our models."""
    cr.execute(
        "SELECT id, module, name FROM ir_model_data "
        "WHERE module = %s OR name ~ '^(model|field|selection|constraint)_'",
        [MODULE],
    )
    for found, module, name in cr.fetchall():
        renamed = re.sub(pattern, replacement, name)
        if renamed != name:
            cr.execute("UPDATE ir_model_data SET name = %s WHERE id = %s", (renamed, found))
            if module == MODULE:  # code names it
                WORDS[name] = renamed


def _rename_around(cr, table, pattern, replacement):
    """The constraints of a table, then its indexes and its sequences."""
    cr.execute("SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass", [table])
    for (name,) in cr.fetchall():
        renamed = re.sub(pattern, replacement, name)
        if renamed != name:
            names = map(SQL.identifier, (table, name, renamed))
            cr.execute(SQL("ALTER TABLE %s RENAME CONSTRAINT %s TO %s", *names))
            cr.execute("UPDATE ir_model_constraint SET name = %s WHERE name = %s", (renamed, name))
    cr.execute(
        "SELECT DISTINCT relname, relkind FROM pg_class JOIN pg_depend ON objid = pg_class.oid "
        "WHERE classid = 'pg_class'::regclass AND refobjid = %s::regclass "
        "AND relkind IN ('i', 'S')",
        [table],
    )
    for name, kind in cr.fetchall():
        renamed = re.sub(pattern, replacement, name)
        if renamed != name:
            what = SQL("INDEX") if kind == "i" else SQL("SEQUENCE")
            names = map(SQL.identifier, (name, renamed))
            cr.execute(SQL("ALTER %s %s RENAME TO %s", what, *names))


def _update(cr, table, column, value, condition):
    column = SQL.identifier(column)
    table = SQL.identifier(table)
    cr.execute(SQL("UPDATE %s SET %s = %s WHERE %s %s", table, column, value, column, condition))


def _table(model):
    return model.replace(".", "_")


def _has(cr, table, column=None):
    cr.execute(
        "SELECT FROM information_schema.columns WHERE table_schema = current_schema "
        "AND table_name = %s AND column_name = COALESCE(%s, column_name) LIMIT 1",
        (table, column),
    )
    return bool(cr.rowcount)


def _columns_of_models(cr):
    cr.execute(
        "SELECT table_name, column_name FROM information_schema.columns "
        "JOIN information_schema.tables USING (table_schema, table_name) "
        "WHERE table_schema = current_schema AND table_type = 'BASE TABLE' "
        "AND data_type IN ('character varying', 'text') AND column_name IN %s",
        [HOLD_A_MODEL],
    )
    return cr.fetchall()


# -- what people have written -----------------------------------------------------------


class _Expressions:
    """Domains, contexts, paths, views and code that name our models and fields.

    Those of our models, and those that name one. A path is followed from field to field, so that
    only the fields of our models are renamed: ``number`` of an upload, and not that of a street.
    """

    def __init__(self, cr):
        self.cr = cr
        cr.execute("SELECT model, name, relation FROM ir_model_fields")
        self.relations = {(model, name): relation for model, name, relation in cr.fetchall()}
        known = {name for _model, name in self.relations}
        # Old names that are nobody's any more mean ours wherever they stand.
        self.words = dict(WORDS)
        for names in FIELDS.values():
            self.words.update({old: new for old, new in names.items() if old not in known})
        self.values = {old: new for values in VALUES.values() for old, new in values.items()}
        quote = r"(['\"]|&quot;|&#34;|&#39;|&apos;)"
        self.quoted = re.compile(rf"{quote}({'|'.join(self.values)})(?=\1)")
        self.models = re.compile(rf"\b({'|'.join(map(re.escape, MODELS))})\b(?!\.\w)")

    def rename(self):
        for table, model, columns in EXPRESSIONS:
            for column in columns:
                if _has(self.cr, table, column):
                    self._rename_column(table, model, column)

    def _rename_column(self, table, model, column):
        named = {"of": SQL(model), "table": SQL.identifier(table), "text": SQL.identifier(column)}
        ours = {"ours": "copro.%", "mention": "%copro%"}
        query = (
            "SELECT id, %(of)s, %(text)s FROM %(table)s "
            "WHERE %(of)s LIKE %(ours)s OR %(text)s::text LIKE %(mention)s"
        )
        self.cr.execute(SQL(query, **named, **ours))
        for found, of, value in self.cr.fetchall():
            renamed = self._renamed(value, of, table in PROSE)
            if renamed != value:
                stored = renamed if isinstance(renamed, str) else json.dumps(renamed)
                names = map(SQL.identifier, (table, column))
                self.cr.execute(SQL("UPDATE %s SET %s = %s WHERE id = %s", *names, stored, found))

    def _renamed(self, value, model, is_prose):
        """A text, or what is translated: {language: text}."""
        if isinstance(value, dict):
            return {key: self._renamed(text, model, is_prose) for key, text in value.items()}
        text = self.models.sub(lambda found: MODELS[found[0]], value or "")
        text = PATH.sub(lambda found: self._path(found[0], model, is_prose), text)
        if (model or "").startswith("copro.") and not is_prose:
            text = self.quoted.sub(lambda found: found[1] + self.values[found[2]], text)
        return text

    def _path(self, path, model, is_prose):
        """``exercise_ids.state`` from the model where it begins."""
        steps, here = [], None if is_prose else model
        for step in re.split(r"([./])", path):
            renamed = FIELDS.get(here, {}).get(step) or self.words.get(step, step)
            if step in RECORDS:
                here = model
            elif step not in "./":
                here = self.relations.get((here, renamed))
            steps.append(renamed)
        return "".join(steps)
