import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...rnc.states import OPEN_STATES
from ...tools.in_parts import apart, attempt
from .copro_upload_batch_line import SET_ASIDE

FOLLOWED_STATES = ("running", "paused", "cancelled")
SECONDS_BETWEEN = 1.0
# Counting a large batch reads all of it: that takes so little of a worker's time.
SHARE_OF_TIME = 0.02
HAS_RESULT = (
    Domain("reason", "!=", False)
    | Domain("transmission_id.failure_code", "!=", False)
    | Domain("transmission_id.state", "in", ("received", "rejected"))
)
# When this process may send each batch's progress again: {(database, id): monotonic seconds}.
_next = {}


class CoproUploadBatchProgress(models.AbstractModel):
    """How far a batch is, for those who watch it."""

    _name = "copro.upload.batch.progress"
    _description = "Progress of a batch of uploads"

    progress = fields.Json(compute="_compute_progress")
    pause_message = fields.Char(compute="_compute_pause_message")
    has_results = fields.Boolean(compute="_compute_has_results")

    def _compute_progress(self):
        for batch in self:
            batch.progress = batch._progress()

    def _compute_pause_message(self):
        """Why nothing leaves, when the registry has asked to wait."""
        for batch in self:
            account = batch._account()
            batch.pause_message = batch.state == "running" and account.pause_message

    def _compute_has_results(self):
        """Whether the result of a condominium says more than its state."""
        Line = self.env["copro.upload.batch.line"].sudo()
        for batch in self:
            domain = Domain("batch_id", "=", batch.id) & HAS_RESULT
            batch.has_results = bool(Line.search_count(domain, limit=1))

    def _progress(self):
        """{state: count of its uploads, and what the progress bar shows}."""
        self.ensure_one()
        if self.state == "preparing":
            return self._progress_of_preview()
        counts = self._count_states()
        waiting = self._count_unprepared() + counts["queued"]
        if self.state == "cancelled":
            counts["cancelled"] += waiting
            waiting = 0
        ended = sum(counts[state] for state in ("accepted", "rejected", "failed", "cancelled"))
        left = sum(counts.values()) - counts["queued"]
        return {
            **counts,
            "batch": self.state,
            "total": self.total,
            "waiting": waiting,
            **self._count_set_aside(),
            "ended": ended,
            "leaves_at": self._leaves_at(left, waiting),
            "over": bool(self.finished_at),
        }

    def _count_states(self):
        """{state: number of uploads}; one small range of an index."""
        transmissions = self.env["copro.transmission"]
        states = [state for state, _label in transmissions._fields["state"].selection]
        groups = transmissions.sudo()._read_group(
            [("batch_id", "=", self.id)], ["state"], ["__count"]
        )
        return {**dict.fromkeys(states, 0), **dict(groups)}

    def _count_sent(self):
        counts = self._count_states()
        return sum(counts.values()) - counts["queued"]

    def _count_unprepared(self):
        return self.env["copro.upload.batch.line"].sudo().search_count(self._unprepared_domain())

    def _count_set_aside(self):
        """{plan: count} of what the control kept from leaving."""
        lines = self._count_by("copro.upload.batch.line", "plan", SET_ASIDE)
        return {plan: lines[self, plan] for plan in SET_ASIDE}

    def _leaves_at(self, left, waiting):
        """When the last of what waits will have left, in UTC; None when nothing tells.

        At the pace since it was last resumed, and no sooner than what was put off.
        """
        if self.state != "running" or not waiting:
            return None
        now, seconds = fields.Datetime.now(), 0
        if left > self.left_before and self.resumed_at:
            elapsed = (now - self.resumed_at).total_seconds()
            seconds = waiting * max(elapsed, 1) / (left - self.left_before)
        moment = max(now + timedelta(seconds=int(seconds)), self._latest_attempt() or now)
        return fields.Datetime.to_string(moment) if moment > now else None

    def _latest_attempt(self):
        """When the last of what waits may leave: a busy registry puts off."""
        domain = [("batch_id", "=", self.id), ("state", "=", "queued")]
        transmissions = self.env["copro.transmission"].sudo()
        [(latest,)] = transmissions._read_group(domain, [], ["next_attempt:max"])
        busy = self._account().busy_until
        return max((moment for moment in (latest, busy) if moment), default=None)

    # -- sending it -------------------------------------------------------------

    def _send_progress(self):
        """On the bus, to the screens that show these batches."""
        for batch in self:
            started = time.monotonic()
            batch._bus_send("copro_registry.batch_progress", [batch.id, batch._progress()])
            wait = max(SECONDS_BETWEEN, (time.monotonic() - started) / SHARE_OF_TIME)
            _next[self.env.cr.dbname, batch.id] = started + wait

    def _send_progress_throttled(self):
        """Only of those whose progress was not sent a moment ago."""
        now = time.monotonic()
        self.filtered(lambda b: now >= _next.get((b.env.cr.dbname, b.id), 0))._send_progress()

    @api.model
    def _follow_all(self):
        """Send the progress of all that is not over, and close what is by now. Commits."""
        going = self.search([("state", "in", FOLLOWED_STATES), ("finished_at", "=", False)])
        # One that somebody pauses, or another worker closes, is followed next time.
        apart(going, lambda batches: batches._follow())
        self.env.cr.commit()  # pylint: disable=invalid-commit

    def _follow(self):
        for batch in self:
            batch._close_if_over()
            batch._send_progress()

    def _close_if_over(self):
        counts = self._count_states()
        open_ones = sum(counts[state] for state in OPEN_STATES)
        waiting = self._count_unprepared() if self.state != "cancelled" else 0
        if open_ones or waiting or not self.try_lock_for_update():
            return
        state = "cancelled" if self.state == "cancelled" else "done"
        self.write({"state": state, "finished_at": fields.Datetime.now()})
        _next.pop((self.env.cr.dbname, self.id), None)
        self._notify_end(counts)

    def _notify_end(self, counts):
        """A notification for the person who started it, wherever they are in Odoo by now."""
        env = self.with_context(lang=self.user_id.lang).env
        failed = counts["rejected"] + counts["failed"]
        message = env._(
            "Batch of uploads finished. Accepted: %(done)s; refused: %(failed)s.",
            done=counts["accepted"],
            failed=failed,
        )
        notification = {"type": "warning" if failed else "success", "message": message}
        # The batch is over, whether or not the notification can be sent.
        attempt(self, lambda batch: batch.user_id._bus_send("simple_notification", notification))
