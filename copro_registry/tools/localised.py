"""Values and parameters of sentences, as the user's language writes them."""

import re
from datetime import date

from odoo.tools import format_date, formatLang
from odoo.tools.misc import babel_locale_parse

from ..rnc.i18n import _
from ..rnc.items import nomenclature

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
AMOUNT = re.compile(r"\d+\.\d+")
# Marked here, translated for the reader: the log has the rest.
INTERNAL_ERROR = _(  # pylint: disable=prefer-env-translation
    "An internal error: your administrator finds it in the log."
)


def localised(env, params):
    """The heart gives dates and amounts as Python writes them: write them for the reader."""
    return {name: _localised(env, value) for name, value in dict(params).items()}


def is_one(env, count):
    """Whether the user's language says a count in the singular: French does of 0 and of 1."""
    return babel_locale_parse(env.lang).plural_form(count) == "one"


def internal_error(env):
    """The message of a fault of ours, in the user's language."""
    return env._(INTERNAL_ERROR)  # pylint: disable=gettext-variable


def display_value(env, described, value, max_length):
    """The value of a catalogue item as a person reads it; a text is cut to ``max_length``."""
    if described.type == "bool":
        return env._("Yes") if value else env._("No")
    if described.type == "date":
        return format_date(env, value)
    if described.type == "decimal":
        return _figure(env, described, value)
    label = _entry(env, described.nomenclature, value) if described.type == "enum" else None
    return label or str(value)[:max_length]


def _figure(env, described, value):
    """A decimal, with its unit."""
    currency = env.ref("base.EUR") if described.unit == "EUR" else None
    return formatLang(env, float(value), digits=2, currency_obj=currency)


def _entry(env, name, code):
    """The label of a code list's value; None when the list has it not."""
    french = (env.lang or "").startswith("fr")
    for entry in nomenclature(name):
        if entry.code == code:
            return entry.label_fr if french else entry.label_en
    return None


def _day(env, text):
    """As a person reads it; a name that only looks like a date stays as it is."""
    try:
        return format_date(env, date.fromisoformat(text))
    except (OverflowError, ValueError):
        return text


def _localised(env, value):
    if not isinstance(value, str):
        return value
    if ISO_DATE.fullmatch(value):
        return _day(env, value)
    if AMOUNT.fullmatch(value):
        return formatLang(env, float(value), digits=2)
    return value
