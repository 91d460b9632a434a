from datetime import timedelta

import psycopg2.extensions

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.in_parts import apart, attempt, in_parts
from .copro_upload_batch_line import UNPREPARED

PREPARED_TOGETHER = 40
ANNUAL_TOGETHER = 500
LOCKED_RETRY_SECONDS = 20  # somebody was saving these condominiums


class CoproUploadBatchRun(models.AbstractModel):
    """Running a batch: start, pause, resume, cancel; freezing its files, little by little.

    Annual updates that fall due are batches that start by themselves, where a company wants it.
    """

    _name = "copro.upload.batch.run"
    _description = "Running a batch of uploads"

    is_left = fields.Boolean(compute="_compute_is_left")

    def action_start(self):
        """Send what is ready. The click returns at once; a scheduled action does the rest."""
        self._start(self._lock_previews())

    def action_start_all(self):
        """Send what is to be checked too: somebody has looked at it, and says so."""
        previews = self._lock_previews()
        checked = [("batch_id", "in", previews.ids), ("plan", "=", "to_check")]
        self.env["copro.upload.batch.line"].sudo().search(checked).plan = "ready"
        self._start(previews)

    def _lock_previews(self):
        """Those that may be started. Raises UserError when nothing can be sent."""
        self._check_may_run()
        problem = self._account()._why_not_usable()
        if problem:
            raise UserError(problem)
        return self._lock_in_state("preview")

    def _start(self, previews):
        now = fields.Datetime.now()
        for batch in previews:
            batch._count_ready()
        previews.write({"state": "running", "started_at": now, "resumed_at": now})
        self._prepare_soon()

    def _as_its_user(self, condominiums):
        """The same, as who started the batch, in their language."""
        language = self.company_id._copro_language(self.user_id)
        return condominiums.with_user(self.user_id).with_context(lang=language, tz=self.user_id.tz)

    def action_pause(self):
        """What has not left waits; what has left is recorded as it comes."""
        self._check_may_run()
        paused = self._lock_in_state("running")
        paused.state = "paused"
        paused._waiting_transmissions().on_hold = True
        paused._send_progress()

    def action_resume(self):
        self._check_may_run()
        for batch in self._lock_in_state("paused"):
            batch.write(
                {
                    "state": "running",
                    "resumed_at": fields.Datetime.now(),
                    "left_before": batch._count_sent(),
                }
            )
            held = self.env["copro.transmission"].sudo().search(batch._held_domain())
            held.on_hold = False
            held._wake(len(held))
            batch._send_progress()
        self._prepare_soon()

    def action_cancel(self):
        """Cancel what has not left."""
        self._check_may_run()
        cancelled = self._lock_in_state("running", "paused")
        cancelled.state = "cancelled"
        cancelled._waiting_transmissions()._cancel(self.env.user)
        cancelled._unprepared_lines().reason = self.env._("Cancelled before leaving.")
        for batch in cancelled:
            batch._close_if_over()
        cancelled._send_progress()

    def action_upload_again(self):
        """Another batch, of what did not succeed in this one."""
        self.ensure_one()
        self._check_may_run()
        condominiums = (
            self.env["copro.upload.batch.line"].search(self._left_domain()).condominium_id
        )
        if not condominiums:
            raise UserError(
                self.env._("Everything was uploaded: select other condominiums to send more.")
            )
        return self._preview(condominiums).action_open()

    def _left_domain(self):
        """The lines of what did not succeed, or has not left."""
        left = Domain("plan", "in", ("to_check", "incomplete", "open")) | UNPREPARED
        left |= Domain("transmission_id.state", "in", ("rejected", "failed", "cancelled"))
        return Domain("batch_id", "in", self.ids) & left

    def _compute_is_left(self):
        """Whether something of it may be uploaded again."""
        lines = self.env["copro.upload.batch.line"]
        for batch in self:
            is_over = bool(batch.finished_at)
            batch.is_left = is_over and bool(lines.search_count(batch._left_domain(), limit=1))

    def _lock_in_state(self, *states):
        """These batches, locked, as far as they are in one of ``states``.

        Waits for the workers that are claiming under their shared lock.
        """
        if not self:
            return self.sudo()
        self.sudo().flush_recordset(["state"])
        query = SQL(
            "SELECT id FROM copro_upload_batch WHERE id IN %s AND state IN %s FOR NO KEY UPDATE",
            *(tuple(self.ids), states),
        )
        return self.sudo().browse([row[0] for row in self.env.execute_query(query)])

    def _unprepared_domain(self):
        return Domain("batch_id", "in", self.ids) & UNPREPARED

    def _unprepared_lines(self):
        return self.env["copro.upload.batch.line"].sudo().search(self._unprepared_domain())

    def _held_domain(self):
        return [("batch_id", "in", self.ids), ("state", "=", "queued"), ("on_hold", "=", True)]

    def _waiting_transmissions(self):
        """What is queued and no worker is claiming at this moment."""
        domain = [("batch_id", "in", self.ids), ("state", "=", "queued")]
        queued = self.env["copro.transmission"].sudo().search(domain)
        return queued.try_lock_for_update()

    @api.model
    def _prepare_soon(self):
        self.env.ref("copro_registry.ir_cron_prepare")._trigger()

    @api.model
    def _process_batches(self, together=PREPARED_TOGETHER):
        """Scheduled action: freeze and queue the files of the batches in progress.

        A few at a time, each time committed: the first leave while the last are still
        being written, and nothing is done again after an interruption.
        """
        progress = self.env["ir.cron"]._commit_progress
        seconds_left = progress(0, remaining=self._count_waiting())
        lines = True
        while lines and seconds_left > 0:
            try:
                lines = self._lock_waiting(together)
                lines._queue_each()._wake(sum(lines.batch_id.mapped("total")))
                attempt(lines.batch_id, lambda batches: batches._send_progress_throttled())
                seconds_left = progress(len(lines))
            except psycopg2.extensions.TransactionRollbackError:
                # Somebody has saved one of them meanwhile: nothing of these was queued.
                self.env.cr.rollback()
                lines = False
        if not lines:
            self._retry_locked_lines(progress)
        self._follow_all()

    @api.model
    def _retry_locked_lines(self, progress):
        """Run again soon for the lines whose condominium somebody is saving: no other is left."""
        if self._count_waiting():
            soon = fields.Datetime.now() + timedelta(seconds=LOCKED_RETRY_SECONDS)
            self.env.ref("copro_registry.ir_cron_prepare")._trigger(at=soon)
        progress(0, remaining=0)

    @api.model
    def _count_waiting(self):
        [(count,)] = self.env.execute_query(SQL("SELECT count(*) FROM %s", self._waiting()))
        return count

    @api.model
    def _waiting(self):
        self.env["copro.upload.batch.line"].flush_model(["plan", "transmission_id"])
        self.flush_model(["state"])
        running = self.search(
            [("state", "=", "running"), ("company_id.active", "=", True)]
        ).company_id
        held = self.env["copro.transmission"]._companies_held(running.ids)
        return SQL(
            "copro_upload_batch_line line JOIN copro_upload_batch batch "
            "ON batch.id = line.batch_id AND batch.state = 'running' "
            "AND line.plan = 'ready' AND line.transmission_id IS NULL "
            "AND batch.company_id = ANY(%s)",
            [company.id for company in running if company.id not in held],
        )

    @api.model
    def _lock_waiting(self, limit):
        self.env.invalidate_all()
        query = SQL(
            "SELECT line.id FROM %s JOIN copro_condominium condominium "
            "ON condominium.id = line.condominium_id "
            "ORDER BY line.id LIMIT %s FOR NO KEY UPDATE OF line, condominium SKIP LOCKED",
            *(self._waiting(), limit),
        )
        ids = [row[0] for row in self.env.execute_query(query)]
        return self.env["copro.upload.batch.line"].browse(ids)

    # -- annual updates ---------------------------------------------------------

    @api.model
    def _process_annual_updates(self, together=ANNUAL_TOGETHER):
        """Scheduled action: a batch of the annual updates that are due and ready.

        What was refused waits for a person: it is not sent again each night.
        """
        for part in in_parts(self._due_annual_updates(), together):
            self._start_annual_updates(part)

    @api.model
    def _due_annual_updates(self):
        """Those of the companies that opted in, whose fiscal year is approved, by company."""
        accounts = self.env["copro.declarant.account"].search(
            [("auto_annual", "=", True), ("company_id.active", "=", True)]
        )
        usable = apart(accounts, lambda some: some.mapped("problem"))
        usable = usable.filtered(lambda account: not account.problem)
        domain = [
            ("company_id", "in", usable.company_id.ids),
            ("registration_number", "!=", False),
            ("service_due", "=", "WS2_ANNUAL"),
            # What is surprising, or being corrected, is for a person to decide.
            ("readiness_state", "=", "ready"),
            ("fiscal_year_ids", "not any", [("state", "=", "correcting")]),
            *("|", ("transmission_id", "=", False), ("transmission_id.state", "=", "accepted")),
        ]
        due = self.env["copro.condominium"].search(domain, order="company_id, id")
        lines = self.env["copro.upload.batch.line"]
        return due - lines.search(lines._waiting_domain()).condominium_id

    @api.model
    def _start_annual_updates(self, condominiums):
        for company, due in condominiums.grouped("company_id").items():
            attempt(company, lambda one, due=due: self._start_for(one, due))

    @api.model
    def _start_for(self, company, condominiums):
        language = company.partner_id.lang or self.env.lang
        self.with_context(lang=language)._preview(condominiums).action_start()
