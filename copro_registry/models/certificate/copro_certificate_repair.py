from odoo import models


class CoproCertificate(models.Model):
    _inherit = "copro.certificate"

    def action_accept_expiry(self):
        result = super().action_accept_expiry()
        self.company_id.sudo().copro_account_id._let_leave()
        return result
