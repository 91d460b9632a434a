import re

from odoo import api, fields, models
from odoo.tools import format_date

from ...rnc import rules
from ...rnc.items import all_items, catalogue, item, item_or_code
from ...rnc.today import today
from ...tools.sentences import sentence
from .copro_condominium_dossier import LINES

# The items that no field holds alone.
HOLDERS = {
    "adresse_reference": ("copro.condominium", "street"),
    "etiquettes": ("copro.condominium", "label_a_count"),
    "batiments": ("copro.condominium", "building_ids"),
    "parcelles": ("copro.condominium", "parcel_ids"),
    "representant": ("copro.declarant.account", "organisation"),
}

ANSWERS = re.compile(r" \((oui|yes) / [^)]*\)$")

# The groups that the form shows on the page of another.
PAGES = {"bati_2027": "technique"}
NOWHERE = {"page": False, "field": False, "model": False, "line": False, "column": False}


class CoproCondominiumFindings(models.AbstractModel):
    """What is to be corrected, as a person reads it: a sentence, its law, the way to the field.

    Our own findings for the next upload, and what the registry refused in the last one.
    """

    _name = "copro.condominium.findings"
    _inherit = "copro.dossier.mixin"
    _description = "Findings of a condominium"

    findings = fields.Json(
        string="Still to do",
        compute="_compute_findings",
        help="What is missing or wrong for the next upload.",
    )
    refusals = fields.Json(
        string="Reasons of the refusal",
        compute="_compute_refusals",
        help="Each reason leads to the field to correct.",
    )
    coming_items = fields.Char(string="Asked later", compute="_compute_coming_items")

    @api.depends_context("lang")
    def _compute_coming_items(self):
        """What the form says of items that are not asked yet."""
        starts = item("batiments").effective_from
        day = format_date(self.env, starts)
        self.coming_items = starts > today() and self.env._(
            "Asked from %(day)s on: you may fill them in now. Their exact form is not published "
            "yet.",
            day=day,
        )

    @api.depends("stored_findings")
    @api.depends_context("lang")
    def _compute_findings(self):
        for condominium in self:
            stored = condominium.stored_findings or []
            condominium.findings = [condominium._described(finding) for finding in stored]

    def _described(self, finding):
        """A stored finding as the form shows it, in the user's language."""
        code = finding["item"]
        return {
            "item": code,
            "blocking": finding["blocking"],
            "message": self._finding_message(finding["code"], code, finding["params"]),
            "law": finding["law"],
            **self._place_of(code, finding["member"]),
        }

    @api.depends("transmission_id.state", "transmission_id.refusals", "transmission_id.message")
    @api.depends_context("lang")
    def _compute_refusals(self):
        for condominium in self:
            last = condominium.transmission_id
            if last.state == "rejected":
                condominium.refusals = [
                    {"message": message, **condominium._place_of_refusal(refusal.item)}
                    for refusal, message in last.sudo()._reasons()
                ]
            elif last.state == "failed":
                condominium.refusals = [{"message": last.message or "", **NOWHERE}]
            else:
                condominium.refusals = []

    def _place_of(self, code, member):
        """Where the form shows an item: a field, or a field of a line.

        {page, field, model, line, column}: the page of the form; the field of the
        condominium; the model, the id and the field of the line below it, or of the account.
        A line that is not saved yet has the name that the form gave it.
        """
        model, name = self._field_of(code)
        group = item_or_code(code).group
        page = PAGES.get(group, group) or False
        if model in (self._name, None):
            return {**NOWHERE, "page": page, "field": name or False}
        line = self._line_of(model, member)
        if code == "representant" and line.profile == "benevole":
            # Their account shows no company name: their own is what is missing.
            name = "title"
        return {
            "page": page,
            "field": LINES.get(model, False),
            "model": model,
            "line": line._origin.id or (line and line.id.ref) or False,
            "column": name,
        }

    def _place_of_refusal(self, code):
        """As for a finding; nowhere when the registry names no item of the catalogue."""
        known = {described.code for described in all_items()}
        return self._place_of(code, None) if code in known else NOWHERE

    def _line_of(self, model, member):
        """The line that a finding speaks of: the one declared, or the one of that rank."""
        if model == "copro.declarant.account":
            return self._account()
        if model == "copro.mandate":
            return self.mandate_id
        if model == "copro.fiscal.year":
            return self.fiscal_year_id
        lines = self[LINES[model]]
        return lines[member - 1 : member] if member else lines[:0]

    def _finding_message(self, code, item_code, params):
        params = {"item": self._item_label(item_code), **params}
        return sentence(self.env, rules.MESSAGES, code, **params)

    @api.model
    def _item_label(self, code):
        """The label of an item today, in the user's language."""
        known = catalogue(today())
        return self._label_of(known[code] if code in known else item_or_code(code))

    @api.model
    def _label_of(self, described):
        """The catalogue speaks the registry's French, and English to everybody else.

        « (oui / non) » says how the question is answered: it is no part of its name.
        """
        french = (self.env.lang or "").startswith("fr")
        label = described.label_fr if french else described.label_en
        return ANSWERS.sub("", label)

    @api.model
    def _field_of(self, code):
        """(model, field) that holds an item, or (None, None)."""
        for model in (self._name, *LINES, "copro.declarant.account"):
            for name, held in self.env[model]._declared_fields().items():
                if held == code:
                    return model, name
        return HOLDERS.get(code, (None, None))
