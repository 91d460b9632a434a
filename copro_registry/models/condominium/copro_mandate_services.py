import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...fields import RegistryDate, declared


class CoproMandate(models.Model):
    """What the registry is told of a mandate: its renewal, its end, its proof."""

    _inherit = "copro.mandate"

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

    @api.depends("start_date", "condominium_id.mandate_ids.end_date")
    def _compute_previous_end_date(self):
        """The day when the mandate before this one ends: before this one starts."""
        for mandate in self:
            previous = mandate._previous()
            if not previous or not mandate.start_date:
                mandate.previous_end_date = False
                continue
            eve = mandate.start_date - timedelta(days=1)
            mandate.previous_end_date = min(previous.end_date or eve, eve)

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
            "cadre_intervention": self.capacity or None,
            "date_debut_mandat": self.start_date or None,
            "date_fin_mandat": self.end_date or None,
            "date_fin_mandat_precedent": self.previous_end_date or None,
            "syndic_provisoire": self.is_provisional,
            "syndic_de_droit": self.is_by_law,
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
