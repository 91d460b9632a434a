from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...rnc.comparison import from_json, to_json
from ...rnc.items import all_items, item_or_code
from ...tools.localised import display_value

MAX_LENGTH = 200
DIFFERING = ("different", "kept")  # the registry has something else


class CoproComparisonLine(models.Model):
    """One item of both dossiers: ours, the registry's, and what was decided."""

    _name = "copro.comparison.line"
    _inherit = "copro.protected.mixin"
    _description = "Compared item"
    _order = "comparison_id, is_settled, sequence"
    _allow_sudo_commands = False
    _rec_name = "item"

    comparison_id = fields.Many2one(
        "copro.comparison",
        required=True,
        readonly=True,
        protected=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        related="comparison_id.company_id", store=True, protected=True, index=True
    )
    sequence = fields.Integer(readonly=True, protected=True)
    item = fields.Char(required=True, readonly=True, protected=True)
    # A text, not a line: a list shows all of it.
    label = fields.Text(string="Declared item", compute="_compute_displayed")
    section = fields.Char(compute="_compute_displayed")
    # Each in a list of one: a Json field takes 0 and False for nothing.
    our_value = fields.Json(readonly=True, protected=True)
    their_value = fields.Json(readonly=True, protected=True)
    ours = fields.Text(string="In Odoo", compute="_compute_displayed")
    theirs = fields.Text(string="At the registry", compute="_compute_displayed")
    state = fields.Selection(
        [
            ("different", "Different"),
            ("kept", "Ours is kept"),
            ("taken", "Theirs is taken"),
            ("sent", "Uploaded since"),
            ("same", "Same"),
        ],
        required=True,
        readonly=True,
        protected=True,
    )
    is_settled = fields.Boolean(compute="_compute_is_settled", store=True, protected=True)
    can_take = fields.Boolean(compute="_compute_can_take")

    @api.depends("state")
    def _compute_is_settled(self):
        for line in self:
            line.is_settled = line.state != "different"

    def _compute_can_take(self):
        for line in self:
            line.can_take = line.state in DIFFERING and not line._why_not_taken()

    def _why_not_taken(self):
        """Why the registry's value cannot be written in our records, or False."""
        condominium = self.comparison_id.condominium_id
        if not condominium._holds(self.item):
            return self.env._("Odoo keeps no such item: declare it on the registry's site.")
        if self.their_value == [None] and condominium._needs(self.item):
            return self.env._("The registry has no value, and Odoo needs one: keep yours.")
        return False

    @api.depends("item", "our_value", "their_value")
    @api.depends_context("lang")
    def _compute_displayed(self):
        sections = self._sections()
        for line in self:
            described = item_or_code(line.item)
            line.label = line.comparison_id.condominium_id._item_label(line.item)
            line.section = sections.get(described.group, "")
            line.ours = line._displayed(*line.our_value)
            line.theirs = line._displayed(*line.their_value)

    @api.model
    def _sections(self):
        """The tabs of the form, by the groups of the catalogue."""
        technical = self.env._("Technical data")
        return {
            "representation": self.env._("Legal representative"),
            "identification": self.env._("Identification"),
            "procedures": self.env._("Procedures"),
            "finance": self.env._("Financial data"),
            "technique": technical,
            "bati_2027": technical,
        }

    @api.model
    def _values_of_row(self, comparison, rank, row):
        return {
            "comparison_id": comparison.id,
            "sequence": rank,
            "item": row.code,
            "our_value": [to_json(row.ours)],
            "their_value": [to_json(row.theirs)],
            "state": "different" if row.is_different else "same",
        }

    def _whole(self):
        """The code of the item that a service sends: its parent's, for a part."""
        return item_or_code(self.item).parent or self.item

    def _displayed(self, value):
        """A value as a person reads it."""
        if value is None:
            return ""
        if isinstance(value, list):
            return "\n".join(self._member_displayed(one) for one in value)
        return display_value(self.env, item_or_code(self.item), value, MAX_LENGTH)

    def _member_displayed(self, value):
        if not isinstance(value, dict):
            return str(value)[:MAX_LENGTH]
        # As the catalogue orders them: the database does not keep the order of the keys.
        parts = [child.code for child in all_items() if child.code in value]
        return " ".join(self._plain(value[code]) for code in parts if value[code] is not None)

    def _plain(self, value):
        if isinstance(value, bool):
            return self.env._("Yes") if value else self.env._("No")
        return str(value)[:MAX_LENGTH]

    # -- settling ---------------------------------------------------------------

    def action_take(self):
        self._take()

    def action_keep(self):
        self._keep()

    def _take(self):
        """Write the registry's value in our record, with a trace."""
        for comparison in self.comparison_id:
            lines = self.filtered(lambda line, c=comparison: line.comparison_id == c)
            lines = lines.filtered("can_take")
            condominium = comparison.condominium_id
            condominium.check_access("write")
            condominium._take(
                {line.item: from_json(line.item, *line.their_value) for line in lines}
            )
            title = self.env._("Taken from the registry:")
            lines._trace(title)
            lines.sudo().state = "taken"
            condominium._compared(comparison)

    def _take_what_can_be(self):
        """As ``_take``; returns [(line, why it could not be taken)]."""
        left = [(line, why) for line in self if (why := line._why_not_taken())]
        takable = self.filtered("can_take")
        try:
            with self.env.cr.savepoint():
                takable._take()
        except UserError:  # our rules refuse one of them: the others are taken one by one
            left += [(line, why) for line in takable if (why := line._take_alone())]
        return left

    def _take_alone(self):
        """Why it could not be taken; empty once it is."""
        try:
            with self.env.cr.savepoint():
                self._take()
        except UserError as error:
            return str(error)
        return ""

    def _keep(self):
        for comparison in self.comparison_id:
            lines = self.filtered(lambda line, c=comparison: line.comparison_id == c)
            comparison.condominium_id.check_access("write")
            lines._trace(self.env._("Kept, though the registry has something else:"), kept=True)
            lines.sudo().state = "kept"
            comparison.condominium_id._compared(comparison)

    def _trace(self, title, kept=False):
        if not self:
            return
        rows = Markup().join(Markup("<li>{}</li>").format(line._told(kept)) for line in self)
        body = Markup("{}<ul>{}</ul>").format(title, rows)
        self.comparison_id.condominium_id.message_post(body=body)

    def _told(self, kept):
        """What became of a line, in words: an arrow would say that what is kept has changed."""
        values = {"item": self.label, "ours": self.ours or "—", "theirs": self.theirs or "—"}
        if kept:
            return self.env._("%(item)s: %(ours)s (at the registry: %(theirs)s)", **values)
        return self.env._("%(item)s: %(ours)s → %(theirs)s", **values)
