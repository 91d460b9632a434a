from datetime import date

from odoo import api, models

from ..registry import normalise


class IrFieldsConverter(models.AbstractModel):
    """Imports read dates and numbers as a French syndic types them.

    For declared fields only. What cannot be read is left to Odoo, which tells the line.
    """

    _inherit = "ir.fields.converter"

    @api.model
    def _str_to_date(self, model, field, value, savepoint):
        if isinstance(value, date):  # a cell of a workbook
            value = value.strftime("%Y-%m-%d")
        day = normalise.day(value) if _is_declared(field) else None
        if day:
            return day.isoformat(), []
        return super()._str_to_date(model, field, value, savepoint)

    @api.model
    def _str_to_integer(self, model, field, value, savepoint):
        whole = normalise.whole(value) if _is_declared(field) else None
        if whole is not None:
            return whole, []
        return super()._str_to_integer(model, field, value, savepoint)

    @api.model
    def _str_to_float(self, model, field, value, savepoint):
        number = normalise.number(value) if _is_declared(field) else None
        if number is not None:
            return float(number), []
        return super()._str_to_float(model, field, value, savepoint)


def _is_declared(field):
    return bool(getattr(field, "item", None))
