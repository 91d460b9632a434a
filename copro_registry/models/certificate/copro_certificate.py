from cryptography.hazmat.primitives import hashes

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS
from odoo.tools import format_date

from ...rnc import certificate as judging
from ...rnc.seal import SealBroken
from ..mixins.copro_sealed_mixin import sealer, unseal


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

    def _bundle(self):
        """Certificate and chain; the key stays sealed."""
        self.ensure_one()
        return judging.read([(self.pem or "").encode()])

    @api.model
    def _import_bundle(self, bundle, company):
        """Create the record of a bundle that was read and judged."""
        leaf, identity = bundle.leaf, judging.identity_of(bundle.leaf)
        start, end = judging.validity(leaf)
        fingerprint = leaf.fingerprint(hashes.SHA256()).hex()
        certificate = self.sudo().create(
            {
                "name": identity.organisation or identity.common_name or fingerprint,
                "company_id": company.id,
                "siren": identity.siren,
                "siret": identity.siret,
                "issuer": str(judging.issuer_of(leaf)),
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

    def action_download(self):
        """The public certificate (.pem, no key), to declare it on the registry's site."""
        self.ensure_one()
        self.check_access("read")
        name = "".join(c if c.isalnum() else "-" for c in self.name).strip("-")
        url = f"/web/content/{self._name}/{self.id}/public_file/{name}.pem?download=true"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}


def private_key_of(certificate):
    """The key, PKCS#8 DER, in clear. Raises UserError when the seal resists."""
    try:
        key = unseal(certificate, "sealed_key")
    except SealBroken:
        key = b""
    if not key:
        raise UserError(
            certificate.env._(
                "The private key cannot be opened here: this database was copied or "
                "restored without its sealing key (%(place)s). Put the sealing key "
                "back, or import the certificate and its key again.",
                place=sealer(certificate.env).place,
            )
        )
    return key
