import base64
from datetime import timezone

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import NO_ACCESS

from ..registry import certificate as judging
from ..registry.seal import SealBroken

SECRETS = ("certificate_file", "key_file", "passphrase")


class CoproCertificateImport(models.TransientModel):
    """Import a client certificate: read, judge, then install.

    What the user gives (files, passphrase) never touches the database in clear: each
    is sealed as it comes in, and forgotten when the wizard ends.
    """

    _name = "copro.certificate.import"
    _description = "Import a client certificate"

    account_id = fields.Many2one("copro.declarant.account", required=True)
    certificate_file = fields.Binary(
        string="Certificate (PEM or PKCS#12)",
        compute="_compute_nothing",
        inverse="_inverse_certificate_file",
    )
    certificate_name = fields.Char()
    key_file = fields.Binary(
        string="Private key, if apart",
        compute="_compute_nothing",
        inverse="_inverse_key_file",
    )
    key_name = fields.Char()
    passphrase = fields.Char(compute="_compute_nothing", inverse="_inverse_passphrase")
    sealed_certificate_file = fields.Binary(attachment=False, groups=NO_ACCESS)
    sealed_key_file = fields.Binary(attachment=False, groups=NO_ACCESS)
    sealed_passphrase = fields.Binary(attachment=False, groups=NO_ACCESS)
    diagnosis = fields.Json(readonly=True)
    is_refused = fields.Boolean(readonly=True)

    def _compute_nothing(self):
        """Write-only: what was given is never shown again."""
        for name in SECRETS:
            self[name] = False

    def _inverse_certificate_file(self):
        self._seal("certificate_file")

    def _inverse_key_file(self):
        self._seal("key_file")

    def _inverse_passphrase(self):
        self._seal("passphrase")

    def _seal(self, name):
        sealer = self.env["copro.certificate"]._sealer()
        for wizard in self.filtered(name):
            value = wizard[name]
            content = value.encode() if isinstance(value, str) else value
            wizard.sudo()[f"sealed_{name}"] = sealer.seal(content, _use(wizard, name))

    def _opened(self, name):
        sealed = self.sudo()[f"sealed_{name}"]
        if not sealed:
            return b""
        sealer = self.env["copro.certificate"]._sealer()
        try:
            content = sealer.open(sealed, _use(self, name))
        except SealBroken:
            raise UserError(self.env._("Choose the files again, please.")) from None
        return content if name == "passphrase" else base64.b64decode(content)

    @api.model
    def _check_main_administrator(self):
        if not self.env.user.has_group("copro_registry.group_main_administrator"):
            raise AccessError(self.env._("Only the main administrator may import a certificate."))

    def action_import(self):
        """Install the certificate if nothing refuses it; else show why."""
        self.ensure_one()
        self._check_main_administrator()
        account = self.account_id
        account.check_access("write")
        bundle = self._read()
        now = fields.Datetime.now().replace(tzinfo=timezone.utc)
        verdicts = judging.judge(
            bundle, siren=account.siren or "", siret=account.siret or "", now=now
        )
        shown = [self.env["copro.certificate"]._shown(verdict) for verdict in verdicts]
        refused = any(verdict.level == judging.REFUSE for verdict in verdicts)
        if refused:
            return self._show(shown)
        certificate = self.env["copro.certificate"]._import_bundle(bundle, account.company_id)
        account.certificate_id = certificate
        self._forget()
        return {"type": "ir.actions.act_window_close"}

    def _read(self):
        files = [self._opened("certificate_file"), self._opened("key_file")]
        passphrase = self._opened("passphrase").decode("utf-8", "replace")
        try:
            return judging.read([one for one in files if one], passphrase or None)
        except judging.Unreadable as error:
            template = judging.MESSAGES[error.code]
            # The sentences are marked where the reading stands, in the heart.
            message = self.env._(template)  # pylint: disable=gettext-variable
            raise UserError(message) from None

    def _show(self, shown):
        self.write({"diagnosis": shown, "is_refused": True})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _forget(self):
        self.sudo().write({f"sealed_{name}": False for name in SECRETS})


def _use(wizard, name):
    return f"copro.certificate.import:{wizard.id}:{name}".encode()
