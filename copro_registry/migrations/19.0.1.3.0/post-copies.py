from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """The accounts that can send remember that it is from this database."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    accounts = env["copro.declarant.account"].search([("sender_identity", "=", False)])
    accounts.filtered(lambda account: account._certificate_to_use())._remember_sender()
