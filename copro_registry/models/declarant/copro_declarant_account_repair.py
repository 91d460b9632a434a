from odoo import fields, models

from ...tools.in_parts import attempt
from .copro_declarant_account_connection import PROVEN

ACTIVITY = "copro_registry.mail_activity_held_back"
# What changes when our own side is put right; a test that succeeds says so too.
REPAIRING = PROVEN | {"certificate_id", "next_certificate_id", "proven_on"}


class CoproDeclarantAccount(models.Model):
    """Uploads that our own side cannot send: who can repair is told, then they leave."""

    _inherit = "copro.declarant.account"

    def _tell_of_uploads_held_back(self, reason):
        """One activity for each main administrator, until something is repaired."""
        # A click may ask for silence; what keeps everything from leaving is never silenced.
        speaking = self.sudo().with_context(mail_activity_automation_skip=False)
        if not speaking._is_somebody_s(ACTIVITY):
            attempt(speaking, lambda account: account._call_main_administrators(reason))

    def _call_main_administrators(self, reason):
        self.activity_unlink([ACTIVITY])  # of who has left
        self._tell_main_administrators(ACTIVITY, lambda told: told._words_of_the_hold(reason))

    def _words_of_the_hold(self, reason):
        """Summary and note, in the language of who reads: so is what can be found out again."""
        copied = self._why_not_from_here()
        if copied:
            return {"summary": self.env._("This database does not send"), "note": copied}
        reason = self._why_not_usable() or self._why_sealed() or reason
        note = self.env._(
            "%(reason)s The uploads wait: they leave by themselves as soon as this is put "
            "right in the technical parameters.",
            reason=reason,
        )
        return {"summary": self.env._("Uploads cannot leave"), "note": note}

    def _after_change(self, names):
        result = super()._after_change(names)
        if REPAIRING & names:
            self._let_leave()
        return result

    def _let_leave(self):
        """What was put off by our own side is due at once."""
        calls = self.sudo().activity_search([ACTIVITY])
        calls.try_lock_for_update().unlink()  # another worker may be at it
        held = self._open_uploads(("state", "=", "queued"), ("failure_code", "=", "LOCAL"))
        held.write({"next_attempt": fields.Datetime.now()})
        held._wake(len(held))
