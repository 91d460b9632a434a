from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """The accounts that can send remember that it is from this database."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    able = ["|", ("certificate_id", "!=", False), ("next_certificate_id", "!=", False)]
    accounts = env["copro.declarant.account"].search([("sender_identity", "=", False), *able])
    accounts._remember_sender()
