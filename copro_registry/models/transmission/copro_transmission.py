import hashlib
import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...rnc import transport
from ...rnc.codec import Refusal, codec_for
from ...tools.environments import ENVIRONMENTS
from ...tools.sentences import sentence

SERVICES = [
    ("WS1", "Initial registration"),
    ("WS2_STANDARD", "Standard update"),
    ("WS2_ANNUAL", "Annual update"),
    ("WS4", "Affiliation request"),
    ("WS5", "Declaration of the successor"),
    ("WS6", "Renewal of the mandate"),
    ("WS7", "Confirmation of the affiliation"),
]
STATES = [
    ("queued", "Queued"),
    ("sending", "Sending"),
    ("received", "Received"),
    ("accepted", "Accepted"),
    ("rejected", "Refused"),
    ("unknown", "Outcome unknown"),
    ("failed", "Not sent"),
    ("cancelled", "Cancelled"),
]
LOCAL = "LOCAL"  # the code of a fault of ours, whose sentence stands beside it
CANCELLED = "CANCELLED"  # the code of what was cancelled before it left
FROZEN = {
    "condominium_id",
    "company_id",
    "service",
    "fiscal_year_id",
    "payload",
    "payload_sha256",
    "standard_digest",
    "reference",
    "contract_profile",
    "environment",
    "rules_date",
    "number",
    "batch_id",
    "corrects_id",
    "mandate_id",
}


