from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ...rnc.path import STEPS
from .copro_declarant_step import NO_STEP

# The official list of providers moves and changes: this is where it was last seen.
PROVIDER_LIST = "http://www.lsti-certification.fr/images/liste_entreprise/Liste%20PSCe"


class CoproDeclarantAccountSteps(models.AbstractModel):
    """The path to the first upload, and what shows that each of its steps is done."""

    _name = "copro.declarant.account.steps"
    _inherit = "mail.thread"
    _description = "Steps of a declarant account to its first upload"

    provider_list_url = fields.Char(
        string="List of providers",
        default=PROVIDER_LIST,
        tracking=True,
        help="The official list of certificate providers, shown in the path. It changes: "
        "correct the link here.",
    )
    steps_left = fields.Integer(compute="_compute_steps_left")

    @api.depends("step_ids.is_done")
    def _compute_steps_left(self):
        for account in self:
            account.steps_left = len(account.step_ids.filtered(lambda step: not step.is_done))

    @api.constrains("provider_list_url")
    def _check_provider_list_url(self):
        for account in self.filtered("provider_list_url"):
            if not account.provider_list_url.startswith(("http://", "https://")):
                raise ValidationError(
                    self.env._("The link of the list of providers must begin with https://.")
                )

    def _create_missing_steps(self):
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
        methods = {
            "addon": self._evidence_addon,
            "identity": self._evidence_identity,
            "certificate": self._evidence_certificate,
            "connection": self._evidence_connection,
            "upload": self._evidence_upload,
        }
        found = methods.get(STEPS.get(code, NO_STEP).evidence)
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
        """A test, else an accepted upload: the registry recognised certificate and account."""
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
        """The day of the first upload accepted in this environment, or False."""
        uploads = self.env["copro.transmission"].sudo()
        recorded = [("company_id", "=", self.company_id.id), ("state", "=", "accepted")]
        here = uploads._sent_to(self.environment)
        first = uploads.search(here & Domain(recorded), order="id", limit=1)
        return bool(first) and self._day(first.answered_at)

    def _day(self, moment):
        return format_date(self.env, fields.Date.context_today(self, moment))
