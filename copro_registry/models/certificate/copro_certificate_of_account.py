from odoo import models


class CoproCertificate(models.Model):
    _inherit = "copro.certificate"

    def _retire(self):
        """Kept for history; a key that is of no more use is a risk, and nothing else."""
        self.sudo().write({"state": "replaced", "sealed_key": False})
