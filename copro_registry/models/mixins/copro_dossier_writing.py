from decimal import Decimal

from odoo import api, models

from ...rnc.items import item


class CoproDossierMixin(models.AbstractModel):
    """The inverse of reading a dossier: items come back into the declared fields."""

    _inherit = "copro.dossier.mixin"

    @api.model
    def _values_of(self, part):
        """Field values for {item code: plain value}; what no field holds is left out."""
        fields_by_code = {code: name for name, code in self._declared_fields().items()}
        return {
            fields_by_code[code]: self._field_value(self._fields[fields_by_code[code]], value)
            for code, value in part.items()
            if code in fields_by_code
        }

    @api.model
    def _field_value(self, field, value):
        if value is None:
            return False
        if isinstance(value, bool) and item(field.item).type == "bool":
            # A yes/no that may be left open is a selection.
            return value if field.type == "boolean" else {True: "oui", False: "non"}[value]
        return float(value) if isinstance(value, Decimal) else value
