from odoo import fields, models
from odoo.exceptions import UserError

from ..rnc import reading
from ..rnc.today import today


class CoproCorrection(models.TransientModel):
    """Why a declared fiscal year is corrected; then, when it was on the registry's site."""

    _name = "copro.correction"
    _inherit = "copro.protected.mixin"
    _description = "Correct a declaration"

    fiscal_year_id = fields.Many2one("copro.fiscal.year", required=True, readonly=True)
    state = fields.Selection(related="fiscal_year_id.state", related_sudo=False)
    message = fields.Text(related="fiscal_year_id.correction_message", related_sudo=False)
    reason = fields.Text(
        string="Why?", help="Kept with the figures before and after, and your name."
    )
    corrected_on = fields.Date(string="Corrected on the site on", default=lambda self: today())

    def action_begin(self):
        """Unlock the figures."""
        self.ensure_one()
        self.check_access("read")
        reason = reading.text(self.reason or "")
        if not reason:
            raise UserError(
                self.env._("Say why it is corrected: it is kept with the figures, for ever.")
            )
        self.fiscal_year_id._begin_correction(reason)
        return {"type": "ir.actions.act_window_close"}

    def action_end(self):
        """The registry's site has the figures that are here."""
        self.ensure_one()
        self.check_access("read")
        if not self.corrected_on:
            raise UserError(self.env._("Enter the day on which it was corrected on the site."))
        self.fiscal_year_id._end_on_site(self.corrected_on)
        return {"type": "ir.actions.act_window_close"}
