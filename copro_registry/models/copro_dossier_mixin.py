from decimal import Decimal

from odoo import api, fields, models

from ..registry.items import item


class CoproDossierMixin(models.AbstractModel):
    """A record whose declared fields become part of a dossier.

    The fields made by ``declared()`` bear the code of their item; nothing else links
    the ORM to the catalogue.
    """

    _name = "copro.dossier.mixin"
    _description = "Part of a dossier"

    @api.model
    def _valid_field_parameter(self, field, name):
        return name == "item" or super()._valid_field_parameter(field, name)

    @api.model
    def _declared_fields(self):
        """{field name: item code}"""
        return {
            name: field.item for name, field in self._fields.items() if getattr(field, "item", None)
        }

    def _dossier_part(self):
        """The items held by this record, as plain values; empty ones are None."""
        self.ensure_one()
        return {
            code: self._plain_value(name, code) for name, code in self._declared_fields().items()
        }

    def _plain_value(self, name, code):
        value, field = self[name], self._fields[name]
        if field.type == "boolean":
            return bool(value)
        if item(code).type == "bool":  # a yes/no that may be left open
            return {"oui": True, "non": False}.get(value)
        if field.type == "float":
            return None if value is False else Decimal(f"{value:.2f}")
        if field.type == "integer":
            return None if value is False else value
        if field.type == "date":
            return fields.Date.to_date(value) if value else None
        return value.strip() or None if isinstance(value, str) else None

    def _dossier_part_or_nothing(self):
        """Nothing when there is no record: its items are then missing."""
        return self._dossier_part() if self else {}
