from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

from ...tools.in_parts import apart
from ...tools.localised import is_one
from ...tools.upload_states import REFUSED

ACTIVE_STATES = ("running", "paused", "cancelled")
ASIDE = ("incomplete", "up_to_date", "open")  # verdicts of what does not leave
PREVIEW_LIFE = timedelta(days=1)


class CoproUploadBatch(models.Model):
    """Many condominiums, uploaded by one click.

    It begins as a preview: what is ready, what is not and why. Once started, its files
    are frozen and queued by a scheduled action, and leave with the queue.

    ```
    preview ──start──► running ◄──pause, resume──► paused
       │                  │ └───────cancel─────────┘│
     discarded            ▼                         ▼
                        done                    cancelled
    ```

    Cancelled is what has not left; what has left is awaited.
    """

    _name = "copro.upload.batch"
    _inherit = ["bus.listener.mixin", "copro.protected.mixin"]
    _description = "Batch of uploads"
    _order = "id desc"
    _allow_sudo_commands = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, protected=True, index=True
    )
    state = fields.Selection(
        [
            ("preview", "Preview"),
            ("running", "In progress"),
            ("paused", "Paused"),
            ("done", "Finished"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        protected=True,
        default="preview",
        index=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Prepared by",
        readonly=True,
        protected=True,
        default=lambda self: self.env.user,
    )
    line_ids = fields.One2many(
        "copro.upload.batch.line", "batch_id", "Condominiums", readonly=True, protected=True
    )
    line_count = fields.Integer(string="Selected", readonly=True, protected=True)
    total = fields.Integer(string="Ready at the start", readonly=True, protected=True)
    accepted_count = fields.Integer(string="Condominiums accepted", compute="_compute_counts")
    up_to_date_count = fields.Integer(string="Up to date", compute="_compute_counts")
    incomplete_count = fields.Integer(string="To complete", compute="_compute_counts")
    elsewhere_count = fields.Integer(string="In another upload", compute="_compute_counts")
    failed_count = fields.Integer(string="Condominiums refused", compute="_compute_counts")
    started_at = fields.Datetime(readonly=True, protected=True)
    resumed_at = fields.Datetime(readonly=True, protected=True)
    left_before = fields.Integer(
        readonly=True, protected=True, help="How many had left when it was last resumed"
    )
    finished_at = fields.Datetime(readonly=True, protected=True)
    summary = fields.Json(compute="_compute_summary")

    @api.depends("create_date", "line_count")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for batch in self:
            moment = format_datetime(self.env, batch.create_date, dt_format="short")
            count = batch.line_count
            several = self.env._("%(moment)s · %(count)s condominiums", moment=moment, count=count)
            one = self.env._("%(moment)s · %(count)s condominium", moment=moment, count=count)
            batch.display_name = one if is_one(self.env, count) else several

    @api.model
    def _preview(self, condominiums):
        """A batch that says what would leave, and why the rest would not."""
        company = condominiums.company_id.ensure_one()
        batch = self.sudo().create({"company_id": company.id, "line_count": len(condominiums)})
        verdicts = condominiums._upload_verdicts()
        batch.line_ids.create([{"batch_id": batch.id, **values} for values in verdicts])
        batch.total = sum(values["verdict"] == "ready" for values in verdicts)
        return batch.sudo(False)

    @api.depends("line_ids.verdict")
    def _compute_summary(self):
        """{verdict: count, "reasons": [{verdict, reason, count}]}, most frequent first."""
        for batch in self:
            groups = self.env["copro.upload.batch.line"]._read_group(
                [("batch_id", "=", batch.id)], ["verdict", "reason"], ["__count"]
            )
            reasons = [
                {"verdict": verdict, "reason": reason or "", "count": count}
                for verdict, reason, count in groups
                if verdict != "ready"
            ]
            reasons.sort(key=lambda told: -told["count"])
            summary = dict.fromkeys(("ready", *ASIDE), 0)
            for verdict, _reason, count in groups:
                summary[verdict] += count
            batch.summary = {**summary, "reasons": reasons}

    def _compute_counts(self):
        """How many the registry has recorded, or not; how many did not leave, and why."""
        uploads = self._counted("copro.transmission", "state", ("accepted", *REFUSED))
        lines = self._counted("copro.upload.batch.line", "verdict", ASIDE)
        for batch in self:
            batch.accepted_count = uploads[batch, "accepted"]
            batch.failed_count = sum(uploads[batch, state] for state in REFUSED)
            batch.up_to_date_count = lines[batch, "up_to_date"]
            batch.incomplete_count = lines[batch, "incomplete"]
            batch.elsewhere_count = lines[batch, "open"]

    def _counted(self, model, field, values):
        """{(batch, value): count} of what belongs to these batches."""
        domain = Domain("batch_id", "in", self.ids) & Domain(field, "in", values)
        groups = self.env[model].sudo()._read_group(domain, ["batch_id", field], ["__count"])
        return Counter({(batch, value): count for batch, value, count in groups})

    def _check_may_run(self):
        """Who may upload condominiums may run batches of the companies he sees."""
        self.check_access("read")
        self.env["copro.condominium"].check_access("write")

    def action_discard(self):
        """Forget a preview: nothing was sent."""
        self._check_may_run()
        self.sudo().filtered(lambda batch: batch.state == "preview").unlink()
        # Not a window to close: its own screen would read the batch again.
        return {"type": "ir.actions.client", "tag": "copro_registry.back"}

    def action_open(self):
        """This batch, on its own screen."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "copro_registry.copro_upload_batch_action"
        )
        return {**action, "res_id": self.id, "views": [(False, "form")]}

    def action_open_lines(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "copro_registry.copro_upload_batch_line_action"
        )
        name = self.env._("Condominiums of the batch")
        domain = [("batch_id", "=", self.id)]
        return {**action, "name": name, "domain": domain, "context": {"copro_one_batch": True}}

    @api.ondelete(at_uninstall=False)
    def _unlink_only_previews(self):
        if any(batch.state != "preview" for batch in self):
            raise UserError(
                self.env._(
                    "A batch that was started cannot be deleted: it is kept, with its uploads."
                )
            )

    @api.autovacuum
    def _forget_old_previews(self):
        old = fields.Datetime.now() - PREVIEW_LIFE
        forgotten = self.search([("state", "=", "preview"), ("create_date", "<", old)], limit=1000)
        apart(forgotten, lambda batches: batches.unlink())
