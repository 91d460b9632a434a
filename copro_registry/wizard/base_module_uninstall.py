from odoo import models

# The proof of what was declared, and what the registry's site has to be told again.
NEVER_LOST_IN_SILENCE = ("copro.transmission", "copro.certificate")


class BaseModuleUninstall(models.TransientModel):
    """Odoo's confirmation lists discussed documents only: more than these are lost."""

    _inherit = "base.module.uninstall"

    def _get_models(self):
        proofs = self.env["ir.model"].search([("model", "in", NEVER_LOST_IN_SILENCE)])
        return super()._get_models() | proofs
