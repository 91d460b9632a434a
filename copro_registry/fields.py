"""Fields that hold a declared item of the registry's catalogue."""

from datetime import date
from decimal import Decimal

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tools.misc import SENTINEL

from .rnc import reading
from .rnc.items import Item, item, nomenclature

LARGEST_INTEGER = 2**31 - 1  # what the column holds
LARGEST_AMOUNT = 1e12
# Earlier years are written with fewer digits by strftime, and unknown to spreadsheets.
OLDEST_YEAR = 1900
# Beyond, a deadline some months later has no date.
LATEST_YEAR = 9000


class OptionalInteger(fields.Integer):
    """An integer where "not filled in" is not 0: its value is then ``False``.

    The registry tells apart "no debtor" from "not due".
    """

    falsy_value = None

    def convert_to_column(self, value, record, values=None, validate=True):
        return self.convert_to_cache(value, record)

    def convert_to_cache(self, value, record, validate=True):
        if _is_blank(value):
            return None
        count = _read(self, record, reading.count, value)
        if abs(count) > LARGEST_INTEGER:
            raise _too_large(self, record, value)
        return count

    def convert_to_record(self, value, record):
        return False if value is None else value

    def convert_to_export(self, value, record):
        return "" if value is False else value


class OptionalAmount(fields.Float):
    """An amount of euros, to the cent, where "not filled in" is not 0."""

    falsy_value = None

    def __init__(self, string=SENTINEL, **kwargs):
        super().__init__(string=string, digits=(12, 2), **kwargs)

    def convert_to_column(self, value, record, values=None, validate=True):
        value = self.convert_to_cache(value, record)
        if value is None:
            return None
        return super().convert_to_column(value, record, values, validate)

    def convert_to_cache(self, value, record, validate=True):
        if _is_blank(value):
            return None
        amount = _read(self, record, reading.amount, value)
        if abs(amount) > LARGEST_AMOUNT:
            raise _too_large(self, record, value)
        return super().convert_to_cache(float(amount), record, validate)

    def convert_to_record(self, value, record):
        return False if value is None else value

    def convert_to_export(self, value, record):
        return "" if value is False else value


class RegistryDate(fields.Date):
    """A date as the registry may hold it: even 0036-03-13, to be seen and corrected.

    Not 9999-12-31 nor 0001-01-01, from which no day can be reckoned.
    """

    def convert_to_cache(self, value, record, validate=True):
        if value and not isinstance(value, date):
            value = _read(self, record, reading.day, value)
        value = super().convert_to_cache(value, record, validate)
        if value and not 1 < value.year <= LATEST_YEAR:
            raise _too_far(self, record, value)
        return value

    def convert_to_read(self, value, record, use_display_name=True):
        value = super().convert_to_read(value, record, use_display_name)
        return value.isoformat() if value and value.year < OLDEST_YEAR else value

    def convert_to_export(self, value, record):
        value = super().convert_to_export(value, record)
        return value.isoformat() if value and value.year < OLDEST_YEAR else value


def _is_blank(value) -> bool:
    # False is how forms and imports say "nothing"; 0 is a figure.
    return value is None or value is False or (isinstance(value, str) and not value.strip())


def _read(field, record, reader, value):
    """What is written, by the reader of its kind. Raises ValidationError."""
    try:
        return reader(value)
    except reading.Unreadable as error:
        label = field.get_description(record.env, ["string"])["string"]
        told = record.env._("%(item)s: %(reason)s", item=label, reason=reason(record.env, error))
        raise ValidationError(told) from error


def reason(env, error: reading.Unreadable) -> str:
    """Why what is written is not taken, in the user's language."""
    return env._(reading.MESSAGES[error.code], **error.params)


def _too_large(field, record, value) -> ValidationError:
    label = field.get_description(record.env, ["string"])["string"]
    return ValidationError(
        record.env._(
            "“%(item)s”: %(value)s is too large: check the figure.", item=label, value=value
        )
    )


def _too_far(field, record, day) -> ValidationError:
    label = field.get_description(record.env, ["string"])["string"]
    return ValidationError(
        record.env._(
            "“%(item)s”: the year %(year)s is too far away: check it, or leave the date empty.",
            item=label,
            year=day.year,
        )
    )


def declared(field_class, code: str, **attributes):
    """A field for the catalogue's item ``code``: label, help and values are its own."""
    described = item(code)
    attributes.setdefault("string", described.label_en)
    attributes.setdefault("help", "\n".join(filter(None, (described.help_en, described.law))))
    if field_class is fields.Selection:
        attributes.setdefault("selection", _selection(described.nomenclature))
    return field_class(item=code, **attributes)


def _selection(name: str) -> list[tuple[str, str]]:
    return [(entry.code, entry.label_en) for entry in nomenclature(name)]


def plain(field, described: Item):
    """A function from a cached value of ``field`` to the plain value of its item.

    Empty is None; amounts are Decimal, to the cent; a list is written one member a line.
    """
    if described.type == "list" and field.type == "text":
        return _lines
    if described.type == "bool" and field.type == "selection":  # may be left open
        return {"oui": True, "non": False}.get
    readers = {"boolean": bool, "float": _amount, "char": _text, "text": _text}
    return readers.get(field.type, _as_it_is)


def _lines(value):
    return [line for line in (value or "").splitlines() if line.strip()]


def _amount(value):
    return None if value is None else Decimal(f"{value:.2f}")


def _text(value):
    return value.strip() or None if value else None


def _as_it_is(value):
    return value
