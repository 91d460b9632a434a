from odoo import api, fields, models


class CoproCertificate(models.Model):
    _inherit = "copro.certificate"

    is_to_declare = fields.Boolean(compute="_compute_is_to_declare")

    @api.depends("state")
    def _compute_is_to_declare(self):
        """Until the registry, or the main administrator, has said that it is declared."""
        for certificate in self:
            steps = certificate.company_id.sudo().copro_account_id.step_ids
            declared = steps.filtered(lambda step: step.code == "C" and step.is_done)
            awaited = certificate.state == "used" and not declared
            certificate.is_to_declare = awaited or certificate.state == "candidate"
