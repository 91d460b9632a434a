from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...rnc import certificate
from ...rnc.environments import ENVIRONMENTS, TRIALS
from ...rnc.states import ASKED
from ...rnc.transport import probe

# An address and the authority of its server belong to one environment.
TIED = ("url", "authority_pem")
# The name that the simulator gives to its own authority, wherever it runs.
SIMULATOR = "Autorité du simulateur"
HOLDERS = (certificate.subject_of, certificate.issuer_of)


class CoproDeclarantAccountEnvironment(models.AbstractModel):
    """Passing from a trial to the national registry.

    What Test or the Simulator recorded is unknown to Production: kept, it would say that
    a condominium is registered, or up to date, which the national registry never heard of.
    For the same reason the address of one is never kept for another.
    """

    _name = "copro.declarant.account.environment"
    _inherit = "mail.thread"
    _description = "Environment of a declarant account"

    environment = fields.Selection(
        ENVIRONMENTS,
        default="test",
        required=True,
        tracking=True,
        help="Only Production is the national registry: a number given by Test or by the "
        "Simulator registers nothing.",
    )

    def _environments_left(self, vals):
        """{account: the environment that it leaves} when ``vals`` are written."""
        wanted = vals.get("environment")
        return {a: a.environment for a in self if wanted and a.environment != wanted}

    def _clear_tied_fields(self, vals):
        """Nothing that is tied to the environment left stays, unless ``vals`` renew it."""
        self.write({name: False for name in TIED if name not in vals and self[name]})

    def _give_up_uploads(self, environment):
        """Cancel what a trial examines. Raises UserError when more is in progress.

        A trial that examines without end must not hold the account back; what the national
        registry has received is awaited, whatever it takes.
        """
        uploads = self._open_uploads()
        in_progress = uploads.filtered_domain(uploads._sent_to(environment))
        examined = ASKED if environment in TRIALS else ()
        given_up = in_progress.filtered(lambda upload: upload.state in examined)
        left = len(in_progress - given_up) + self._count_unwritten()
        if left:
            raise UserError(
                self.env._(
                    "Uploads on their way to the environment that you leave: %(count)s. Wait "
                    "until they have ended, or cancel those that are queued.",
                    count=left,
                )
            )
        given_up.write(given_up._fault(self._sentence_of_giving_up()))
        given_up._cancel(self.env.user)

    def _sentence_of_giving_up(self):
        """What the people of the company read of a trial that is asked about no more."""
        return self.with_context(lang=self._language()).env._(
            "Given up when the environment was changed: what became of this trial is not asked "
            "any more. Upload the condominium again if it is to be declared."
        )

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
            reason = account._why_not_national()
            if reason:
                raise ValidationError(reason)

    def _why_not_national(self):
        """Why these parameters cannot be Production's, or False.

        Older versions let the simulator's address pass for Production.
        """
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

    @api.onchange("environment")
    def _onchange_environment(self):
        left = self._origin.environment
        if left == self.environment:
            return None
        is_tied = left and any(self[name] for name in TIED)
        told = [self._sentence_of_clearing()] if is_tied else []
        self.update(dict.fromkeys(TIED, False))
        concerned = left and self._condominiums_of(left)
        if concerned:
            told.append(self._sentence_of_forgetting(len(concerned)))
        title = self.env._("What changes with the environment")
        return {"warning": {"title": title, "message": "\n\n".join(told)}} if told else None

    def _sentence_of_clearing(self):
        return self.env._(
            "The address and the authority of the server were those of the environment that you "
            "leave: they are cleared. Enter those of the new one, or leave them empty for those "
            "of the contract profile and of the system."
        )

    def _sentence_of_forgetting(self, count):
        return self.env._(
            "Condominiums uploaded as a trial: %(count)s. When you save, the numbers "
            "that the trial gave and what it recorded are forgotten; your data and the "
            "uploads stay.",
            count=count,
        )
