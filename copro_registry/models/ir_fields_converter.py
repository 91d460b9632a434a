from functools import partial

from odoo import api, models

from ..fields import reason
from ..rnc import reading
from ..rnc.items import item


class IrFieldsConverter(models.AbstractModel):
    """Imports read our records with the addon's own reader, from the cell as it is written.

    What is doubtful or impossible is an error of its line: never a warning, which the
    screen shows as blocking and the server commits.
    """

    _inherit = "ir.fields.converter"

    @api.model
    def _is_ours(self, model):
        return hasattr(model, "_declared_fields")

    @api.model
    def _str_to_date(self, model, field, value, savepoint):
        if not self._is_ours(model):
            return super()._str_to_date(model, field, value, savepoint)
        day = self._read(reading.day, value)
        return day.isoformat() if day else False, []

    @api.model
    def _str_to_integer(self, model, field, value, savepoint):
        if not self._is_ours(model):
            return super()._str_to_integer(model, field, value, savepoint)
        count = self._read(reading.count, value)
        return False if count is None else count, []

    @api.model
    def _str_to_float(self, model, field, value, savepoint):
        if not self._is_ours(model):
            return super()._str_to_float(model, field, value, savepoint)
        amount = self._read(reading.amount, value)
        return False if amount is None else float(amount), []

    @api.model
    def _str_to_boolean(self, model, field, value, savepoint):
        # Odoo asks it of references too: whether an identifier means "none".
        if not self._is_ours(model) or field.type != "boolean":
            return super()._str_to_boolean(model, field, value, savepoint)
        try:
            return bool(self._read(reading.yes_no, value)), []
        except ValueError:
            if self._is_spared(field):
                return None, []
            raise

    @api.model
    def _str_to_char(self, model, field, value, savepoint):
        if not self._is_ours(model):
            return super()._str_to_char(model, field, value, savepoint)
        if getattr(field, "item", None) in reading.READERS:
            return self._read(partial(reading.code, item(field.item)), value), []
        self._read(reading.check_no_error, value)
        return super()._str_to_char(model, field, value, savepoint)

    @api.private
    def db_id_for(self, model, field, subfield, value, savepoint):
        """A name names one record, exactly, or is an error of its line."""
        comodel = self.env[field.comodel_name]
        if (
            subfield is not None
            or not value
            or not (self._is_ours(model) or self._is_ours(comodel))
        ):
            return super().db_id_for(model, field, subfield, value, savepoint)
        found = self._named(field, comodel, value)
        if len(found) == 1:
            return found.id, []
        if self._is_spared(field):
            return None, []
        raise self._refused(self._why_not(field, found, value))

    @api.model
    def _named(self, field, comodel, value):
        if field.type == "one2many":  # a line of another condominium would be taken from it
            return comodel
        if self._is_ours(comodel):
            return comodel._named_exactly(value)
        ids = [record_id for record_id, _name in comodel.name_search(value, operator="=")]
        return comodel.browse(ids)

    @api.model
    def _why_not(self, field, found, value):
        if field.type == "one2many":
            return self.env._(
                "“%(value)s”: lines are not found by their name. Give each line's columns, or "
                "its external identifier.",
                value=value,
            )
        if found:
            return self.env._(
                "“%(value)s” is the name of %(count)s records: correct it, or give the "
                "registration number of the condominium.",
                value=value,
                count=len(found),
            )
        return self.env._(
            "“%(value)s” is not found: give the exact name, the internal reference or the "
            "registration number of a condominium of the companies in use.",
            value=value,
        )

    @api.model
    def _is_spared(self, field):
        """Whether the user asked to skip such lines, or to leave the field empty."""
        path = "/".join([*self.env.context.get("parent_fields_hierarchy", []), field.name])
        spared = ("import_skip_records", "import_set_empty_fields")
        return any(path in (self.env.context.get(name) or []) for name in spared)

    @api.model
    def _read(self, reader, value):
        try:
            return reader(value)
        except reading.Unreadable as error:
            raise self._refused(reason(self.env, error)) from error

    @api.model
    def _refused(self, message):
        # The import fills in the name of the field by "%".
        return ValueError(message.replace("%", "%%"), {})
