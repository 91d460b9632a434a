from odoo import api, models
from odoo.exceptions import AccessError

# What the web client writes of a file that it only shows.
NOT_OF_THE_FILE = {"thumbnail", "access_token"}


class IrAttachment(models.Model):
    """What the registry delivered is a proof, as the upload is: it is only added to."""

    _inherit = "ir.attachment"

    def write(self, vals):
        if not self.env.su and vals.keys() - NOT_OF_THE_FILE:
            self._check_not_delivered()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _check_not_delivered(self):
        """Raises AccessError; the column of the upload restricts it too, in fewer words."""
        ours = self.sudo().filtered(lambda file: file.res_model == "copro.condominium")
        uploads = self.env["copro.transmission"].sudo()
        if ours and uploads.search_count([("attestation_id", "in", ours.ids)], limit=1):
            raise AccessError(
                self.env._(
                    "An attestation of the registry is never changed nor deleted, it is the proof: "
                    "it stays with the condominium. To put another file there, add it beside."
                )
            )
