import re

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...rnc import reading

TOTAL = re.compile(r"(?:sous[- ]?)?tota(?:l|ux)(?: (?:général|page|à reporter).*)?(?: ?:)?", re.I)


class CoproCondominiumImport(models.AbstractModel):
    """How a line of a file names a condominium: by its number, its reference, or its address."""

    _name = "copro.condominium.import"
    _inherit = "copro.dossier.mixin"
    _description = "Import of condominiums"

    @api.model
    def _name_line(self, values):
        if not values.get("registration_number"):  # else it is known by that
            self._name_by_address(values)

    @api.model
    def _complete_line(self, values):
        self._check_no_total(values)
        self._name_by_address(values)
        if not values.get("name"):
            values["name"] = values.get("street") or values.get("internal_reference")
        for name in ("user_id", "company_id"):
            if name in values and not values[name]:
                del values[name]  # an empty cell: by default

    @api.model
    def _check_no_total(self, values):
        """The last line of a printed list is no condominium."""
        name = values.get("name") or ""
        if TOTAL.fullmatch(reading.text(name)) and not values.get("street"):
            raise UserError(
                self.env._(
                    "“%(name)s”: this line is a total, not a condominium. Remove it from the file.",
                    name=name,
                )
            )

    @api.model
    def _name_by_address(self, values):
        place = [values.get(name) for name in ("street", "city")]
        if not values.get("name") and all(place):
            values["name"] = ", ".join(place)

    @api.model
    def _identity(self, values):
        """By its number; else by its reference in other software; else by its whole address."""
        place = ("registration_number", "internal_reference", "name", "street", "zip", "city")
        if not any(values.get(name) for name in place[:3]):
            return None
        named = ((name, values.get(name) or False) for name in place)
        return (("company_id", values.get("company_id") or self.env.company.id), *named)

    @api.model
    def _same_as(self, identity):
        """The condominium of an identity: by its number, else by its place if it has none yet."""
        named = dict(identity)
        ours = Domain("company_id", "=", named.pop("company_id"))
        number, reference = named.pop("registration_number"), named.pop("internal_reference")
        found = self.search(ours & Domain("registration_number", "=", number)) if number else None
        if found:
            return found
        if number:  # it may be here without its number
            ours &= Domain("registration_number", "=", False)
        if reference:
            found = self.search(ours & Domain("internal_reference", "=", reference))
            if found:
                return self._only(found)
            ours &= Domain("internal_reference", "=", False)
        place = (Domain(name, "=", value) for name, value in named.items())
        return self._only(self.search(ours & Domain.AND(place)))

    @api.model
    def _named_exactly(self, value):
        """By number, by « number · name » as it is shown, by reference, or by name."""
        written = reading.text(str(value))
        number, _dot, name = written.partition(" · ")
        try:
            domain = Domain("registration_number", "=", reading.registration_number(number))
            domain &= Domain("name", "=", name) if name else Domain.TRUE
        except reading.Unreadable:
            domain = Domain("name", "=", written) | Domain("internal_reference", "=", written)
        in_use = Domain("company_id", "in", self.env.companies.ids)
        found = self.search(in_use & domain)
        here = found.filtered(lambda condominium: condominium.company_id == self.env.company)
        return here or found
