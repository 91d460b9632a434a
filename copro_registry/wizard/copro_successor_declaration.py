from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, format_date

from ..fields import RegistryDate
from ..rnc.rules.formats import is_siret
from ..rnc.today import today
from .copro_declaration import PROPOSED

# A mandate that ends later was hardly given to a successor today.
NEAR = timedelta(days=31)


class CoproSuccessorDeclaration(models.TransientModel):
    """The mandate ends and another syndic comes: name them to the registry (WS5).

    Nothing calls it back. So all of it is checked first, then shown once more, then sent.
    """

    _name = "copro.successor.declaration"
    _inherit = "copro.declaration"
    _description = "Declare the successor"
    _check_company_auto = True

    step = fields.Selection(
        [("fill", "To fill in"), ("confirm", "To confirm")], default="fill", required=True
    )
    summary = fields.Text(compute="_compute_summary")
    mandate_id = fields.Many2one(related="condominium_id.mandate_id")
    end_date = RegistryDate(
        string="End of your mandate",
        compute="_compute_end_date",
        required=True,
        **PROPOSED,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        check_company=True,
        help="Fills in what is known of the successor.",
    )
    company_name = fields.Char(
        compute="_compute_identity",
        **PROPOSED,
    )
    siret = fields.Char(
        string="SIRET",
        compute="_compute_identity",
        **PROPOSED,
    )
    name = fields.Char(
        string="Contact name",
        compute="_compute_identity",
        help="Of a volunteer or cooperative syndic.",
        **PROPOSED,
    )
    address = fields.Char(
        compute="_compute_identity",
        required=True,
        **PROPOSED,
    )
    email = fields.Char(
        string="E-mail",
        compute="_compute_identity",
        **PROPOSED,
    )
    phone = fields.Char(
        compute="_compute_identity",
        **PROPOSED,
    )

    @api.model
    def _title(self, **defaults):
        return self.env._("Declare the successor")

    @api.model
    def _service(self):
        return "WS5"

    @api.depends("condominium_id")
    def _compute_end_date(self):
        """The end of the mandate once it is near: a successor comes when it ends, not before."""
        now = today()
        for wizard in self:
            end = wizard.condominium_id.mandate_id.end_date
            wizard.end_date = end if end and end <= now + NEAR else now

    @api.depends("partner_id")
    def _compute_identity(self):
        for wizard in self.filtered("partner_id"):
            partner = wizard.partner_id
            firm = partner.commercial_partner_id
            address = partner._display_address(without_company=True)
            wizard.company_name = firm.is_company and firm.name
            wizard.siret = firm.company_registry
            wizard.name = not partner.is_company and partner.name
            wizard.address = " ".join(address.split())
            wizard.email = partner.email
            wizard.phone = partner.phone

    @api.depends("step", "end_date", "siret", "email")
    @api.depends_context("lang")
    def _compute_summary(self):
        for wizard in self:
            wizard.summary = wizard.step == "confirm" and "\n".join(wizard._told())

    def _told(self):
        """What is about to be declared, and what it changes: sentences."""
        day = format_date(self.env, self.end_date)
        known = [self.company_name, self.name, self.siret, self.email, self.address]
        sentences = [
            self.env._("Your mandate ends on %(day)s.", day=day),
            self.env._("Your successor is: %(who)s.", who=", ".join(filter(None, known))),
            self.env._(
                "The registry cannot take this declaration back: you will no longer be able to "
                "update this condominium, but for the annual data of accounts that were approved "
                "already."
            ),
        ]
        days = (self.end_date - today()).days
        if days > NEAR.days:
            sentences.append(
                self.env._(
                    "This end is %(days)s days ahead: is it the day on which your successor "
                    "begins?",
                    days=days,
                )
            )
        if self._siret()[:9] and self._siret()[:9] == self.condominium_id._account().siren:
            sentences.append(
                self.env._("Their SIRET is of your own company: is it another establishment of it?")
            )
        return sentences

    def action_check(self):
        """Check everything, as if it were sent; then show what is about to be."""
        self.ensure_one()
        self.check_access("read")
        self.condominium_id._check_service("WS5")
        with self.env.cr.savepoint() as trial:
            self.condominium_id._checked_dossier("WS5", today(), self._mandate())
            trial.rollback()
        return self._show("confirm")

    def action_back(self):
        self.ensure_one()
        self.check_access("read")
        return self._show("fill")

    def _show(self, step):
        self.step = step
        return {
            "type": "ir.actions.act_window",
            "name": self._title(),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _siret(self):
        return "".join((self.siret or "").split())

    def _check_successor(self):
        """Raises UserError, with what to correct."""
        problem = self._why_not_them() or self._why_not_that_day()
        if problem:
            raise UserError(problem)

    def _why_not_them(self):
        account, siret = self.condominium_id._account(), self._siret()
        email = email_normalize(self.email or "")
        if siret and not is_siret(siret):
            return self.env._("The SIRET %(siret)s is not valid: check its 14 digits.", siret=siret)
        if self.email and not email:
            return self.env._(
                "“%(email)s” is not an e-mail address: enter the one of the successor's account, "
                "or leave it empty if you give their SIRET.",
                email=self.email,
            )
        own = email_normalize(account.email or "")
        if (siret and siret == account.siret) or (email and email == own):
            return self.env._(
                "These are the SIRET or the e-mail of your own account: enter those of the syndic "
                "who comes after you."
            )
        return False

    def _why_not_that_day(self):
        mandate = self.condominium_id.mandate_id
        if mandate.end_date and self.end_date > max(mandate.end_date, today()):
            return self.env._(
                "Your mandate ends on %(end)s: a successor cannot come later. Correct this date, "
                "or renew the mandate first.",
                end=format_date(self.env, mandate.end_date),
            )
        return False

    def _mandate(self):
        self._check_successor()
        mandate = self.condominium_id.mandate_id
        mandate.write(
            {
                "end_date": self.end_date,
                "successor_company": self.company_name,
                "successor_siret": self._siret(),
                "successor_name": self.name,
                "successor_address": self.address,
                "successor_email": self.email,
                "successor_phone": self.phone,
            }
        )
        return mandate
