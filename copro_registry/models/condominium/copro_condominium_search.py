from urllib.parse import urlencode

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

MAP = "https://www.openstreetmap.org/search"


class CoproCondominium(models.Model):
    """Finding a condominium: by its number, its name, its address, in any order."""

    _inherit = "copro.condominium"

    @api.model
    def _search_display_name(self, operator, value):
        """Each word typed is found somewhere: « exemple rennes », « 12 rue 35000 »."""
        words = value.split() if isinstance(value, str) else []
        if operator not in ("ilike", "like") or len(words) < 2:
            return super()._search_display_name(operator, value)
        found = super()._search_display_name
        return Domain.AND(Domain(found(operator, word)) for word in words)

    def action_open_map(self):
        """The address on a public map, in the user's own browser: nothing leaves Odoo."""
        self.ensure_one()
        address = " ".join(part for part in (self.street, self.zip, self.city) if part)
        if not address:
            raise UserError(self.env._("Enter the address first: there is nothing to look for."))
        return {
            "type": "ir.actions.act_url",
            "url": f"{MAP}?{urlencode({'query': address})}",
            "target": "new",
        }
