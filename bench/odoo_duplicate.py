"""Odoo's own *Duplicate* of its databases' page: ``original copy [--neutralize]``."""

import sys
import time

import psycopg2

from odoo.service import db
from odoo.tools import config

TRIES = 20

original, copy, *flags = sys.argv[1:]
config.parse_config([])
config["list_db"] = True
for left in reversed(range(TRIES)):
    try:
        db.exp_duplicate_database(original, copy, "--neutralize" in flags)
        break
    except psycopg2.errors.ObjectInUse:  # a worker was back before the copy had begun
        if not left:
            raise
        time.sleep(0.2)
