import time
from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...rnc import connection_test
from ...rnc.client import Client, Declarant
from ...rnc.transport import Channel, Proxy, client_context, ended_by, probe
from ...tools.groups import ADMINISTRATOR
from ...tools.sealing import private_key_of
from ...tools.sentences import sentence
from ...tools.time_limits import CLICK_AHEAD, seconds_of_a_call, seconds_of_a_click


class CoproDeclarantAccountConnection(models.AbstractModel):
    """How the registry is reached, and whether it can be."""

    _name = "copro.declarant.account.connection"
    _inherit = ["mail.thread", "copro.protected.mixin"]
    _description = "Connection of a declarant account"

    url = fields.Char(
        string="Address",
        tracking=True,
        help="Leave empty for the address that the contract profile gives.",
    )
    proxy_url = fields.Char(
        string="Proxy",
        tracking=True,
        help="Address of the HTTP proxy by which this network lets calls out, such as "
        "http://proxy.example:3128. Leave empty to call directly: no proxy of the system is used.",
    )
    used_url = fields.Char(string="Address in use", compute="_compute_used_url")
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

    @api.depends("url", "environment", "contract_profile")
    def _compute_used_url(self):
        for account in self:
            account.used_url = account.url or account._addresses().get(account.environment)

    @api.constrains("url")
    def _check_url(self):
        for account in self.filtered("url"):
            if not account.url.startswith("https://"):
                raise ValidationError(
                    self.env._("The registry's address must begin with https://.")
                )
            if not probe.is_address(account.url):
                raise ValidationError(
                    self.env._(
                        "“%(address)s” is the address of no server: check it, or leave it empty "
                        "for the one that the contract profile gives.",
                        address=account.url,
                    )
                )
            if probe.says_more(account.url):
                raise ValidationError(
                    self.env._(
                        "The registry's address holds a user name, a password, a “?” or a “#”: "
                        "give the address alone. The certificate says who calls."
                    )
                )

    @api.constrains("proxy_url")
    def _check_proxy_url(self):
        for account in self.filtered("proxy_url"):
            try:
                Proxy.at(account.proxy_url)
            except ValueError:
                raise ValidationError(
                    self.env._(
                        "The proxy's address must be written http://name:port, without a user "
                        "name or a password: a proxy that asks for them is to let this machine "
                        "through by its own address."
                    )
                ) from None

    @api.depends(
        "number",
        "email",
        "certificate_id.level",
        "next_certificate_id.level",
        "contract_profile",
        "environment",
        "url",
        "authority_pem",
        "copy_message",
    )
    @api.depends_context("lang", "uid")
    def _compute_problem(self):
        may_edit = self.env.user.has_group(ADMINISTRATOR)
        for account in self:
            account.problem = account._why_not_usable() or account._why_sealed()
            account.problem_here = (may_edit and account._what_to_do_here()) or account.problem

    def _what_to_do_here(self):
        """What is missing, for those who can give it on this very form, or False."""
        missing = not self.copy_message and self._missing()
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

    def _why_not_usable(self):
        """Why nothing can be uploaded for now, or False."""
        return (
            self._why_not_from_here()
            or self._why_not_national()
            or self._why_incomplete()
            or self._why_no_profile()
            or self._why_certificate_refused()
        )

    def _why_incomplete(self):
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
        return False

    def _why_certificate_refused(self):
        certificate = self._certificate_to_use()
        if certificate.level != "refuse":
            return False
        lines = certificate.diagnosis
        reasons = [line["message"] for line in lines if line["level"] == "refuse"]
        return self.env._(
            "The client certificate cannot be used: %(reasons)s",
            reasons=" ".join(reasons),
        )

    def _why_sealed(self):
        """Why the private key cannot be opened here, or False. What is queued waits for it."""
        try:
            private_key_of(self._certificate_to_use())
        except UserError as error:
            return str(error)
        return False

    def _certificate_to_use(self):
        """The one in use while it can be; else the one that is to follow."""
        self.ensure_one()
        current, following = self.certificate_id, self.next_certificate_id
        if following and (not current or current.level == "refuse"):
            return following
        return current

    def _client(self):
        """A client of the registry for this account. Raises UserError."""
        self.ensure_one()
        problem = self._why_not_usable()
        if problem:
            raise UserError(problem)
        return self._client_with(self._certificate_to_use())

    def _client_with(self, certificate):
        """A client that presents ``certificate``, whatever the call is for.

        Raises UserError when this database or these parameters may not call, or the seal of
        the key does not open.
        """
        reason = self._why_not_from_here() or self._why_not_national()
        if reason:
            raise UserError(reason)
        profile = self._limited_contract()
        profile = replace(profile, limits=profile.limits.capped(seconds_of_a_call()))
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
                    "steps": [self._step_line(step) for step in steps],
                    "is_proven": connection_test.is_proven(steps),
                }
            )
        )
        return sheet._show()

    def _examine(self, certificate):
        """The steps of a connection test with ``certificate``; its result is applied."""
        if not certificate or not self.number or not self.email:
            raise UserError(
                self._why_not_usable()
                or self.env._("There is nothing to test yet: fill in the parameters first.")
            )
        steps = self._run_test(*self._prepare_test(certificate))
        self._apply_test_result(certificate, steps)
        return steps

    def _prepare_test(self, certificate):
        """(client, moment of its turn) of a test with ``certificate``. Raises UserError."""
        return self._client_with(certificate), self._take_a_turn()

    def _take_a_turn(self):
        """The moment (monotonic) at which a test may call. Raises UserError.

        A test counts among the calls a minute of the account.
        """
        turns = self._take_turns(1, CLICK_AHEAD)
        if not turns:
            raise UserError(
                self.env._(
                    "The calls of this account are all taken for the next seconds: test the "
                    "connection again in a moment."
                )
            )
        return turns[0]

    @api.model
    def _run_test(self, client, turn):
        """What a test says, when its turn comes; the database is neither read nor written."""
        end = time.monotonic() + seconds_of_a_click()
        try:
            time.sleep(max(turn - time.monotonic(), 0))
            with ended_by(end):
                return connection_test.examine(client)
        finally:
            client.channel.close()

    def _apply_test_result(self, certificate, steps):
        if not connection_test.is_proven(steps):
            return
        self.sudo().proven_on = fields.Datetime.now()
        self.sudo()._resume()  # also when it was proven within the same second
        if certificate == self.next_certificate_id:
            self._put_in_use(certificate)

    @api.model
    def _step_line(self, step):
        """A line of the sheet, in the user's language."""
        return {
            "level": step.level,
            "code": step.code,
            "topic": sentence(self.env, connection_test.TOPICS, step.topic),
            "message": sentence(self.env, connection_test.MESSAGES, step.code, **dict(step.params)),
        }
