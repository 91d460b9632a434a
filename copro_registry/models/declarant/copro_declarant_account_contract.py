import uuid
from dataclasses import replace
from datetime import datetime, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...rnc import contract
from ...rnc.states import LEAVING
from ...rnc.today import today
from .copro_contract_profile import SEPARATOR

RAREST_COMPARISON = 3660  # days


class CoproDeclarantAccountContract(models.AbstractModel):
    """The contract profile by which the account writes and reads, and its limits."""

    _name = "copro.declarant.account.contract"
    _inherit = "mail.thread"
    _description = "Contract of a declarant account"

    contract_profile = fields.Selection(
        selection=lambda self: self._contract_profiles(),
        default=contract.DEFAULT,
        required=True,
        tracking=True,
        help="How the registry's files are written. The shipped profile is a working "
        "hypothesis: the registry's contract is not public.",
    )
    connections = fields.Integer(
        string="Connections at a time",
        tracking=True,
        help="0: as the contract profile says. Fewer spare the registry and your network.",
    )
    calls_per_minute = fields.Integer(
        string="Calls a minute",
        tracking=True,
        help="0: as the contract profile says, which is the most. It holds for all the processes "
        "and machines that send, together.",
    )
    compare_every = fields.Integer(
        string="Automatic comparison every … days",
        default=0,
        tracking=True,
        help="Downloads the registry's data of every affiliated condominium, and flags what "
        "differs to the person in charge. 0: never.",
    )

    @api.model
    def _contract_profiles(self):
        """[(key, label)]: those of the addon or of the server, then those that were loaded."""
        # A company loads a few profiles, and each of them is a choice.
        # pylint: disable=no-search-all
        loaded = self.env["copro.contract.profile"].sudo().search([])
        shipped = [(name, self._profile_label(name)) for name in contract.known()]
        return shipped + [(profile.key, profile._distinct_label()) for profile in loaded]

    @api.model
    def _profile_label(self, name):
        """The label of a profile, among which a person chooses."""
        if name and SEPARATOR in name:
            kept = self.env["copro.contract.profile"]._kept(name)
            return kept.label if kept else name
        if name not in contract.known():
            return name
        try:
            profile = contract.named(name)
        except contract.ProfileError:
            return name  # its files cannot be read
        params = {
            "version": profile.contract_version,
            "format": profile.wire["codec"].upper(),
            "name": name,
        }
        if profile.status == "verified":
            return self.env._("Contract %(version)s, verified (%(format)s)", **params)
        return self.env._("Working hypothesis of contract %(version)s (%(format)s)", **params)

    def _check_contract_is_free(self, vals):
        """An upload frozen in the words of one contract is not sent by another one.

        Raises UserError when ``vals`` change the contract of an account with such uploads.
        """
        if "contract_profile" not in vals:
            return
        changed = self.filtered(lambda a: a.contract_profile != vals["contract_profile"])
        leaving = changed._open_uploads(("state", "in", LEAVING))
        open_count = len(leaving) + changed._count_unwritten()
        if open_count:
            raise UserError(
                self.env._(
                    "Uploads on their way, written as the present contract profile says: "
                    "%(count)s. Wait until they have ended, or cancel those that are queued.",
                    count=open_count,
                )
            )

    def _is_written_for(self, transmission):
        """Whether an upload was written for these technical parameters.

        Older ones do not say their environment, nor the version of a profile.
        """
        environments = (self.environment, False)
        key = self._contract_key()
        names = (key, key.partition(SEPARATOR)[0])
        is_named = transmission.contract_profile in names
        return is_named and transmission.environment in environments

    def _addresses(self):
        """{environment: address} of the contract profile; none of one that cannot be read."""
        profiles = self.env["copro.contract.profile"]
        try:
            return profiles._readable(self._contract_key()).environments
        except UserError:
            return {}  # each caller is told why

    def _contract_key(self):
        """The key of the contract profile in force: the chosen one, or what replaces it."""
        profiles = self.env["copro.contract.profile"]
        return profiles._in_force(self.contract_profile or contract.DEFAULT, today())

    def _told_of(self, reference, number):
        """{placeholder: text}: what the documents of a call may quote."""
        return {
            "reference": reference,
            "registration_number": number or "",
            "declarant_number": self.number or "",
            "declarant_email": self.email or "",
            "now": datetime.now(timezone.utc),
            "call": str(uuid.uuid4()),
        }

    def _contract(self):
        """The contract profile in force, as it is written. Raises UserError when it is unfit."""
        return self.env["copro.contract.profile"]._profile_of(self._contract_key())

    def _limited_contract(self):
        """The contract profile, within the limits of the account. Raises UserError.

        The shipped one when there is no account yet.
        """
        profile = self._contract()
        names = ("connections", "calls_per_minute")
        chosen = {name: self[name] for name in names if self[name]}
        if not chosen:
            return profile
        return replace(profile, limits=replace(profile.limits, **chosen))

    def _limits(self):
        """The limits of the contract profile, within those of the account."""
        try:
            return self._limited_contract().limits
        except UserError:  # its profile is gone: each caller is told, other accounts go on
            return contract.named().limits

    def _contract_or_default(self):
        """The contract profile to show and to judge by: the shipped one when its own is gone.

        Nothing is sent by it meanwhile: see ``_why_no_profile``.
        """
        key = self._contract_key()
        try:
            return self.env["copro.contract.profile"]._readable(key)
        except UserError:
            return contract.named()

    def _why_no_profile(self):
        """Why nothing can be sent by the contract profile, or False."""
        try:
            self._contract()
        except UserError as error:
            return str(error)
        return False

    def _notify_unusable_contracts(self):
        """Notify the main administrators of each account whose contract became unusable."""
        for account in self:
            reason = account._why_no_profile()
            if reason:
                account._notify_uploads_held(reason)

    @api.constrains("compare_every")
    def _check_compare_every(self):
        for account in self:
            if not 0 <= account.compare_every <= RAREST_COMPARISON:
                raise ValidationError(
                    self.env._(
                        "The automatic comparison is made every 1 to %(most)s days, or never: "
                        "correct the number of days, 0 for never.",
                        most=RAREST_COMPARISON,
                    )
                )

    @api.constrains("contract_profile")
    def _check_contract_profile(self):
        for account in self:
            account._contract()

    @api.constrains("connections", "calls_per_minute", "contract_profile")
    def _check_limits(self):
        for account in self:
            most = account._contract_or_default().limits
            within = 0 <= account.connections <= most.connections
            if not within or not 0 <= account.calls_per_minute <= most.calls_per_minute:
                raise ValidationError(
                    self.env._(
                        "The contract profile allows %(connections)s connections and %(calls)s "
                        "calls a minute at most: lower them.",
                        connections=most.connections,
                        calls=most.calls_per_minute,
                    )
                )

    def _meanings(self, outcome):
        """What the codes of a refusal mean, by the contract under which it was made."""
        profile = outcome.profile or self._limited_contract()
        return {profile.means(refusal.code) for refusal in outcome.answer.refusals}

    def _refusal_message(self, refusal, own=None):
        """A refusal in the registry's French sentence: its own words are the exact ones.

        ``own`` is the contract profile under which it was refused, when that may not be
        today's.
        """
        profiles = filter(None, (own, self._contract_or_default()))
        templates = (profile.error_sentence(refusal.code) for profile in profiles)
        template = next(filter(None, templates), None)
        label = self.env["copro.condominium"]._item_label(refusal.item) if refusal.item else ""
        texts = {"item": label, "value": refusal.value or "", "detail": refusal.detail or ""}
        if template is None:
            bare = " ".join([refusal.code, label, texts["detail"]]).strip()
            return bare or self._message_without_reason()
        return template.format(**texts)

    def _message_without_reason(self):
        """The sentence of a refusal without a code, an item or a detail."""
        return self.env._(
            "The registry refused and gave no reason: ask its support, and say when it was."
        )