class CoproTransmission(models.Model):
    """One file on its way to the registry, frozen when queued.

    Nobody edits or deletes it, whatever the group: a correction is a new one.

    ```
    queued ──claim, commit──► sending ──accepted──► accepted ──status──► registered
      ▲ │                      │  │  │                    └────status──► rejected
      │ └──cancel──► cancelled │  │  └──rejected──► rejected
      │                        │  └──no answer──► unknown ──status──► (any of these)
      └──────retryable─────────┴──too many attempts──► failed
    ```
    """

    _name = "copro.transmission"
    _inherit = "copro.protected.mixin"
    _description = "Upload"
    _order = "id desc"
    _allow_sudo_commands = False

    condominium_id = fields.Many2one(
        "copro.condominium",
        required=True,
        readonly=True,
        protected=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, protected=True, index=True
    )
    service = fields.Selection(
        SERVICES, string="Type of declaration", required=True, readonly=True, protected=True
    )
    state = fields.Selection(STATES, required=True, readonly=True, protected=True, default="queued")
    batch_id = fields.Many2one(
        "copro.upload.batch", readonly=True, protected=True, ondelete="restrict"
    )
    on_hold = fields.Boolean(
        readonly=True, protected=True, help="Waits for its batch to be resumed"
    )
    corrects_id = fields.Many2one(
        "copro.transmission",
        readonly=True,
        protected=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    fiscal_year_id = fields.Many2one(
        "copro.fiscal.year",
        readonly=True,
        protected=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    number = fields.Char(string="Registration number", readonly=True, protected=True)
    # The documents are read when they are needed, not with the rest.
    payload = fields.Text(string="File sent", readonly=True, protected=True, prefetch=False)
    payload_sha256 = fields.Char(string="SHA-256", readonly=True, protected=True)
    standard_digest = fields.Char(readonly=True, protected=True)
    contract_profile = fields.Char(readonly=True, protected=True)
    environment = fields.Selection(ENVIRONMENTS, readonly=True, protected=True)
    profile_label = fields.Char(string="Contract profile", compute="_compute_profile_label")
    rules_date = fields.Date(string="Rules in effect on", readonly=True, protected=True)
    reference = fields.Char(
        readonly=True, protected=True, required=True, default=lambda self: str(uuid.uuid4())
    )
    cancelled_by_id = fields.Many2one(
        "res.users", string="Cancelled by", readonly=True, protected=True
    )
    attempts = fields.Integer(readonly=True, protected=True)
    asks = fields.Integer(
        readonly=True, protected=True, help="Times the registry was asked about it"
    )
    next_attempt = fields.Datetime(
        required=True, readonly=True, protected=True, default=fields.Datetime.now
    )
    claimed_at = fields.Datetime(readonly=True, protected=True)
    recipient = fields.Char(
        string="Sent as",
        readonly=True,
        protected=True,
        help="The declarant, and the registry's address",
    )
    quiet_until = fields.Datetime(
        readonly=True,
        protected=True,
        help="Until then, “never received” may only mean “not finished”.",
    )
    answered_at = fields.Datetime(readonly=True, protected=True)
    milliseconds = fields.Integer(
        string="Duration (ms)", readonly=True, protected=True, aggregator="avg"
    )
    failure_code = fields.Char(readonly=True, protected=True)
    failure_params = fields.Json(readonly=True, protected=True)
    refusals = fields.Json(readonly=True, protected=True)
    message = fields.Text(string="Result", compute="_compute_message")
    attestation_id = fields.Many2one(
        "ir.attachment",
        readonly=True,
        protected=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    attestation_sha256 = fields.Char(
        string="SHA-256 of the attestation", readonly=True, protected=True
    )

    _reference_uniq = models.Constraint(
        "UNIQUE(reference)", "Another upload has this reference: reload the page, then try again."
    )
    _open_uniq = models.UniqueIndex(
        "(condominium_id) WHERE state IN ('queued', 'sending', 'received', 'unknown')",
        "An upload of this condominium is already in progress: wait for its result.",
    )
    _payload_uniq = models.UniqueIndex(
        "(company_id, service, COALESCE(number, ''), payload_sha256) "
        "WHERE state IN ('queued', 'sending', 'received', 'unknown')",
        "The same file is already on its way to the registry: wait for its answer.",
    )
    # One small index for each question that the workers ask: see Errand.due.
    _send_idx = models.Index(
        "(company_id, next_attempt, id) WHERE state = 'queued' AND on_hold IS NOT TRUE"
    )
    _ask_idx = models.Index("(company_id, next_attempt, id) WHERE state IN ('received', 'unknown')")
    _sending_idx = models.Index("(claimed_at) WHERE state = 'sending'")
    _batch_idx = models.Index("(batch_id, state, next_attempt) WHERE batch_id IS NOT NULL")
    _refused_idx = models.Index("(id) WHERE state IN ('rejected', 'failed')")

    @api.depends("service", "condominium_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        services = dict(self._fields["service"]._description_selection(self.env))
        for transmission in self:
            name = transmission.condominium_id.name
            transmission.display_name = f"{services.get(transmission.service)} · {name}"

    @api.depends("contract_profile")
    @api.depends_context("lang")
    def _compute_profile_label(self):
        label = self.env["copro.declarant.account"]._profile_label
        for transmission in self:
            transmission.profile_label = label(transmission.contract_profile)

    @api.depends_context("lang")
    @api.depends(
        "state",
        "failure_code",
        "failure_params",
        "refusals",
        "number",
        "given_number",
        "contract_profile",
        "condominium_id.registration_number",
    )
    def _compute_message(self):
        for transmission in self:
            transmission.message = transmission._sentence()

    def _sentence(self):
        """What happened, for the person in charge."""
        self.ensure_one()
        if self.state == "accepted":
            return self._sentence_of_a_number()
        if self.state == "rejected":
            return "\n".join(told for _refusal, told in self._reasons())
        if self.state == "received" and not self.failure_code:
            return self.env._("Received by the registry, which is examining it.")
        if self.failure_code:
            return self._failure_sentence()
        return False

    def _reasons(self):
        """[(refusal, its sentence)] of the registry, in its order."""
        account, own = self.company_id.sudo().copro_account_id, self._own_profile()
        refusals = [Refusal(**one) for one in self.refusals or [{"code": ""}]]
        return [(refusal, account._told(refusal, own)) for refusal in refusals]

    def _sentence_of_a_number(self):
        holder = self._holder_of_number()
        if not holder:
            number = self.condominium_id.registration_number or self.number or self.given_number
            return self.env._("Accepted by the registry: %(n)s.", n=number or "")
        return self.env._(
            "Accepted by the registry: %(n)s. In Odoo, “%(other)s” bears this number already: if "
            "it is wrong there, remove it, then enter it here; if both are one condominium, "
            "archive one of them.",
            n=self.given_number,
            other=holder.name,
        )

    def _holder_of_number(self):
        """Another condominium of the company that bears the number which the registry gave."""
        condominium = self.condominium_id
        if condominium.registration_number or not self.given_number:
            return condominium.browse()
        return condominium._holder_of(self.given_number)

    def _failure_sentence(self):
        if self.failure_code == CANCELLED:
            return self.env._("Cancelled before it left: nothing was sent.")
        if self.failure_code == LOCAL:
            return (self.failure_params or {}).get("message", "")
        params = self.failure_params or {}
        return sentence(self.env, transport.MESSAGES, self.failure_code, **params)

    @api.model
    def _fault(self, told):
        """The values that say a fault of ours."""
        return {"failure_code": LOCAL, "failure_params": {"message": told}}

    @api.model
    def _sent_to(self, environment):
        """A domain; older uploads do not say where they were sent."""
        return Domain("environment", "in", (environment, False))

    @api.model
    def _queue(self, condominium, service, on):
        """Freeze the file of ``service`` and queue it. Returns the transmission."""
        frozen = self._frozen(condominium, service, on)
        told = self._on_its_way_already(frozen)
        if told:
            raise UserError(told)
        return self._queue_frozen(frozen)

    @api.model
    def _frozen(self, condominium, service, on):
        """The values of a transmission of ``service``, with the rules of a date."""
        account = condominium.company_id.sudo().copro_account_id
        profile, dossier = account._profile(), condominium._dossier(on)
        body = codec_for(profile).encode(service, dossier, on)
        fiscal_year = condominium.fiscal_year_id
        with_finance = "finance" in profile.services[service].groups
        approved = with_finance and fiscal_year.state == "approved"
        return {
            "condominium_id": condominium.id,
            "company_id": condominium.company_id.id,
            "service": service,
            "fiscal_year_id": fiscal_year.id if approved else False,
            "number": condominium.registration_number,
            "payload": body.decode("utf-8"),
            "payload_sha256": hashlib.sha256(body).hexdigest(),
            "standard_digest": condominium._standard_digest(on, dossier),
            "contract_profile": account.contract_profile or profile.name,
            "environment": account.environment,
            "rules_date": on,
            "batch_id": self._batch_of_the_context().id,
            "corrects_id": self._to_correct(condominium, service).id,
        }

    @api.model
    def _batch_of_the_context(self):
        """The batch that queues: a record, which no call from outside can bring."""
        batch = self.env.context.get("copro_batch")
        return batch if isinstance(batch, models.BaseModel) else self.env["copro.upload.batch"]

    @api.model
    def _queue_frozen(self, values):
        # The unique indexes see the database, not what is still to be written.
        self.sudo().flush_model(["state"])
        return self.sudo().create(values)

    @api.model
    def _to_correct(self, condominium, service):
        """The last upload, when it did not succeed: the next one corrects it."""
        last = condominium.transmission_id
        failed = last.service == service and last.state in ("rejected", "failed", "cancelled")
        return last if failed else self.browse()

    def write(self, vals):
        self._check_protected(vals)
        if FROZEN & vals.keys():
            raise UserError(
                self.env._(
                    "An upload is never changed once queued: correct the condominium, then upload "
                    "it again."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "An upload is never deleted, it is the proof: archive the condominium instead."
            )
        )

    def action_cancel(self):
        """Cancel what has not left yet."""
        self.check_access("read")
        self.condominium_id.check_access("write")
        queued = self.sudo().try_lock_for_update().filtered(lambda t: t.state == "queued")
        queued._cancel(self.env.user)

    def _cancel(self, user=None):
        """What is queued has not left, or the registry has not taken it."""
        queued = self.filtered(lambda t: t.state == "queued")
        queued.write({"failure_code": CANCELLED, "failure_params": False})
        told = {"cancelled_by_id": user and user.id, "news": False}
        self.write({"state": "cancelled", **told})

    def action_correct(self):
        """Send again what did not succeed, as it is now: a new upload that names this one."""
        self.ensure_one()
        before = self.condominium_id.transmission_id
        told = self.condominium_id.action_upload()
        sent = self.condominium_id.transmission_id
        return told if sent == before else sent._open_form()

    def _open_form(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_open_condominium(self):
        self.ensure_one()
        return self.condominium_id._open_form()
