from odoo import api, fields, models

from ..fields import RegistryDate
from ..rnc.today import today
from .copro_declaration import PROPOSED


class CoproSuccessorDeclaration(models.TransientModel):
    """The mandate ends and another syndic comes: name them to the registry (WS5)."""

    _name = "copro.successor.declaration"
    _inherit = "copro.declaration"
    _description = "Declare the successor"
    _check_company_auto = True

    mandate_id = fields.Many2one(related="condominium_id.mandate_id")
    end_date = RegistryDate(
        string="End of your mandate",
        compute="_compute_end_date",
        required=True,
        **PROPOSED,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        check_company=True,
        help="Fills in what is known of the successor.",
    )
    company_name = fields.Char(
        compute="_compute_identity",
        **PROPOSED,
    )
    siret = fields.Char(
        string="SIRET",
        compute="_compute_identity",
        **PROPOSED,
    )
    name = fields.Char(
        string="Contact name",
        compute="_compute_identity",
        help="Of a volunteer or cooperative syndic.",
        **PROPOSED,
    )
    address = fields.Char(
        compute="_compute_identity",
        required=True,
        **PROPOSED,
    )
    email = fields.Char(
        string="E-mail",
        compute="_compute_identity",
        **PROPOSED,
    )
    phone = fields.Char(
        compute="_compute_identity",
        **PROPOSED,
    )

    @api.model
    def _title(self, **defaults):
        return self.env._("Declare the successor")

    @api.model
    def _service(self):
        return "WS5"

    @api.depends("condominium_id")
    def _compute_end_date(self):
        for wizard in self:
            wizard.end_date = wizard.condominium_id.mandate_id.end_date or today()

    @api.depends("partner_id")
    def _compute_identity(self):
        for wizard in self.filtered("partner_id"):
            partner = wizard.partner_id
            firm = partner.commercial_partner_id
            address = partner._display_address(without_company=True)
            wizard.company_name = firm.is_company and firm.name
            wizard.siret = firm.company_registry
            wizard.name = not partner.is_company and partner.name
            wizard.address = " ".join(address.split())
            wizard.email = partner.email
            wizard.phone = partner.phone

    def _mandate(self):
        mandate = self.condominium_id.mandate_id
        mandate.write(
            {
                "end_date": self.end_date,
                "successor_company": self.company_name,
                "successor_siret": "".join((self.siret or "").split()),
                "successor_name": self.name,
                "successor_address": self.address,
                "successor_email": self.email,
                "successor_phone": self.phone,
            }
        )
        return mandate
