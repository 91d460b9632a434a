from odoo import api, fields, models
from odoo.exceptions import UserError

from ..fields import RegistryDate
from .copro_declaration import PROPOSED


class CoproAffiliationRequest(models.TransientModel):
    """Becoming the representative of a registered condominium (WS4, WS7).

    WS7 when the predecessor has declared us; else WS4, with a document, examined by the
    registry.
    """

    _name = "copro.affiliation.request"
    _inherit = ["copro.declaration", "copro.declaration.document"]
    _description = "Request the affiliation"

    service = fields.Selection(
        [("WS7", "Yes: confirm it"), ("WS4", "No: request it, with a document")],
        string="Has your predecessor declared you?",
        required=True,
        default="WS4",
    )
    number = fields.Char(
        string="Registration number",
        compute="_compute_mandate_values",
        required=True,
        **PROPOSED,
    )
    capacity = fields.Selection(
        selection=lambda self: self.env["copro.mandate"]._choices("capacity"),
        compute="_compute_mandate_values",
        required=True,
        **PROPOSED,
    )
    is_provisional = fields.Boolean(
        string="Provisional syndic",
        compute="_compute_mandate_values",
        **PROPOSED,
    )
    start_date = RegistryDate(
        string="Start of your mandate",
        compute="_compute_mandate_values",
        required=True,
        **PROPOSED,
    )
    end_date = RegistryDate(
        string="End of your mandate",
        compute="_compute_mandate_values",
        **PROPOSED,
    )

    @api.model
    def _title(self, service="WS4", **_defaults):
        if service == "WS7":
            return self.env._("Confirm the affiliation")
        return self.env._("Request the affiliation")

    def _service(self):
        return self.service

    @api.depends("condominium_id", "service")
    def _compute_obstacle(self):
        return super()._compute_obstacle()

    @api.depends("condominium_id")
    def _compute_mandate_values(self):
        for wizard in self:
            condominium, mandate = wizard.condominium_id, wizard.condominium_id.mandate_id
            wizard.number = condominium.registration_number
            wizard.capacity = mandate.capacity or "mandat_syndic"
            wizard.is_provisional = mandate.is_provisional
            wizard.start_date = mandate.start_date
            wizard.end_date = mandate.end_date

    def _mandate(self):
        condominium, mandate = self.condominium_id, self.condominium_id.mandate_id
        if self.service == "WS4" and not self.document:
            raise UserError(
                self.env._(
                    "Join the signed contract or the signed minutes of the general meeting: the "
                    "registry examines it."
                )
            )
        if condominium.registration_number != self.number:
            condominium.registration_number = self.number
        values = {
            "capacity": self.capacity,
            "is_provisional": self.is_provisional,
            "start_date": self.start_date,
            "end_date": self.end_date,
            **(self._document_values() if self.service == "WS4" else {}),
        }
        if mandate:
            mandate.write(values)
            return mandate
        return mandate.create({"condominium_id": condominium.id, **values})
