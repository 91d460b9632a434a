from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...rnc.path import PLACES, STEPS, Step
from ...tools.sentences import sentence

# The texts of each, by its code.
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
        """The text of the link: an address alone is hard to read."""
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
