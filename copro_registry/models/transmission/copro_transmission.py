import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...rnc.environments import ENVIRONMENTS
from ...rnc.states import ASKED, OPEN_STATES, Event
from .copro_transmission_message import CANCELLED, CLOSED
from .copro_transmission_proof import FROZEN

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
IS_OPEN = f"state IN {OPEN_STATES}"  # of the partial indexes


class CoproTransmission(models.Model):
    """One file on its way to the registry, frozen when queued.

    Nobody edits or deletes it, whatever the group: a correction is a new one.

    ```
    queued ──claim, commit──► sending ──┬─received──► received ──asked──┐
     ▲ │                                ├─accepted──────────────────────┼──► accepted
     │ └─cancel──► cancelled            ├─refused───────────────────────┼──► rejected
     │                                  ├─no answer──► unknown ──asked──┘
     │                                  ├─nothing processed, twelve times──► failed
     ├─────nothing was processed────────┘      │
     └─────asked: it was never received────────┘
    ```

    Each arrow stands in ``rnc/states.py``, and nowhere else. What is asked about may be
    closed by a main administrator (cancelled); what is queued in a copy of a database becomes
    unknown, and is asked about first.
    """

    _name = "copro.transmission"
    _inherit = [
        "copro.transmission.freezing",
        "copro.transmission.queue",
        "copro.transmission.run",
        "copro.transmission.outcome",
        "copro.transmission.news",
        "copro.transmission.message",
        "copro.transmission.document",
        "copro.transmission.proof",
        "copro.protected.mixin",
    ]
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
    mandate_id = fields.Many2one(
        "copro.mandate", readonly=True, protected=True, index="btree_not_null", ondelete="restrict"
    )
    registration_number = fields.Char(string="Registration number", readonly=True, protected=True)
    # The documents are read when they are needed, not with the rest.
    payload = fields.Text(string="File sent", readonly=True, protected=True, prefetch=False)
    payload_sha256 = fields.Char(string="SHA-256", readonly=True, protected=True)
    quoted_values = fields.Json(
        readonly=True,
        protected=True,
        prefetch=False,
        help="What the address and the headers quote of the dossier, frozen with the file",
    )
    document_payload = fields.Text(
        readonly=True,
        protected=True,
        prefetch=False,
        help="The supporting document, where it travels by a call of its own",
    )
    registry_reference = fields.Char(
        string="The registry's reference", readonly=True, protected=True, copy=False
    )
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
    asks_in_vain = fields.Integer(
        string="Questions in vain",
        readonly=True,
        protected=True,
        help="Since the registry last said that it has it",
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
    asked_as = fields.Char(
        string="Asked as",
        readonly=True,
        protected=True,
        help="The declarant, and the registry's address, of the last question",
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
    given_number = fields.Char(
        string="Number given",
        readonly=True,
        protected=True,
        help="By the registry, with its answer",
    )
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

    attempt_ids = fields.One2many(
        "copro.transmission.attempt",
        "transmission_id",
        string="Timeline",
        readonly=True,
        protected=True,
    )
    is_eventful = fields.Boolean(
        compute="_compute_is_eventful", help="A call of the timeline has something to tell"
    )
    news = fields.Char(string="Left to tell", readonly=True, protected=True)
    needs_person = fields.Boolean(
        readonly=True,
        protected=True,
        help="Somebody was told of what became of it, and has still to see to it.",
    )

    _reference_uniq = models.Constraint(
        "UNIQUE(reference)", "Another upload has this reference: reload the page, then try again."
    )
    _open_uniq = models.UniqueIndex(
        f"(condominium_id) WHERE {IS_OPEN}",
        "An upload of this condominium is already in progress: wait for its result.",
    )
    _payload_uniq = models.UniqueIndex(
        f"(company_id, service, COALESCE(registration_number, ''), payload_sha256) WHERE {IS_OPEN}",
        "The same file is already on its way to the registry: wait for its answer.",
    )
    # One small index for each question that the workers ask: `due` of an operation.
    _send_idx = models.Index(
        "(company_id, next_attempt, id) WHERE state = 'queued' AND on_hold IS NOT TRUE"
    )
    _ask_idx = models.Index("(company_id, next_attempt, id) WHERE state IN ('received', 'unknown')")
    _sending_idx = models.Index("(claimed_at) WHERE state = 'sending'")
    _batch_idx = models.Index("(batch_id, state, next_attempt) WHERE batch_id IS NOT NULL")
    _news_idx = models.Index("(id) WHERE news IS NOT NULL")
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

    @api.depends("attempt_ids.failure_code")
    def _compute_is_eventful(self):
        for transmission in self:
            transmission.is_eventful = any(transmission.attempt_ids.mapped("failure_code"))

    def init(self):
        result = super().init()
        self._create_triggers()
        return result

    def _account(self):
        """The declarant account of the company, with every right."""
        return self.company_id.sudo().copro_account_id

    def _account_in_its_language(self):
        """The same, for sentences that are kept: a scheduled action has no language."""
        account = self._account()
        return account.with_context(lang=account._language())

    # -- what nobody changes --------------------------------------------------------

    def write(self, vals):
        # Of others than the addon's own code, the protection says more.
        if self.env.su and FROZEN & vals.keys():
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

    # -- actions --------------------------------------------------------------------

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
        self._apply(Event.CANCEL, cancelled_by_id=user and user.id)

    def action_close(self):
        """Ask no more: a main administrator has seen elsewhere what became of it."""
        self.env["copro.declarant.account"]._check_main_administrator()
        self.check_access("read")
        for transmission in self.sudo().try_lock_for_update():
            if transmission.state in ASKED:
                transmission._close()

    def _close(self):
        self.write(self._own_fault(CLOSED, user=self.env.user.name))
        self._close_the_activity()
        self._cancel(self.env.user)
        self.condominium_id._closed(self)

    def action_correct(self):
        """Send again what did not succeed, as it is now: a new upload that names this one."""
        self.ensure_one()
        before = self.condominium_id.transmission_id
        action = self.condominium_id.action_upload()
        sent = self.condominium_id.transmission_id
        return action if sent == before else sent._get_records_action(context={})

    def action_open_condominium(self):
        self.ensure_one()
        return self.condominium_id._open_form()
