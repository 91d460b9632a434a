"""The records of a scheduled action: a few at a time, and a failure concerns one of them."""

import logging

import psycopg2.errors
import psycopg2.extensions

from odoo.tools import split_every

_logger = logging.getLogger(__name__)

# Somebody else is writing the same record at this moment: the next run does it.
CONFLICTS = (psycopg2.extensions.TransactionRollbackError, psycopg2.errors.LockNotAvailable)


def in_parts(records, together):
    """Yield ``together`` records at a time, as long as the scheduled action may run.

    What was done with a part is committed before the next one.
    """
    progress = records.env["ir.cron"]._commit_progress
    seconds_left = progress(0, remaining=len(records))
    for part in split_every(together, records.ids, records.browse):
        if seconds_left <= 0:
            return
        yield part
        seconds_left = progress(len(part))


def each_part(records, together, act):
    """Call ``act`` with ``together`` records at a time, as `in_parts` and `apart` do."""
    for part in in_parts(records, together):
        apart(part, act)
        part.invalidate_recordset()


def apart(records, act):
    """Call ``act(records)``; where it fails, with each of them alone.

    One that fails is rolled back and logged; the others are not concerned. Returns those with
    which it succeeded.
    """
    if len(records) > 1 and attempt(records, act, logging.INFO):
        return records
    return records.filtered(lambda record: attempt(record, act))


def attempt(records, act, level=logging.ERROR):
    """Whether ``act(records)`` succeeded; what it has done is undone and logged otherwise.

    Raises only when the database itself is away.
    """
    if not records:
        return True
    try:
        with records.env.cr.savepoint():
            act(records)
    except CONFLICTS:
        _logger.info("%s %s: somebody else is writing it", records._name, records.ids)
        return False
    except Exception:
        if records.env.cr.closed:
            raise
        _logger.log(level, "%s %s failed", records._name, records.ids, exc_info=True)
        return False
    return True
