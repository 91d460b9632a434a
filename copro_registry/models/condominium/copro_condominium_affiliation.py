from psycopg2.errors import LockNotAvailable

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...rnc.environments import ENVIRONMENTS
from ...rnc.today import today

UPDATES = ("WS1", "WS2_STANDARD", "WS2_ANNUAL")  # what carries the data of the condominium


class CoproCondominiumAffiliation(models.AbstractModel):
    """Who represents the condominium at the registry, and what its answers change here.

    ```
    (not known) ──WS1, an update, or WS3 answers──► affiliated ──WS6──► affiliated
    affiliated ──WS5──► leaving ──the successor confirms──► unaffiliated
    (not known), unaffiliated ──WS4──► requested ──the registry accepts, or WS3──► affiliated
                              └──WS7, after the predecessor's declaration──► affiliated
    ```
    """

    _name = "copro.condominium.affiliation"
    _inherit = "copro.protected.mixin"
    _description = "Affiliation of a condominium"

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
    number_environment = fields.Selection(
        ENVIRONMENTS,
        string="Number given by",
        readonly=True,
        protected=True,
        copy=False,
        help="Production is the national registry. A number given by Test or by the Simulator "
        "registers nothing there.",
    )
    declared_digest = fields.Char(readonly=True, protected=True, copy=False)
    # The update that the same click asked for, once the renewal is recorded.
    update_follows = fields.Boolean(readonly=True, protected=True, copy=False)
    affiliation_obstacle = fields.Char(compute="_compute_obstacles")
    successor_obstacle = fields.Char(compute="_compute_obstacles")
    renewal_obstacle = fields.Char(compute="_compute_obstacles")
    confirmation_obstacle = fields.Char(compute="_compute_obstacles")

    leaving_message = fields.Text(compute="_compute_leaving_message")

    @api.depends("affiliation_state", "mandate_ids.successor_company", "mandate_ids.end_date")
    @api.depends_context("lang")
    def _compute_leaving_message(self):
        """Who succeeds, from when on, and what may still be done; False before that."""
        for condominium in self:
            leaving = condominium.affiliation_state == "leaving"
            condominium.leaving_message = leaving and condominium._successor_declared()

    def _successor_declared(self):
        mandate = self.mandate_id
        known = (mandate.successor_company, mandate.successor_name, mandate.successor_siret)
        return self.env._(
            "Your successor is declared: %(who)s. Your mandate ends on %(day)s. Only the annual "
            "data of accounts approved before may still be sent; the registry takes them once "
            "your successor has confirmed.",
            who=", ".join(filter(None, known)) or mandate.successor_email or "…",
            day=format_date(self.env, mandate.end_date) or "…",
        )

    # -- conditions -------------------------------------------------------------

    @api.depends(
        "registration_number", "affiliation_state", "provisional_administration", "mandate_ids"
    )
    @api.depends_context("lang")
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
            return self.env._("Your successor is declared: it is for them to go on.")
        if service == "WS6" and self.provisional_administration == "oui":
            return self.env._("No renewal while a provisional administration is in progress.")
        if not self.mandate_ids:
            return self.env._("No mandate is filled in.")
        return False

    def _obstacle_to_enter(self, service):
        """As ``_obstacle``, for WS4 and WS7: the account does not represent it yet."""
        if self.affiliation_state in ("affiliated", "leaving"):
            return self.env._("Your account is affiliated to this condominium already.")
        if service == "WS4" and self.affiliation_state == "requested":
            return self.env._("The registry is examining your request.")
        return False

    # -- what an upload changes ---------------------------------------------------

    def _accepted(self, transmission, answer):
        """The registry has accepted an upload: all that this changes, for each service.

        | service           | data, number, fiscal year | affiliation                |
        |-------------------|---------------------------|----------------------------|
        | WS1, WS2_STANDARD | declared                  | affiliated                 |
        | WS2_ANNUAL        | declared                  | affiliated; leaving stays  |
        | WS4, WS6, WS7     |                           | affiliated                 |
        | WS5               |                           | leaving                    |

        The mandate that was sent is known to the registry, and the differences that left
        with the upload are settled. The update that follows a renewal is queued later, by
        ``_queue_what_follows``, when the outcome is safe.
        """
        self.ensure_one()
        # Before the number: where no mandate is known, a number makes those of the day known.
        mandate = transmission.mandate_id
        mandate.declared_on = mandate.declared_on or today()
        if transmission.service in UPDATES:
            self._record_declared(transmission, answer)
        self.affiliation_state = self._affiliation_after(transmission.service)
        self.comparison_ids._settle_what_left_with(self._service(transmission.service))

    def _record_declared(self, transmission, answer):
        """The registry has our data: keep what identifies them, and the number it gave."""
        values = {
            "last_update": fields.Datetime.now(),
            "declared_digest": transmission.standard_digest,
        }
        self.write(values | self._values_of_number(transmission, answer))
        fiscal_year = transmission.fiscal_year_id
        if fiscal_year:
            # A correction is no later declaration: it was declared in time, or was not.
            fiscal_year.declared_on = fiscal_year.declared_on or today()
            fiscal_year._correction_accepted(transmission)

    def _values_of_number(self, transmission, answer):
        """{field: value} of the number given to a condominium that has none; else {}."""
        number = answer.registration_number
        if self.registration_number or not number or self._holder_of(number):
            return {}
        values = {"registration_number": number, "registration_date": today()}
        return {**values, "number_environment": transmission.environment}

    def _affiliation_after(self, service):
        """The state of the affiliation once the registry has accepted ``service``."""
        # A syndic who leaves may still send the annual data, and leaves all the same.
        is_leaving = service == "WS2_ANNUAL" and self.affiliation_state == "leaving"
        return "leaving" if is_leaving or service == "WS5" else "affiliated"

    def _refused(self, transmission, meanings):
        """The registry refuses an upload: what that says of the affiliation.

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

    def _queue_what_follows(self):
        """The update that the click of a renewal asked for: the renewal is recorded.

        Raises LockNotAvailable while somebody saves the condominium: the next run queues it.
        """
        if not self.update_follows:
            return
        if not self.try_lock_for_update(allow_referencing=True):
            raise LockNotAvailable(f"Condominium {self.id} is being saved")
        self.update_follows = False
        spoken = self.with_context(lang=self._person_in_charge().lang or self.env.lang)
        plan, _service, reason, transmission = spoken._queue_checked()
        transmission._wake(len(transmission))  # never from inside the flow
        if reason and plan != "up_to_date":
            spoken._message_log(body=spoken._message_not_followed(reason))

    def _message_not_followed(self, reason):
        return self.env._(
            "The mandate is renewed. The update that was to follow was not sent; upload it once "
            "this is settled: %(reason)s",
            reason=reason,
        )

    # -- the number ------------------------------------------------------------------

    def _holder_of(self, number):
        """The other condominium of the company, archived or not, that bears a number; or none."""
        same = Domain("registration_number", "=", number) & Domain("id", "!=", self.id)
        same &= Domain("company_id", "=", self.company_id.id)
        return self.sudo().with_context(active_test=False).search(same, limit=1)

    def _presume_mandates_known(self):
        """A number that is typed says: registered on the site, with its mandate."""
        now = today()
        for condominium in self:
            mandates = condominium.mandate_ids
            if not mandates.filtered("declared_on"):
                begun = mandates.filtered(lambda m: not m.start_date or m.start_date <= now)
                begun.declared_on = now

    def _forget_trial(self, environment):
        """As before the uploads to ``environment``; these stay, as proof of what was done."""
        uploads = self.transmission_ids.filtered(lambda t: t.environment == environment)
        numbered = self.filtered(lambda c: c.number_environment == environment)
        uploads.fiscal_year_id._drop_correction()
        uploads.fiscal_year_id.sudo().declared_on = False
        (uploads.mandate_id | numbered.mandate_ids).declared_on = False
        (self - numbered).filtered("registration_number")._presume_mandates_known()
        self.comparison_ids.unlink()
        numbered._message_log_batch(
            {
                condominium.id: self.env._(
                    "Number %(number)s, given in a trial, is forgotten.",
                    number=condominium.registration_number,
                )
                for condominium in numbered
            }
        )
        numbered.write({"registration_number": False, "registration_date": False})
        self.write(
            {
                "declared_digest": False,
                "last_update": False,
                "affiliation_state": False,
                "update_follows": False,
                "transmission_id": False,
            }
        )

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
