from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...rnc import rules
from ...rnc.fingerprint import fingerprint
from ...tools.today import today
from ...tools.upload_states import OPEN_STATES, REFUSED
from ..transmission.copro_transmission import STATES

MOST_SHOWN = 3


class CoproCondominium(models.Model):
    _inherit = "copro.condominium"

    transmission_ids = fields.One2many(
        "copro.transmission", "condominium_id", readonly=True, protected=True
    )
    waiting_line_ids = fields.One2many(
        "copro.upload.batch.line",
        "condominium_id",
        string="Waits in a batch",
        domain=lambda self: self.env["copro.upload.batch.line"]._waiting_domain(),
        readonly=True,
        protected=True,
    )
    transmission_id = fields.Many2one(
        "copro.transmission",
        string="Last upload",
        compute="_compute_transmission_id",
        store=True,
        protected=True,
    )
    upload_count = fields.Integer(string="Uploads", compute="_compute_upload_count")
    upload_state = fields.Selection(
        related="transmission_id.state", string="State of the last upload"
    )
    upload_status = fields.Selection(STATES, string="Upload", compute="_compute_upload_status")
    upload_service = fields.Selection(related="transmission_id.service", string="Last declaration")
    upload_message = fields.Text(related="transmission_id.message", string="Result")
    declared_digest = fields.Char(readonly=True, protected=True, copy=False)

    @api.depends("transmission_ids")
    def _compute_transmission_id(self):
        last = self._of_uploads("id:max")
        for condominium in self:
            condominium.transmission_id = last.get(condominium.id, False)

    @api.depends("upload_state", "waiting_line_ids")
    def _compute_upload_status(self):
        """What a list shows: the last upload, or that one is to leave with a batch."""
        for condominium in self:
            is_waiting = (
                condominium.upload_state not in OPEN_STATES and condominium.waiting_line_ids
            )
            condominium.upload_status = "queued" if is_waiting else condominium.upload_state

    @api.depends("transmission_ids")
    def _compute_upload_count(self):
        counts = self._of_uploads("__count")
        for condominium in self:
            condominium.upload_count = counts.get(condominium.id, 0)

    def _of_uploads(self, aggregate):
        """{id: aggregate of its uploads}, asked of the database: none of them is read."""
        groups = self.env["copro.transmission"]._read_group(
            [("condominium_id", "in", self.ids)], ["condominium_id"], [aggregate]
        )
        return {condominium.id: value for condominium, value in groups}

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

        One condominium leaves at once, as soon as this transaction is safe. Of several
        a preview is shown first. Nothing leaves that our own control refuses.
        """
        self._check_may_upload()
        if len(self) > 1:
            return self._preview_upload()
        transmission, reason = self._queue_upload()
        transmission._leave_soon()
        if reason:
            return self._notify("warning", self.env._("Nothing was sent"), reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _check_may_upload(self):
        self.check_access("write")
        for company in self.company_id:
            problem = company.sudo().copro_account_id._why_not_usable()
            if problem:
                raise UserError(problem)

    def _preview_upload(self):
        if len(self.company_id) > 1:
            raise UserError(
                self.env._(
                    "These condominiums belong to several companies, each with its own "
                    "account: upload those of one company at a time."
                )
            )
        return self.env["copro.upload.batch"]._preview(self).action_open()

    def _upload_verdicts(self):
        """What a batch would do with each: the values of its lines."""
        busy = self._on_their_way()
        return [condominium._upload_verdict(busy.get(condominium)) for condominium in self]

    def _on_their_way(self):
        """{those that leave already, or wait for their turn in a batch: why not again}."""
        among = Domain("condominium_id", "in", self.ids)
        uploads = self.env["copro.transmission"].sudo()
        lines = self.env["copro.upload.batch.line"].sudo()
        leaving = uploads.search(among & Domain("state", "in", OPEN_STATES))
        waiting = lines.search(among & lines._waiting_domain())
        held = leaving.filtered("on_hold").condominium_id
        held |= waiting.filtered(lambda line: line.batch_id.state == "paused").condominium_id
        with_others = self.env._("It leaves with another batch.")
        paused = self.env._("It waits in a batch that is paused: resume that one, or cancel it.")
        return {
            **dict.fromkeys(leaving.condominium_id, self._told_in_progress()),
            **dict.fromkeys(waiting.condominium_id, with_others),
            **dict.fromkeys(held, paused),
        }

    def _upload_verdict(self, busy):
        """The values of a line; ``busy`` is why it is left alone, if it is."""
        values = {"condominium_id": self.id, "reason": False, "service": False}
        if busy:
            return {**values, "verdict": "open", "reason": busy}
        service = self.service_due
        if not service:
            return {**values, "verdict": "up_to_date", "reason": self._up_to_date()}
        values["service"] = service
        if self.readiness_state != "not_ready":
            return {**values, "verdict": "ready", "reason": self._refused_before()}
        messages = [finding["message"] for finding in self.findings if finding["blocking"]]
        return {**values, "verdict": "incomplete", "reason": self._shortened(messages)}

    def _refused_before(self):
        if self.sudo().transmission_id.state not in REFUSED:
            return False
        return self.env._("The last upload did not succeed: is it corrected since?")

    def _queue_upload(self):
        """(transmission queued, why nothing was) for one condominium."""
        _verdict, _service, reason, transmission = self._queue_checked()
        return transmission, reason

    def _queue_checked(self):
        """(verdict, service, why nothing was queued, transmission) for one condominium."""
        self.ensure_one()
        nothing = self.env["copro.transmission"]
        if not self._lock_alone():
            return "open", False, self._told_busy(), nothing
        if self.transmission_ids.filtered(lambda t: t.state in OPEN_STATES):
            return "open", False, self._told_in_progress(), nothing
        service = self._service_due()
        if not service:
            return "up_to_date", False, self._up_to_date(), nothing
        found = rules.blocking(self._findings(service, today()))
        if found:
            return "incomplete", service, self._reason(found), nothing
        frozen = nothing._frozen(self, service, today())
        verdict, reason = self._why_not_again(frozen)
        if reason:
            return verdict, service, reason, nothing
        return "ready", service, "", nothing._queue_frozen(frozen)

    def _lock_alone(self):
        """Whether nobody else is uploading, or saving, this condominium right now."""
        return self.try_lock_for_update(allow_referencing=True)

    def _told_busy(self):
        return self.env._(
            "Somebody is uploading or saving this condominium at this very moment: try again in "
            "a few seconds."
        )

    def _told_in_progress(self):
        return self.env._("An upload is already in progress.")

    def _up_to_date(self):
        return self.env._("Nothing to send: the registry is up to date.")

    def _why_not_again(self, frozen):
        """(verdict, why) when the registry has this very file, or is being sent it."""
        transmissions = self.env["copro.transmission"].sudo()
        told = transmissions._on_its_way_already(frozen)
        if told:
            return "open", told
        registered = Domain("condominium_id", "=", self.id) & Domain("state", "=", "accepted")
        registered &= transmissions._sent_to(frozen["environment"])
        last = transmissions.search(registered, order="id desc", limit=1)
        if last.service == frozen["service"] and last.payload_sha256 == frozen["payload_sha256"]:
            frozen_fiscal_year = self.fiscal_year_id.filtered(lambda e: e.state == "approved")
            frozen_fiscal_year.sudo().declared_on = last.answered_at
            return "up_to_date", self._up_to_date()
        return "ready", ""

    def _reason(self, found):
        return self._shortened([self._sentence(finding) for finding in found])

    def _shortened(self, sentences):
        """The first ones; the form lists them all."""
        shown = sentences[:MOST_SHOWN]
        if len(sentences) > MOST_SHOWN:
            others = len(sentences) - MOST_SHOWN
            more = self.env._("and %(count)s others", count=others)
            shown.append(more if others > 1 else self.env._("and one other"))
        return "\n".join(shown)

    def _service_due(self, dossier=None):
        """The service that the registry awaits next, or False."""
        self.ensure_one()
        if not self.registration_number:
            return "WS1"
        if self.fiscal_year_id.state == "approved":
            return "WS2_ANNUAL"
        if self._standard_digest(today(), dossier) != self.declared_digest:
            return "WS2_STANDARD"
        return False

    def _standard_digest(self, on, dossier=None):
        """What identifies the data of a standard update."""
        return fingerprint(dossier or self._dossier(on), self._service("WS2_STANDARD"), on)

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
        self.check_access("read")
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
        self.write(values | self._values_of_number(transmission, answer))
        if transmission.fiscal_year_id:
            transmission.fiscal_year_id.declared_on = today()

    def _values_of_number(self, transmission, answer):
        """Of a condominium that has no number yet."""
        number = answer.registration_number
        if self.registration_number or not number or self._holder_of(number):
            return {}
        return {
            "registration_number": number,
            "registration_date": today(),
        }

    def _holder_of(self, number):
        """The other condominium of the company, be it archived, that bears a number."""
        same = Domain("registration_number", "=", number) & Domain("id", "!=", self.id)
        same &= Domain("company_id", "=", self.company_id.id)
        return self.sudo().with_context(active_test=False).search(same, limit=1)
