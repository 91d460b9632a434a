"""A click on a large portfolio, then the scheduled action that prepares its preview."""

import json
import os
import time

from bench.readiness_job import BATCH, fill


def resident():
    """What the process holds now, in MB."""
    with open("/proc/self/statm") as pages:
        return int(pages.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def judge(env, company):
    """The findings, once: a portfolio made by SQL has none."""
    unjudged = [("company_id", "=", company.id), ("review_date", "=", False)]
    ids = env["copro.condominium"].search(unjudged, order="id").ids
    for start in range(0, len(ids), BATCH):
        env["copro.condominium"].browse(ids[start : start + BATCH])._judge_again()
        env.cr.commit()
        env.invalidate_all()


def measure(env, count, company):
    """Seconds of the click, of the preparation and of the summary; MB that stay."""
    batches = env["copro.upload.batch"]
    ids = env["copro.condominium"].search([("company_id", "=", company.id)], limit=count).ids
    env.invalidate_all()
    started = time.perf_counter()
    selected = env["copro.condominium"].browse(ids)
    selected._companies()
    selected.check_access("write")
    batch = batches._preview(selected)
    env.cr.commit()
    clicked, held = time.perf_counter(), []
    env.invalidate_all()
    sent = type(batches)._send_progress_throttled
    type(batches)._send_progress_throttled = lambda _batches: held.append(resident())
    try:
        batches._process_previews()
    finally:
        type(batches)._send_progress_throttled = sent
    env.cr.commit()
    prepared = time.perf_counter()
    summary = batch.summary
    ended = time.perf_counter()
    batch.sudo().unlink()
    env.cr.commit()
    return {
        "count": len(ids),
        "together": batches._process_previews.__defaults__[0],
        "click": clicked - started,
        "prepared": prepared - clicked,
        "summary": ended - prepared,
        "growth": max(held[1:]) - held[1],
        "plans": {name: n for name, n in summary.items() if isinstance(n, int)},
    }


if "env" in globals():  # in Odoo's shell
    wanted = int(os.environ["COPRO_REGISTRY_COUNT"])
    company = env.ref("base.main_company")  # noqa: F821
    fill(env, wanted, company)  # noqa: F821
    env.cr.commit()  # noqa: F821
    judge(env, company)  # noqa: F821
    print(json.dumps(measure(env, wanted, company)))  # noqa: F821
