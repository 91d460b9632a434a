"""Parameters of sentences, as the user's language writes them."""

import re
from datetime import date

from odoo.tools import format_date, formatLang

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
AMOUNT = re.compile(r"\d+\.\d+")


def localised(env, params):
    """The heart gives dates and amounts as Python writes them: write them for the reader."""
    return {name: _localised(env, value) for name, value in dict(params).items()}


def _localised(env, value):
    if not isinstance(value, str):
        return value
    if ISO_DATE.fullmatch(value):
        return format_date(env, date.fromisoformat(value))
    if AMOUNT.fullmatch(value):
        return formatLang(env, float(value), digits=2)
    return value
