from odoo import SUPERUSER_ID, api
from odoo.tools import SQL


def migrate(cr, version):
    """Loaded profiles are called by their whole digest, and checked again."""
    _lengthen(cr, "copro_declarant_account", SQL("now()"))
    cr.execute("ALTER TABLE copro_transmission DISABLE TRIGGER USER")
    _lengthen(cr, "copro_transmission", SQL("record.create_date"))
    cr.execute("ALTER TABLE copro_transmission ENABLE TRIGGER USER")
    cr.execute("ALTER TABLE copro_contract_profile DROP COLUMN IF EXISTS key")
    env = api.Environment(cr, SUPERUSER_ID, {})
    env.invalidate_all()
    env.registry.clear_cache()
    env["copro.contract.profile"].search([])._check_again()


def _lengthen(cr, table, moment):
    """The key of a loaded profile held eight characters of its digest.

    Of two profiles that were alike in them, the last one that was there then is the one that
    was used. What has no profile any more stays as it is.
    """
    cr.execute(
        SQL(
            """
            UPDATE %(table)s record
               SET contract_profile = (%(found)s)
             WHERE contract_profile LIKE %(old)s AND (%(found)s) IS NOT NULL
            """,
            table=SQL.identifier(table),
            old="%@________",
            found=SQL(
                """
                SELECT name || '@' || sha256 FROM copro_contract_profile
                 WHERE name || '@' || left(sha256, 8) = record.contract_profile
                   AND create_date <= %s
                 ORDER BY id DESC LIMIT 1
                """,
                moment,
            ),
        )
    )
