from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ...rnc import certificate
from ...rnc.environments import TRIALS
from ...rnc.transport import probe
from ...tools.upload_states import ASKED

# An address and the authority of its server belong to one environment.
TIED = ("url", "authority_pem")
# The name that the simulator gives to its own authority, wherever it runs.
SIMULATOR = "Autorité du simulateur"
HOLDERS = (certificate.subject_of, certificate.issuer_of)


class CoproDeclarantAccount(models.Model):
    """Passing from a trial to the national registry.

    What Test or the Simulator recorded is unknown to Production: kept, it would say that
    a condominium is registered, or up to date, which the national registry never heard of.
    For the same reason the address of one is never kept for another.
    """

    _inherit = "copro.declarant.account"

    def write(self, vals):
        self.check_access("write")
        wanted = vals.get("environment")
        left = {a: a.environment for a in self if wanted and a.environment != wanted}
        for account, environment in left.items():
            account._give_up_uploads(environment)
            account.write({name: False for name in TIED if name not in vals and account[name]})
        result = super().write(vals)
        for account, environment in left.items():
            account._condominiums_of(environment)._forget_trial(environment)
        return result

    def _give_up_uploads(self, environment):
        """Nothing is on its way to what is left. Raises UserError.

        A trial that examines without end must not hold the account back; what the national
        registry has received is awaited, whatever it takes.
        """
        uploads = self._open_uploads()
        on_its_way = uploads.filtered_domain(uploads._sent_to(environment))
        examined = ASKED if environment in TRIALS else ()
        given_up = on_its_way.filtered(lambda upload: upload.state in examined)
        left = len(on_its_way - given_up) + self._count_unwritten()
        if left:
            raise UserError(
                self.env._(
                    "Uploads on their way to the environment that you leave: %(count)s. Wait "
                    "until they have ended, or cancel those that are queued.",
                    count=left,
                )
            )
        given_up._cancel(self.env.user)

    def _condominiums_of(self, environment):
        """Those of which a trial recorded something."""
        condominiums = self.env["copro.condominium"].sudo().with_context(active_test=False)
        if environment not in TRIALS:
            return condominiums
        return condominiums.search(
            [
                ("company_id", "=", self.company_id.id),
                ("transmission_ids.environment", "=", environment),
            ]
        )

    @api.constrains("environment", *TIED)
    def _check_not_the_simulator(self):
        for account in self:
            told = account._why_not_national()
            if told:
                raise ValidationError(told)

    def _why_not_national(self):
        """Why what is entered cannot be Production, or False."""
        if self.environment != "production":
            return False
        if self.used_url and probe.is_loopback(self.used_url):
            return self.env._(
                "“%(address)s” is an address of this very machine: the national registry is not "
                "there. Choose the environment Simulator or Test, or enter another address.",
                address=self.used_url,
            )
        return SIMULATOR in self._authority_holders() and self.env._(
            "The authority of the server is the simulator's: it is not trusted for Production. "
            "Leave it empty to trust the authorities of the system."
        )

    def _authority_holders(self):
        """The names of the trusted authorities and of those that made them."""
        try:
            found = certificate.authorities(self.authority_pem or "")
            names = [of(one) for one in found for of in HOLDERS]
        except (certificate.Unreadable, ValueError):
            return set()  # saving says it
        return {name.common for name in names}

    def _why_not_usable(self):
        """Older versions let the simulator's address pass for Production."""
        return self._why_not_national() or super()._why_not_usable()

    def _client_with(self, certificate_):
        told = self._why_not_national()
        if told:
            raise UserError(told)
        return super()._client_with(certificate_)

    @api.onchange("environment")
    def _onchange_environment(self):
        left = self._origin.environment
        if left != self.environment:
            self.update(dict.fromkeys(TIED, False))
        concerned = self._origin and left != self.environment and self._condominiums_of(left)
        if not concerned:
            return None
        return {
            "warning": {
                "title": self.env._("What was a trial will be forgotten"),
                "message": self.env._(
                    "Condominiums uploaded as a trial: %(count)s. When you save, the numbers "
                    "that the trial gave and what it recorded are forgotten; your data and the "
                    "uploads stay.",
                    count=len(concerned),
                ),
            }
        }
