from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Certificates have a state; accounts have a path to the first upload."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    accounts = env["copro.declarant.account"].search([])
    accounts._create_missing_steps()
    used = accounts.certificate_id
    used.state = "used"
    (env["copro.certificate"].search([]) - used)._retire()
