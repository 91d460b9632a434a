"""A large portfolio made by SQL, then read and judged; run in Odoo's shell, or by a test."""

import json
import os
import resource
import time
from collections import Counter
from datetime import date

BATCH = 1000
LINES = ("mandate_ids", "fiscal_year_ids", "building_ids", "parcel_ids", "address_ids")
COMMON = "now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC', 1, 1"
CONDOMINIUMS = """
INSERT INTO copro_condominium (create_date, write_date, create_uid, write_uid, active,
    company_id, user_id, name, street, zip, city, insee_code, bylaws_date, association_type,
    registration_number, lot_count, main_lot_count, housing_lot_count, parking_lot_count,
    health_order_count, danger_order_count, equipment_order_count, provisional_administration,
    building_count, construction_period, heating_type, lift_count, heating_nature,
    heating_system, hot_water, works_plan_on_agenda, works_plan_adopted)
SELECT {common}, true, %(company)s, 2, 'Résidence ' || n, n || ' rue de l''Exemple',
    CASE WHEN n %% 10 = 3 THEN NULL ELSE '35000' END, 'Rennes', '35238', '1972-04-18',
    'principal', CASE WHEN n %% 3 > 0 THEN 'AB' || lpad(n::text, 7, '0') END,
    12, CASE WHEN n %% 10 = 7 THEN 13 ELSE 8 END, 8, 4, 0, 0, 0, 'non',
    1, 'DE_1961_A_1974', 'individuel', 0, 'individuel', 'chaudière', 'non', 'non', 'non'
FROM generate_series(%(first)s, %(last)s) n RETURNING id
"""
PARTS = (
    """INSERT INTO copro_mandate (create_date, write_date, create_uid, write_uid, company_id,
        condominium_id, capacity, start_date, end_date, declared_on)
    SELECT {common}, %(company)s, id, 'mandat_syndic', current_date - 180, current_date + 360,
        current_date - 180 FROM copro_condominium WHERE id = ANY(%(ids)s)""",
    """INSERT INTO copro_fiscal_year (create_date, write_date, create_uid, write_uid, company_id,
        condominium_id, start_date, end_date, meeting_date, current_charges, works_charges,
        supplier_debts, unpaid_amount, debtor_count, works_fund, state, declared_on)
    SELECT {common}, %(company)s, id, current_date - 829, current_date - 465,
        current_date - 360, 41250.30, 0, 1820, 2410.55, 2, 6000,
        CASE WHEN substr(registration_number, 3)::int %% 3 = 2 THEN 'declared'
            ELSE 'approved' END,
        CASE WHEN substr(registration_number, 3)::int %% 3 = 2 THEN current_date - 350 END
    FROM copro_condominium WHERE id = ANY(%(ids)s)""",
    """INSERT INTO copro_building (create_date, write_date, create_uid, write_uid, company_id,
        condominium_id, name, floor_count, has_ventilation)
    SELECT {common}, %(company)s, id, 'A', 3, 'non'
    FROM copro_condominium WHERE id = ANY(%(ids)s)""",
    """INSERT INTO copro_parcel (create_date, write_date, create_uid, write_uid, company_id,
        condominium_id, insee_code, prefix, section, number)
    SELECT {common}, %(company)s, id, '35238', '000', 'AB', '0012'
    FROM copro_condominium WHERE id = ANY(%(ids)s)""",
)


def fill(env, count, company):
    """Bring the portfolio of ``company`` up to ``count`` condominiums."""
    Condominium = env["copro.condominium"].with_context(active_test=False)
    there = Condominium.search_count([("company_id", "=", company.id)])
    values = {"company": company.id, "first": there + 1, "last": count}
    if there >= count:
        return
    env.cr.execute(CONDOMINIUMS.format(common=COMMON), values)
    values["ids"] = [line for (line,) in env.cr.fetchall()]
    for statement in PARTS:
        env.cr.execute(statement.format(common=COMMON), values)
    env.cr.execute("ANALYZE copro_condominium, copro_mandate, copro_fiscal_year, copro_building")
    env.invalidate_all()


def measure(env, count, company):
    """Seconds, queries and memory (MB) of reading, checking and storing."""
    domain = [("company_id", "=", company.id)]
    ids = env["copro.condominium"].search(domain, limit=count, order="id").ids
    batches = [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
    result = {"count": len(ids), "memory_start": _memory()}
    works = {"read": _read, "check": _check, "store": _store}
    for work in works.values():
        work(env, batches[0])  # what is done once: caches, compiled rules
    for name in (*works, *(f"{name}_queries" for name in works)):
        result[name] = 0
    for batch in batches:  # in turn: what else the machine does weighs on all three
        for name, work in works.items():
            env.invalidate_all()
            queries, started = env.cr.sql_log_count, time.perf_counter()
            work(env, batch)
            result[name] += time.perf_counter() - started
            result[f"{name}_queries"] += env.cr.sql_log_count - queries
    result["memory_end"] = _memory()
    result["states"] = _states(env, [("id", "in", ids)])
    return result


def _read(env, ids):
    records = env["copro.condominium"].browse(ids)
    records.read(list(records._declared_fields()))
    for line in LINES:
        lines = records[line]
        lines.read(list(lines._declared_fields()))


def _check(env, ids):
    for _judged in env["copro.condominium"].browse(ids)._judged(date.today()):
        pass


def _store(env, ids):
    env["copro.condominium"].browse(ids)._judge_again()


def _states(env, domain):
    groups = env["copro.condominium"]._read_group(
        domain, ["readiness_state", "service_due"], ["__count"]
    )
    counts = Counter({f"{state}, {service}": count for state, service, count in groups})
    return dict(sorted(counts.items()))


def _memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if "env" in globals():  # in Odoo's shell
    wanted = int(os.environ["COPRO_REGISTRY_COUNT"])
    company = env.ref("base.main_company")  # noqa: F821
    fill(env, wanted, company)  # noqa: F821
    env.cr.commit()  # noqa: F821
    print(json.dumps(measure(env, wanted, company)))  # noqa: F821
