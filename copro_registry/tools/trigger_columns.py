"""The columns that a trigger looks at, as SQL."""

from odoo.tools import SQL


def any_column(condition, names):
    """SQL of a condition that one of the columns of the new row of a trigger meets."""
    return SQL(" OR ").join(SQL(condition, SQL.identifier("new", name)) for name in sorted(names))


def columns(names, of=None):
    """SQL of some columns, of the ``old`` or the ``new`` row of a trigger."""
    return SQL(", ").join(
        SQL.identifier(of, name) if of else SQL.identifier(name) for name in sorted(names)
    )
