from functools import partial

from odoo import models
from odoo.exceptions import AccessError


class IrAttachment(models.Model):
    """What the registry delivered is a proof, as the upload is: it is only added to."""

    _inherit = "ir.attachment"

    def _check_access(self, operation):
        forbidden = super()._check_access(operation)
        if forbidden or operation not in ("write", "unlink"):
            return forbidden
        delivered = self._delivered_by_the_registry()
        return (delivered, partial(_is_proof, self.env)) if delivered else None

    def _delivered_by_the_registry(self):
        uploads = self.env["copro.transmission"].sudo()
        found = uploads.search_fetch([("attestation_id", "in", self.ids)], ["attestation_id"])
        return self & self.browse(found.attestation_id.ids)


def _is_proof(env):
    return AccessError(
        env._(
            "An attestation of the registry is never changed nor deleted, it is the proof: it "
            "stays with the condominium. To put another file there, add it beside."
        )
    )
