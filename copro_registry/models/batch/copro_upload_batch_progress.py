import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.in_parts import apart, attempt
from ...tools.upload_states import OPEN_STATES
from .copro_upload_batch import ACTIVE_STATES, ASIDE

SECONDS_BETWEEN = 1.0
# Counting a large batch reads all of it: that takes so little of a worker's time.
SHARE_OF_TIME = 0.02
TELLING = (
    Domain("reason", "!=", False)
    | Domain("transmission_id.failure_code", "!=", False)
    | Domain("transmission_id.state", "in", ("received", "rejected"))
)
# When this process may tell of each batch again: {(database, id): monotonic seconds}.
_next = {}


class CoproUploadBatch(models.Model):
    """How far a batch is, told to who watches it."""

    _inherit = "copro.upload.batch"

    progress = fields.Json(compute="_compute_progress")
    rest_message = fields.Char(compute="_compute_rest_message")
    has_results = fields.Boolean(compute="_compute_has_results")

    def _compute_progress(self):
        for batch in self:
            batch.progress = batch._progress()

    def _compute_rest_message(self):
        """Why nothing leaves, when the registry has asked to wait."""
        for batch in self:
            account = batch.company_id.sudo().copro_account_id
            batch.rest_message = batch.state == "running" and account.rest_message

    def _compute_has_results(self):
        """Whether a condominium of it has more to tell than its state."""
        Line = self.env["copro.upload.batch.line"].sudo()
        for batch in self:
            domain = Domain("batch_id", "=", batch.id) & TELLING
            batch.has_results = bool(Line.search_count(domain, limit=1))

    def _progress(self):
        """{state: count of its uploads, and what the progress bar shows}."""
        self.ensure_one()
        counts = self._counts()
        waiting = self._unprepared() + counts["queued"]
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
            **self._set_aside(),
            "ended": ended,
            "leaves_at": self._leaves_at(left, waiting),
            "over": bool(self.finished_at),
        }

    def _counts(self):
        """{state: number of uploads}; one small range of an index."""
        transmissions = self.env["copro.transmission"]
        states = [state for state, _label in transmissions._fields["state"].selection]
        groups = transmissions.sudo()._read_group(
            [("batch_id", "=", self.id)], ["state"], ["__count"]
        )
        return {**dict.fromkeys(states, 0), **dict(groups)}

    def _left(self):
        counts = self._counts()
        return sum(counts.values()) - counts["queued"]

    def _unprepared(self):
        return self.env["copro.upload.batch.line"].sudo().search_count(self._unprepared_domain())

    def _set_aside(self):
        """{verdict: count} of what the control kept from leaving."""
        lines = self._counted("copro.upload.batch.line", "verdict", ASIDE)
        return {verdict: lines[self, verdict] for verdict in ASIDE}

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
        busy = self.company_id.sudo().copro_account_id.busy_until
        return max((moment for moment in (latest, busy) if moment), default=None)

    # -- telling --------------------------------------------------------------

    def _tell(self):
        for batch in self:
            started = time.monotonic()
            batch._bus_send("copro_registry.batch_progress", [batch.id, batch._progress()])
            wait = max(SECONDS_BETWEEN, (time.monotonic() - started) / SHARE_OF_TIME)
            _next[self.env.cr.dbname, batch.id] = started + wait

    def _tell_now_and_then(self):
        """Tell of those that were not told of for a moment."""
        now = time.monotonic()
        self.filtered(lambda b: now >= _next.get((b.env.cr.dbname, b.id), 0))._tell()

    @api.model
    def _tell_all(self):
        """Tell of all that is in progress, and close what is over."""
        going = self.search([("state", "in", ACTIVE_STATES), ("finished_at", "=", False)])
        # One that somebody pauses, or another worker closes, is told of next time.
        apart(going, lambda batches: batches._tell_how_far())
        self.env.cr.commit()  # pylint: disable=invalid-commit

    def _tell_how_far(self):
        for batch in self:
            batch._close_if_over()
            batch._tell()

    def _close_if_over(self):
        counts = self._counts()
        open_ones = sum(counts[state] for state in OPEN_STATES)
        waiting = self._unprepared() if self.state != "cancelled" else 0
        if open_ones or waiting or not self.try_lock_for_update():
            return
        state = "cancelled" if self.state == "cancelled" else "done"
        self.write({"state": state, "finished_at": fields.Datetime.now()})
        _next.pop((self.env.cr.dbname, self.id), None)
        self._tell_the_end(counts)

    def _tell_the_end(self, counts):
        """A word to who started it, wherever he is in Odoo by now."""
        told = self.with_context(lang=self.user_id.lang)
        failed = counts["rejected"] + counts["failed"]
        message = told.env._(
            "Batch of uploads finished. Accepted: %(done)s; refused: %(failed)s.",
            done=counts["accepted"],
            failed=failed,
        )
        kind = "warning" if failed else "success"
        told = {"type": kind, "message": message}
        # Over it is, whoever can be told of it.
        attempt(self, lambda batch: batch.user_id._bus_send("simple_notification", told))
