from cryptography.hazmat.primitives import hashes

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS
from odoo.tools import format_date

from ...rnc import certificate as rnc_certificate
from ...tools.sentences import sentence

WORST_FIRST = ("refuse", "warn")


class CoproCertificate(models.Model):
    """A client certificate and its sealed private key.

    The key is write-only: it comes in sealed (see the import wizard), is opened for
    the TLS handshake alone, in memory, and no user can read even its sealed form.

    ```
    import ──► candidate ──a call has proven it──► in use ──a newer one is──► replaced
         └──nothing usable was installed──────────► in use        (its key is erased)
    ```
    """

    _name = "copro.certificate"
    _inherit = ["copro.sealed.mixin"]
    _description = "Client certificate"
    _order = "not_after desc, id desc"
    _allow_sudo_commands = False

    name = fields.Char(string="Holder", required=True, readonly=True, protected=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, protected=True, index=True
    )
    state = fields.Selection(
        [("candidate", "To be tested"), ("used", "In use"), ("replaced", "Replaced")],
        required=True,
        readonly=True,
        protected=True,
        default="candidate",
    )
    siren = fields.Char(string="SIREN", readonly=True, protected=True)
    siret = fields.Char(string="SIRET", readonly=True, protected=True)
    issuer = fields.Char(readonly=True, protected=True)
    serial = fields.Char(string="Serial number", readonly=True, protected=True)
    fingerprint = fields.Char(string="SHA-256", readonly=True, protected=True)
    not_before = fields.Date(string="Valid from", readonly=True, protected=True)
    not_after = fields.Date(string="Valid until", readonly=True, protected=True)
    pem = fields.Text(
        string="Public certificate",
        readonly=True,
        protected=True,
        help="Certificate and chain, no key",
    )
    public_file = fields.Binary(string="Certificate to declare", compute="_compute_public_file")
    sealed_key = fields.Binary(
        attachment=False, protected=True, groups=NO_ACCESS, copy=False, exportable=False
    )
    diagnosis = fields.Json(compute="_compute_diagnosis", exportable=False)
    level = fields.Selection(
        [("ok", "Good"), ("warn", "To watch"), ("refuse", "Cannot be used")],
        compute="_compute_diagnosis",
    )
    is_expired = fields.Boolean(compute="_compute_diagnosis")
    expiry_accepted_by_id = fields.Many2one(
        "res.users", string="Used after its expiry by decision of", readonly=True, protected=True
    )
    expiry_accepted_on = fields.Date(string="Decided on", readonly=True, protected=True)
    warned_at = fields.Integer(
        readonly=True,
        protected=True,
        help="The last warning that was given, in days before the end",
    )
    is_to_declare = fields.Boolean(compute="_compute_is_to_declare")

    @api.depends("name", "not_after")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for certificate in self:
            certificate.display_name = self.env._(
                "%(name)s, until %(date)s",
                name=certificate.name,
                date=format_date(self.env, certificate.not_after),
            )

    @api.depends("pem")
    def _compute_public_file(self):
        """The file that the site wants: one certificate, in PEM, without any key."""
        for certificate in self:
            certificate.public_file = certificate._bundle().leaf_file()

    @api.depends("state")
    def _compute_is_to_declare(self):
        """Until the registry, or the main administrator, has said that it is declared."""
        for certificate in self:
            steps = certificate._account().step_ids
            declared = steps.filtered(lambda step: step.code == "C" and step.is_done)
            awaited = certificate.state == "used" and not declared
            certificate.is_to_declare = awaited or certificate.state == "candidate"

    def _account(self):
        """The account of the company, as the superuser."""
        return self.company_id.sudo().copro_account_id

    def _bundle(self):
        """Certificate and chain; the key stays sealed."""
        self.ensure_one()
        return rnc_certificate.read([(self.pem or "").encode()])

    @api.model
    def _import_bundle(self, bundle, company):
        """Create the record of a bundle that was read and diagnosed."""
        leaf, identity = bundle.leaf, rnc_certificate.identity_of(bundle.leaf)
        start, end = rnc_certificate.validity(leaf)
        fingerprint = leaf.fingerprint(hashes.SHA256()).hex()
        certificate = self.sudo().create(
            {
                "name": identity.organisation or identity.common_name or fingerprint,
                "company_id": company.id,
                "siren": identity.siren,
                "siret": identity.siret,
                "issuer": str(rnc_certificate.issuer_of(leaf)),
                "serial": f"{leaf.serial_number:x}",
                "fingerprint": fingerprint,
                "not_before": start.date(),
                "not_after": end.date(),
                "pem": bundle.public_pem().decode("ascii"),
            }
        )
        certificate._seal("sealed_key", bundle.key_bytes())
        return certificate.sudo(False)

    def _seal_use(self, name):
        return f"copro.certificate:{self.company_id.id}:{self.fingerprint}".encode()

    def _retire(self):
        """Kept for history; a key that is of no more use is a risk, and nothing else."""
        self.sudo().write({"state": "replaced", "sealed_key": False})

    # -- diagnosis ---------------------------------------------------------------------

    @api.depends(
        "pem",
        "expiry_accepted_by_id",
        "expiry_accepted_on",
        "company_id.copro_account_ids.siren",
        "company_id.copro_account_ids.siret",
        "company_id.copro_account_ids.client_authority_pem",
    )
    @api.depends_context("lang")
    def _compute_diagnosis(self):
        for certificate in self:
            checks = certificate._checks()
            certificate.diagnosis = self._diagnosis_lines(checks)
            certificate.level = self._worst_level(checks)
            certificate.is_expired = any(check.code == "EXPIRED" for check in checks)

    def _checks(self):
        """The checks of today. An installed certificate has its key: nothing is said of it."""
        self.ensure_one()
        checks = self._account()._diagnose(self._bundle())
        who = self.sudo().expiry_accepted_by_id
        if who:
            checks = rnc_certificate.accept_expiry(checks, who.name, self.expiry_accepted_on)
        return [check for check in checks if check.topic != "key"]

    @api.model
    def _worst_level(self, checks):
        levels = {check.level for check in checks}
        return next((level for level in WORST_FIRST if level in levels), "ok")

    @api.model
    def _diagnosis_lines(self, checks):
        """[{code, level, topic, message}] of the sheet, in the user's language."""
        return [
            {
                "code": check.code,
                "level": check.level,
                "topic": sentence(self.env, rnc_certificate.TOPICS, check.topic),
                "message": sentence(
                    self.env, rnc_certificate.MESSAGES, check.code, **dict(check.params)
                ),
            }
            for check in checks
        ]

    def action_accept_expiry(self):
        """Use it although it has expired: the State may still take it. In one's own name."""
        self.ensure_one()
        self.env["copro.declarant.account"]._check_main_administrator()
        self.check_access("read")
        if not self.is_expired:
            raise UserError(
                self.env._(
                    "This certificate has not expired: there is nothing to accept, use it as it is."
                )
            )
        self.sudo().write(
            {
                "expiry_accepted_by_id": self.env.uid,
                "expiry_accepted_on": fields.Date.context_today(self),
            }
        )
        account = self._account()
        account._log(
            self.env._(
                "%(who)s answers for the use of the certificate %(name)s after its expiry.",
                who=self.env.user.name,
                name=self.display_name,
            )
        )
        account._resume()

    def action_download(self):
        """The public certificate (.pem, no key), to declare it on the registry's site."""
        self.ensure_one()
        self.check_access("read")
        name = "".join(c if c.isalnum() else "-" for c in self.name).strip("-")
        url = f"/web/content/{self._name}/{self.id}/public_file/{name}.pem?download=true"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}
