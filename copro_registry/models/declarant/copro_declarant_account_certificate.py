import logging
from datetime import timezone
from textwrap import wrap

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...rnc import certificate as rnc_certificate
from ...rnc.today import today
from ...tools.groups import ADMINISTRATOR
from ...tools.in_parts import apart, in_parts

_logger = logging.getLogger(__name__)

# The commits are the design: no transaction is open around a call.
# pylint: disable=invalid-commit

EXPIRY_ACTIVITY = "copro_registry.mail_activity_certificate"
WARNED_AT = (7, 30, 60)  # days before the end, the nearest first


class CoproDeclarantAccountCertificate(models.AbstractModel):
    """The certificate in use, the one that is to follow it, and the warnings of its end."""

    _name = "copro.declarant.account.certificate"
    _inherit = ["mail.thread", "mail.activity.mixin", "copro.protected.mixin"]
    _description = "Certificate of a declarant account"

    certificate_id = fields.Many2one(
        "copro.certificate",
        readonly=True,
        protected=True,
        copy=False,
        tracking=True,
        check_company=True,
        ondelete="restrict",
    )
    certificate_end = fields.Date(related="certificate_id.not_after")
    certificate_level = fields.Selection(related="certificate_id.level")
    diagnosis = fields.Json(related="certificate_id.diagnosis", exportable=False)
    next_certificate_id = fields.Many2one(
        "copro.certificate",
        string="New certificate, to be tested",
        readonly=True,
        protected=True,
        copy=False,
        tracking=True,
        check_company=True,
        ondelete="restrict",
        help="It replaces the one in use as soon as the registry has accepted it.",
    )
    certificate_count = fields.Integer(compute="_compute_counts")
    request_count = fields.Integer(compute="_compute_counts", groups=ADMINISTRATOR)
    expiry_message = fields.Char(compute="_compute_expiry_message")

    def _compute_counts(self):
        for account in self:
            domain = [("company_id", "=", account.company_id.id)]
            account.certificate_count = self.env["copro.certificate"].search_count(domain)
            waiting = account.sudo().request_ids.filtered(lambda r: r.state == "open")
            account.request_count = len(waiting)

    def _install(self, certificate):
        """Use it at once when nothing better is installed; else once a call has proven it."""
        self.ensure_one()
        if not self.sudo().sender_identity:
            self._remember_sender()
        current = self.certificate_id
        if current and current.level != "refuse" and current._opens("sealed_key"):
            self.next_certificate_id._retire()
            self.sudo().next_certificate_id = certificate
        else:
            self._put_in_use(certificate)
        self._log(
            self.env._(
                "Certificate imported: %(name)s, SHA-256 %(fingerprint)s.",
                name=certificate.display_name,
                # In groups: a line as long as this one would not fit a telephone.
                fingerprint=" ".join(wrap(certificate.fingerprint, 8)),
            )
        )

    def _put_in_use(self, certificate):
        """The one before is kept for history, without its key."""
        self.ensure_one()
        before = self.certificate_id
        self.sudo().write({"certificate_id": certificate.id, "next_certificate_id": False})
        certificate.sudo().state = "used"
        (before - certificate)._retire()
        self._close_expiry_activities()

    def _diagnose(self, bundle):
        """The checks of a bundle for this account, which may not exist yet."""
        account = self.sudo()
        return rnc_certificate.diagnose(
            bundle,
            siren=account.siren or "",
            siret=account.siret or "",
            now=fields.Datetime.now().replace(tzinfo=timezone.utc),
            policies=account.env["copro.certificate.policy"]._of(account.company_id),
            authorities=rnc_certificate.authorities(account.client_authority_pem)
            if account.client_authority_pem
            else (),
        )

    # -- expiry ------------------------------------------------------------------------

    @api.depends("certificate_id.not_after")
    @api.depends_context("lang")
    def _compute_expiry_message(self):
        """The banner, from the first warning on."""
        for account in self:
            warned = account._threshold() is not None
            account.expiry_message = account._get_expiry_message() if warned else False

    def _days_left(self):
        end = self.certificate_id.not_after
        return (end - today()).days if end else None

    def _threshold(self):
        """The warning that is due: 60, 30 or 7; -1 once it is over; None before."""
        left = self._days_left()
        if left is None:
            return None
        return -1 if left < 0 else next((days for days in WARNED_AT if left <= days), None)

    def _get_expiry_message(self):
        end = format_date(self.env, self.certificate_id.not_after)
        left = self._days_left()
        if left < 0:
            return self.env._(
                "The client certificate expired on %(date)s. Order another one, declare it "
                "on the registry's site and import it.",
                date=end,
            )
        return self.env._(
            "The client certificate expires on %(date)s (days left: %(days)s). Order the next "
            "one, declare it on the registry's site and import it before that day.",
            date=end,
            days=left,
        )

    @api.model
    def _process_certificates(self):
        """Scheduled action: warn of the ends, test the new certificates."""
        accounts = self.search(self._with_certificate())
        for account in in_parts(accounts, 1):
            apart(account, lambda one: one._warn_of_expiry())
            account._test_next_certificate()

    @api.model
    def _with_certificate(self):
        """A domain: the accounts that call, or soon will. An archived company calls no more."""
        able = Domain("certificate_id", "!=", False) | Domain("next_certificate_id", "!=", False)
        return able & Domain("company_id.active", "=", True)

    def _warn_of_expiry(self):
        """One activity a main administrator and a threshold; a nearer one replaces it."""
        threshold, certificate = self._threshold(), self.certificate_id
        if threshold is None:
            return
        if certificate.warned_at == threshold and self._has_activity(EXPIRY_ACTIVITY):
            return
        self._close_expiry_activities()
        self._notify_main_administrators(
            EXPIRY_ACTIVITY,
            lambda account: {
                "summary": account.env._("Client certificate to renew"),
                "note": account._get_expiry_message(),
            },
            date_deadline=certificate.not_after,
        )
        certificate.sudo().warned_at = threshold

    def _test_next_certificate(self):
        """A new certificate replaces the old one as soon as the registry takes it."""
        following = self.next_certificate_id
        if not following or not self.number or not self.email:
            return
        try:
            client, turn = self._prepare_test(following)
            self.env.cr.commit()  # no transaction is open around a call
            steps = self._run_test(client, turn)
        except UserError as error:  # the seal: the connection test says it too
            _logger.warning("The new certificate of account %s: %s", self.id, error)
        except Exception:
            _logger.exception("The new certificate of account %s", self.id)
        else:
            apart(self, lambda account: account._apply_test_result(following, steps))

    def _close_expiry_activities(self):
        self.sudo().activity_unlink([EXPIRY_ACTIVITY])

    # -- the screen ----------------------------------------------------------------------

    def action_view_certificates(self):
        """The certificates of the company, those of the past included."""
        return self._list_of("copro_registry.copro_certificate_action")

    def action_view_requests(self):
        return self._list_of("copro_registry.copro_certificate_request_action")

    def _list_of(self, action):
        self.ensure_one()
        self.check_access("read")
        values = self.env["ir.actions.act_window"]._for_xml_id(action)
        domain = [("company_id", "=", self.company_id.id)]
        return {**values, "domain": domain, "context": {"default_account_id": self.id}}

    def action_download_certificate(self):
        """The public certificate, to declare on the registry's site."""
        self.ensure_one()
        return (self.next_certificate_id or self.certificate_id).action_download()
