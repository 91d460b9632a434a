"""A number says which environment gave it, the national registry too."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE copro_condominium condominium
           SET number_environment = upload.environment
          FROM copro_transmission upload
         WHERE upload.condominium_id = condominium.id
           AND upload.service = 'WS1' AND upload.state = 'accepted'
           AND upload.given_number = condominium.registration_number
           AND upload.environment = 'production'
           AND condominium.number_environment IS NULL
        """
    )
