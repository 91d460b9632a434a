from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...rnc import contract
from ...tools.upload_states import LEAVING, OPEN_STATES
from .copro_contract_profile import SEPARATOR

RAREST_COMPARISON = 3660  # days


class CoproDeclarantAccount(models.Model):
    """What the services add to the technical parameters."""

    _inherit = "copro.declarant.account"

    compare_every = fields.Integer(
        string="Automatic comparison every … days",
        default=0,
        tracking=True,
        help="Downloads the registry's data of every affiliated condominium, and flags what "
        "differs to the person in charge. 0: never.",
    )

    contract_profile = fields.Selection(selection=lambda self: self._contract_profiles())

    @api.model
    def _contract_profiles(self):
        """Those that come with the addon or the server, then those that were loaded."""
        loaded = self.env["copro.contract.profile"].sudo().search([])
        shipped = [(name, self._profile_label(name)) for name in contract.known()]
        return shipped + [(profile.key, profile._told_apart()) for profile in loaded]

    @api.model
    def _profile_label(self, name):
        """What a profile is, for who has to choose one."""
        if name and SEPARATOR in name:
            kept = self.env["copro.contract.profile"]._kept(name)
            return kept.label if kept else name
        if name not in contract.known():
            return name
        try:
            profile = contract.named(name)
        except contract.ProfileError:
            return name  # its files cannot be read
        told = {
            "version": profile.contract_version,
            "format": profile.wire["codec"].upper(),
            "name": name,
        }
        if profile.status == "verified":
            return self.env._("Contract %(version)s, verified (%(format)s)", **told)
        return self.env._("Working hypothesis of contract %(version)s (%(format)s)", **told)

    def write(self, vals):
        if "contract_profile" in vals:
            changed = self.filtered(lambda a: a.contract_profile != vals["contract_profile"])
            changed._check_nothing_on_its_way()
        return super().write(vals)

    def _check_nothing_on_its_way(self):
        """What was frozen in one contract's words is not sent by another's ways."""
        leaving = self._open_uploads(("state", "in", LEAVING))
        open_ones = len(leaving) + self._count_unwritten()
        if open_ones:
            raise UserError(
                self.env._(
                    "Uploads on their way, written as the present contract profile says: "
                    "%(count)s. Wait until they have ended, or cancel those that are queued.",
                    count=open_ones,
                )
            )

    def _count_unwritten(self):
        """What a batch that was started has still to write."""
        lines = self.env["copro.upload.batch.line"].sudo()
        own = Domain("company_id", "in", self.company_id.ids)
        return lines.search_count(own & lines._waiting_domain())

    def _is_written_for(self, transmission):
        """Whether an upload was written for these technical parameters.

        Older ones do not say their environment, nor the version of a profile.
        """
        environments = (self.environment, False)
        key = self.contract_profile or contract.DEFAULT
        names = (key, key.partition(SEPARATOR)[0])
        is_named = transmission.contract_profile in names
        return is_named and transmission.environment in environments

    def _recipient(self):
        """Who declares, and where: what an upload was sent as."""
        return f"{self.number or ''}, {self.used_url or ''}"

    def _open_uploads(self, *more):
        """Those on their way."""
        domain = [("company_id", "in", self.company_id.ids), ("state", "in", OPEN_STATES), *more]
        return self.env["copro.transmission"].sudo().search(domain)

    def _shown_profile(self):
        """The profile to show and to judge by: the shipped one while that one is gone.

        Nothing is sent by it meanwhile: see ``_why_no_profile``.
        """
        key = self.contract_profile or contract.DEFAULT
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

    def _tell_of_unfit_profiles(self):
        """Main administrators are told, of each account whose profile is fit no more."""
        for account in self:
            reason = account._why_no_profile()
            if reason:
                account._tell_of_uploads_held_back(reason)

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

    def _told(self, refusal, own=None):
        """A refusal in the registry's French sentence: its own words are the exact ones.

        ``own`` is the profile under which it was refused, when that may not be today's.
        """
        profiles = filter(None, (own, self._shown_profile()))
        templates = (profile.error_sentence(refusal.code) for profile in profiles)
        template = next(filter(None, templates), None)
        label = self.env["copro.condominium"]._item_label(refusal.item) if refusal.item else ""
        texts = {"item": label, "value": refusal.value or "", "detail": refusal.detail or ""}
        if template is None:
            bare = " ".join([refusal.code, label, texts["detail"]]).strip()
            return bare or self._told_without_reason()
        return template.format(**texts)

    def _told_without_reason(self):
        return self.env._(
            "The registry refused and gave no reason: ask its support, and say when it was."
        )
