"""Fields that hold a declared item of the registry's catalogue."""

from odoo import fields
from odoo.tools.misc import SENTINEL

from .registry.items import item, nomenclature


class OptionalInteger(fields.Integer):
    """An integer where "not filled in" is not 0: its value is then ``False``.

    The registry tells apart "no debtor" from "not due".
    """

    falsy_value = None

    def convert_to_column(self, value, record, values=None, validate=True):
        return None if _is_blank(value) else int(value)

    def convert_to_cache(self, value, record, validate=True):
        return None if _is_blank(value) else int(value)

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
        if _is_blank(value):
            return None
        return super().convert_to_column(value, record, values, validate)

    def convert_to_cache(self, value, record, validate=True):
        if _is_blank(value):
            return None
        return super().convert_to_cache(value, record, validate)

    def convert_to_record(self, value, record):
        return False if value is None else value

    def convert_to_export(self, value, record):
        return "" if value is False else value


def _is_blank(value) -> bool:
    # False is how forms and imports say "nothing"; 0 is a figure.
    return value is None or value is False or value == ""


def declared(field_class, code: str, **attributes):
    """A field for the catalogue's item ``code``: label, help and values are its own."""
    described = item(code)
    attributes.setdefault("string", described.label_en)
    attributes.setdefault("help", described.law)
    if field_class is fields.Selection:
        attributes.setdefault("selection", _selection(described.nomenclature))
    return field_class(item=code, **attributes)


def _selection(name: str) -> list[tuple[str, str]]:
    return [(entry.code, entry.label_en) for entry in nomenclature(name)]
