import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ...fields import RegistryDate, declared
from ...rnc.rules import blocking, coherence


class CoproMandate(models.Model):
    """One line per mandate of the legal representative; they never overlap.

    The registry is told of each: its renewal, its end, the document that proves it.
    """

    _name = "copro.mandate"
    _inherit = ["copro.dossier.mixin", "copro.import.template"]
    _description = "Mandate"
    _order = "start_date desc, id desc"
    _import_key = ("start_date",)

    condominium_id = fields.Many2one(
        "copro.condominium", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="condominium_id.company_id", store=True, protected=True, index=True
    )
    capacity = declared(
        fields.Selection,
        "cadre_intervention",
        required=True,
        default="mandat_syndic",
    )
    start_date = declared(RegistryDate, "date_debut_mandat", string="Start")
    end_date = declared(RegistryDate, "date_fin_mandat", string="End")
    meeting_date = declared(RegistryDate, "date_ag_mandat", string="Voted on")
    is_provisional = declared(fields.Boolean, "syndic_provisoire", string="Provisional syndic")
    is_by_law = declared(fields.Boolean, "syndic_de_droit", string="Syndic by law")
    declared_on = fields.Date(
        string="Known to the registry since",
        copy=False,
        help="Set by the upload that declares it. Enter it for a mandate declared on the "
        "registry's site.",
    )
    previous_end_date = declared(
        RegistryDate,
        "date_fin_mandat_precedent",
        string="End of the previous mandate",
        compute="_compute_previous_end_date",
        store=True,
        readonly=False,
        copy=False,
    )
    document = fields.Binary(
        string="Supporting document",
        attachment=True,
        copy=False,
        help="The signed contract, or the signed minutes of the general meeting.",
    )
    document_name = declared(fields.Char, "piece_nom", string="File name", copy=False)
    document_type = declared(fields.Selection, "piece_type", string="Kind of document", copy=False)
    successor_company = declared(fields.Char, "successeur_raison_sociale", copy=False)
    successor_siret = declared(fields.Char, "successeur_siret", copy=False)
    successor_name = declared(fields.Char, "successeur_nom", copy=False)
    successor_address = declared(fields.Char, "successeur_adresse", copy=False)
    successor_email = declared(fields.Char, "successeur_email", copy=False)
    successor_phone = declared(fields.Char, "successeur_telephone", copy=False)

    @api.depends("start_date", "end_date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for mandate in self:
            dates = [mandate.start_date, mandate.end_date]
            days = [format_date(self.env, day) for day in dates if day]
            mandate.display_name = " – ".join(days) or self.env._("Mandate")

    @api.depends(
        "start_date", "condominium_id.mandate_ids.start_date", "condominium_id.mandate_ids.end_date"
    )
    def _compute_previous_end_date(self):
        """The day when the mandate before this one ends: before this one starts."""
        for mandate in self:
            previous = mandate._previous()
            if not previous or not mandate.start_date:
                mandate.previous_end_date = False
                continue
            eve = mandate.start_date - timedelta(days=1)
            mandate.previous_end_date = min(previous.end_date or eve, eve)

    @api.constrains("start_date", "end_date", "capacity", "is_by_law")
    def _check_dates(self):
        """What the rules refuse of the dates of a mandate is not even saved."""
        words = self.env["copro.condominium"]._finding_message
        for mandate in self:
            for found in blocking(coherence.mandate(mandate._term())):
                raise ValidationError(words(found.code, found.item, dict(found.params)))

    def _term(self):
        """How long this mandate lasts, and by what right, as a part of a dossier."""
        return {
            "cadre_intervention": self.capacity or None,
            "date_debut_mandat": self.start_date or None,
            "date_fin_mandat": self.end_date or None,
            "syndic_de_droit": self.is_by_law,
        }

    @api.constrains("start_date", "end_date", "condominium_id")
    def _check_overlap(self):
        for mandate in self.filtered("start_date"):
            for other in mandate.condominium_id.mandate_ids - mandate:
                if mandate._overlaps(other):
                    raise ValidationError(
                        self.env._(
                            "Two mandates overlap: from %(start)s to %(end)s, and from "
                            "%(other_start)s to %(other_end)s. Correct their dates.",
                            **mandate._formatted_dates(),
                            **other._formatted_dates("other_"),
                        )
                    )

    def _overlaps(self, other):
        """A mandate without an end lasts until the next one starts."""
        if not self.start_date or not other.start_date:
            return False
        first, second = sorted((self, other), key=lambda mandate: mandate.start_date)
        if first.start_date == second.start_date:
            return True
        return bool(first.end_date) and second.start_date <= first.end_date

    def _formatted_dates(self, prefix=""):
        return {
            f"{prefix}start": format_date(self.env, self.start_date) or "…",
            f"{prefix}end": format_date(self.env, self.end_date) or "…",
        }

    @api.model_create_multi
    def create(self, vals_list):
        mandates = super().create(vals_list)
        mandates.condominium_id._close_done_activities()
        return mandates

    def write(self, vals):
        self.check_access("write")
        self._check_stays(vals)
        result = super().write(vals)
        self.condominium_id._close_done_activities()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_uploaded(self):
        uploads = self.env["copro.transmission"].sudo()
        if uploads.search_count([("mandate_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "A mandate that was uploaded is not deleted: the upload is its proof. Correct "
                    "its dates instead, or renew it."
                )
            )

    def _is_proof(self):
        uploads = self.env["copro.transmission"].sudo()
        return uploads.search_count([("mandate_id", "=", self.id)], limit=1)

    @api.model
    def _choices(self, name):
        """The values of one of our selections, in the user's language."""
        return self._fields[name]._description_selection(self.env)

    def _previous(self):
        """The mandate just before this one."""
        earlier = (self.condominium_id.mandate_ids - self).filtered(
            lambda mandate: (
                mandate.start_date and self.start_date and mandate.start_date < self.start_date
            )
        )
        return earlier.sorted("start_date")[-1:]

    def _declaration(self):
        """What a call about this very mandate carries, as a part of a dossier."""
        self.ensure_one()
        return {
            **self._term(),
            "date_fin_mandat_precedent": self.previous_end_date or None,
            "syndic_provisoire": self.is_provisional,
            "successeur": self._filled("successeur_"),
            "piece": self._document(),
        }

    def _filled(self, prefix):
        codes = self._declared_fields().items()
        return {code: self[name] for name, code in codes if code.startswith(prefix) and self[name]}

    def _document(self):
        content = self.with_context(bin_size=False).document
        if not content:
            return {}
        return {**self._filled("piece_"), "piece_contenu": base64.b64decode(content)}

    def action_renew(self):
        """The guided renewal of this mandate (WS6)."""
        self.ensure_one()
        return self.condominium_id._open_wizard("copro.mandate.renewal", mandate_id=self.id)

    @api.model
    def _import_title(self):
        return self.env._("Mandates")

    @api.model
    def _import_columns(self):
        return ["condominium_id", *super()._import_columns(), "declared_on"]
