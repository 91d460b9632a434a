from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...rnc.path import STEPS, Step

NO_STEP = Step("software", "", "", "")  # of another version, kept in the database


class CoproDeclarantAccount(models.Model):
    _inherit = "copro.declarant.account"

    step_ids = fields.One2many("copro.declarant.step", "account_id", readonly=True, protected=True)
    steps_left = fields.Integer(compute="_compute_steps_left")

    @api.depends("step_ids.is_done")
    def _compute_steps_left(self):
        for account in self:
            account.steps_left = len(account.step_ids.filtered(lambda step: not step.is_done))

    def _lay_the_path(self):
        """The steps that are not there yet."""
        for account in self.sudo():
            known = set(account.step_ids.mapped("code"))
            account.env["copro.declarant.step"].create(
                [
                    {"account_id": account.id, "code": code, "sequence": rank}
                    for rank, code in enumerate(STEPS)
                    if code not in known
                ]
            )

    def _evidence(self, code):
        """What shows that a step is done, or False."""
        found = getattr(self, f"_evidence_{STEPS.get(code, NO_STEP).evidence}", None)
        return found() if found else False

    def _evidence_addon(self):
        return self.env._("This software is made for it.")

    def _evidence_identity(self):
        if not self.number or not self.email:
            return False
        return self.env._("Number %(number)s, %(email)s.", number=self.number, email=self.email)

    def _evidence_certificate(self):
        installed = self.certificate_id or self.next_certificate_id
        return installed.display_name

    def _evidence_connection(self):
        """A test, else an upload that the registry has recorded: it took both of them."""
        if self.proven_on:
            date = self._day(self.proven_on)
            return self.env._(
                "The registry recognised certificate and account on %(date)s.", date=date
            )
        date = self._first_upload()
        return date and self.env._("Established by the upload accepted on %(date)s.", date=date)

    def _evidence_upload(self):
        date = self._first_upload()
        return date and self.env._("First upload accepted on %(date)s.", date=date)

    def _first_upload(self):
        """The day of the first one recorded in this environment, or False."""
        uploads = self.env["copro.transmission"].sudo()
        recorded = [("company_id", "=", self.company_id.id), ("state", "=", "accepted")]
        here = uploads._sent_to(self.environment)
        first = uploads.search(here & Domain(recorded), order="id", limit=1)
        return bool(first) and self._day(first.answered_at)

    def _day(self, moment):
        return format_date(self.env, fields.Date.context_today(self, moment))
