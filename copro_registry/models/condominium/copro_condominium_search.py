from odoo import api, fields, models
from odoo.fields import Domain

from ...rnc import reading

# What people type to find one.
SOUGHT = ("registration_number", "internal_reference", "name", "street", "zip", "city")


class CoproCondominiumSearch(models.AbstractModel):
    """How a condominium is found: by words of its numbers, its name or its address.

    Accents, apostrophes, hyphens, « st » or « saint » and the spaces of a number make no
    difference, whether PostgreSQL has ``unaccent`` or not: the words are stored as they are
    compared. With ``pg_trgm``, they are indexed.
    """

    _name = "copro.condominium.search"
    _inherit = "copro.protected.mixin"
    _description = "Search of condominiums"

    internal_reference = fields.Char(
        string="Internal reference",
        index="btree_not_null",
        copy=False,
        tracking=True,
        help="The code of the condominium in your own software. Never sent to the registry.",
    )
    search_key = fields.Char(
        string="Words of the search",
        compute="_compute_search_key",
        store=True,
        protected=True,
        copy=False,
        exportable=False,
    )

    @api.depends(*SOUGHT)
    def _compute_search_key(self):
        for condominium in self:
            texts = (condominium[name] or "" for name in SOUGHT)
            condominium.search_key = reading.search_key(*texts)

    @api.model
    def _search_display_name(self, operator, value):
        """Each word typed is found somewhere: « exemple rennes », « 12 rue 35000 »."""
        typed = isinstance(value, str) and operator in ("ilike", "like")
        ways = reading.search_words(value) if typed else []
        if typed and not ways:  # marks alone: PostgreSQL takes no NUL, nor half a character
            value = value.encode("utf-8", "ignore").decode("utf-8").replace("\0", "")
        if not ways:
            return super()._search_display_name(operator, value)
        return Domain.OR(
            Domain.AND(Domain("search_key", "like", word) for word in way) for way in ways
        )
