from odoo import api, fields, models
from odoo.tools import SQL

ACCENTED = "àâäçéèêëîïôöùûüÀÂÄÇÉÈÊËÎÏÔÖÙÛÜ"
BARE = "aaaceeeeiioouuuAAACEEEEIIOOUUU"
# What makes two writings of a line of an address the same: no accent, no mark, no capital.
KEY = (
    f"btrim(lower(regexp_replace(translate(%s, '{ACCENTED}', '{BARE}'), "
    "'[^[:alnum:]]+', ' ', 'g')))"
)
READ = (
    *("company_id", "zip", "street", "city", "registration_number"),
    *("association_type", "active"),
)


class CoproCondominiumAddress(models.AbstractModel):
    """Two condominiums of one portfolio at the same address: the registry takes one of them.

    Two that have their numbers are two, whatever their addresses; so is a secondary
    association beside its principal.
    """

    _name = "copro.condominium.address"
    _inherit = "copro.protected.mixin"
    _description = "Condominiums at the same address"

    same_address_id = fields.Many2one(
        "copro.condominium", string="At the same address", compute="_compute_same_address"
    )
    same_address_message = fields.Char(compute="_compute_same_address")

    @api.depends(*READ)
    @api.depends_context("lang")
    def _compute_same_address(self):
        same = self._same_addresses()
        for condominium in self:
            other = same.get(condominium._origin.id or condominium.id)
            condominium.same_address_id = other
            condominium.same_address_message = other and condominium._same_address(other)

    def _same_addresses(self):
        """{id: another condominium of the company at its address}, of those that have one."""
        addressed = self.filtered(
            lambda one: one.street and one.zip and one.city and one.association_type != "secondaire"
        )
        if not addressed:
            return {}
        self.env["copro.condominium"].flush_model(READ)
        rows = self.env.execute_query(self._query_of_same_addresses(addressed))
        found = self.env["copro.condominium"].browse(other for _rank, other in rows)
        ids = [one._origin.id or one.id for one in addressed]
        pairs = zip(rows, found, strict=True)
        return {ids[rank - 1]: other for (rank, _other), other in pairs}

    def _query_of_same_addresses(self, addressed):
        """(rank among ``addressed``, id of the other), by the index of the addresses."""
        values = [
            (
                rank,
                one._origin.id or 0,
                one.company_id.id or 0,
                # Of a form that is being filled in, which nobody has checked yet.
                *(text.replace("\0", "") for text in (one.zip, one.street, one.city)),
                bool(one.registration_number),
            )
            for rank, one in enumerate(addressed, 1)
        ]
        columns = [list(column) for column in zip(*values, strict=True)]
        return SQL(
            """
            SELECT mine.rank, min(other.id)
              FROM unnest(%s::int[], %s::int[], %s::int[], %s::text[], %s::text[], %s::text[],
                          %s::boolean[])
                   AS mine(rank, id, company_id, zip, street, city, is_numbered)
              JOIN copro_condominium other
                ON other.company_id = mine.company_id AND other.zip = mine.zip
               AND %s = %s AND %s = %s
             WHERE other.id != mine.id AND other.active IS TRUE
               AND other.association_type IS DISTINCT FROM 'secondaire'
               AND NOT (mine.is_numbered AND other.registration_number IS NOT NULL)
          GROUP BY mine.rank
            """,
            *columns,
            *(self._key("other.street"), self._key("mine.street")),
            *(self._key("other.city"), self._key("mine.city")),
        )

    @api.model
    def _key(self, column):
        # A name of ours, and a constant of this file.
        return SQL(KEY % column)  # pylint: disable=sql-injection

    def _same_address(self, other):
        """The sentence that says so, and what to do."""
        named = other.sudo()
        if named.registration_number:
            return self.env._(
                "“%(name)s”, %(number)s, has the same address. If it is this condominium, it is "
                "in your portfolio already: use that one, archive this one, and request no "
                "affiliation. If there are two, give each its own address.",
                name=named.name,
                number=named.registration_number,
            )
        return self.env._(
            "“%(name)s” has the same address: the registry takes one of both only. If they are "
            "one condominium, keep one and archive the other. If there are two, give each its "
            "own address.",
            name=named.name,
        )

    def _notify_same_addresses(self):
        """Tell who imports them, or tries to, which ones are at an address that is taken."""
        same = self._same_addresses()
        if not same:
            return
        names = [one.name for one in self if one.id in same]
        message = self.env._(
            "At the address of another condominium of your portfolio: %(count)s. %(names)s. Open "
            "each of them to see which one, and what to do.",
            count=len(names),
            names=self._shortened(names).replace("\n", ", "),
        )
        notification = {"type": "warning", "sticky": True, "message": message}
        self.env.user._bus_send("simple_notification", notification)
