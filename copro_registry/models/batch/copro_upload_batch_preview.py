from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.in_parts import apart, attempt, in_parts
from ...tools.localised import internal_error
from ..condominium.copro_condominium_batch import SEPARATOR
from .copro_upload_batch_line import SET_ASIDE

AT_ONCE = 2000  # condominiums: beyond, nobody waits for the preview in front of a still screen
TOGETHER = 500
MOST_NAMES = 3  # behind a reason; the list has them all
MOST_CHECKED = 10  # that the summary shows one by one


class CoproUploadBatchPreview(models.AbstractModel):
    """What would leave, what is to be looked at first, and why the rest would not leave."""

    _name = "copro.upload.batch.preview"
    _description = "Preview of a batch of uploads"

    summary = fields.Json(compute="_compute_summary")

    @api.model
    def _preview(self, condominiums):
        """A batch that says what would leave, and why the rest would not.

        Of a large selection, the lines are made at once and examined by a scheduled action.
        """
        company = condominiums._companies().ensure_one()
        values = {"company_id": company.id, "line_count": len(condominiums), "total": 0}
        if len(condominiums) > AT_ONCE:
            batch = self.sudo().create({**values, "state": "preparing"})
            batch._create_pending_lines(condominiums)
            self.env.ref("copro_registry.ir_cron_preview")._trigger()
        else:
            batch = self.sudo().create({**values, "state": "preview"})
            plans = condominiums._upload_plans()
            batch.line_ids.create([{"batch_id": batch.id, **plan} for plan in plans])
            batch._count_ready()
        return batch.sudo(False)

    def _count_ready(self):
        self.total = self._count_planned("ready")

    def _count_planned(self, plan):
        planned = Domain("batch_id", "=", self.id) & Domain("plan", "=", plan)
        return self.env["copro.upload.batch.line"].sudo().search_count(planned)

    # -- of a large selection ---------------------------------------------------------

    def _create_pending_lines(self, condominiums):
        """Not by the ORM, which takes a page of memory for each."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO copro_upload_batch_line (
                    batch_id, company_id, condominium_id, plan,
                    create_uid, write_uid, create_date, write_date)
                SELECT %(batch)s, %(company)s, chosen.id, 'pending',
                       %(user)s, %(user)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM unnest(%(ids)s::int[]) WITH ORDINALITY chosen(id, rank)
              ORDER BY chosen.rank
                """,
                batch=self.id,
                company=self.company_id.id,
                user=self.env.uid,
                ids=list(condominiums.ids),
            )
        )
        self.invalidate_recordset(["line_ids"])

    @api.model
    def _process_previews(self, together=TOGETHER):
        """Scheduled action: examine the lines of large selections, a few at a time."""
        lines = self.env["copro.upload.batch.line"]
        pending = Domain("plan", "=", "pending") & Domain("batch_id.state", "=", "preparing")
        for part in in_parts(lines.search(pending, order="id"), together):
            there = part.exists()  # a preview may be given up meanwhile
            planned = apart(there, lambda some: some._plan_pending())
            (there - planned).write(
                {"plan": "incomplete", "reason": internal_error(self.env), "lacking": False}
            )
            attempt(there.batch_id, lambda batches: batches._send_progress_throttled())
            self.env.flush_all()
            self.env.invalidate_all()  # so that memory stays as it is
        self._end_previews()

    @api.model
    def _end_previews(self):
        """Show those that are examined whole."""
        for batch in self.search([("state", "=", "preparing")]):
            if not batch._count_planned("pending"):
                batch._count_ready()
                batch.state = "preview"
                batch._send_progress()

    def _progress_of_preview(self):
        """As ``_progress``, of a preview that is being prepared."""
        examined = self.line_count - self._count_planned("pending")
        return {
            "batch": self.state,
            "total": self.line_count,
            "prepared": examined,
            "ended": examined,
            "over": False,
        }

    # -- in sight -----------------------------------------------------------------------

    @api.depends("line_ids.plan")
    @api.depends_context("lang")
    def _compute_summary(self):
        """{plan: count, "reasons": […], "checks": [{name, reason}]}

        The reasons, {plan, item, reason, count, names}, are those why something will not leave,
        the most frequent first; the checks, the first ones of what is to be looked at.
        """
        for batch in self:
            groups = self.env["copro.upload.batch.line"]._read_group(
                [("batch_id", "=", batch.id)], ["plan"], ["__count"]
            )
            counts = dict.fromkeys(("ready", *SET_ASIDE), 0) | dict(groups)
            reasons = batch._reasons_of_items() + batch._reasons_of_others()
            reasons.sort(key=lambda row: -row["count"])
            batch.summary = {**counts, "reasons": reasons, "checks": batch._checks()}

    def _reasons_of_items(self):
        """What lacks, item by item: of one condominium, there may be several."""
        rows = self._grouped(
            SQL("unnest(string_to_array(btrim(line.lacking, %s), %s))", SEPARATOR, SEPARATOR),
            SQL("line.plan = 'incomplete' AND line.lacking IS NOT NULL"),
        )
        label = self.env["copro.condominium"]._item_label
        return [
            {"plan": "incomplete", "item": item, "reason": label(item), **behind}
            for _plan, item, behind in rows
        ]

    def _reasons_of_others(self):
        rows = self._grouped(
            SQL("line.reason"),
            SQL(
                "(line.plan IN ('up_to_date', 'open') OR "
                "line.plan = 'incomplete' AND line.lacking IS NULL)"
            ),
        )
        return [
            {"plan": plan, "item": False, "reason": reason or "", **behind}
            for plan, reason, behind in rows
        ]

    def _grouped(self, reason, condition):
        """[(plan, reason, {count, names})] of the lines of ``condition``."""
        self.env["copro.upload.batch.line"].flush_model()
        query = SQL(
            """
            SELECT told.plan, told.reason, count(*),
                   (array_agg(condominium.name ORDER BY told.id))[1:%(most)s]
              FROM (SELECT line.id, line.plan, line.condominium_id, %(reason)s AS reason
                      FROM copro_upload_batch_line line
                     WHERE line.batch_id = %(batch)s AND %(condition)s) told
              JOIN copro_condominium condominium ON condominium.id = told.condominium_id
          GROUP BY told.plan, told.reason
            """,
            reason=reason,
            batch=self.id,
            condition=condition,
            most=MOST_NAMES,
        )
        return [
            (plan, reason, {"count": count, "names": names})
            for plan, reason, count, names in self.env.execute_query(query)
        ]

    def _checks(self):
        lines = self.env["copro.upload.batch.line"].search(
            [("batch_id", "=", self.id), ("plan", "=", "to_check")], limit=MOST_CHECKED
        )
        return [{"name": line.condominium_id.name, "reason": line.reason} for line in lines]

    def action_open_lines(self, plan=None, item=None):
        """The lines of this batch; those of a plan, and that lack an item, when they are given."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "copro_registry.copro_upload_batch_line_action"
        )
        name = self.env._("Condominiums of the batch")
        domain = [("batch_id", "=", self.id)]
        domain += [("plan", "=", str(plan))] if plan else []
        domain += [("lacking", "like", f"{SEPARATOR}{item}{SEPARATOR}")] if item else []
        return {**action, "name": name, "domain": domain, "context": {"copro_one_batch": True}}
