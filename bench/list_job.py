"""What the web client asks for, timed in turn; run in Odoo's shell."""

import json
import os
import time
from statistics import median

from lxml import etree

from odoo.sql_db import db_connect

from bench.readiness_job import BATCH, COMMON, fill

COUNT = int(os.environ["COPRO_REGISTRY_COUNT"])
FEW, ROUNDS = 500, 60
CONTACTS = """
INSERT INTO res_partner (create_date, write_date, create_uid, write_uid, active, name,
    complete_name, street, zip, city, email, phone, type, commercial_partner_id, autopost_bills)
SELECT now(), now(), 1, 1, true, 'Résidence ' || n, 'Résidence ' || n, n || ' rue de l''Exemple',
    '35000', 'Rennes', n || '@fictif.example', '0100000000', 'contact', NULL, 'ask'
FROM generate_series(%(first)s, %(last)s) n
"""
UPLOADS = """
WITH made AS (
    INSERT INTO copro_transmission (create_date, write_date, create_uid, write_uid,
        condominium_id, company_id, service, state, reference, next_attempt)
    SELECT {common}, id, company_id, 'WS2_ANNUAL',
        CASE id % 31 WHEN 0 THEN 'rejected' WHEN 1 THEN 'queued' ELSE 'accepted' END,
        'bench-' || id, now() AT TIME ZONE 'UTC' + interval '1 year'
    FROM copro_condominium WHERE transmission_id IS NULL AND registration_number IS NOT NULL
    RETURNING id, condominium_id)
UPDATE copro_condominium SET transmission_id = made.id FROM made
WHERE made.condominium_id = copro_condominium.id
"""
# Three fiscal years have closed since the last one that was entered: each of them is missing.
THREE_YEARS_AGO = """
UPDATE copro_fiscal_year SET start_date = start_date - interval '2 years',
    end_date = end_date - interval '2 years', meeting_date = meeting_date - interval '2 years'
WHERE end_date > current_date - interval '2 years'
"""


def prepare(env):
    """(company of many, company of few)."""
    many = env.ref("base.main_company")
    few = env["res.company"].search([("name", "=", "Petit cabinet")]) or env["res.company"].create(
        {"name": "Petit cabinet"}
    )
    fill(env, COUNT, many)
    fill(env, FEW, few)
    env.cr.execute(THREE_YEARS_AGO)
    _judge(env)
    # The database takes queued ones only.
    env.cr.execute("ALTER TABLE copro_transmission DISABLE TRIGGER copro_transmission_begins")
    env.cr.execute(UPLOADS.format(common=COMMON))
    env.cr.execute("ALTER TABLE copro_transmission ENABLE TRIGGER copro_transmission_begins")
    _add_contacts(env)
    env.cr.commit()
    _tidy(env.cr.dbname)
    env.invalidate_all()
    return many, few


def _tidy(name):
    """What PostgreSQL does by itself, sooner or later."""
    with db_connect(name).cursor() as cursor:
        cursor._cnx.autocommit = True
        cursor.execute("VACUUM ANALYZE copro_condominium, copro_transmission, res_partner")


def _judge(env):
    env.cr.execute("SELECT id FROM copro_condominium WHERE deadline_state IS NULL ORDER BY id")
    ids = [line for (line,) in env.cr.fetchall()]
    condominiums = env["copro.condominium"]
    stored = ["stored_findings", "annual_deadline", "transmission_id", "search_key"]
    for start in range(0, len(ids), BATCH):
        part = condominiums.browse(ids[start : start + BATCH])
        for name in stored:
            env.add_to_compute(condominiums._fields[name], part)
        part.flush_recordset()
        env.cr.commit()
        env.invalidate_all()


def _add_contacts(env):
    there = env["res.partner"].search_count([("email", "like", "@fictif.example")])
    if there >= COUNT:
        return
    values = {"first": there + 1, "last": COUNT}
    env.cr.execute(_of_columns(env, CONTACTS), values)
    env.cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id WHERE commercial_partner_id IS NULL"
    )


def _of_columns(env, statement):
    """Without the column of an addon that is not installed."""
    if "autopost_bills" in env["res.partner"]._fields:
        return statement
    return statement.replace(", autopost_bills", "").replace(", 'ask'", "")


def user_of(env, company):
    login = f"bench-{company.id}"
    groups = [env.ref("copro_registry.group_manager").id]
    values = {"name": login, "login": login, "company_id": company.id, "group_ids": groups}
    found = env["res.users"].search([("login", "=", login)])
    return found or env["res.users"].create({**values, "company_ids": company.ids})


# -- what the web client asks for --------------------------------------------------


def page(env, model, view, domain=(), order=None):
    """A call that reads the first page of a list view, as the web client does."""
    described = env[model].get_view(env.ref(view).id, "list")
    names = etree.fromstring(described["arch"]).xpath("//field[not(ancestor::field)]/@name")
    wanted = {name: _read(env[model]._fields[name]) for name in names}

    def read():
        return env[model].web_search_read(
            list(domain), wanted, limit=80, order=order, count_limit=10_001
        )

    return read


def _read(field):
    return (
        {"fields": {"display_name": {}}}
        if field.relational and not field.type.endswith("many")
        else {}
    )


def works(env):
    contact, condominium = (
        ("res.partner", "base.view_partner_tree"),
        (
            "copro.condominium",
            "copro_registry.copro_condominium_view_list",
        ),
    )
    by_date = "next_deadline, name"
    typed = [("display_name", "ilike", "résidence 42")]
    as_telephones_write = [("display_name", "ilike", "L\u2019EXEMPLE 42")]
    late = [("deadline_state", "=", "late")]
    return {
        "contacts": page(env, *contact),
        "list": page(env, *condominium, order=by_date),
        "board": lambda: env["copro.today"].get_board(),
        "late": page(env, *condominium, late, order=by_date),
        "contacts_search": page(env, *contact, typed),
        "search": page(env, *condominium, typed, order=by_date),
        "typed": page(env, *condominium, as_telephones_write, order=by_date),
    }


def measure(env):
    """{name: {seconds, queries}}, in turn: what else the machine does weighs on all."""
    chosen = works(env)
    for work in chosen.values():
        work()
    times = {name: [] for name in chosen}
    queries = {}
    for _round in range(ROUNDS):
        for name, work in chosen.items():
            env.invalidate_all()
            before, started = env.cr.sql_log_count, time.perf_counter()
            work()
            times[name].append(time.perf_counter() - started)
            queries[name] = env.cr.sql_log_count - before
    return {name: {"seconds": median(times[name]), "queries": queries[name]} for name in chosen}


if "env" in globals():  # in Odoo's shell
    many, few = prepare(env)  # noqa: F821
    result = {"count": COUNT, "few": FEW, "rounds": ROUNDS, "contacts": COUNT}
    for size, company in (("large", many), ("small", few)):
        user = user_of(env, company)  # noqa: F821
        own = env(user=user, context={"lang": "en_US", "allowed_company_ids": company.ids})  # noqa: F821
        result[size] = measure(own)
    env.cr.commit()  # noqa: F821
    print(json.dumps(result))
