from datetime import timezone

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...rnc import certificate as judging


class CoproDeclarantAccount(models.Model):
    """With what a certificate is compared."""

    _inherit = "copro.declarant.account"

    def _judge(self, bundle):
        """The diagnosis of a bundle for this account, or for none yet."""
        account = self.sudo()
        return judging.judge(
            bundle,
            siren=account.siren or "",
            siret=account.siret or "",
            now=fields.Datetime.now().replace(tzinfo=timezone.utc),
            policies=account.env["copro.certificate.policy"]._of(account.company_id),
            authorities=judging.authorities(account.client_authority_pem)
            if account.client_authority_pem
            else (),
        )

    @api.model
    def _check_main_administrator(self):
        if not self.env.user.has_group("copro_registry.group_main_administrator"):
            raise AccessError(self.env._("Only the main administrator may do this."))
