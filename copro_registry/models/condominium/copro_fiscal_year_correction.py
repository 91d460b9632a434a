from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...rnc.comparison import from_json
from ...rnc.items import all_items, item_or_code
from ...tools.localised import display_value

MAX_LENGTH = 60
ENDS = [
    ("open", "In progress"),
    ("uploaded", "Uploaded"),
    ("site", "Corrected on the registry's site"),
    ("taken", "Taken from the registry"),
    ("abandoned", "Given up"),
]


class CoproFiscalYearCorrection(models.Model):
    """One correction of what was declared: who, why, the figures before and after.

    It is kept for ever: nobody writes or deletes it, whatever the group.
    """

    _name = "copro.fiscal.year.correction"
    _inherit = "copro.protected.mixin"
    _description = "Correction of a declared fiscal year"
    _order = "id desc"
    _allow_sudo_commands = False
    _rec_name = "fiscal_year_id"

    fiscal_year_id = fields.Many2one(
        "copro.fiscal.year",
        required=True,
        readonly=True,
        protected=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="fiscal_year_id.company_id", store=True, protected=True, index=True
    )
    begun_at = fields.Datetime(string="Begun on", required=True, readonly=True, protected=True)
    user_id = fields.Many2one(
        "res.users", string="Corrected by", required=True, readonly=True, protected=True
    )
    reason = fields.Text(required=True, readonly=True, protected=True)
    # {item code: value}, as `rnc.comparison.to_json` writes them.
    before = fields.Json(required=True, readonly=True, protected=True)
    after = fields.Json(readonly=True, protected=True, help="As the correction ended")
    state = fields.Selection(ENDS, required=True, readonly=True, protected=True, default="open")
    ended_on = fields.Date(
        string="Corrected on",
        readonly=True,
        protected=True,
        help="When the registry accepted it, or the day on which it was corrected on its site",
    )
    ended_by_id = fields.Many2one(
        "res.users", string="Ended by", readonly=True, protected=True, help="Who said so"
    )
    transmission_id = fields.Many2one(
        "copro.transmission",
        string="Upload",
        readonly=True,
        protected=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The one that carried the correction; it names the upload that it corrects",
    )
    changes = fields.Text(string="Before → after", compute="_compute_changes")

    _open_uniq = models.UniqueIndex(
        "(fiscal_year_id) WHERE state = 'open'",
        "Somebody is correcting this fiscal year already: reload the page to see it.",
    )

    @api.depends("before", "after", "state")
    @api.depends_context("lang")
    def _compute_changes(self):
        for correction in self:
            after = correction.after or correction.fiscal_year_id._figures()
            rows = correction._changed(correction.before, after)
            correction.changes = "\n".join(
                self.env._("%(item)s: %(old)s → %(new)s", item=label, old=old, new=new)
                for label, old, new in rows
            )

    def _changed(self, before, after):
        """[(label, figure before, figure after)] of what differs, in the order of the form."""
        condominium = self.fiscal_year_id.condominium_id
        codes = [one.code for one in all_items() if one.code in before.keys() | after.keys()]
        return [
            (
                condominium._item_label(code),
                self._shown(code, before.get(code)),
                self._shown(code, after.get(code)),
            )
            for code in dict.fromkeys(codes)
            if before.get(code) != after.get(code)
        ]

    def _shown(self, code, value):
        if value is None:
            return "—"
        return display_value(self.env, item_or_code(code), from_json(code, value), MAX_LENGTH)

    def _end(self, state, day, transmission=None):
        """Close these: ``state`` is one of `ENDS`, ``day`` when it was corrected."""
        for correction in self:
            correction.write(
                {
                    "state": state,
                    "after": correction.fiscal_year_id._figures(),
                    "ended_on": day,
                    "ended_by_id": self.env.uid,
                    "transmission_id": transmission and transmission.id,
                }
            )
            correction._note()

    def _note(self):
        """A line in the thread of the condominium: what was corrected, and why."""
        states = dict(self._fields["state"]._description_selection(self.env))
        title = self.env._(
            "Correction of the fiscal year %(year)s (%(state)s), by %(person)s: %(reason)s",
            year=self.fiscal_year_id.display_name,
            state=states[self.state],
            person=self.user_id.sudo().name,
            reason=self.reason,
        )
        rows = (Markup("<li>{}</li>").format(line) for line in (self.changes or "").splitlines())
        body = Markup("{}<ul>{}</ul>").format(title, Markup().join(rows))
        self.fiscal_year_id.condominium_id._message_log(body=body)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "A correction is never deleted: it says who changed what was declared, and why. "
                "Begin another one instead."
            )
        )
