import math
import uuid
from functools import partial
from itertools import chain, repeat

from odoo import api, fields, models

from ...rnc import transport
from ...rnc.client import ANSWERED, REJECTED
from ...rnc.comparison import compare
from ...rnc.contract import CALLER
from ...rnc.dispatch import NOT_IN_TIME, Dispatch
from ...rnc.today import today
from ...tools.in_parts import attempt
from ...tools.sentences import sentence
from ...tools.time_limits import seconds_of_a_click
from .copro_comparison_line import DIFFERING

# Beyond, the scheduled action fetches: a person does not wait for a portfolio.
AT_ONCE = 20
ACTIVITY = "copro_registry.mail_activity_comparison"


class CoproComparison(models.Model):
    """Our dossier of a condominium beside the registry's (WS3), as of the last download.

    WS3 changes nothing at the registry: it may be called again at will.
    """

    _name = "copro.comparison"
    _inherit = ["copro.comparison.scheduled", "copro.protected.mixin"]
    _description = "Comparison with the registry"
    _order = "difference_count desc, condominium_id"
    _allow_sudo_commands = False
    _rec_name = "condominium_id"

    condominium_id = fields.Many2one(
        "copro.condominium",
        required=True,
        readonly=True,
        protected=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        related="condominium_id.company_id", store=True, protected=True, index=True
    )
    state = fields.Selection(
        [("waiting", "To download"), ("done", "Compared"), ("failed", "Not downloaded")],
        string="Download",
        required=True,
        readonly=True,
        protected=True,
        default="waiting",
    )
    status = fields.Char(string="State", compute="_compute_status")
    fetched_at = fields.Datetime(string="Data downloaded on", readonly=True, protected=True)
    tried_at = fields.Datetime(
        string="Tried on",
        readonly=True,
        protected=True,
        help="Last download, whether it succeeded or not",
    )
    failure = fields.Text(string="Reason", readonly=True, protected=True)
    line_ids = fields.One2many(
        "copro.comparison.line", "comparison_id", readonly=True, protected=True
    )
    difference_count = fields.Integer(
        string="Differences",
        compute="_compute_difference_count",
        store=True,
        protected=True,
        help="Those that nobody has settled yet.",
    )

    _condominium_uniq = models.Constraint(
        "UNIQUE(condominium_id)", "This condominium already has its comparison: open that one."
    )

    @api.depends("condominium_id.display_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for comparison in self:
            name = comparison.condominium_id.display_name or ""
            comparison.display_name = self.env._("Comparison: %(condominium)s", condominium=name)

    @api.depends("line_ids.state")
    def _compute_difference_count(self):
        for comparison in self:
            differences = comparison.line_ids.filtered(lambda line: line.state == "different")
            comparison.difference_count = len(differences)

    @api.depends("state", "difference_count")
    @api.depends_context("lang")
    def _compute_status(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        for comparison in self:
            status = states.get(comparison.state)
            if comparison.state == "done":
                differs = comparison.difference_count
                status = self.env._("To settle") if differs else self.env._("Nothing to settle")
            comparison.status = status

    # -- downloading ------------------------------------------------------------

    def _account(self):
        return self.company_id.sudo().copro_account_id

    @api.model
    def _of(self, condominiums):
        """The comparisons of condominiums, made where they are missing."""
        known = self.sudo().search([("condominium_id", "in", condominiums.ids)])
        missing = condominiums - known.condominium_id
        return known | self.sudo().create([{"condominium_id": one.id} for one in missing])

    @api.model
    def _download(self, condominiums):
        """{condominium: outcome}, a few at a time; nothing is written, nor locked, meanwhile.

        What has no time within a click comes to NOT_IN_TIME. Raises UserError when nothing
        can be called.
        """
        with Dispatch(seconds_of_a_click()) as dispatch:
            self._submit(dispatch, condominiums, dispatch.seconds_left())
            completed = []
            while dispatch:
                completed += dispatch.completed()
        return {condominiums.browse(identity): outcome for identity, outcome in completed}

    @api.model
    def _submit(self, dispatch, condominiums, within):
        """Give the downloads of condominiums to ``dispatch``.

        Those without a turn within so many seconds do not leave.
        """
        for company, own in condominiums.grouped("company_id").items():
            account = company.sudo().copro_account_id
            client = dispatch.client(account.id, account._client)
            turns = chain(account._take_turns(len(own), within), repeat(math.inf))
            for condominium, turn in zip(own, turns, strict=False):
                number = condominium.registration_number
                call = partial(client.fetch, number, reference=str(uuid.uuid4()))
                dispatch.submit(account.id, condominium.id, call, turn)

    def _record_or_wait(self, outcome):
        """Keep what a click downloaded; the scheduled action compares what it did not.

        That is what had no turn within the click, and what somebody has saved meanwhile.
        The calls of the others are not made again for that.
        """
        is_kept = outcome.code != NOT_IN_TIME and attempt(self, lambda one: one._record(outcome))
        if not is_kept:
            attempt(self, lambda one: one.write({"state": "waiting"}))
            self.env.ref("copro_registry.ir_cron_compare")._trigger()

    def _record(self, outcome):
        """Keep what WS3 brought, or why it brought nothing."""
        now = fields.Datetime.now()
        account = self._account()
        account._apply_retry_after(outcome)
        if outcome.kind == REJECTED and outcome.concerns == CALLER:
            return  # it says nothing of this condominium: it waits until the account is let in
        self.tried_at = now
        if outcome.kind == ANSWERED and outcome.answer.dossier is not None:
            self.condominium_id._downloaded(outcome.answer.dossier)
            self.write({"state": "done", "fetched_at": now, "failure": False})
            self._compare(outcome.answer.dossier)
            return
        self.write({"state": "failed", "failure": self._why(outcome)})
        if outcome.kind == REJECTED:
            self.condominium_id._not_downloaded(account._meanings(outcome))

    def _why(self, outcome):
        account = self._account()
        if outcome.kind == REJECTED:
            refusals = outcome.answer.refusals
            messages = [account._refusal_message(one, outcome.profile) for one in refusals]
            return "\n".join(messages) or account._message_without_reason()
        code = outcome.code or "UNREADABLE"  # an answer without a dossier
        return sentence(self.env, transport.READING_MESSAGES, code, **dict(outcome.params))

    def _takable(self, theirs):
        """The items of the registry's dossier that our records hold, structs in parts."""
        rows = compare({}, theirs, today())
        holds = self.condominium_id._holds
        return {row.code: row.theirs for row in rows if row.theirs is not None and holds(row.code)}

    def _compare(self, theirs):
        """Make the lines anew; what was kept on purpose stays kept until theirs changes."""
        kept = {
            line.item: line.their_value
            for line in self.line_ids.filtered(lambda line: line.state == "kept")
        }
        self.line_ids.unlink()
        ours = self.condominium_id._dossier_as_known()
        rows = [row for row in compare(ours, theirs, today()) if not row.is_empty]
        Line = self.env["copro.comparison.line"].sudo()
        Line.create([Line._values_of_row(self, rank, row) for rank, row in enumerate(rows)])
        for line in self.line_ids.filtered(lambda line: line.state == "different"):
            if line.item in kept and kept[line.item] == line.their_value:
                line.state = "kept"
        self.condominium_id._compared(self)

    # -- settling ---------------------------------------------------------------

    def action_fetch(self):
        return self.condominium_id.action_compare()

    def action_take_all(self):
        """The registry is right: its values replace ours, where a field holds them."""
        self.condominium_id.check_access("write")
        lines = self.line_ids.filtered(lambda line: line.state == "different")
        left = lines._take_what_can_be()
        if not left:
            return None
        message = "\n".join(
            self.env._("%(item)s: %(reason)s", item=line.label, reason=why) for line, why in left
        )
        title = self.env._("Not everything could be taken")
        return self.env["copro.condominium"]._notify("warning", title, message)

    def action_keep_all(self):
        self.condominium_id.check_access("write")
        self.line_ids.filtered(lambda line: line.state == "different")._keep()

    def _settle_what_left_with(self, service):
        """What an upload has replaced at the registry is no difference any more."""
        carried = {described.code for described in service.sent({}, today())}
        lines = self.line_ids.filtered(
            lambda line: line.state in DIFFERING and line._whole() in carried
        )
        lines.sudo().state = "sent"
        for comparison in lines.comparison_id:
            comparison.condominium_id._count_differences(comparison)

    def action_open_condominium(self):
        """Its form; back to it, when the comparison was opened from there."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "copro_registry.condominium",
            "params": {"id": self.condominium_id.id},
        }
