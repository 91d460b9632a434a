from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import ValidationError

BOUNDED = ("connections", "calls_per_minute")


class CoproDeclarantAccount(models.Model):
    """How fast this account may call, and what it sends by itself."""

    _inherit = "copro.declarant.account"

    connections = fields.Integer(
        string="Connections",
        tracking=True,
        help="Calls at a time, for each worker that sends. 0: what the contract profile "
        "allows, which is also the most that can be set.",
    )
    calls_per_minute = fields.Integer(
        string="Calls per minute",
        tracking=True,
        help="For each worker that sends. 0: what the contract profile allows, which is "
        "also the most that can be set.",
    )
    auto_annual = fields.Boolean(
        string="Send annual updates by themselves",
        tracking=True,
        help="Each night, the annual updates that are due and ready leave without a click.",
    )

    @api.constrains(*BOUNDED, "contract_profile")
    def _check_limits(self):
        for account in self:
            allowed = super(CoproDeclarantAccount, account)._profile().limits
            for name in BOUNDED:
                if not 0 <= account[name] <= getattr(allowed, name):
                    raise ValidationError(
                        self.env._(
                            "%(field)s: the contract profile allows %(most)s at most.",
                            field=self._fields[name]._description_string(self.env),
                            most=getattr(allowed, name),
                        )
                    )

    def _profile(self):
        """The contract profile, under the limits of this account."""
        profile = super()._profile()
        chosen = {name: self[name] for name in BOUNDED if self[name]}
        if not chosen:
            return profile
        return replace(profile, limits=replace(profile.limits, **chosen))
