import math
import time
from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import config

from ...rnc import connection_test, contract
from ...rnc.client import Client, Declarant
from ...rnc.transport import Channel, Proxy, client_context, ended_by
from ...tools.sentences import sentence
from ..certificate.copro_certificate import private_key_of
from .copro_declarant_account_certificate import ADMINISTRATOR
from .copro_declarant_account_pace import CLICK_AHEAD

# Odoo ends a request after so many seconds (``limit_time_real``), and kills a worker of
# scheduled actions after as many (``limit_time_real_cron``). A scheduled action that waits for
# its last calls has two thirds left for the rest; so has a click, whose calls share one third.
SHARE = 3
LONGEST_CALL = 40
LONGEST_CLICK = 15  # a person looks at it; the rest is the scheduled actions'
# What a successful connection test has proven, until one of them changes.
PROVEN = {
    "number",
    "email",
    "environment",
    "url",
    "proxy_url",
    "contract_profile",
    "authority_pem",
    "siren",
}


class CoproDeclarantAccount(models.Model):
    """How the registry is reached, and whether it can be."""

    _inherit = "copro.declarant.account"

    proven_on = fields.Datetime(
        string="Connection tested on",
        readonly=True,
        protected=True,
        tracking=True,
        copy=False,
        help="The registry recognised the certificate and the account.",
    )
    problem = fields.Char(string="What is missing", compute="_compute_problem")
    problem_here = fields.Char(compute="_compute_problem")

    @api.depends(
        "number",
        "email",
        "certificate_id.level",
        "next_certificate_id.level",
        "contract_profile",
    )
    @api.depends_context("lang", "uid")
    def _compute_problem(self):
        may_edit = self.env.user.has_group(ADMINISTRATOR)
        for account in self:
            account.problem = account._why_not_usable() or account._why_sealed()
            account.problem_here = (may_edit and account._what_to_do_here()) or account.problem

    def _what_to_do_here(self):
        """What is missing, for who can give it on this very form, or False."""
        missing = self._missing()
        if missing == "declarant":
            return self.env._("The declarant number and e-mail are missing: enter them below.")
        if missing == "certificate":
            return self.env._(
                "No client certificate is installed: import the one that you hold, or request one."
            )
        return False

    def _missing(self):
        """What nothing can be uploaded without: "declarant", "certificate"; or False."""
        if not self.number or not self.email:
            return "declarant"
        return False if self._certificate_to_use() else "certificate"

    def _profile(self):
        """The contract profile, within the limits of the account.

        The shipped one when there is no account yet.
        """
        profile = self._contract()
        names = ("connections", "calls_per_minute")
        chosen = {name: self[name] for name in names if self[name]}
        if not chosen:
            return profile
        return replace(profile, limits=replace(profile.limits, **chosen))

    def _contract(self):
        """The contract profile as it is written. Raises UserError when it cannot be used."""
        key = self.contract_profile or contract.DEFAULT
        return self.env["copro.contract.profile"]._profile_of(key)

    def _why_not_usable(self):
        """Why nothing can be uploaded for now, or False."""
        missing = self._missing()
        if missing == "declarant":
            return self.env._(
                "The declarant number and e-mail are missing. The main administrator "
                "enters them in Configuration, Technical parameters."
            )
        if missing == "certificate":
            return self.env._(
                "No client certificate is installed. The main administrator imports it "
                "in Configuration, Technical parameters."
            )
        no_profile = self._why_no_profile()
        if no_profile:
            return no_profile
        certificate = self._certificate_to_use()
        if certificate.level == "refuse":
            lines = certificate.diagnosis
            reasons = [line["message"] for line in lines if line["level"] == "refuse"]
            return self.env._(
                "The client certificate cannot be used: %(reasons)s",
                reasons=" ".join(reasons),
            )
        return False

    def _why_sealed(self):
        """Why the private key cannot be opened here, or False. What is queued waits for it."""
        try:
            private_key_of(self._certificate_to_use())
        except UserError as error:
            return str(error)
        return False

    def _client(self):
        """A client of the registry for this account. Raises UserError."""
        self.ensure_one()
        problem = self._why_not_usable()
        if problem:
            raise UserError(problem)
        return self._client_with(self._certificate_to_use())

    def _client_with(self, certificate):
        """A client that presents ``certificate``. Raises UserError when its seal resists."""
        profile = self._profile()
        profile = replace(profile, limits=profile.limits.hurried(_seconds_of_a_call()))
        if not self.used_url:
            raise UserError(
                self.env._("The contract profile gives no address for this environment: enter one.")
            )
        authority = self.authority_pem.encode() if self.authority_pem else None
        context = client_context(certificate.pem.encode(), private_key_of(certificate), authority)
        declarant = Declarant(self.number or "", self.email or "")
        proxy = Proxy.at(self.proxy_url) if self.proxy_url else None
        return Client(profile, self.used_url, declarant, Channel(context, profile.limits, proxy))

    def action_test_connection(self):
        """Examine the connection, part by part; nothing changes at the registry."""
        self.ensure_one()
        self.check_access("write")
        certificate = self.next_certificate_id or self.certificate_id
        steps = self._examine(certificate)
        sheet = (
            self.env["copro.connection.test"]
            .sudo()
            .create(
                {
                    "account_id": self.id,
                    "certificate_id": certificate.id,
                    "steps": [self._shown_step(step) for step in steps],
                    "is_proven": connection_test.is_proven(steps),
                }
            )
        )
        return sheet._show()

    def _examine(self, certificate):
        """The steps of a connection test with ``certificate``; what it proves is kept."""
        if not certificate or not self.number or not self.email:
            raise UserError(
                self._why_not_usable()
                or self.env._("There is nothing to test yet: fill in the parameters first.")
            )
        steps = self._steps_with(certificate)
        self._keep_what_is_proven(certificate, steps)
        return steps

    def _steps_with(self, certificate):
        """What a test with ``certificate`` says; nothing is written. Raises UserError."""
        end = time.monotonic() + seconds_of_a_click()
        client = self._client_with(certificate)
        try:
            self._wait_for_a_turn()
            with ended_by(end):
                return connection_test.examine(client)
        finally:
            client.channel.close()

    def _wait_for_a_turn(self):
        """The call of a test is one of those of the account. Raises UserError."""
        turns = self._take_turns(1, CLICK_AHEAD)
        if not turns:
            raise UserError(
                self.env._(
                    "The calls of this account are all taken for the next seconds: test the "
                    "connection again in a moment."
                )
            )
        time.sleep(max(turns[0] - time.monotonic(), 0))

    def _keep_what_is_proven(self, certificate, steps):
        if not connection_test.is_proven(steps):
            return
        self.sudo().proven_on = fields.Datetime.now()
        self.sudo()._let_leave()  # also when it was proven within the same second
        if certificate == self.next_certificate_id:
            self._put_in_use(certificate)

    def _after_change(self, names):
        """What was proven was proven of other parameters."""
        if PROVEN & names and self.proven_on:
            self.sudo().proven_on = False
        return super()._after_change(names)

    @api.model
    def _shown_step(self, step):
        """A line of the sheet, in the user's language."""
        return {
            "level": step.level,
            "code": step.code,
            "topic": sentence(self.env, connection_test.TOPICS, step.topic),
            "message": sentence(self.env, connection_test.MESSAGES, step.code, **dict(step.params)),
        }


def _seconds_of_a_call():
    """How long a call may last before Odoo ends what waits for it."""
    return _within_odoo(LONGEST_CALL, "limit_time_real", "limit_time_real_cron")


def seconds_of_a_click():
    """How long all the calls that a person waits for may last together."""
    return _within_odoo(LONGEST_CLICK, "limit_time_real")


def _within_odoo(most, *names):
    limits = [config[name] for name in names]
    # 0 is no limit, and a negative one is another's.
    return min(most, *(limit / SHARE for limit in limits if limit and limit > 0), math.inf)
