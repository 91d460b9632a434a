import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.localised import internal_error
from ..transmission.copro_transmission import SERVICES, STATES

_logger = logging.getLogger(__name__)

PLANS = [
    ("pending", "Being examined"),
    ("ready", "Ready to leave"),
    ("to_check", "To check"),
    ("incomplete", "To complete"),
    ("up_to_date", "Up to date"),
    ("open", "In another upload"),
]
PREVIEWS = ("preparing", "preview")  # states of a batch that was not started
SET_ASIDE = ("to_check", "incomplete", "up_to_date", "open")  # plans of what does not leave
# Ready, and its file is not written yet.
UNPREPARED = Domain("plan", "=", "ready") & Domain("transmission_id", "=", False)


class CoproUploadBatchLine(models.Model):
    """One condominium of a batch: what is planned for it, then what became of it."""

    _name = "copro.upload.batch.line"
    _inherit = "copro.protected.mixin"
    _description = "Condominium of a batch"
    _order = "id"
    _allow_sudo_commands = False
    _check_company_auto = True
    _rec_name = "condominium_id"

    batch_id = fields.Many2one(
        "copro.upload.batch", required=True, readonly=True, protected=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", related="batch_id.company_id", store=True, protected=True, precompute=True
    )
    condominium_id = fields.Many2one(
        "copro.condominium",
        required=True,
        readonly=True,
        protected=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    registration_number = fields.Char(related="condominium_id.registration_number")
    internal_reference = fields.Char(related="condominium_id.internal_reference")
    plan = fields.Selection(PLANS, string="Planned", required=True, readonly=True, protected=True)
    service = fields.Selection(
        SERVICES, string="Type of declaration", readonly=True, protected=True
    )
    reason = fields.Text(readonly=True, protected=True)
    lacking = fields.Char(
        readonly=True, protected=True, help="The items that it lacks, or that are surprising: |a|b|"
    )
    transmission_id = fields.Many2one(
        "copro.transmission",
        string="Upload",
        readonly=True,
        protected=True,
        index=True,
        check_company=True,
    )
    upload_state = fields.Selection(related="transmission_id.state", string="State of the upload")
    status = fields.Selection(STATES + PLANS, string="State", compute="_compute_status")
    answered_at = fields.Datetime(related="transmission_id.answered_at")
    result = fields.Text(compute="_compute_result")

    _batch_uniq = models.UniqueIndex(
        "(batch_id, condominium_id)",
        "This condominium is in the batch already: it cannot be there twice.",
    )
    _plan_idx = models.Index("(batch_id, plan)")
    _waiting_idx = models.Index("(batch_id, id) WHERE plan = 'ready' AND transmission_id IS NULL")

    @api.depends("plan", "batch_id.state", "transmission_id.state")
    def _compute_status(self):
        """What became of it; until it is queued, what the control said."""
        for line in self:
            line.status = line.transmission_id.state or line._status_before()

    def _status_before(self):
        if self.plan != "ready" or self.batch_id.state in PREVIEWS:
            return self.plan
        return "cancelled" if self.batch_id.state == "cancelled" else "queued"

    @api.depends("reason", "transmission_id.message")
    def _compute_result(self):
        for line in self:
            line.result = line.transmission_id.message or line.reason

    @api.model
    def _waiting_domain(self):
        """Those of a batch that was started whose file is not written yet."""
        return UNPREPARED & Domain("batch_id.state", "in", ("running", "paused"))

    def _queue_each(self):
        """Freeze and queue the file of each. Returns the transmissions."""
        queued = self.env["copro.transmission"]
        for line in self:
            values, transmission = line._queue_alone()
            line.write(values)
            queued |= transmission
        return queued

    def _queue_alone(self):
        """As ``_queue``; one that fails never keeps the others from leaving."""
        try:
            with self.env.cr.savepoint():
                return self._queue()
        except psycopg2.OperationalError:
            raise  # a conflict, or the database is away: all are tried again
        except UserError as error:
            reason = str(error)
        except Exception:
            _logger.exception("Condominium %s could not be queued", self.condominium_id.id)
            reason = internal_error(self.env)
        nothing = self.env["copro.transmission"]
        return {"plan": "incomplete", "reason": reason, "transmission_id": False}, nothing

    def _queue(self):
        """({what the line becomes}, transmission), as who started the batch."""
        batch = self.batch_id
        if self.condominium_id.company_id != batch.company_id:
            raise UserError(
                self.env._("It belongs to another company since: upload it from that one.")
            )
        condominium = batch._as_its_user(self.condominium_id)
        plan, service, reason, transmission = condominium._queue_checked(batch=batch)
        values = {"plan": plan, "reason": reason, "transmission_id": transmission.id}
        return {**values, "service": service}, transmission

    # -- of a preview that a scheduled action prepares ------------------------------------

    def _plan_pending(self):
        """Examine these, as who prepares the batch would."""
        for batch, lines in self.grouped("batch_id").items():
            condominiums = lines.with_context(active_test=False).condominium_id
            plans = batch._as_its_user(condominiums)._upload_plans()
            by_condominium = {plan.pop("condominium_id"): plan for plan in plans}
            for line in lines:
                line.write(by_condominium[line.condominium_id.id])

    def action_open_condominium(self):
        self.ensure_one()
        return self.condominium_id._open_form()
