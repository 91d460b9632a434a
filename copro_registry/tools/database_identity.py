"""Which database this is: what no copy of it shares."""

import hashlib

from odoo.tools import SQL

# The name and Odoo's own identifier change when Odoo duplicates a database, or restores it as
# a copy; but the second only after a moment. PostgreSQL's identifiers, of the database and of
# the server, change with whatever is made from a dump, even under the same name.
IDENTITY = SQL(
    """
    SELECT current_database(), uuid.value, place.oid, server.system_identifier
      FROM pg_database place
     CROSS JOIN pg_control_system() server
      LEFT JOIN ir_config_parameter uuid ON uuid.key = 'database.uuid'
     WHERE place.datname = current_database()
    """
)


def database_identity(env):
    """(name, digest) of the database as it is now: nothing of it is remembered from before."""
    env["ir.config_parameter"].flush_model(["key", "value"])
    [parts] = env.execute_query(IDENTITY)
    text = "\n".join(str(part) for part in parts)
    return parts[0], hashlib.sha256(text.encode()).hexdigest()[:32]
