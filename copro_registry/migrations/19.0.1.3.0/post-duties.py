from odoo.tools import SQL

# As in 19.0.1.3.0, whatever the engine counts today.
REFUSED = ("rejected", "failed")
MOST_ASKS = 12


def migrate(cr, version):
    """What somebody was told of and is still open is to be seen to, whoever has left since."""
    cr.execute(
        SQL(
            """
            UPDATE copro_transmission upload
               SET needs_person = true
              FROM copro_condominium condominium
             WHERE condominium.transmission_id = upload.id
               AND (upload.state IN %s
                    OR upload.state = 'unknown' AND upload.asks >= %s
                    OR EXISTS (
                        SELECT FROM mail_activity activity
                          JOIN ir_model_data named
                            ON named.model = 'mail.activity.type'
                           AND named.module = 'copro_registry'
                           AND named.name = 'mail_activity_upload'
                           AND named.res_id = activity.activity_type_id
                         WHERE activity.res_model = 'copro.condominium'
                           AND activity.res_id = condominium.id
                           AND activity.active))
            """,
            *(REFUSED, MOST_ASKS),
        )
    )
