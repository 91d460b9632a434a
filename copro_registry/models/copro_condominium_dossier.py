from odoo import api, fields, models

from ..registry import rules
from ..registry.items import catalogue, item
from ..registry.rules import BLOCKING
from .localised import localised


class CoproCondominium(models.Model):
    _inherit = "copro.condominium"

    mandate_id = fields.Many2one(
        "copro.mandate",
        string="Present mandate",
        compute="_compute_mandate_id",
        help="The mandate in progress, else the last one.",
    )
    exercise_id = fields.Many2one(
        "copro.exercise",
        string="Exercise to declare",
        compute="_compute_exercise_id",
        help="The last exercise closed and approved by the general meeting.",
    )
    findings = fields.Json(
        string="Still to do",
        compute="_compute_findings",
        help="What is missing or wrong for the next upload.",
    )
    is_ready = fields.Boolean(compute="_compute_findings")

    @api.depends("mandate_ids.start_date", "mandate_ids.end_date")
    def _compute_mandate_id(self):
        today = fields.Date.context_today(self)
        for condominium in self:
            mandates = condominium.mandate_ids.sorted(lambda m: m.start_date or today, reverse=True)
            begun = mandates.filtered(lambda m: not m.start_date or m.start_date <= today)
            condominium.mandate_id = (begun or mandates)[:1]

    @api.depends("exercise_ids.end_date", "exercise_ids.state")
    def _compute_exercise_id(self):
        for condominium in self:
            exercises = condominium.exercise_ids.sorted(
                lambda e: (e.end_date or fields.Date.to_date("1900-01-01"), e.id or 0),
                reverse=True,
            )
            approved = exercises.filtered(lambda e: e.state != "draft")
            condominium.exercise_id = (approved or exercises)[:1]

    def _compute_findings(self):
        today = fields.Date.context_today(self)
        for condominium in self:
            service = condominium._service_due() or "WS2_STANDARD"
            found = condominium._findings(service, today)
            condominium.findings = [condominium._shown(finding) for finding in found]
            condominium.is_ready = not any(f.severity == BLOCKING for f in found)

    def _dossier(self):
        """The dossier of this condominium: {item code: plain value}."""
        self.ensure_one()
        account = self.company_id.sudo().copro_account_id
        flat = {
            "numero_immatriculation": self.registration_number or None,
            **self._dossier_part(),
            **account._dossier_part_or_nothing(),
            **self.mandate_id._dossier_part_or_nothing(),
            **self.exercise_id._dossier_part_or_nothing(),
            "adresses_complementaires": self.address_ids.mapped("line"),
            "parcelles": [parcel._dossier_part() for parcel in self.parcel_ids],
            "batiments": [building._dossier_part() for building in self.building_ids],
        }
        return self._nested(flat)

    @api.model
    def _nested(self, flat):
        """Move the parts of a struct below it: the catalogue says which."""
        nested = {}
        for code, value in flat.items():
            parent = item(code).parent
            if not parent or item(parent).type == "list":
                nested[code] = value
            elif value is not None:
                nested.setdefault(parent, {})[code] = value
        return nested

    def _findings(self, service, on):
        """What the rules say of this condominium for ``service`` on a date."""
        self.ensure_one()
        profile = self.company_id.sudo().copro_account_id._profile()
        return rules.check(self._dossier(), profile.services[service], on)

    def _shown(self, finding):
        """A finding as the form shows it, in the user's language."""
        record, field = self._field_of(finding.item)
        return {
            "item": finding.item,
            "field": field if record == self._name else False,
            "page": item(finding.item).group,
            "blocking": finding.severity == BLOCKING,
            "message": self._sentence(finding),
            "law": finding.law,
        }

    def _sentence(self, finding):
        template = rules.MESSAGES[finding.code]
        params = localised(self.env, finding.params)
        params.setdefault("item", self._item_label(finding.item))
        # The sentences are marked where the rules stand, in the heart.
        return self.env._(template, **params)  # pylint: disable=gettext-variable

    @api.model
    def _item_label(self, code):
        """The label of an item: its field's, else the catalogue's."""
        if (self.env.lang or "").startswith("fr"):
            on = fields.Date.context_today(self)
            known = catalogue(on)
            return (known[code] if code in known else item(code)).label_fr
        return item(code).label_en

    @api.model
    def _field_of(self, code):
        """(model, field) that holds an item, or (None, None)."""
        for model in ("copro.condominium", "copro.mandate", "copro.exercise"):
            for name, held in self.env[model]._declared_fields().items():
                if held == code:
                    return model, name
        holders = {
            "adresse_reference": "street",
            "batiments": "building_ids",
            "parcelles": "parcel_ids",
        }
        return (self._name, holders[code]) if code in holders else (None, None)
