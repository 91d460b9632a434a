"""Parameters of sentences, as the user's language writes them."""

import re
from datetime import date

from odoo.tools import format_date, formatLang
from odoo.tools.misc import babel_locale_parse

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
AMOUNT = re.compile(r"\d+\.\d+")


def localised(env, params):
    """The heart gives dates and amounts as Python writes them: write them for the reader."""
    return {name: _localised(env, value) for name, value in dict(params).items()}


def is_one(env, count):
    """Whether the user's language says a count in the singular: French does of 0 and of 1."""
    return babel_locale_parse(env.lang).plural_form(count) == "one"


def figure(env, described, value):
    """A decimal of the catalogue, with its unit."""
    currency = env.ref("base.EUR") if described.unit == "EUR" else None
    return formatLang(env, float(value), digits=2, currency_obj=currency)


def _localised(env, value):
    if not isinstance(value, str):
        return value
    if ISO_DATE.fullmatch(value):
        return format_date(env, date.fromisoformat(value))
    if AMOUNT.fullmatch(value):
        return formatLang(env, float(value), digits=2)
    return value
