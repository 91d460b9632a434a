from functools import partial

from odoo import models
from odoo.exceptions import AccessError

# What the web client writes of a file that it only shows.
NOT_OF_THE_FILE = {"thumbnail", "access_token"}


class IrAttachment(models.Model):
    """What the registry delivered is a proof, as the upload is: it is only added to."""

    _inherit = "ir.attachment"

    def _check_access(self, operation):
        refused = super()._check_access(operation)
        delivered = operation == "unlink" and self._delivered_by_the_registry()
        if not delivered:
            return refused
        others, why = refused or (self.browse(), partial(_is_proof, self.env))
        return others | delivered, why

    def write(self, vals):
        if not self.env.su and vals.keys() - NOT_OF_THE_FILE:
            self._check_not_delivered()
        return super().write(vals)

    def _delete_and_notify(self, message=None):
        """The button of the discussion, which deletes as the superuser."""
        self._check_not_delivered()
        return super()._delete_and_notify(message)

    def _check_not_delivered(self):
        if self._delivered_by_the_registry():
            raise _is_proof(self.env)

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
