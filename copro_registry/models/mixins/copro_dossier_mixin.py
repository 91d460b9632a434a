from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import ormcache

from ...fields import plain
from ...rnc import reading
from ...rnc.items import item


class CoproDossierMixin(models.AbstractModel):
    """A record whose declared fields become part of a dossier.

    The fields made by ``declared()`` bear the code of their item; nothing else links
    the ORM to the catalogue, and items come back into them the same way. Their texts are
    normalised however they come: typed, imported, or received from the registry.
    """

    _name = "copro.dossier.mixin"
    _inherit = ["copro.dossier.import", "copro.protected.mixin"]
    _description = "Part of a dossier"

    @api.model
    def _valid_field_parameter(self, field, name):
        return name == "item" or super()._valid_field_parameter(field, name)

    @api.model
    @ormcache()
    def _declared_fields(self):
        """{field name: item code}"""
        return {
            name: field.item for name, field in self._fields.items() if getattr(field, "item", None)
        }

    @api.model
    @ormcache()
    def _readers(self):
        """((field, item code, code of its struct or "", cached value to plain), …)"""
        held = {self._fields[name]: code for name, code in self._declared_fields().items()}
        return tuple(
            (field, code, self._struct(code), plain(field, item(code)))
            for field, code in held.items()
        )

    @api.model
    def _struct(self, code):
        """The struct that holds an item; the members of a list have no other holder."""
        parent = item(code).parent
        return parent if parent and item(parent).type == "struct" else ""

    def _dossier_parts(self):
        """{id: items held by the record, as plain values}; empty ones are None.

        Those of a struct stand below it, when they are filled in.
        """
        return self._own_parts()

    def _own_parts(self):
        """As ``_dossier_parts``, from the record's own fields alone."""
        parts = {record_id: {} for record_id in self._ids}
        readers = self._readers()
        self.fetch([field.name for field, *_others in readers])
        for field, code, struct, read in readers:
            for record_id, value in zip(self._ids, self._cached(field), strict=True):
                value = read(value)
                if not struct:
                    parts[record_id][code] = value
                elif value is not None:
                    parts[record_id].setdefault(struct, {})[code] = value
        return parts

    def _cached(self, field):
        """The cached values of a field, in order.

        A portfolio is read by columns: asking each record for each field takes ten times
        as long.
        """
        cache = field._get_cache(self.env)
        try:
            values = [cache[record_id] for record_id in self._ids]
        except KeyError:  # a record of a form, not yet saved
            values = [field.convert_to_cache(record[field.name], record) for record in self]
        return values if all(self._ids) else [self._as_saved(field, value) for value in values]

    @api.model
    def _as_saved(self, field, value):
        """A text that is being typed, as it will be kept: « 20 000 » is a postcode already."""
        code = getattr(field, "item", None)
        is_text = code and isinstance(value, str) and item(code).type in ("str", "list")
        return reading.declared_text(item(code), value) if is_text else value

    @api.model_create_multi
    def create(self, vals_list):
        self._check_may_enter(vals_list)
        return super().create([self._normalised(vals) for vals in vals_list])

    def write(self, vals):
        self._check_may_enter([vals])
        result = super().write(self._normalised(vals))
        if "company_id" in vals:
            # The ORM checks the company that a record leaves, not the one that it enters.
            self.check_access("write")
        return result

    def _check_stays(self, vals):
        """Raises UserError when the registry would find it at another condominium."""
        for record in self if "condominium_id" in vals else ():
            if record.condominium_id.id != vals["condominium_id"] and record._is_proof():
                raise UserError(
                    self.env._(
                        "“%(name)s” must stay with its condominium: the registry has it, or is "
                        "receiving it.",
                        name=record.display_name,
                    )
                )

    def _is_proof(self):
        """Whether an upload has carried it."""
        raise NotImplementedError

    @api.model
    def _check_may_enter(self, vals_list):
        """Before the constraints: they speak of what the condominium holds already."""
        given = (vals.get("condominium_id") for vals in vals_list)
        ids = {one for one in given if one and isinstance(one, int)}
        self.env["copro.condominium"].browse(ids).check_access("write")

    @api.model
    def _normalised(self, vals):
        """``vals`` as the registry writes them."""
        held = self._declared_fields()
        texts = {
            name: reading.declared_text(item(held[name]), value)
            for name, value in vals.items()
            if name in held and isinstance(value, str) and item(held[name]).type in ("str", "list")
        }
        return {**vals, **texts} if texts else vals

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
