from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..declared import declared
from ..registry import contract
from ..registry.client import Client, Declarant
from ..registry.transport import Channel, client_context


class CoproDeclarantAccount(models.Model):
    """A company's account on the registry's site, and how to reach the registry.

    "Paramètres techniques pour les webservices" of the site: changed by the main
    administrator alone, every change logged.
    """

    _name = "copro.declarant.account"
    _inherit = ["mail.thread", "copro.dossier.mixin"]
    _description = "Declarant account"
    _rec_name = "company_id"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    number = declared(fields.Char, "numero_teledeclarant", string="Declarant number", tracking=True)
    email = declared(fields.Char, "email_teledeclarant", string="Declarant e-mail", tracking=True)
    profile = declared(
        fields.Selection,
        "profil_compte",
        selection=[
            ("professionnel", "Professional"),
            ("benevole", "Volunteer"),
            ("cooperatif", "Cooperative"),
        ],
        default="professionnel",
        required=True,
        tracking=True,
        help="As chosen when the account was created on the registry's site.",
    )
    siren = fields.Char(
        string="SIREN",
        compute="_compute_siren",
        store=True,
        readonly=False,
        tracking=True,
        help="The number that the certificate must carry: the syndic's own for a "
        "professional, the association's own when the certificate is in its name.",
    )
    organisation = declared(fields.Char, "representant_raison_sociale")
    siret = declared(fields.Char, "representant_siret", string="SIRET", tracking=True)
    title = declared(fields.Char, "representant_civilite", string="Title")
    first_name = declared(fields.Char, "representant_prenom", string="First name")
    last_name = declared(fields.Char, "representant_nom", string="Last name")
    environment = fields.Selection(
        [("simulator", "Simulator"), ("test", "Test"), ("production", "Production")],
        default="test",
        required=True,
        tracking=True,
    )
    url = fields.Char(
        string="Address",
        tracking=True,
        help="Leave empty for the address that the contract profile gives.",
    )
    contract_profile = fields.Selection(
        selection=lambda self: [(name, name) for name in contract.known()],
        default=contract.DEFAULT,
        required=True,
        tracking=True,
        help="How the registry's files are written. The shipped profile is a working "
        "hypothesis: the registry's contract is not public.",
    )
    authority_pem = fields.Text(
        string="Trusted authority",
        help="PEM of the only authority trusted for the server. Leave empty to trust "
        "the authorities of the system.",
    )
    certificate_id = fields.Many2one(
        "copro.certificate",
        tracking=True,
        domain="[('company_id', '=', company_id)]",
        ondelete="restrict",
    )
    certificate_end = fields.Date(related="certificate_id.not_after")
    certificate_level = fields.Selection(related="certificate_id.level")

    _company_uniq = models.Constraint(
        "UNIQUE(company_id)", "This company already has a declarant account: open that one."
    )

    @api.depends("siret")
    def _compute_siren(self):
        for account in self:
            if account.siret and not account.siren:
                account.siren = "".join(account.siret.split())[:9]

    @api.constrains("url")
    def _check_url(self):
        for account in self.filtered("url"):
            if not account.url.startswith("https://"):
                raise ValidationError(
                    self.env._("The registry's address must begin with https://.")
                )

    @api.constrains("certificate_id", "company_id")
    def _check_certificate_company(self):
        for account in self.filtered("certificate_id"):
            if account.certificate_id.company_id != account.company_id:
                raise ValidationError(
                    self.env._(
                        "The certificate belongs to another company: choose one of this company."
                    )
                )

    @api.model
    def action_open_mine(self):
        """The account of the current company, made at first opening."""
        account = self.search([("company_id", "=", self.env.company.id)], limit=1)
        if not account:
            account = self.create({"organisation": self.env.company.name})
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "copro_registry.copro_declarant_account_action"
        )
        return {**action, "res_id": account.id}

    def _profile(self):
        """The contract profile; the shipped one when there is no account yet."""
        return contract.named(self.contract_profile or contract.DEFAULT)

    def _why_not_usable(self):
        """Why nothing can be uploaded for now, or False."""
        if not self or not self.number or not self.email:
            return self.env._(
                "The declarant number and e-mail are missing. The main administrator "
                "enters them in Configuration, Technical parameters."
            )
        if not self.certificate_id:
            return self.env._(
                "No client certificate is installed. The main administrator imports it "
                "in Configuration, Technical parameters."
            )
        if self.certificate_id.level == "refuse":
            lines = self.certificate_id.diagnosis
            reasons = [line["message"] for line in lines if line["level"] == "refuse"]
            return self.env._(
                "The client certificate cannot be used: %(reasons)s",
                reasons=" ".join(reasons),
            )
        return False

    def _client(self):
        """A client of the registry for this account. Raises UserError."""
        self.ensure_one()
        problem = self._why_not_usable()
        if problem:
            raise UserError(problem)
        profile, certificate = self._profile(), self.certificate_id
        authority = self.authority_pem.encode() if self.authority_pem else None
        context = client_context(certificate.pem.encode(), certificate._private_key(), authority)
        url = self.url or profile.environments[self.environment]
        declarant = Declarant(self.number, self.email)
        return Client(profile, url, declarant, Channel(context, profile.limits))
