from odoo import api, fields, models

from ...rnc import deadlines
from ...rnc.today import today

DECLARED = ("declared", "correcting")  # the registry has it


class CoproFiscalYearDates(models.AbstractModel):
    """The dates of a fiscal year that nobody has entered yet: proposed, and marked as supposed.

    They follow the last fiscal year, or the closing day of the condominium. As soon as
    somebody changes anything of the line, it is theirs.
    """

    _name = "copro.fiscal.year.dates"
    _description = "Supposed dates of a fiscal year"

    dates_supposed = fields.Boolean(
        string="Supposed dates",
        copy=False,
        help="These dates follow the last fiscal year by rule: check them.",
    )

    def _as_known(self):
        """This fiscal year, as the heart's calendar knows it."""
        return deadlines.FiscalYear(
            start=self.start_date or None,
            end=self.end_date or None,
            meeting=self.meeting_date or None,
            declared=self.state in DECLARED,
            is_first=self.is_first,
            supposed=self._is_only_supposed(),
            correcting=self.state == "correcting",
        )

    def _is_only_supposed(self):
        return self.dates_supposed and self.state == "draft"

    def _superseded(self):
        """Those supposed for days of a fiscal year that somebody has entered."""
        known = {one: one._as_known() for one in self.filtered("end_date")}
        return self.filtered(
            lambda one: one in known and deadlines.is_superseded(known[one], known.values())
        )

    @api.model
    def _supposed(self, year):
        """{field: value} of a line for a year of the heart's calendar."""
        return {"start_date": year.start, "end_date": year.end, "dates_supposed": True}

    # -- a new line in the form ---------------------------------------------------------------

    @api.model
    def _proposed_dates(self, condominium):
        """{field: value} of the next fiscal year of ``condominium``; {} where nothing says it."""
        # A line of a form is among those of its condominium before it is saved.
        saved = condominium.fiscal_year_ids.filtered(lambda one: one._origin) - self
        known = [one._as_known() for one in saved]
        ends = [year.end for year in known if year.is_plausible(today())]
        closing_day = deadlines.read_closing_day(condominium.closing_day or None)
        if not ends and not closing_day:
            return {}
        if ends:
            year = deadlines.next_year(max(ends), closing_day)
        else:
            year = deadlines.closed_last(closing_day, today())
        return self._supposed(year)

    def _condominium_of_line(self, known=None):
        """A line of the form of its condominium does not ask for it: the context names it."""
        if not known and self.condominium_id:
            return self.condominium_id  # as the form has it: what is typed may not be saved yet
        named = known or self.env.context.get("default_condominium_id")
        return self.env["copro.condominium"].browse(named or ())

    @api.onchange("condominium_id")
    def _onchange_condominium_id(self):
        if self.condominium_id and not self.start_date and not self.end_date:
            self.update(self._proposed_dates(self.condominium_id))

    @api.onchange("start_date", "end_date")
    def _onchange_dates(self):
        """What somebody has changed is not supposed any more."""
        if self.dates_supposed:
            self.dates_supposed = not self._origin and self._are_as_proposed()

    def _are_as_proposed(self):
        """Whether its dates are those of the rule, by what is typed or by what is saved."""
        typed = self._condominium_of_line()
        proposals = map(self._proposed_dates, (typed, typed._origin))
        return any(
            proposed and all(self[name] == value for name, value in proposed.items())
            for proposed in proposals
        )
