from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..fields import RegistryDate
from ..rnc.today import today
from .copro_declaration import PROPOSED


class CoproMandateRenewal(models.TransientModel):
    """The general meeting has renewed the mandate: tell the registry (WS6)."""

    _name = "copro.mandate.renewal"
    _inherit = ["copro.declaration", "copro.declaration.document"]
    _description = "Renew the mandate"
    _check_company_auto = True

    mandate_id = fields.Many2one(
        "copro.mandate",
        string="Mandate that ends",
        compute="_compute_mandate_id",
        check_company=True,
        domain="[('condominium_id', '=', condominium_id)]",
        **PROPOSED,
    )
    # With the rights of who reads: the mandate is whichever they name.
    is_provisional = fields.Boolean(related="mandate_id.is_provisional", related_sudo=False)
    meeting_date = RegistryDate(
        string="Voted on",
        compute="_compute_meeting_date",
        help="Date of the general meeting: kept here, not declared.",
        **PROPOSED,
    )
    start_date = RegistryDate(
        string="Start of the new mandate",
        compute="_compute_dates",
        required=True,
        **PROPOSED,
    )
    end_date = RegistryDate(
        string="End of the new mandate",
        compute="_compute_dates",
        required=True,
        help="Three years after its start at most.",
        **PROPOSED,
    )
    previous_end_date = RegistryDate(
        string="End of the previous mandate",
        compute="_compute_previous_end_date",
        required=True,
        help="The two mandates cannot overlap: it is brought back to the day before the new "
        "one starts.",
        **PROPOSED,
    )

    warning = fields.Text(compute="_compute_warning")

    @api.model
    def _title(self, **defaults):
        return self.env._("Renew the mandate")

    @api.model
    def _service(self):
        return "WS6"

    @api.depends("condominium_id")
    def _compute_mandate_id(self):
        for wizard in self:
            mandates = wizard.condominium_id.mandate_ids.filtered("start_date")
            known = mandates.filtered("declared_on") or mandates
            wizard.mandate_id = known.sorted("start_date")[-1:]

    @api.depends("mandate_id")
    def _compute_meeting_date(self):
        for wizard in self:
            wizard.meeting_date = wizard._following().meeting_date

    @api.depends("mandate_id", "meeting_date")
    def _compute_dates(self):
        """Those of the mandate that is filled in already, else the next twelve months.

        A vote does not date back: what comes later starts the mandate.
        """
        for wizard in self:
            following = wizard._following()
            next_day = (wizard.mandate_id.end_date or today()) + timedelta(days=1)
            proposed = max(next_day, wizard.meeting_date or next_day)
            wizard.start_date = following.start_date or proposed
            usual = wizard.start_date + relativedelta(years=1, days=-1)
            wizard.end_date = following.end_date or usual

    @api.depends("start_date", "meeting_date", "mandate_id")
    @api.depends_context("lang")
    def _compute_warning(self):
        """What is to be known before it is declared."""
        for wizard in self:
            warnings = [wizard._gap_warning(), wizard._vote_warning()]
            wizard.warning = "\n".join(filter(None, warnings))

    def _gap_warning(self):
        end, start = self.mandate_id.end_date, self.start_date
        if not end or not start or start <= end + timedelta(days=1):
            return False
        return self.env._(
            "From %(first)s to %(last)s, no mandate covers the condominium: the one voted later "
            "does not date back. Check the dates in the minutes; they are declared as you leave "
            "them here.",
            first=format_date(self.env, end + timedelta(days=1)),
            last=format_date(self.env, start - timedelta(days=1)),
        )

    def _vote_warning(self):
        voted, start = self.meeting_date, self.start_date
        if not voted or not start or voted <= start:
            return False
        return self.env._(
            "The new mandate starts on %(start)s, before the general meeting that votes it "
            "(%(meeting)s): a vote does not date back. Put its start on the day of the vote, or "
            "correct that day.",
            start=format_date(self.env, start),
            meeting=format_date(self.env, voted),
        )

    @api.depends("start_date", "mandate_id")
    def _compute_previous_end_date(self):
        for wizard in self:
            eve = wizard.start_date and wizard.start_date - timedelta(days=1)
            end = wizard.mandate_id.end_date
            wizard.previous_end_date = min(end, eve) if end and eve else eve or end

    def _following(self):
        mandates = self.condominium_id.mandate_ids.filtered("start_date").sorted("start_date")
        start = self.mandate_id.start_date
        return mandates.filtered(lambda m: start and m.start_date > start)[:1]

    def action_declare(self):
        """The renewal, then the update that it may have held back."""
        result = super().action_declare()
        self.condominium_id.sudo().update_follows = True
        return result

    def _mandate(self):
        if self.is_provisional and not self.document:
            raise UserError(
                self.env._(
                    "A provisional syndic who becomes the first syndic must join the signed "
                    "contract or the signed minutes of the general meeting."
                )
            )
        following, previous = self._following(), self.mandate_id
        if previous.end_date != self.previous_end_date:
            previous.end_date = self.previous_end_date
        values = {
            "start_date": self.start_date,
            "end_date": self.end_date,
            "meeting_date": self.meeting_date,
            "previous_end_date": self.previous_end_date,
            **self._document_values(),
        }
        if following:
            following.write(values)
            return following
        kept = {"condominium_id": self.condominium_id.id, "capacity": previous.capacity}
        return previous.create({**kept, **values})
