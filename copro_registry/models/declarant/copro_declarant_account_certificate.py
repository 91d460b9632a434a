from textwrap import wrap

from odoo import fields, models

ADMINISTRATOR = "copro_registry.group_main_administrator"


class CoproDeclarantAccount(models.Model):
    """The certificate in use, and the one that is to follow it."""

    _inherit = "copro.declarant.account"

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
    request_ids = fields.One2many("copro.certificate.request", "account_id", groups=ADMINISTRATOR)

    def _compute_counts(self):
        for account in self:
            domain = [("company_id", "=", account.company_id.id)]
            account.certificate_count = self.env["copro.certificate"].search_count(domain)
            waiting = account.sudo().request_ids.filtered(lambda r: r.state == "open")
            account.request_count = len(waiting)

    def _install(self, certificate):
        """Use it at once when nothing better is installed; else once a call has proven it."""
        self.ensure_one()
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

    def _certificate_to_use(self):
        """The one in use while it can be; else the one that is to follow."""
        self.ensure_one()
        current, following = self.certificate_id, self.next_certificate_id
        if following and (not current or current.level == "refuse"):
            return following
        return current

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
