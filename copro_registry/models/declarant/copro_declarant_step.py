from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...rnc.path import PLACES, STEPS, Step
from ...tools.sentences import sentence

# What is told of each, by its code.
TITLES = {code: step.title for code, step in STEPS.items()}
EXPLANATIONS = {code: step.explanation for code, step in STEPS.items()}
NO_STEP = Step("software", "", "", "")  # of another version, kept in the database

# Where the steps that are done here are done.
GOING = {
    "V": "copro_registry.copro_certificate_import_action",
    "VI": None,  # the connection test
    "VII": "copro_registry.copro_condominium_action",
}


class CoproDeclarantStep(models.Model):
    """A step of the path to the first upload, as the registry's memo numbers them.

    Done by evidence where Odoo can know, ticked by the main administrator where it
    cannot.
    """

    _name = "copro.declarant.step"
    _inherit = "copro.protected.mixin"
    _description = "Step to the first upload"
    _order = "account_id, sequence"
    _allow_sudo_commands = False
    _rec_name = "title"

    account_id = fields.Many2one(
        "copro.declarant.account",
        required=True,
        readonly=True,
        protected=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, protected=True, index=True
    )
    code = fields.Char(required=True, readonly=True, protected=True)
    sequence = fields.Integer(readonly=True, protected=True)
    ticked_by_id = fields.Many2one("res.users", string="Ticked by", readonly=True, protected=True)
    ticked_on = fields.Date(readonly=True, protected=True)
    title = fields.Char(compute="_compute_texts")
    place = fields.Char(compute="_compute_texts")
    explanation = fields.Char(compute="_compute_texts")
    link = fields.Char(compute="_compute_texts")
    link_name = fields.Char(compute="_compute_texts")
    is_reached_here = fields.Boolean(compute="_compute_texts")
    is_ticked = fields.Boolean(compute="_compute_texts")
    evidence = fields.Char(compute="_compute_evidence")
    is_done = fields.Boolean(compute="_compute_evidence")

    _code_uniq = models.Constraint(
        "UNIQUE(account_id, code)", "This step exists already: use that one."
    )

    @api.depends("code", "account_id.provider_list_url")
    @api.depends_context("lang")
    def _compute_texts(self):
        for step in self:
            described = STEPS.get(step.code, NO_STEP)
            step.title = sentence(self.env, TITLES, step.code)
            step.place = sentence(self.env, PLACES, described.place)
            step.explanation = sentence(self.env, EXPLANATIONS, step.code)
            is_listed = described.link == "providers"
            step.is_reached_here = step.code in GOING
            step.is_ticked = described.is_ticked
            step.link = step.account_id.provider_list_url if is_listed else described.link
            step.link_name = self._link_name(is_listed)

    @api.model
    def _link_name(self, is_listed):
        """An address is no reading."""
        if is_listed:
            return self.env._("The official list of providers")
        return self.env._("The registry's site")

    @api.depends("ticked_by_id", "ticked_on")
    @api.depends_context("lang")
    def _compute_evidence(self):
        for step in self:
            step.evidence = step.account_id._evidence(step.code) or step._ticked()
            step.is_done = bool(step.evidence)

    def _ticked(self):
        if not self.ticked_by_id:
            return False
        date = format_date(self.env, self.ticked_on)
        name = self.sudo().ticked_by_id.name
        return self.env._("Ticked by %(who)s on %(date)s.", who=name, date=date)

    def action_go(self):
        """Where the step is done."""
        self.ensure_one()
        self.check_access("read")
        if self.code not in GOING:
            raise UserError(self.env._("This step is done outside Odoo: tick it once it is done."))
        if not GOING[self.code]:
            return self.account_id.action_test_connection()
        action = self.env["ir.actions.act_window"]._for_xml_id(GOING[self.code])
        return {**action, "context": {"default_account_id": self.account_id.id}}

    def action_tick(self):
        """Done, on the word of the main administrator."""
        self._tick(self.env.user, fields.Date.context_today(self))

    def action_untick(self):
        self._tick(self.env["res.users"], False)

    def _tick(self, user, on):
        self.check_access("read")
        self.account_id.check_access("write")
        for step in self:
            if not step.is_ticked:
                raise UserError(
                    self.env._(
                        "Odoo sees by itself whether this step is done: it cannot be ticked."
                    )
                )
            step.sudo().write({"ticked_by_id": user.id, "ticked_on": on})
            text = self.env._("Step done: %(step)s", step=step.title)
            if not user:
                text = self.env._("Step to do again: %(step)s", step=step.title)
            step.account_id._log(text)


class CoproCertificate(models.Model):
    _inherit = "copro.certificate"

    is_to_declare = fields.Boolean(compute="_compute_is_to_declare")

    @api.depends("state")
    def _compute_is_to_declare(self):
        """Until the registry, or the main administrator, has said that it is declared."""
        for certificate in self:
            steps = certificate.company_id.sudo().copro_account_id.step_ids
            declared = steps.filtered(lambda step: step.code == "C" and step.is_done)
            awaited = certificate.state == "used" and not declared
            certificate.is_to_declare = awaited or certificate.state == "candidate"


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
        return date and self.env._("Established by the upload recorded on %(date)s.", date=date)

    def _evidence_upload(self):
        date = self._first_upload()
        return date and self.env._("First upload recorded on %(date)s.", date=date)

    def _first_upload(self):
        """The day of the first one recorded in this environment, or False."""
        uploads = self.env["copro.transmission"].sudo()
        recorded = [("company_id", "=", self.company_id.id), ("state", "=", "registered")]
        here = uploads._sent_to(self.environment)
        first = uploads.search(here & Domain(recorded), order="id", limit=1)
        return bool(first) and self._day(first.answered_at)

    def _day(self, moment):
        return format_date(self.env, fields.Date.context_today(self, moment))
