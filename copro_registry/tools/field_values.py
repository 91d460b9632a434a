"""Whether a field can hold a value that a client sends: a program may send anything."""

from datetime import date
from functools import partial

from ..rnc.reading.texts import UNKEPT

# Characters. A name stands in an index: PostgreSQL refuses a row of 2,700 bytes.
MAX_LENGTH = {"char": 500, "text": 1_000_000}
MAX_INTEGER = 2**31 - 1  # what a column of integers or of identifiers holds


def value_error(env, field, value):
    """Why ``field`` cannot hold ``value``: a sentence that follows "%(field)s:", or False."""
    if value is None or value is False:
        return False
    if not _KINDS.get(field.type, _anything)(env, field, value):
        return env._("this value is of another kind, or too large: check it.")
    if isinstance(value, str) and field.type in MAX_LENGTH:
        if UNKEPT.search(value):
            return env._("it holds a character that cannot be kept: type it again.")
        if len(value) > MAX_LENGTH[field.type]:
            most = MAX_LENGTH[field.type]
            return env._("it is too long, %(most)s characters at most: shorten it.", most=most)
    return False


def _anything(_env, _field, _value):
    return True


def _is(kinds, _env, _field, value):
    return isinstance(value, kinds)


def _is_text(_env, _field, value):
    return isinstance(value, str | int | float) and value is not True


def _is_number(_env, _field, value):
    try:
        return abs(int(value)) <= MAX_INTEGER
    except (TypeError, ValueError, OverflowError):
        return False


def _is_record(_env, _field, value):
    """An identifier, or what Odoo itself gives: a record, a pair, the values of a new one."""
    is_far = isinstance(value, int) and not 0 < value <= MAX_INTEGER
    return not isinstance(value, str | float | list) and not is_far


def _is_choice(env, field, value):
    return value in field.get_values(env)


_KINDS = {
    "binary": partial(_is, (str, bytes)),
    "char": _is_text,
    "date": partial(_is, (str, date)),
    "datetime": partial(_is, (str, date)),
    "integer": _is_number,
    "many2one": _is_record,
    "selection": _is_choice,
    "text": _is_text,
}
