from datetime import date

from odoo import api, fields, models

from ...rnc import rules
from ...rnc.items import catalogue
from ...rnc.today import today

# The items that are lists of lines, and the field that holds the lines.
LISTS = {
    "adresses_complementaires": "address_ids",
    "parcelles": "parcel_ids",
    "batiments": "building_ids",
}
# The models of the lines, and the field of the condominium that holds each.
LINES = {
    "copro.mandate": "mandate_ids",
    "copro.fiscal.year": "fiscal_year_ids",
    "copro.parcel": "parcel_ids",
    "copro.building": "building_ids",
    "copro.address": "address_ids",
}


class CoproCondominiumDossier(models.AbstractModel):
    """From records to the dossier: the plain data of which the heart knows a condominium."""

    _name = "copro.condominium.dossier"
    _inherit = "copro.dossier.mixin"
    _description = "Dossier of a condominium"

    mandate_id = fields.Many2one(
        "copro.mandate",
        string="Present mandate",
        compute="_compute_mandate_id",
        help="The mandate in progress, else the last one.",
    )
    fiscal_year_id = fields.Many2one(
        "copro.fiscal.year",
        string="Fiscal year to declare",
        compute="_compute_fiscal_year_id",
        help="The last fiscal year closed and approved by the general meeting.",
    )
    representative = fields.Char(
        string="Declared as", compute="_compute_representative", compute_sudo=True
    )

    @api.depends("company_id")
    def _compute_representative(self):
        for condominium in self:
            condominium.representative = condominium._account()._representative()

    @api.depends("mandate_ids.start_date", "mandate_ids.end_date")
    def _compute_mandate_id(self):
        now = today()
        for condominium in self:
            mandates = condominium.mandate_ids
            if len(mandates) > 1:
                mandates = mandates.sorted(lambda m: m.start_date or now, reverse=True)
                mandates = mandates.filtered(lambda m: (m.start_date or now) <= now) or mandates
            condominium.mandate_id = mandates[:1]

    @api.depends(
        "fiscal_year_ids.end_date", "fiscal_year_ids.state", "fiscal_year_ids.dates_supposed"
    )
    def _compute_fiscal_year_id(self):
        for condominium in self:
            fiscal_years = condominium.fiscal_year_ids
            if len(fiscal_years) > 1:
                fiscal_years = fiscal_years.sorted(lambda e: (e.end_date or date.min, e.id or 0))
                entered = fiscal_years.filtered(lambda e: not e._is_only_supposed())
                approved = entered.filtered(lambda e: e.state != "draft")
                fiscal_years = approved or entered or fiscal_years
            condominium.fiscal_year_id = fiscal_years[-1:]

    def _dossier(self, on=None, *, mandate=None):
        """The dossier of this condominium: {item code: plain value}."""
        self.ensure_one()
        return self._dossiers(on, mandate=mandate)[self.id]

    def _dossiers(self, on=None, *, mandate=None):
        """{id: dossier}, read together.

        Answers to questions that are not asked on that day (today) are left out. The mandate
        is the one that a call is about, when it is not the present one: ``mandate``, else the
        one to declare.
        """
        known = catalogue(on or today())
        parts, lines = self._dossier_parts(), self._lines()
        declarants = {one.company_id.id: one._declarant() for one in self._account()}
        mandates, fiscal_years = lines["copro.mandate"], lines["copro.fiscal.year"]
        dossiers = {}
        for record_id, company, present, fiscal_year, below in self._below(lines):
            flat = {**parts[record_id], **declarants.get(company, {}), **below}
            flat.update(mandates.get(present, {}))
            flat.update(fiscal_years.get(fiscal_year, {}))
            dossiers[record_id] = rules.relevant(flat, known)
        for condominium in self:
            called = condominium._mandate_of_call(mandate)
            if called:
                dossiers[condominium.id].update(called._declaration())
        return dossiers

    def _lines(self):
        """{model: {id: part}} of the records below these condominiums."""
        below = (self.mandate_id, self.fiscal_year_id, *(self[name] for name in LISTS.values()))
        return {records._name: records._dossier_parts() for records in below}

    def _below(self, lines):
        """(id, company, mandate, fiscal year, lists of members) of each, from the cache."""
        single = ("company_id", "mandate_id", "fiscal_year_id")
        columns = [self._cached(self._fields[name]) for name in (*single, *LISTS.values())]
        models_ = [self._fields[name].comodel_name for name in LISTS.values()]
        for record_id, company, mandate, fiscal_year, *members in zip(
            self._ids, *columns, strict=True
        ):
            held = {
                code: [lines[model][line] for line in ids or ()]
                for code, model, ids in zip(LISTS, models_, members, strict=True)
            }
            held["adresses_complementaires"] = [
                part["adresses_complementaires"] for part in held["adresses_complementaires"]
            ]
            yield record_id, company, mandate, fiscal_year, held

    # -- the mandate that is declared -------------------------------------------------

    def _mandate_of_call(self, mandate=None):
        """The mandate that a call is about: the one chosen, else the one to declare."""
        if mandate and mandate in self.mandate_ids:
            return mandate
        return self._mandate_to_declare()

    def _mandate_to_declare(self):
        """The renewal that the registry does not know yet; it knows an older mandate."""
        if len(self.mandate_ids) < 2:
            return self.mandate_ids.browse()
        mandates = self.mandate_ids.filtered("start_date").sorted("start_date")
        known = mandates.filtered("declared_on")[-1:]
        if not self.registration_number or not known or self._obstacle("WS6"):
            return mandates.browse()
        later = mandates.filtered(lambda m: m.start_date > known.start_date)
        return later.filtered(lambda m: not m.declared_on)[:1]

    def _last_known_mandate(self):
        """The registry has the end of the last mandate: a renewal counts before it starts."""
        known = self.mandate_ids.filtered(lambda m: m.start_date and m.declared_on)
        return known.sorted("start_date")[-1:] or self.mandate_id

    def _dossier_as_known(self):
        """Our dossier, with the last mandate that the registry knows, even if it is to come."""
        dossier, last = self._dossier(), self._last_known_mandate()
        if not self._mandate_to_declare():
            dossier.update(last._dossier_parts().get(last.id, {}))
        return dossier

    # -- what the rules and the contract make of it -----------------------------------

    def _service(self, code):
        """A service of the registry, as this company's contract profile describes it."""
        return self._account()._contract_or_default().services[code]

    def _account(self):
        """The account that declares this condominium, read with every right."""
        return self.company_id.sudo().copro_account_id

    def _findings(self, service, on, dossier):
        """What the rules say of ``dossier`` for ``service`` on a date."""
        self.ensure_one()
        return rules.check(dossier, self._service(service), on)

    def _standard_digest(self, on, dossier):
        """What identifies the data of a standard update."""
        return rules.fingerprint(dossier, self._service("WS2_STANDARD"), on)
