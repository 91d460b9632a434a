from datetime import timezone
from pathlib import Path

from cryptography.hazmat.primitives import hashes

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS
from odoo.tools import config

from ..registry import certificate as judging
from ..registry.seal import SealBroken, Sealer, SealingKeyError
from .localised import localised


class CoproCertificate(models.Model):
    """A client certificate and its sealed private key.

    The key is write-only: it comes in sealed (see the import wizard), is opened for
    the TLS handshake alone, in memory, and no user can read even its sealed form.
    """

    _name = "copro.certificate"
    _description = "Client certificate"
    _order = "not_after desc, id desc"

    name = fields.Char(string="Holder", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    siren = fields.Char(string="SIREN", readonly=True)
    siret = fields.Char(string="SIRET", readonly=True)
    issuer = fields.Char(readonly=True)
    serial = fields.Char(readonly=True)
    fingerprint = fields.Char(string="SHA-256", readonly=True)
    not_before = fields.Date(string="Valid from", readonly=True)
    not_after = fields.Date(string="Valid until", readonly=True)
    pem = fields.Text(
        string="Public certificate", readonly=True, help="Certificate and chain, no key"
    )
    sealed_key = fields.Binary(attachment=False, groups=NO_ACCESS, copy=False, exportable=False)
    diagnosis = fields.Json(compute="_compute_diagnosis")
    level = fields.Selection(
        [("ok", "Good"), ("warn", "To watch"), ("refuse", "Cannot be used")],
        compute="_compute_diagnosis",
    )

    @api.model
    def _sealer(self):
        """Raises UserError when the sealing key cannot be used."""
        try:
            return Sealer.at(Path(config["data_dir"]))
        except SealingKeyError as error:
            messages = {
                "SEALING_KEY_MALFORMED": self.env._(
                    "The sealing key (%(place)s) is not readable: ask your integrator.",
                    place=error.place,
                ),
                "SEALING_KEY_EXPOSED": self.env._(
                    "The sealing key (%(place)s) can be read by others: its file must "
                    "have mode 0600. Ask your integrator.",
                    place=error.place,
                ),
            }
            raise UserError(messages[error.code]) from None

    @api.model
    def _import_bundle(self, bundle, company):
        """Create the record of a bundle that was read and judged."""
        leaf, identity = bundle.leaf, judging.identity_of(bundle.leaf)
        fingerprint = _fingerprint(leaf)
        sealed = self._sealer().seal(bundle.key_bytes(), _use(company, fingerprint))
        return self.sudo().create(
            {
                "name": identity.organisation or identity.common_name or fingerprint,
                "company_id": company.id,
                "siren": identity.siren,
                "siret": identity.siret,
                "issuer": leaf.issuer.rfc4514_string(),
                "serial": f"{leaf.serial_number:x}",
                "fingerprint": fingerprint,
                "not_before": leaf.not_valid_before_utc.date(),
                "not_after": leaf.not_valid_after_utc.date(),
                "pem": bundle.public_pem().decode("ascii"),
                "sealed_key": sealed,
            }
        )

    def _private_key(self):
        """The key, PKCS#8 DER, in clear. Raises UserError when the seal resists."""
        self.ensure_one()
        sealed = self.sudo().sealed_key
        try:
            return self._sealer().open(sealed, _use(self.company_id, self.fingerprint))
        except SealBroken:
            raise UserError(
                self.env._(
                    "The private key cannot be opened here: this database was copied or "
                    "restored without its sealing key. Put the sealing key back, or "
                    "import the certificate again."
                )
            ) from None

    @api.depends("pem")
    def _compute_diagnosis(self):
        now = fields.Datetime.now().replace(tzinfo=timezone.utc)
        for certificate in self:
            account = certificate.company_id.sudo().copro_account_id
            verdicts = certificate._verdicts(account.siren or "", account.siret or "", now)
            certificate.diagnosis = [self._shown(verdict) for verdict in verdicts]
            levels = {verdict.level for verdict in verdicts}
            worst = [level for level in ("refuse", "warn") if level in levels]
            certificate.level = worst[0] if worst else "ok"

    def _verdicts(self, siren, siret, now):
        """The diagnosis of a certificate already installed (its key was matched)."""
        self.ensure_one()
        bundle = judging.read([(self.pem or "").encode()])
        found = judging.judge(bundle, siren=siren, siret=siret, now=now)
        return [verdict for verdict in found if verdict.code != "KEY_MISSING"]

    @api.model
    def _shown(self, verdict):
        template = judging.MESSAGES[verdict.code]
        params = localised(self.env, verdict.params)
        # The sentences are marked where the verdicts stand, in the heart.
        message = self.env._(template, **params)  # pylint: disable=gettext-variable
        return {"code": verdict.code, "level": verdict.level, "message": message}


def _fingerprint(leaf):
    return leaf.fingerprint(hashes.SHA256()).hex()


def _use(company, fingerprint):
    """What the seal is bound to: this certificate of this company."""
    return f"copro.certificate:{company.id}:{fingerprint}".encode()
