from datetime import timezone

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...rnc import rules
from ...rnc.states import OPEN_STATES
from ...rnc.today import FRANCE, today
from ..transmission.copro_transmission import STATES

MOST_SHOWN = 3


class CoproCondominiumUpload(models.AbstractModel):
    """What a click on « Téléverser au registre » does, and what became of the last one."""

    _name = "copro.condominium.upload"
    _inherit = "copro.protected.mixin"
    _description = "Upload of a condominium"

    transmission_id = fields.Many2one(
        "copro.transmission",
        string="Last upload",
        compute="_compute_transmission_id",
        store=True,
        protected=True,
    )
    upload_count = fields.Integer(string="Uploads", compute="_compute_upload_count")
    upload_status = fields.Selection(STATES, string="Upload", compute="_compute_upload_status")

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

    def action_open_transmissions(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "copro_registry.copro_transmission_action"
        )
        action["domain"] = [("condominium_id", "=", self.id)]
        action["context"] = {}
        return action

    # -- a click --------------------------------------------------------------------

    def action_upload(self):
        """Upload what is due: the button, and the server action of a list.

        One condominium leaves at once, as soon as this transaction is safe. Of several
        a preview is shown first. Nothing leaves that our own control refuses.
        """
        self._check_may_upload()
        if len(self) > 1:
            return self._preview_upload()
        plan, _service, reason, transmission = self._queue_checked()
        transmission._leave_soon()
        if plan == "up_to_date":
            return self._notify("info", False, reason)
        if reason:
            return self._notify("warning", self.env._("Nothing was sent"), reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _check_may_upload(self):
        self._check_saved()
        self._companies()  # read alone: the rules ask for it of each
        self.check_access("write")
        self._check_account_usable()

    def _check_account_usable(self):
        """Raises UserError when the account of a company cannot send."""
        for company in self._companies():
            problem = company.sudo().copro_account_id._why_not_usable()
            if problem:
                raise UserError(problem)

    def _queue_upload(self, batch=None):
        """(transmission queued, why nothing was) for one condominium."""
        _plan, _service, reason, transmission = self._queue_checked(batch=batch)
        return transmission, reason

    def _queue_checked(self, batch=None):
        """(plan, service, why nothing was queued, transmission) for one condominium."""
        plan, reason = self._why_not_now()
        if reason:
            return plan, False, reason, self.env["copro.transmission"]
        return self._queue_due(batch)

    def _queue_due(self, batch):
        """As ``_queue_checked``, of a condominium that is locked.

        The dossier is built once: what is due, what it lacks and what is frozen are of the
        same one.
        """
        on, nothing = today(), self.env["copro.transmission"]
        dossier = self._dossier(on)
        service = self._service_due(dossier)
        if not service:
            return "up_to_date", False, self._up_to_date_message(), nothing
        found = rules.blocking(self._findings(service, on, dossier))
        if found:
            return "incomplete", service, self._reason(found), nothing
        frozen = nothing._frozen(self, service, on, dossier, batch=batch)
        duplicate = nothing.sudo()._find_duplicate(frozen)
        if duplicate:
            return "open", service, duplicate, nothing
        accepted = self._accepted_already(frozen)
        if accepted:
            self._record_declared_fiscal_year(accepted)
            return "up_to_date", service, self._up_to_date_message(), nothing
        transmission = nothing._queue_frozen(frozen)
        # Only what is queued says what follows: a second click does not forget it.
        self.sudo().update_follows = service == "WS6"
        return "ready", service, "", transmission

    def _queue_service(self, service, mandate):
        """Queue a call about ``mandate``: WS4, WS5, WS6 or WS7.

        Raises UserError, with the reason, when its conditions are not met.
        """
        self.ensure_one()
        self._check_service(service)
        on = today()
        dossier = self._checked_dossier(service, on, mandate)
        uploads = self.env["copro.transmission"]
        transmission = uploads._queue(self, service, on, dossier, mandate=mandate)
        transmission._leave_soon()
        return transmission

    def _check_service(self, service):
        """Raises UserError when a call of ``service`` cannot be made now."""
        self._check_may_upload()
        problem = self._obstacle(service) or self._in_progress()
        if problem:
            raise UserError(problem)

    def _checked_dossier(self, service, on, mandate):
        """The dossier of a call about ``mandate``. Raises UserError when the rules refuse it."""
        dossier = self._dossier(on, mandate=mandate)
        found = rules.blocking(self._findings(service, on, dossier))
        if found:
            raise UserError(self._reason(found))
        return dossier

    # -- what is due ----------------------------------------------------------------

    def _service_due(self, dossier=None):
        """The service that the registry awaits next, or False."""
        self.ensure_one()
        if self._mandate_to_declare():
            return "WS6"  # first: the registry refuses updates under an ended mandate
        service = self._update_due(dossier)
        # CCH R711-4: a syndic who leaves may still send the annual data, and nothing else.
        if self.affiliation_state == "leaving" and service != "WS2_ANNUAL":
            return False
        return service

    def _update_due(self, dossier=None):
        """The registration, or the update, that the registry awaits, or False."""
        if not self.registration_number:
            return "WS1"
        fiscal_year = self.fiscal_year_id
        if fiscal_year.state == "approved" or fiscal_year._is_correction_due():
            return "WS2_ANNUAL"
        on = today()
        dossier = self._dossier(on) if dossier is None else dossier
        if self._standard_digest(on, dossier) != self.declared_digest:
            return "WS2_STANDARD"
        return False

    # -- why not ----------------------------------------------------------------------

    def _why_not_now(self):
        """(plan, why) when nothing can be queued at this moment, else ("ready", "")."""
        self.ensure_one()
        obstacle = self._obstacle_to_upload()
        if obstacle:
            return "incomplete", obstacle
        problem = self._in_progress()
        return ("open", problem) if problem else ("ready", "")

    def _obstacle_to_upload(self):
        """Why the affiliation keeps an update from leaving, in the user's language; or False."""
        if self.registration_number and self.affiliation_state == "unaffiliated":
            return self.env._(
                "Your account is not affiliated to this condominium: request the affiliation, or "
                "confirm it if your predecessor has declared you."
            )
        if self.affiliation_state == "requested":
            return self.env._(
                "The registry is examining your request for affiliation. If you made it on its "
                "site and it is accepted, compare with the registry: uploads are possible again."
            )
        return False

    def _in_progress(self):
        """Why this condominium is to be left alone right now, or False; it is locked after."""
        # Nobody else is uploading it, nor saving it.
        if not self.try_lock_for_update(allow_referencing=True):
            return self.env._(
                "Somebody is uploading or saving this condominium at this very moment: try "
                "again in a few seconds."
            )
        if self.transmission_ids.filtered(lambda t: t.state in OPEN_STATES):
            return self._in_progress_message()
        return False

    def _accepted_already(self, frozen):
        """The last upload that the registry has accepted, if it is this very file; or none.

        Never of a correction: the registry's site may have something else since.
        """
        transmissions = self.env["copro.transmission"].sudo()
        if self.fiscal_year_id.state == "correcting":
            return transmissions
        accepted = Domain("condominium_id", "=", self.id) & Domain("state", "=", "accepted")
        accepted &= transmissions._sent_to(frozen["environment"])
        last = transmissions.search(accepted, order="id desc", limit=1)
        return last.filtered(
            lambda t: (
                t.service == frozen["service"] and t.payload_sha256 == frozen["payload_sha256"]
            )
        )

    def _record_declared_fiscal_year(self, accepted):
        """What is up to date is declared: since the day, in France, of the answer."""
        answered_at = accepted.answered_at.replace(tzinfo=timezone.utc)
        fiscal_year = self.fiscal_year_id.filtered(lambda e: e.state == "approved")
        fiscal_year.sudo().declared_on = answered_at.astimezone(FRANCE).date()

    def _in_progress_message(self):
        return self.env._("An upload is already in progress.")

    def _up_to_date_message(self):
        return self.env._("Nothing to send: the registry is up to date.")

    def _reason(self, found):
        """The sentences of findings, in the user's language, as one text."""
        return self._shortened(
            found, lambda one: self._finding_message(one.code, one.item, dict(one.params))
        )

    def _shortened(self, messages, say=str):
        """One text of the first messages, and how many others there are; the form lists all.

        ``say`` gives the sentence of a message.
        """
        lines = [say(one) for one in messages[:MOST_SHOWN]]
        if len(messages) > MOST_SHOWN:
            others = len(messages) - MOST_SHOWN
            more = self.env._("and %(count)s others", count=others)
            lines.append(more if others > 1 else self.env._("and one other"))
        return "\n".join(lines)

    @api.model
    def _notify(self, kind, title, message):
        """The action that shows a notification, then reads the screen again."""
        return {
            "type": "ir.actions.client",
            "tag": "copro_registry.notify",
            "params": {
                "type": kind,
                "title": title,
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
