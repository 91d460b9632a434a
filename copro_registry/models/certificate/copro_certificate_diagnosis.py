from odoo import api, fields, models
from odoo.exceptions import UserError

from ...rnc import certificate as judging
from ...tools.sentences import sentence

WORST_FIRST = ("refuse", "warn")


class CoproCertificate(models.Model):
    """What is thought of a certificate, today."""

    _inherit = "copro.certificate"

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
            verdicts = certificate._verdicts()
            certificate.diagnosis = [self._shown(verdict) for verdict in verdicts]
            certificate.level = self._worst(verdicts)
            certificate.is_expired = any(verdict.code == "EXPIRED" for verdict in verdicts)

    def _verdicts(self):
        """The diagnosis of a certificate already installed (its key was matched)."""
        self.ensure_one()
        account = self.company_id.sudo().copro_account_id
        found = account._judge(self._bundle())
        who = self.sudo().expiry_accepted_by_id
        if who:
            found = judging.accept_expiry(found, who.name, self.expiry_accepted_on)
        return [verdict for verdict in found if verdict.topic != "key"]

    @api.model
    def _worst(self, verdicts):
        levels = {verdict.level for verdict in verdicts}
        return next((level for level in WORST_FIRST if level in levels), "ok")

    @api.model
    def _shown(self, verdict):
        """A line of the sheet, in the user's language."""
        topic = sentence(self.env, judging.TOPICS, verdict.topic)
        message = sentence(self.env, judging.MESSAGES, verdict.code, **dict(verdict.params))
        return {"code": verdict.code, "level": verdict.level, "topic": topic, "message": message}

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
        self.company_id.sudo().copro_account_id._log(
            self.env._(
                "%(who)s answers for the use of the certificate %(name)s after its expiry.",
                who=self.env.user.name,
                name=self.display_name,
            )
        )
