from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ...fields import declared
from ...rnc import reading
from ...rnc.deadlines import LATE_AFTER
from ...rnc.rules.formats import is_siren, is_siret
from ...rnc.states import OPEN_STATES
from ...tools.groups import ADMINISTRATOR
from .copro_declarant_account_authorities import AUTHORITIES

# Keys of the context by which mail.thread keeps no trace.
SILENCING = {"tracking_disable", "mail_notrack", "mail_create_nolog"}
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
# What changes when our own side is put right; a test that succeeds says so too.
REPAIRING = PROVEN | {"certificate_id", "next_certificate_id", "proven_on"}
PASTED = ("siren", "siret", "number", "email", "url", "proxy_url", "provider_list_url")
REVIEWED_AT_ONCE = 200  # condominiums; more are left to the scheduled action


class CoproDeclarantAccount(models.Model):
    """A company's account on the registry's site, and how to reach the registry.

    "Paramètres techniques pour les webservices" of the site: changed by the main
    administrator alone, every change logged.
    """

    _name = "copro.declarant.account"
    _inherit = [
        "copro.declarant.account.environment",
        "copro.declarant.account.connection",
        "copro.declarant.account.authorities",
        "copro.declarant.account.certificate",
        "copro.declarant.account.contract",
        "copro.declarant.account.rate.limiter",
        "copro.declarant.account.availability",
        "copro.declarant.account.sender",
        "copro.declarant.account.steps",
        "mail.thread",
        "mail.activity.mixin",
        "copro.dossier.mixin",
    ]
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
    auto_annual = fields.Boolean(
        string="Send annual updates by themselves",
        tracking=True,
        help="Each night, the annual updates that are due and ready leave without a click.",
    )
    accounts_late_after = fields.Integer(
        string="Late without approved accounts after (months)",
        default=LATE_AFTER,
        tracking=True,
        help="Months after the closing from which a fiscal year without approved accounts is late; "
        "0: never. No text says it: six months are deduced from loi 65-557, article 14-1, and "
        "contested; one general meeting is held each year (décret 67-223, article 7).",
    )
    support_contact = fields.Char(
        string="Your integrator",
        tracking=True,
        help="Whom to ask: the publisher or the integrator of this software.",
    )
    request_ids = fields.One2many("copro.certificate.request", "account_id", groups=ADMINISTRATOR)
    step_ids = fields.One2many("copro.declarant.step", "account_id", readonly=True, protected=True)

    _accounts_late_after_range = models.Constraint(
        "CHECK(accounts_late_after BETWEEN 0 AND 60)",
        "Late without approved accounts: enter a number of months from 1 to 60, or 0 for never.",
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

    @api.constrains("email")
    def _check_email(self):
        for account in self.filtered("email"):
            if "@" not in account.email:
                raise ValidationError(
                    self.env._(
                        "“%(email)s” is not an e-mail address: enter the one of the declarant "
                        "account, as the registry's site shows it, with its “@”.",
                        email=account.email,
                    )
                )

    # -- what the ORM calls ------------------------------------------------------------

    def init(self):
        result = super().init()
        self._create_rate_limiter_table()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        logged = super(CoproDeclarantAccount, self._not_silenced())
        accounts = logged.create([self._cleaned(vals) for vals in vals_list])
        accounts._create_missing_steps()
        accounts._review_portfolio()
        return accounts

    def write(self, vals):
        self.check_access("write")
        left = self._environments_left(vals)
        for account, environment in left.items():
            account._give_up_uploads(environment)
            account._clear_tied_fields(vals)
        self._check_contract_is_free(vals)
        cleaned = self._cleaned(vals)
        before = {account: {name: account[name] for name in cleaned} for account in self}
        result = super(CoproDeclarantAccount, self._not_silenced()).write(cleaned)
        for account, values in before.items():
            account._after_change({name for name in values if account[name] != values[name]})
        self._review_after(vals)
        for account, environment in left.items():
            account._condominiums_of(environment)._forget_trial(environment)
        return result

    def _after_change(self, names):
        """What follows from the change of the fields ``names``, in this order."""
        if PROVEN & names and self.proven_on:
            self.sudo().proven_on = False
        for name in names.intersection(AUTHORITIES):
            self._log_authorities(name)
        if REPAIRING & names:
            self._resume()

    def _not_silenced(self):
        """No person's call may keep a change of the parameters out of their log."""
        if self.env.uid == SUPERUSER_ID:  # the installation
            return self
        kept = {key: one for key, one in self.env.context.items() if key not in SILENCING}
        return self.with_env(self.env(context=kept))

    @api.model
    def _cleaned(self, vals):
        """Numbers are pasted with spaces, addresses with line ends."""
        cleaned = dict(vals)
        for name in PASTED:
            if isinstance(cleaned.get(name), str):
                cleaned[name] = _compact(cleaned[name]) or False
        return cleaned

    # -- its dossiers --------------------------------------------------------------------

    def _review_after(self, vals):
        """The account is part of each dossier of its company."""
        others = {"contract_profile", "company_id", "accounts_late_after"}
        if vals.keys() & {*self._declared_fields(), *others}:
            self._review_portfolio()

    def _review_portfolio(self):
        """Judge again the condominiums of these accounts: a few at once, many soon."""
        Condominium = self.env["copro.condominium"].sudo()
        domain = [("company_id", "in", self.company_id.ids)]
        some = Condominium.search(domain, limit=REVIEWED_AT_ONCE + 1)
        if len(some) <= REVIEWED_AT_ONCE:
            some._judge_again()
        else:
            Condominium._review_soon(domain)

    def _declarant(self):
        """The part of this account in each dossier of its company.

        A volunteer is a natural person: the company's name, which a new account takes
        from Odoo, is not declared as theirs (arrêté 10/10/2016 annexe 1).
        """
        part = next(iter(self._dossier_parts().values()), {})
        if self.profile == "benevole":
            part.get("representant", {}).pop("representant_raison_sociale", None)
        return part

    def _representative(self):
        """The legal representative, in one line, as it is declared to the registry."""
        person = [self.title, self.first_name, self.last_name]
        siret = self.siret and f"SIRET\u00a0{self.siret}"
        if self.profile == "professionnel":
            return ", ".join(part for part in (self.organisation, siret) if part)
        return " ".join(part for part in person if part)

    def _recipient(self):
        """Who declares, and where: what an upload was sent as."""
        return f"{self.number or ''}, {self.used_url or ''}"

    def _open_uploads(self, *more):
        """The uploads in progress, within the conditions ``more`` of a domain."""
        domain = [("company_id", "in", self.company_id.ids), ("state", "in", OPEN_STATES), *more]
        return self.env["copro.transmission"].sudo().search(domain)

    def _count_unwritten(self):
        """How many uploads a started batch has still to write."""
        lines = self.env["copro.upload.batch.line"].sudo()
        own = Domain("company_id", "in", self.company_id.ids)
        return lines.search_count(own & lines._waiting_domain())

    # -- the screen ----------------------------------------------------------------------

    @api.model
    def action_open_mine(self):
        """The account of the current company, made at first opening."""
        return self._open(self.env.company)

    @api.depends("number", "company_id.name")
    def _compute_display_name(self):
        for account in self:
            parts = (account.number, account.company_id.name)
            account.display_name = " · ".join(part for part in parts if part)

    @api.model
    def _open(self, company):
        account = self.search([("company_id", "=", company.id)], limit=1)
        if not account:
            account = self.create({"company_id": company.id, "organisation": company.name})
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "copro_registry.copro_declarant_account_action"
        )
        return {**action, "res_id": account.id}

    # -- its people ----------------------------------------------------------------------

    @api.model
    def _check_main_administrator(self):
        if not self.env.user.has_group(ADMINISTRATOR):
            raise AccessError(self.env._("Only the main administrator may do this."))

    def _main_administrators(self):
        """The active ones who may act in this company."""
        group = self.env.ref(ADMINISTRATOR).sudo()
        return group.all_user_ids.filtered(
            lambda user: user.active and not user.share and self.company_id in user.company_ids
        )

    def _notify_main_administrators(self, activity, get_texts, **values):
        """An activity for each, in their language.

        ``get_texts(account)`` returns its summary and its note.
        """
        for user in self._main_administrators():
            account = self.with_context(lang=user.lang or self.env.lang)
            account.activity_schedule(activity, user_id=user.id, **get_texts(account), **values)

    def _has_activity(self, activity):
        """Whether an active main administrator has an activity of this type."""
        holders = self.sudo().activity_search([activity]).user_id
        return bool(holders & self._main_administrators())

    def _log(self, text):
        """Keep a trace of who did what, and when."""
        self.ensure_one()
        author = self.env.user.partner_id.id
        self.sudo().message_post(body=text, author_id=author, subtype_xmlid="mail.mt_note")


def _compact(written):
    """Without spaces, nor what cannot be seen; full-width digits are digits."""
    return "".join(reading.text(written).split())
