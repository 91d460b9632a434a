"""Tell what the database and the ORM call what is ours, and how it is made."""

import json

cr = globals()["env"].cr  # the shell's
OURS = {
    "columns": "SELECT table_name, column_name, data_type, is_nullable"
    " FROM information_schema.columns WHERE table_name LIKE 'copro%'",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'copro%'",
    "constraints": "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE conrelid::regclass::text LIKE 'copro%'",
    "triggers": "SELECT pg_get_triggerdef(oid) FROM pg_trigger"
    " WHERE tgrelid::regclass::text LIKE 'copro%' AND NOT tgisinternal",
    "sequences": "SELECT relname FROM pg_class WHERE relname LIKE 'copro%' AND relkind = 'S'",
    # Those of fields depend on which other addon was there before: see ``left_behind``.
    "xml ids": "SELECT model, name FROM ir_model_data WHERE module = 'copro_registry'"
    " AND model != 'ir.model.fields'",
    "selections": "SELECT f.model, f.name, s.value FROM ir_model_fields_selection s"
    " JOIN ir_model_fields f ON f.id = s.field_id WHERE f.model LIKE 'copro%'",
    "rules of the database": "SELECT name, type FROM ir_model_constraint WHERE name LIKE 'copro%'",
}
told = {}
for what, query in OURS.items():
    cr.execute(query)
    told[what] = sorted(map(list, cr.fetchall()))
print("RESULT", json.dumps(told))
