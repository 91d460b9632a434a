from odoo import api, fields, models
from odoo.exceptions import UserError

from ...rnc import rules
from ...tools.today import today
from ...tools.upload_states import OPEN_STATES


class CoproCondominium(models.Model):
    """Who represents the condominium at the registry, and how that changes (WS4 to WS7).

    ```
    (not known) ──WS1, an update, or WS3 answers──► attached ──WS6──► attached
    attached ──WS5──► leaving ──the successor confirms──► detached
    (not known), detached ──WS4──► requested ──the registry accepts──► attached
                          └──WS7, after the predecessor's declaration──► attached
    ```
    """

    _inherit = "copro.condominium"

    affiliation_state = fields.Selection(
        [
            ("affiliated", "Affiliated"),
            ("requested", "Affiliation requested"),
            ("leaving", "Successor declared"),
            ("unaffiliated", "Not affiliated"),
        ],
        string="Affiliation",
        readonly=True,
        protected=True,
        copy=False,
        help="Whether your account represents this condominium at the registry, as far as "
        "its answers tell.",
    )
    # The update that the same click asked for, once the renewal is recorded.
    update_follows = fields.Boolean(readonly=True, protected=True, copy=False)
    affiliation_obstacle = fields.Char(compute="_compute_obstacles")
    successor_obstacle = fields.Char(compute="_compute_obstacles")
    renewal_obstacle = fields.Char(compute="_compute_obstacles")
    confirmation_obstacle = fields.Char(compute="_compute_obstacles")

    @api.model_create_multi
    def create(self, vals_list):
        condominiums = super().create(vals_list)
        condominiums.filtered("registration_number")._presume_mandates_known()
        return condominiums

    def write(self, vals):
        result = super().write(vals)
        if vals.get("registration_number"):
            self._presume_mandates_known()
        return result

    def _presume_mandates_known(self):
        """A number that is typed says: registered on the site, with its mandate."""
        now = today()
        for condominium in self:
            mandates = condominium.mandate_ids
            if not mandates.filtered("declared_on"):
                begun = mandates.filtered(lambda m: not m.start_date or m.start_date <= now)
                begun.declared_on = now

    # -- conditions -------------------------------------------------------------

    def _compute_obstacles(self):
        for condominium in self:
            condominium.affiliation_obstacle = condominium._obstacle("WS4")
            condominium.successor_obstacle = condominium._obstacle("WS5")
            condominium.renewal_obstacle = condominium._obstacle("WS6")
            condominium.confirmation_obstacle = condominium._obstacle("WS7")

    def _obstacle(self, service):
        """Why ``service`` cannot be called for now, in the user's language; or False."""
        self.ensure_one()
        if service in ("WS4", "WS7"):
            return self._obstacle_to_enter(service)
        if not self.registration_number:
            return self.env._("The condominium is not registered yet.")
        if self.affiliation_state in ("unaffiliated", "requested"):
            return self.env._("Your account is not affiliated to this condominium.")
        if self.affiliation_state == "leaving":
            return self.env._("Your successor is declared: it is for him to go on.")
        if service == "WS6" and self.provisional_administration == "oui":
            return self.env._("No renewal while a provisional administration is in progress.")
        if not self.mandate_ids:
            return self.env._("No mandate is filled in.")
        return False

    def _obstacle_to_enter(self, service):
        if self.affiliation_state in ("affiliated", "leaving"):
            return self.env._("Your account is affiliated to this condominium already.")
        if service == "WS4" and self.affiliation_state == "requested":
            return self.env._("The registry is examining your request.")
        return False

    # -- calls ------------------------------------------------------------------

    def _queue_service(self, service, mandate):
        """Queue a call about ``mandate``: WS4, WS5, WS6 or WS7.

        Raises UserError, with the reason, when its conditions are not met.
        """
        self.ensure_one()
        self._check_may_upload()
        problem = self._obstacle(service) or self._in_progress()
        if problem:
            raise UserError(problem)
        condominium = self.with_context(copro_mandate_id=mandate.id)
        found = rules.blocking(condominium._findings(service, today()))
        if found:
            raise UserError(condominium._reason(found))
        transmission = condominium.env["copro.transmission"]._queue(condominium, service, today())
        transmission.with_context(copro_mandate_id=False)._leave_soon()
        return transmission

    def _in_progress(self):
        is_open = self.transmission_ids.filtered(lambda t: t.state in OPEN_STATES)
        if is_open:
            return self._told_in_progress()
        return not self._lock_alone() and self._told_busy()

    def _dossiers(self, on=None):
        """With the very mandate of the call, when it is not the present one."""
        dossiers = super()._dossiers(on)
        for condominium in self:
            mandate = condominium._mandate_of_call()
            if mandate:
                dossiers[condominium.id].update(mandate._declaration())
        return dossiers

    def _mandate_of_call(self):
        """The mandate that a call is about: the one chosen, else the one to declare."""
        chosen = self.env.context.get("copro_mandate_id")
        if chosen in self.mandate_ids.ids:
            return self.mandate_ids.browse(chosen)
        return self._mandate_to_declare()

    def _mandate_to_declare(self):
        """The renewal that the registry does not know yet; it knows an older mandate."""
        if len(self.mandate_ids) < 2:
            return self.mandate_ids.browse()
        mandates = self.mandate_ids.filtered("start_date").sorted("start_date")
        known = mandates.filtered("declared_on")[-1:]
        if not self.registration_number or not known or self._obstacle("WS6"):
            return mandates.browse()
        later = mandates.filtered(lambda m: m.start_date > known.start_date)
        return later.filtered(lambda m: not m.declared_on)[:1]

    def _service_due(self, *arguments):
        """The renewal first: the registry refuses updates under an ended mandate."""
        if self._mandate_to_declare():
            return "WS6"
        service = super()._service_due(*arguments)
        # CCH R711-4: who leaves may still send the annual data, and nothing else.
        if self.affiliation_state == "leaving" and service != "WS2_ANNUAL":
            return False
        return service

    def _upload_verdict(self, is_busy):
        obstacle = self._obstacle_to_upload()
        if not obstacle:
            return super()._upload_verdict(is_busy)
        verdict = {"verdict": "incomplete", "service": False, "reason": obstacle}
        return {"condominium_id": self.id, **verdict}

    def _queue_checked(self):
        """One click for what is due: the renewal, then the update that follows it."""
        obstacle = self._obstacle_to_upload()
        if obstacle:
            return "incomplete", False, obstacle, self.env["copro.transmission"]
        queued = super()._queue_checked()
        transmission = queued[-1]
        if transmission:  # a second click queues nothing: what follows still follows
            self.sudo().update_follows = transmission.service == "WS6"
        return queued

    def _obstacle_to_upload(self):
        if self.registration_number and self.affiliation_state == "unaffiliated":
            return self.env._(
                "Your account is not affiliated to this condominium: request the affiliation, or "
                "confirm it if your predecessor has declared you."
            )
        if self.affiliation_state == "requested":
            return self.env._("The registry is examining your request for affiliation.")
        return False

    # -- what follows -----------------------------------------------------------

    def _registered(self, transmission, answer):
        """The registry has taken a call: each service has its consequences."""
        # Before the number: where no mandate is known, a number makes those of the day known.
        transmission.mandate_id.declared_on = transmission.mandate_id.declared_on or today()
        result = None
        if transmission.service in ("WS1", "WS2_STANDARD", "WS2_ANNUAL"):
            result = super()._registered(transmission, answer)
        getattr(self, f"_registered_{transmission.service.lower()}")()
        return result

    def _registered_ws1(self):
        self.affiliation_state = "affiliated"

    def _registered_ws2_standard(self):
        self.affiliation_state = "affiliated"

    def _registered_ws2_annual(self):
        if self.affiliation_state != "leaving":
            self.affiliation_state = "affiliated"

    def _registered_ws4(self):
        self.affiliation_state = "affiliated"

    def _registered_ws5(self):
        self.affiliation_state = "leaving"

    def _registered_ws6(self):
        self.affiliation_state = "affiliated"

    def _queue_what_follows(self):
        """The update that the click of a renewal asked for: the renewal is recorded."""
        if self.update_follows:
            self.update_follows = False
            transmission, _reason = self._queue_upload()
            transmission._wake(len(transmission))  # never from inside the flow

    def _registered_ws7(self):
        self.affiliation_state = "affiliated"

    def _refused(self, transmission, meanings):
        """The registry refuses: what that says of the affiliation.

        ``meanings`` are the error's codes, by their names in the default profile.
        """
        if "NOT_ATTACHED" in meanings:
            self.affiliation_state = "unaffiliated"
        elif "ALREADY_ATTACHED" in meanings:
            self.affiliation_state = "affiliated"
        elif "REQUEST_PENDING" in meanings:
            self.affiliation_state = "requested"
        elif transmission.service == "WS4":
            self.affiliation_state = "unaffiliated"

    def _closed(self, transmission):
        """An upload has been closed by hand."""
        if transmission.service == "WS4" and self.affiliation_state == "requested":
            self.affiliation_state = "unaffiliated"

    # -- guided actions ---------------------------------------------------------

    def action_renew_mandate(self):
        return self._open_wizard("copro.mandate.renewal")

    def action_declare_successor(self):
        return self._open_wizard("copro.successor.declaration")

    def action_request_affiliation(self):
        return self._open_wizard("copro.affiliation.request", service="WS4")

    def action_confirm_affiliation(self):
        return self._open_wizard("copro.affiliation.request", service="WS7")

    def _open_wizard(self, model, **defaults):
        self.ensure_one()
        self.check_access("write")
        defaults = {"condominium_id": self.id, **defaults}
        return {
            "type": "ir.actions.act_window",
            "name": self.env[model]._title(**defaults),
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {f"default_{name}": value for name, value in defaults.items()},
        }
