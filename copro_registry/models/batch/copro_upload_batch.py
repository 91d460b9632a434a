from collections import Counter
from datetime import timedelta
from io import BytesIO

import xlsxwriter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

from ...rnc.states import REFUSED
from ...tools.in_parts import apart
from ...tools.localised import is_one
from .copro_upload_batch_line import PREVIEWS, SET_ASIDE

PREVIEW_LIFE = timedelta(days=1)
REPORT_COLUMNS = (
    # field of the line, width
    ("condominium_id", 45),
    ("registration_number", 18),
    ("service", 24),
    ("status", 18),
    ("answered_at", 20),
    ("result", 90),
)


class CoproUploadBatch(models.Model):
    """Many condominiums, uploaded by one click.

    It begins as a preview: what is ready, what is not and why; of a large selection, a
    scheduled action prepares it. Once started, its files are frozen and queued by another,
    and leave with the queue.

    ```
    preparing
       ▼
    preview ──start──► running ◄──pause, resume──► paused
       │                  │ └───────cancel─────────┘│
     discarded            ▼                         ▼
                        done                    cancelled
    ```

    Cancelled is what has not left; what has left is awaited.
    """

    _name = "copro.upload.batch"
    _inherit = [
        "copro.upload.batch.preview",
        "copro.upload.batch.run",
        "copro.upload.batch.progress",
        "copro.protected.mixin",
        "bus.listener.mixin",
    ]
    _description = "Batch of uploads"
    _order = "id desc"
    _allow_sudo_commands = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, protected=True, index=True
    )
    state = fields.Selection(
        [
            ("preparing", "Preview being prepared"),
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
    to_check_count = fields.Integer(string="To check", compute="_compute_counts")
    elsewhere_count = fields.Integer(string="In another upload", compute="_compute_counts")
    failed_count = fields.Integer(string="Condominiums refused", compute="_compute_counts")
    started_at = fields.Datetime(readonly=True, protected=True)
    resumed_at = fields.Datetime(readonly=True, protected=True)
    left_before = fields.Integer(
        readonly=True, protected=True, help="How many had left when it was last resumed"
    )
    finished_at = fields.Datetime(readonly=True, protected=True)

    @api.depends("create_date", "line_count")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for batch in self:
            moment = format_datetime(self.env, batch.create_date, dt_format="short")
            count = batch.line_count
            several = self.env._("%(moment)s · %(count)s condominiums", moment=moment, count=count)
            one = self.env._("%(moment)s · %(count)s condominium", moment=moment, count=count)
            batch.display_name = one if is_one(self.env, count) else several

    def _compute_counts(self):
        """How many the registry has accepted, or refused; how many did not leave, and why."""
        uploads = self._count_by("copro.transmission", "state", ("accepted", *REFUSED))
        lines = self._count_by("copro.upload.batch.line", "plan", SET_ASIDE)
        for batch in self:
            batch.accepted_count = uploads[batch, "accepted"]
            batch.failed_count = sum(uploads[batch, state] for state in REFUSED)
            batch.up_to_date_count = lines[batch, "up_to_date"]
            batch.incomplete_count = lines[batch, "incomplete"]
            batch.to_check_count = lines[batch, "to_check"]
            batch.elsewhere_count = lines[batch, "open"]

    def _count_by(self, model, field, values):
        """{(batch, value): count} of what belongs to these batches."""
        domain = Domain("batch_id", "in", self.ids) & Domain(field, "in", values)
        groups = self.env[model].sudo()._read_group(domain, ["batch_id", field], ["__count"])
        return Counter({(batch, value): count for batch, value, count in groups})

    def _account(self):
        return self.company_id.sudo().copro_account_id

    def _check_may_run(self):
        """Who may upload condominiums may run batches of the companies they see."""
        self.check_access("read")
        self.env["copro.condominium"].check_access("write")

    def action_discard(self):
        """Forget a preview: nothing was sent."""
        self._check_may_run()
        self.sudo().filtered(lambda batch: batch.state in PREVIEWS).unlink()
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

    # -- the report -------------------------------------------------------------

    def action_export(self):
        """The report, to download.

        Odoo's own export of a list is only for who may export from all of Odoo
        (``base.group_allow_export``), which the groups of this addon do not give; nor does
        it offer the columns that a list hides. Who sees a batch may file its result.
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/copro_registry/batch/{self.id}.xlsx",
            "target": "download",
        }

    def _report_xlsx(self):
        """The bytes of a workbook: one row a condominium, in the user's language."""
        self.ensure_one()
        stream = BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(stream, options) as workbook:
            bold = workbook.add_format({"bold": True})
            formats = {"date": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})}
            sheet = workbook.add_worksheet()
            for column, (name, width) in enumerate(REPORT_COLUMNS):
                sheet.set_column(column, column, width)
                title = self.line_ids._fields[name]._description_string(self.env)
                sheet.write_string(0, column, title, bold)
            for row, line in enumerate(self.line_ids, start=1):
                self._write_row(sheet, row, line, formats)
            sheet.freeze_panes(1, 1)
            sheet.autofilter(0, 0, max(len(self.line_ids), 1), len(REPORT_COLUMNS) - 1)
        return stream.getvalue()

    def _write_row(self, sheet, row, line, formats):
        for column, (name, _width) in enumerate(REPORT_COLUMNS):
            value = line[name]
            field = line._fields[name]
            if field.type == "datetime" and value:
                moment = fields.Datetime.context_timestamp(self, value).replace(tzinfo=None)
                sheet.write_datetime(row, column, moment, formats["date"])
            else:
                # Typed text stays text: "=…" from a form is no formula.
                sheet.write_string(row, column, field.convert_to_export(value, line) or "")

    # -- forgetting -------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_only_previews(self):
        if any(batch.state not in PREVIEWS for batch in self):
            raise UserError(
                self.env._(
                    "A batch that was started cannot be deleted: it is kept, with its uploads."
                )
            )

    @api.autovacuum
    def _forget_old_previews(self):
        old = fields.Datetime.now() - PREVIEW_LIFE
        forgotten = self.search([("state", "in", PREVIEWS), ("create_date", "<", old)], limit=1000)
        apart(forgotten, lambda batches: batches.unlink())
