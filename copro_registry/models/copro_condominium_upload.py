from odoo import api, fields, models
from odoo.exceptions import UserError

from ..registry import rules
from ..registry.fingerprint import fingerprint
from .today import today

OPEN_STATES = ("queued", "sending", "accepted", "unknown")
MOST_SHOWN = 3


class CoproCondominium(models.Model):
    _inherit = "copro.condominium"

    transmission_ids = fields.One2many("copro.transmission", "condominium_id")
    transmission_id = fields.Many2one(
        "copro.transmission",
        string="Last upload",
        compute="_compute_transmission_id",
        store=True,
    )
    upload_state = fields.Selection(related="transmission_id.state", string="Upload")
    upload_message = fields.Text(related="transmission_id.message", string="Result")
    declared_digest = fields.Char(readonly=True, copy=False)

    @api.depends("transmission_ids")
    def _compute_transmission_id(self):
        for condominium in self:
            condominium.transmission_id = condominium.transmission_ids.sorted("id")[-1:]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_uploaded(self):
        if self.sudo().transmission_ids:
            raise UserError(
                self.env._(
                    "A condominium with uploads is not deleted: they are its proof. Archive "
                    "it instead."
                )
            )

    def action_upload(self):
        """Upload what is due: the server action « Téléverser au registre ».

        One condominium leaves at once, as soon as this transaction is safe; several
        are queued and leave by the scheduled action. Nothing leaves that our own
        control refuses.
        """
        self._check_may_upload()
        queued = self.env["copro.transmission"]
        skipped = []
        for condominium in self:
            transmission, reason = condominium._queue_upload()
            queued |= transmission
            if reason:
                skipped.append((condominium, reason))
        queued._leave_soon()
        if len(self) == 1:
            return self._after_one_upload(skipped)
        return self._after_many_uploads(queued, skipped)

    def _check_may_upload(self):
        self.check_access("write")
        for company in self.company_id:
            problem = company.sudo().copro_account_id._why_not_usable()
            if problem:
                raise UserError(problem)

    def _queue_upload(self):
        """(transmission queued, why nothing was) for one condominium."""
        self.ensure_one()
        nothing = self.env["copro.transmission"]
        if not self.try_lock_for_update():  # a second click, a second user
            return nothing, self.env._("An upload is already in progress.")
        open_one = self.transmission_ids.filtered(lambda t: t.state in OPEN_STATES)
        if open_one:
            return nothing, self.env._("An upload is already in progress.")
        service = self._service_due()
        if not service:
            return nothing, self.env._("Nothing to send: the registry is up to date.")
        found = rules.blocking(self._findings(service, today()))
        if found:
            return nothing, self._reason(found)
        return nothing._queue(self, service, today()), ""

    def _reason(self, found):
        """The first findings; the form lists them all."""
        sentences = [self._sentence(finding) for finding in found[:MOST_SHOWN]]
        if len(found) > MOST_SHOWN:
            others = len(found) - MOST_SHOWN
            sentences.append(self.env._("and %(count)s others", count=others))
        return "\n".join(sentences)

    def _service_due(self, dossier=None):
        """The service that the registry awaits next, or False."""
        self.ensure_one()
        if not self.registration_number:
            return "WS1"
        if self.exercise_id.state == "approved":
            return "WS2_ANNUAL"
        if self._standard_digest(today(), dossier) != self.declared_digest:
            return "WS2_STANDARD"
        return False

    def _standard_digest(self, on, dossier=None):
        """What identifies the data of a standard update."""
        return fingerprint(dossier or self._dossier(on), self._service("WS2_STANDARD"), on)

    def _after_one_upload(self, skipped):
        if skipped:
            return self._notify("warning", self.env._("Nothing was sent"), skipped[0][1])
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _after_many_uploads(self, queued, skipped):
        title = self.env._("%(count)s uploads queued", count=len(queued))
        kind = "warning" if skipped else "success"
        return self._notify(kind, title, "\n".join(self._told_by_reason(skipped)))

    def _told_by_reason(self, skipped):
        """One line a reason: with one name, or the number of condominiums."""
        names = {}
        for condominium, reason in skipped:
            names.setdefault(reason, []).append(condominium.name)
        by_number = sorted(names.items(), key=lambda told: -len(told[1]))
        for reason, concerned in by_number[:MOST_SHOWN]:
            who = concerned[0]
            if len(concerned) > 1:
                who = self.env._("%(count)s condominiums", count=len(concerned))
            yield self.env._("%(who)s: %(reason)s", who=who, reason=reason)
        if len(names) > MOST_SHOWN:
            others = sum(len(concerned) for _reason, concerned in by_number[MOST_SHOWN:])
            yield self.env._("and %(count)s others", count=others)

    @api.model
    def _notify(self, kind, title, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "title": title,
                "message": message,
                "sticky": kind == "warning",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_transmissions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "copro_registry.copro_transmission_action"
        )
        action["domain"] = [("condominium_id", "=", self.id)]
        action["context"] = {}
        return action

    def _registered(self, transmission, answer):
        """The registry has taken an upload: keep what it gave."""
        self.ensure_one()
        values = {
            "last_update": fields.Datetime.now(),
            "declared_digest": transmission.standard_digest,
        }
        if answer.registration_number and not self.registration_number:
            values["registration_number"] = answer.registration_number
            values["registration_date"] = today()
        self.write(values)
        if transmission.exercise_id:
            transmission.exercise_id.declared_on = today()
        # The registry takes no update under a mandate that it does not know.
        self.mandate_id.filtered(lambda mandate: not mandate.declared_on).declared_on = today()
