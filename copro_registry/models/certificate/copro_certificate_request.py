import base64

from cryptography import x509

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import NO_ACCESS
from odoo.tools import format_date

from ...rnc import certificate as rnc_certificate
from ...rnc.certificate.request import LONGEST_NAME
from ...rnc.rules.formats import is_siren, is_siret


class CoproCertificateRequest(models.Model):
    """A certificate asked for from here: the key pair is made and sealed in Odoo.

    The request (CSR) goes to the provider; the certificate that answers it is
    recognised by its public key. The private key never leaves.
    """

    _name = "copro.certificate.request"
    _inherit = ["copro.sealed.mixin"]
    _description = "Certificate request"
    _order = "id desc"
    _rec_name = "organisation"

    account_id = fields.Many2one(
        "copro.declarant.account",
        required=True,
        fixed=True,
        ondelete="cascade",
        default=lambda self: self.env.company.copro_account_id,
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, protected=True, index=True
    )
    organisation = fields.Char(
        required=True, help="The official name, as in the company register: at most 64 characters."
    )
    number = fields.Char(
        string="SIREN or SIRET",
        required=True,
        help="The SIREN (9 digits) for the enterprise, the SIRET (14) for one establishment.",
    )
    common_name = fields.Char(
        required=True, help="What the certificate is for, as the provider will print it."
    )
    bits = fields.Selection(
        [("3072", "RSA 3072"), ("4096", "RSA 4096"), ("2048", "RSA 2048")],
        string="Key",
        required=True,
        default="3072",
        help="RSA 3072 suits every provider that does not ask for another.",
    )
    state = fields.Selection(
        [
            ("draft", "To prepare"),
            ("open", "Awaiting the certificate"),
            ("answered", "Answered"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        protected=True,
        default="draft",
    )
    csr = fields.Text(string="Request (CSR)", readonly=True, protected=True, copy=False)
    csr_file = fields.Binary(compute="_compute_csr_file", exportable=False)
    key_digest = fields.Char(
        string="Fingerprint of the key", readonly=True, protected=True, index=True, copy=False
    )
    certificate_id = fields.Many2one("copro.certificate", readonly=True, protected=True, copy=False)
    sealed_key = fields.Binary(
        attachment=False, protected=True, groups=NO_ACCESS, copy=False, exportable=False
    )

    @api.depends("create_date", "organisation")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for request in self:
            made = request.create_date or fields.Datetime.now()
            request.display_name = self.env._(
                "Request of %(day)s – %(organisation)s",
                day=format_date(self.env, fields.Datetime.context_timestamp(request, made)),
                organisation=request.organisation or "",
            )

    @api.model
    def default_get(self, names):
        values = super().default_get(names)
        account = self.env["copro.declarant.account"].browse(values.get("account_id"))
        if account:
            organisation = account.organisation or account.company_id.name or ""
            values["organisation"] = organisation[:LONGEST_NAME]
            values["number"] = account.siren
            purpose = self.env._("registre des copropriétés")
            values["common_name"] = f"{organisation} - {purpose}"[:LONGEST_NAME]
        return values

    @api.constrains("number", "organisation", "common_name")
    def _check_subject(self):
        for request in self:
            number = request.number
            if not (is_siren(number) or is_siret(number)):
                raise ValidationError(
                    self.env._(
                        "“%(number)s” is neither a SIREN nor a SIRET: check its digits.",
                        number=number,
                    )
                )
            if max(len(request.organisation), len(request.common_name)) > LONGEST_NAME:
                raise ValidationError(
                    self.env._(
                        "A certificate holds names of %(count)s characters at most: shorten it.",
                        count=LONGEST_NAME,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        cleaned = [
            {**vals, "number": "".join((vals.get("number") or "").split())} for vals in vals_list
        ]
        requests = super().create(cleaned)
        for request in requests:
            request._make()
        return requests

    def _make(self):
        """Make the key pair, seal its private half, write the request."""
        subject = rnc_certificate.Subject(self.organisation, self.number, self.common_name)
        pem, key = rnc_certificate.make_request(subject, int(self.bits))
        digest = rnc_certificate.public_digest(x509.load_pem_x509_csr(pem).public_key())
        made = {"csr": pem.decode("ascii"), "key_digest": digest, "state": "open"}
        self.sudo().write(made)
        self._seal("sealed_key", key)
        self.account_id.sudo()._log(
            self.env._("A certificate was requested for %(name)s.", name=self.organisation)
        )

    def _seal_use(self, name):
        return f"copro.certificate.request:{self.company_id.id}:{self.key_digest}".encode()

    @api.depends("csr")
    def _compute_csr_file(self):
        for request in self:
            request.csr_file = base64.b64encode((request.csr or "").encode())

    @api.model
    def _awaiting(self, bundle, company):
        """The open request that the certificate of a bundle answers."""
        digest = rnc_certificate.public_digest(bundle.leaf.public_key())
        domain = [
            ("key_digest", "=", digest),
            ("company_id", "=", company.id),
            ("state", "=", "open"),
        ]
        return self.sudo().search(domain, limit=1)

    def _answered(self, certificate):
        """The certificate has come: the key is now sealed with it, and no longer here."""
        self.sudo().write(
            {"state": "answered", "certificate_id": certificate.id, "sealed_key": False}
        )

    def action_download(self):
        """The request, for the provider: it holds no secret."""
        self.ensure_one()
        self.check_access("read")
        url = f"/web/content/{self._name}/{self.id}/csr_file/registre.csr?download=true"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    def action_cancel(self):
        """Give up: the private key is erased, a later answer could not be used."""
        self.account_id.check_access("write")
        if self.filtered(lambda request: request.state != "open"):
            raise UserError(
                self.env._("Only a request that awaits its certificate can be cancelled.")
            )
        self.sudo().write({"state": "cancelled", "sealed_key": False})
        for request in self:
            request.account_id.sudo()._log(
                self.env._("The request for %(name)s was cancelled.", name=request.organisation)
            )
