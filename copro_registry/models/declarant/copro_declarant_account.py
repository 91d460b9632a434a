from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...fields import declared
from ...rnc import certificate, contract, reading
from ...rnc.environments import ENVIRONMENTS
from ...rnc.rules.formats import is_siren, is_siret
from ...rnc.transport import Proxy, probe

# The official list of providers moves and changes: this is where it was last seen.
PROVIDER_LIST = "http://www.lsti-certification.fr/images/liste_entreprise/Liste%20PSCe"


# Keys of the context by which mail.thread keeps no trace.
SILENCING = {"tracking_disable", "mail_notrack", "mail_create_nolog"}


class CoproDeclarantAccount(models.Model):
    """A company's account on the registry's site, and how to reach the registry.

    "Paramètres techniques pour les webservices" of the site: changed by the main
    administrator alone, every change logged.
    """

    _name = "copro.declarant.account"
    _inherit = ["mail.thread", "mail.activity.mixin", "copro.dossier.mixin"]
    _description = "Declarant account"
    _rec_name = "company_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, fixed=True, default=lambda self: self.env.company
    )
    number = declared(fields.Char, "numero_teledeclarant", string="Declarant number", tracking=True)
    email = declared(fields.Char, "email_teledeclarant", string="Declarant e-mail", tracking=True)
    profile = declared(
        fields.Selection,
        "profil_compte",
        selection=[
            ("professionnel", "Professional"),
            ("benevole", "Volunteer"),
            ("cooperatif", "Cooperative"),
        ],
        default="professionnel",
        required=True,
        tracking=True,
        help="As chosen when the account was created on the registry's site.",
    )
    siren = fields.Char(
        string="SIREN",
        compute="_compute_siren",
        store=True,
        readonly=False,
        tracking=True,
        help="The number that the certificate must carry: the syndic's own for a "
        "professional, the association's own when the certificate is in its name.",
    )
    organisation = declared(fields.Char, "representant_raison_sociale", tracking=True)
    siret = declared(
        fields.Char,
        "representant_siret",
        string="SIRET",
        compute="_compute_siret",
        store=True,
        readonly=False,
        tracking=True,
    )
    title = declared(fields.Char, "representant_civilite", string="Title", tracking=True)
    first_name = declared(fields.Char, "representant_prenom", string="First name", tracking=True)
    last_name = declared(fields.Char, "representant_nom", string="Last name", tracking=True)
    environment = fields.Selection(
        ENVIRONMENTS,
        default="test",
        required=True,
        tracking=True,
        help="Only Production is the national registry: a number given by Test or by the "
        "Simulator registers nothing.",
    )
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
    contract_profile = fields.Selection(
        selection=lambda self: [(name, name) for name in contract.known()],
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
    authority_pem = fields.Text(
        string="Authority of the server",
        help="PEM of the only authority trusted for the server. Leave empty to trust "
        "the authorities of the system.",
    )
    client_authority_pem = fields.Text(
        string="Authorities of client certificates",
        help="PEM of the authorities known to deliver RGS certificates. The diagnosis warns "
        "of a certificate of any other, unless its policy is in the table of policies.",
    )
    provider_list_url = fields.Char(
        string="List of providers",
        default=PROVIDER_LIST,
        tracking=True,
        help="The official list of certificate providers, shown in the path. It changes: "
        "correct the link here.",
    )
    support_contact = fields.Char(
        string="Your integrator",
        tracking=True,
        help="Whom to ask: the publisher or the integrator of this software.",
    )

    _company_uniq = models.Constraint(
        "UNIQUE(company_id)", "This company already has a declarant account: open that one."
    )

    @api.depends("company_id")
    def _compute_siret(self):
        for account in self:
            proposed = account._number_of_company()
            valid = is_siret(proposed)
            account.siret = account.siret or (valid and proposed)

    @api.depends("siret")
    def _compute_siren(self):
        for account in self:
            proposed = _compact(account.siret or account._number_of_company())[:9]
            valid = is_siren(proposed)
            account.siren = account.siren or (valid and proposed)

    def _number_of_company(self):
        """The SIRET or SIREN that Odoo knows of the company: only a proposal."""
        return _compact(self.company_id.sudo().company_registry or "")

    @api.depends("url", "environment", "contract_profile")
    def _compute_used_url(self):
        for account in self:
            account.used_url = account.url or account._addresses().get(account.environment)

    def _addresses(self):
        """{environment: address} of the contract profile; none of one that cannot be read."""
        profiles = self.env["copro.contract.profile"]
        try:
            return profiles._readable(self.contract_profile).environments
        except UserError:
            return {}  # whoever calls with it is told why

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

    @api.constrains("provider_list_url")
    def _check_provider_list_url(self):
        for account in self.filtered("provider_list_url"):
            if not account.provider_list_url.startswith(("http://", "https://")):
                raise ValidationError(
                    self.env._("The link of the list of providers must begin with https://.")
                )

    @api.constrains("siren")
    def _check_siren(self):
        for account in self.filtered("siren"):
            if not is_siren(account.siren):
                raise ValidationError(
                    self.env._(
                        "The SIREN %(siren)s is not valid: check its 9 digits.",
                        siren=account.siren,
                    )
                )

    @api.constrains("authority_pem", "client_authority_pem")
    def _check_authorities(self):
        for account in self:
            for text in filter(None, (account.authority_pem, account.client_authority_pem)):
                account._check_pem(text)

    def _check_pem(self, text):
        if "PRIVATE KEY" in text:
            raise ValidationError(
                self.env._("A private key was pasted: paste the certificates of authorities only.")
            )
        if len(text) > certificate.LARGEST_FILE:
            raise ValidationError(
                self.env._(
                    "The authorities are longer than %(count)s kB: paste only those that are "
                    "needed.",
                    count=certificate.LARGEST_FILE // 1024,
                )
            )
        try:
            certificate.authorities(text)
        except certificate.Unreadable:
            raise ValidationError(
                self.env._("The authorities are not readable: paste certificates in PEM.")
            ) from None

    @api.constrains("connections", "calls_per_minute", "contract_profile")
    def _check_limits(self):
        for account in self:
            most = account._shown_profile().limits
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

    @api.model_create_multi
    def create(self, vals_list):
        speaking = super(CoproDeclarantAccount, self._not_silenced())
        accounts = speaking.create([self._cleaned(vals) for vals in vals_list])
        accounts._lay_the_path()
        return accounts

    def write(self, vals):
        cleaned = self._cleaned(vals)
        before = {account: {name: account[name] for name in cleaned} for account in self}
        result = super(CoproDeclarantAccount, self._not_silenced()).write(cleaned)
        for account, values in before.items():
            account._after_change({name for name in values if account[name] != values[name]})
        return result

    def _not_silenced(self):
        """No person's call may keep a change of the parameters out of their log."""
        if self.env.uid == SUPERUSER_ID:  # the installation
            return self
        kept = {key: one for key, one in self.env.context.items() if key not in SILENCING}
        return self.with_env(self.env(context=kept))

    def _after_change(self, names):
        """What follows from the change of some parameters."""
        for name in names & {"authority_pem", "client_authority_pem"}:
            self._log_authorities(name)

    @api.model
    def _cleaned(self, vals):
        """Numbers are pasted with spaces, addresses with line ends."""
        cleaned = dict(vals)
        for name in ("siren", "siret", "number", "email", "url", "proxy_url", "provider_list_url"):
            if isinstance(cleaned.get(name), str):
                cleaned[name] = _compact(cleaned[name]) or False
        return cleaned

    @api.model
    def action_open_mine(self):
        """The account of the current company, made at first opening."""
        return self._open(self.env.company)

    @api.model
    def _open(self, company):
        account = self.search([("company_id", "=", company.id)], limit=1)
        if not account:
            account = self.create({"company_id": company.id, "organisation": company.name})
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "copro_registry.copro_declarant_account_action"
        )
        return {**action, "res_id": account.id}

    def _log_authorities(self, name):
        """Tracked by name: a PEM text is no reading."""
        label = self._fields[name]._description_string(self.env)
        names = certificate.names_of(self[name] or "") or "—"
        self._log(self.env._("%(label)s: %(names)s", label=label, names=names))

    def _log(self, text):
        """Keep a trace of who did what, and when."""
        self.ensure_one()
        author = self.env.user.partner_id.id
        self.sudo().message_post(body=text, author_id=author, subtype_xmlid="mail.mt_note")


def _compact(written):
    """Without spaces, nor what cannot be seen; full-width digits are digits."""
    return "".join(reading.text(written).split())
