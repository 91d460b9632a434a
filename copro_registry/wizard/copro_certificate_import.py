import base64
import logging
import uuid
from collections import Counter
from datetime import timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS
from odoo.models import BaseModel
from odoo.tools import format_date

from ..rnc import certificate as rnc_certificate
from ..rnc.certificate import REFUSE, WARN, Check
from ..rnc.seal import SealBroken
from ..tools.in_parts import apart
from ..tools.sealing import private_key_of_request, unseal

FILES = ("certificate_file", "key_file")
GIVEN = {*FILES, "passphrase"}
LONGEST = timedelta(minutes=30)  # the life of an import that nobody ends
SEALED = ("sealed_certificate_file", "sealed_key_file", "sealed_private_key")


class CoproCertificateImport(models.TransientModel):
    """Import a client certificate: read, diagnose, show, then install.

    The files are sealed as they come in, and forgotten when the wizard ends or is
    abandoned. The passphrase is used while they come in, and written nowhere.
    """

    _name = "copro.certificate.import"
    _inherit = ["copro.sealed.mixin"]
    _description = "Import a client certificate"

    account_id = fields.Many2one("copro.declarant.account", required=True, fixed=True)
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
    passphrase = fields.Char(
        compute="_compute_nothing",
        inverse="_inverse_passphrase",
        help="Used to open the file, and kept nowhere.",
    )
    token = fields.Char(
        default=lambda self: str(uuid.uuid4()), readonly=True, protected=True, copy=False
    )
    sealed_certificate_file = fields.Binary(
        attachment=False, protected=True, copy=False, groups=NO_ACCESS
    )
    sealed_key_file = fields.Binary(attachment=False, protected=True, copy=False, groups=NO_ACCESS)
    sealed_private_key = fields.Binary(
        attachment=False, protected=True, copy=False, groups=NO_ACCESS
    )
    pem = fields.Text(readonly=True, protected=True, copy=False)
    request_id = fields.Many2one(
        "copro.certificate.request", readonly=True, protected=True, copy=False
    )
    choices = fields.Json(
        readonly=True,
        protected=True,
        copy=False,
        help="Of several certificates: fingerprint and label.",
    )
    choice = fields.Char(string="Certificate to use", help="The fingerprint of the one taken.")
    diagnosis = fields.Json(readonly=True, protected=True, copy=False)
    level = fields.Selection(
        [("ok", "Good"), ("warn", "To watch"), ("refuse", "Cannot be used")],
        readonly=True,
        protected=True,
        copy=False,
    )
    is_refused = fields.Boolean(compute="_compute_is_refused")
    is_only_expired = fields.Boolean(readonly=True, protected=True, copy=False)

    def _compute_nothing(self):
        """Write-only: what was given is never shown again."""
        for name in GIVEN:
            self[name] = False

    @api.depends("level")
    def _compute_is_refused(self):
        for wizard in self:
            wizard.is_refused = wizard.level == "refuse"

    def _inverse_certificate_file(self):
        self._seal_file("certificate_file")

    def _inverse_key_file(self):
        self._seal_file("key_file")

    def _inverse_passphrase(self):
        """Nothing: ``create`` and ``write`` have used it already."""

    def _seal_file(self, name):
        for wizard in self.filtered(name):
            content = wizard[name]
            wizard._seal(
                f"sealed_{name}", content.encode() if isinstance(content, str) else content
            )

    def _seal_use(self, name):
        return f"copro.certificate.import:{self.token}:{name}".encode()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_given(vals)  # the passphrase too, which goes no further
        wizards = super().create([_without_passphrase(vals) for vals in vals_list])
        for wizard, vals in zip(wizards, vals_list, strict=True):
            if GIVEN & vals.keys():
                wizard._read(_passphrase(vals))
        later = fields.Datetime.now() + LONGEST
        self.env.ref("copro_registry.ir_cron_forget_imports")._trigger(at=later)
        return wizards

    def write(self, vals):
        self._check_given(vals)
        result = super().write(_without_passphrase(vals))
        if GIVEN & vals.keys():
            for wizard in self:
                wizard._read(_passphrase(vals))
        elif "choice" in vals and "diagnosis" not in vals:  # chosen by the user, not found
            for wizard in self.filtered("choices"):
                wizard._examine(wizard._opened())
        return result

    @api.model
    def _forget_abandoned(self):
        """Scheduled action: erase the sealed files of imports that nobody ended."""
        before = fields.Datetime.now() - LONGEST
        apart(self.sudo().search([("create_date", "<=", before)]), lambda old: old.unlink())

    # -- reading and diagnosing -----------------------------------------------------

    def _read(self, passphrase):
        """Read what was given, and diagnose it."""
        files = [_file(self, name) for name in FILES]
        try:
            bundles = rnc_certificate.identities(files, passphrase or None, _now())
        except rnc_certificate.Unreadable as error:
            refusal = Check(error.code, REFUSE, error.params, "file")
            self._keep_diagnosis([refusal], choices=False, choice=False, pem=False)
            return
        self.sudo().choice = False
        self._examine([self._completed(bundle) for bundle in bundles])

    def _request(self, bundle):
        """The open request that it answers, if any."""
        requests = self.env["copro.certificate.request"]
        return requests._awaiting(bundle, self.account_id.company_id)

    def _completed(self, bundle):
        """With the private key of the request that it answers, if any."""
        request = self._request(bundle)
        if bundle.has_its_key or not request:
            return bundle
        try:
            return bundle.with_key(private_key_of_request(request))
        except SealBroken:
            raise UserError(
                self.env._(
                    "The private key of the request cannot be opened here: this database "
                    "was copied or restored without its sealing key. Put it back, or make "
                    "another request."
                )
            ) from None

    def _examine(self, bundles):
        """Diagnose them; take the one that is chosen, else the one that fits, else ask."""
        diagnosed = [(bundle, self.account_id._diagnose(bundle)) for bundle in bundles]
        self._seal("sealed_private_key", b"".join(bundle.secret_pem() for bundle in bundles))
        prints = [bundle.fingerprint for bundle in bundles]
        is_chosen = self.choice in prints
        index = prints.index(self.choice) if is_chosen else rnc_certificate.fitting(diagnosed)
        choices = len(bundles) > 1 and self._choices(bundles)
        if index is None:
            question = Check("SEVERAL_CERTIFICATES", WARN, topic="file")
            self._keep_diagnosis([question], choices=choices, choice=False, pem=False)
            return
        bundle, checks = diagnosed[index]
        others = [] if is_chosen else bundles[:index] + bundles[index + 1 :]
        self._keep_diagnosis(
            [*checks, *rnc_certificate.others_left(others)],
            choices=choices,
            choice=bundle.fingerprint,
            pem=bundle.public_pem().decode("ascii"),
            request_id=self._request(bundle).id,
        )

    def _opened(self):
        """What ``_examine`` has sealed, in the same order."""
        content = _unsealed(self, "sealed_private_key")
        if not content:
            raise UserError(self.env._("Choose the files again, please."))
        return rnc_certificate.identities([content], None, _now())

    def _choices(self, bundles):
        """[fingerprint, label] of each; equal labels get the start of their fingerprint."""
        labels = {bundle.fingerprint: self._label(bundle) for bundle in bundles}
        alike = [label for label, count in Counter(labels.values()).items() if count > 1]
        return [
            [digest, f"{label} – {digest[:8]}" if label in alike else label]
            for digest, label in labels.items()
        ]

    def _label(self, bundle):
        """A certificate in the list of those that may be chosen."""
        identity = rnc_certificate.identity_of(bundle.leaf)
        return self.env._(
            "%(name)s – SIREN %(siren)s – until %(date)s",
            name=rnc_certificate.common_name(bundle.leaf),
            siren=identity.siren or "?",
            date=format_date(self.env, rnc_certificate.validity(bundle.leaf)[1].date()),
        )

    def _keep_diagnosis(self, checks, **found):
        certificates = self.env["copro.certificate"]
        refused = {check.code for check in checks if check.level == REFUSE}
        self.sudo().write(
            {
                "diagnosis": certificates._diagnosis_lines(checks),
                "level": certificates._worst_level(checks),
                "is_only_expired": refused == {"EXPIRED"},
                **found,
            }
        )

    # -- what the buttons do -------------------------------------------------------

    def action_diagnose(self):
        """Show the sheet."""
        self._check_may_import()
        if not self.diagnosis:
            self._read(None)
        return self._show()

    def action_import(self):
        """Install the certificate if nothing refuses it; else show why."""
        self._check_may_import()
        if self.is_refused or not self.pem:
            return self.action_diagnose()
        self._install()
        return self._done()

    def action_import_expired(self):
        """Install it although it has expired, in one's own name."""
        self._check_may_import()
        if not self.is_only_expired:
            return self.action_diagnose()
        self._install().action_accept_expiry()
        return self._done()

    def _check_may_import(self):
        self.ensure_one()
        self.account_id._check_main_administrator()
        self.account_id.check_access("write")

    def _install(self):
        bundle = next(one for one in self._opened() if one.fingerprint == self.choice)
        certificate = self.env["copro.certificate"]._import_bundle(
            bundle, self.account_id.company_id
        )
        self.account_id._install(certificate)
        self.request_id._answered(certificate)
        self.sudo().write({**dict.fromkeys(SEALED, False), "pem": False})
        return certificate

    def _done(self):
        if not self.account_id.next_certificate_id:
            return {"type": "ir.actions.act_window_close"}
        message = self.env._(
            "The certificate in use stays until the registry has accepted the new one: "
            "declare it on the site, then test the connection."
        )
        following = {"type": "ir.actions.act_window_close"}
        return {
            "type": "ir.actions.client",
            "tag": "copro_registry.notify",
            "params": {"type": "info", "message": message, "next": following},
        }

    def _show(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import a certificate"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }


def _now():
    return fields.Datetime.now().replace(tzinfo=timezone.utc)


def _file(wizard, name):
    return base64.b64decode(_unsealed(wizard, f"sealed_{name}"))


def _unsealed(wizard, name):
    """What was sealed a moment ago; the sealing key may have been changed since."""
    try:
        return unseal(wizard, name)
    except SealBroken:
        raise UserError(wizard.env._("Choose the files again, please.")) from None


def _passphrase(vals):
    """As a text field would hold it: a passphrase of digits may come as a number."""
    given = vals.get("passphrase")
    return None if given is None or given is False else str(given)


def _without_passphrase(vals):
    return {name: value for name, value in vals.items() if name != "passphrase"}


class _Unlogged(logging.Filter):
    """At level debug, Odoo logs the arguments of every call: not of those that bring secrets."""

    def filter(self, record):
        arguments = record.args
        if isinstance(arguments, tuple) and arguments and _brings_secrets(arguments[0]):
            record.args = (arguments[0], *arguments[1:-1], "…")
        return True


def _brings_secrets(called):
    return isinstance(called, BaseModel) and called._name == CoproCertificateImport._name


logging.getLogger("odoo.service.model").addFilter(_Unlogged())
