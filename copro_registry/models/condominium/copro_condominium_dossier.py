from datetime import date

from odoo import api, fields, models

from ...rnc import rules
from ...rnc.items import catalogue
from ...tools.today import today

# The items that are lists of lines, and the field that holds the lines.
LISTS = {
    "adresses_complementaires": "address_ids",
    "parcelles": "parcel_ids",
    "batiments": "building_ids",
}


class CoproCondominium(models.Model):
    """From records to the dossier: the plain data of which the heart knows a condominium."""

    _inherit = "copro.condominium"

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

    account_id = fields.Many2one(
        "copro.declarant.account",
        string="Declarant account",
        related="company_id.copro_account_id",
        help="The account on the registry's site that declares the condominiums of this company.",
    )
    representative = fields.Char(
        string="Declared as", compute="_compute_representative", compute_sudo=True
    )

    @api.depends("company_id")
    def _compute_representative(self):
        for condominium in self:
            condominium.representative = condominium.company_id._representative()

    @api.depends("mandate_ids.start_date", "mandate_ids.end_date")
    def _compute_mandate_id(self):
        now = today()
        for condominium in self:
            mandates = condominium.mandate_ids
            if len(mandates) > 1:
                mandates = mandates.sorted(lambda m: m.start_date or now, reverse=True)
                mandates = mandates.filtered(lambda m: (m.start_date or now) <= now) or mandates
            condominium.mandate_id = mandates[:1]

    @api.depends("fiscal_year_ids.end_date", "fiscal_year_ids.state")
    def _compute_fiscal_year_id(self):
        for condominium in self:
            fiscal_years = condominium.fiscal_year_ids
            if len(fiscal_years) > 1:
                fiscal_years = fiscal_years.sorted(lambda e: (e.end_date or date.min, e.id or 0))
                fiscal_years = fiscal_years.filtered(lambda e: e.state != "draft") or fiscal_years
            condominium.fiscal_year_id = fiscal_years[-1:]

    def _dossier(self, on=None):
        """The dossier of this condominium: {item code: plain value}."""
        self.ensure_one()
        return self._dossiers(on)[self.id]

    def _dossiers(self, on=None):
        """{id: dossier}, read together.

        Answers to questions that are not asked on that day (today) are left out.
        """
        known = catalogue(on or today())
        parts, lines = self._dossier_parts(), self._lines()
        declarants = {company.id: company._declarant() for company in self.company_id}
        mandates, fiscal_years = lines["copro.mandate"], lines["copro.fiscal.year"]
        dossiers = {}
        for record_id, company, mandate, fiscal_year, below in self._below(lines):
            flat = {**parts[record_id], **declarants.get(company, {}), **below}
            flat.update(mandates.get(mandate, {}))
            flat.update(fiscal_years.get(fiscal_year, {}))
            dossiers[record_id] = rules.relevant(flat, known)
        return dossiers

    def _lines(self):
        """{model: {id: part}} of the records below these condominiums."""
        below = (self.mandate_id, self.fiscal_year_id, *(self[name] for name in LISTS.values()))
        return {records._name: records._dossier_parts() for records in below}

    def _below(self, lines):
        """(id, company, mandate, fiscal year, lists of members) of each, from the cache."""
        single = ("company_id", "mandate_id", "fiscal_year_id")
        columns = [self._cached(self._fields[name]) for name in (*single, *LISTS.values())]
        models = [self._fields[name].comodel_name for name in LISTS.values()]
        for record_id, company, mandate, fiscal_year, *members in zip(
            self._ids, *columns, strict=True
        ):
            held = {
                code: [lines[model][line] for line in ids or ()]
                for code, model, ids in zip(LISTS, models, members, strict=True)
            }
            held["adresses_complementaires"] = [
                part["adresses_complementaires"] for part in held["adresses_complementaires"]
            ]
            yield record_id, company, mandate, fiscal_year, held

    def _service(self, code):
        """A service of the registry, as this company's contract profile describes it."""
        return self.company_id.sudo().copro_account_id._shown_profile().services[code]

    def _findings(self, service, on):
        """What the rules say of this condominium for ``service`` on a date."""
        self.ensure_one()
        return rules.check(self._dossier(on), self._service(service), on)
