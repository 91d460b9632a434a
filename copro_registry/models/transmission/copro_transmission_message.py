from odoo import api, fields, models
from odoo.tools import format_datetime

from ...rnc import transport
from ...rnc.codec import Refusal
from ...rnc.i18n import _
from ...tools.localised import INTERNAL_ERROR
from ...tools.sentences import LOCAL, sentence

CANCELLED = "CANCELLED"  # the code of what was cancelled before it left
# What our own side says, under the code `LOCAL`: it is written by scheduled actions, which
# have no language, and read by people, who have theirs.
INTERNAL = "INTERNAL"
COPIED = "COPIED"
CLOSED = "CLOSED"
OTHER_PARAMETERS = "OTHER_PARAMETERS"
OTHER_DECLARANT = "OTHER_DECLARANT"
# Marked here, translated for the reader.
# pylint: disable=prefer-env-translation
MESSAGES = {
    **transport.MESSAGES,
    CANCELLED: _("Cancelled before it left: nothing was sent."),
    INTERNAL: INTERNAL_ERROR,
    COPIED: _(
        "This database was copied or restored: the registry is asked whether it has this "
        "upload already. It leaves once the registry says that it has not."
    ),
    CLOSED: _(
        "Closed without an answer of the registry by %(user)s: whether it was accepted is to "
        "be seen on the registry's site."
    ),
    OTHER_PARAMETERS: _(
        "This upload was prepared for other technical parameters: cancel it, then "
        "upload the condominium again."
    ),
    OTHER_DECLARANT: _(
        "Sent as %(sent)s, which the technical parameters no longer say: the registry "
        "cannot tell what became of it. Put them back, or close this upload once you have "
        "checked on the registry's site."
    ),
}


class CoproTransmissionMessage(models.AbstractModel):
    """What happened, and what is waited for, in a sentence for the person in charge."""

    _name = "copro.transmission.message"
    _description = "Result of an upload, in words"

    message = fields.Text(string="Result", compute="_compute_message")

    # Nor on the account: see `_compute_next_call`.
    @api.depends_context("lang", "tz")
    @api.depends(
        "state",
        "failure_code",
        "failure_params",
        "refusals",
        "registration_number",
        "given_number",
        "contract_profile",
        "on_hold",
        "next_attempt",
        "condominium_id.registration_number",
    )
    def _compute_message(self):
        for upload in self:
            upload.message = upload._sentence()

    def _sentence(self):
        """What happened, and what is waited for: a sentence, or False."""
        self.ensure_one()
        if self.state == "queued":
            return self._sentence_of_waiting()
        if self.state == "accepted":
            return self._sentence_of_a_number()
        if self.state == "rejected":
            return "\n".join([message for _refusal, message in self._reasons()] + self._existing())
        if self.state == "received" and not self.failure_code:
            return self.env._("Received by the registry, which is examining it.")
        return self._failure_sentence()

    def _sentence_of_waiting(self):
        """Why it waits, and until when: a sentence, or False when it simply has its turn."""
        account, failed = self._account(), self._failure_sentence()
        if account.copy_message:
            return account.copy_message
        if self.on_hold:
            return failed or self.env._(
                "Waits for its batch, which is paused: it leaves once the batch is resumed."
            )
        if self.failure_code == LOCAL:
            return failed
        moment = format_datetime(self.env, self.next_call, dt_format="short")
        if account._is_paused():
            return account.hold_reason or self.env._(
                "The registry asks to wait until %(moment)s: this upload leaves then.",
                moment=moment,
            )
        if failed and self.next_call > fields.Datetime.now():
            return self.env._("%(told)s Next attempt: %(moment)s.", told=failed, moment=moment)
        return failed

    def _failure_sentence(self):
        """The sentence of ``failure_code``, or False."""
        code, params = self.failure_code, self.failure_params or {}
        if code == LOCAL:
            if "message" in params:
                return params["message"]
            code = params.get("code", LOCAL)
        return bool(code) and sentence(self.env, MESSAGES, code, **params)

    @api.model
    def _fault(self, message):
        """The values that say a fault of ours, in words that are kept as they are."""
        return {"failure_code": LOCAL, "failure_params": {"message": message}}

    @api.model
    def _own_fault(self, code, **params):
        """The values that say a fault of ours, worded when it is read: see `MESSAGES`."""
        return {"failure_code": LOCAL, "failure_params": {"code": code, **params}}

    def _reasons(self):
        """[(refusal, its sentence)] of the registry, in its order."""
        account, own = self._account(), self._own_profile()
        refusals = [Refusal(**one) for one in self.refusals or [{"code": ""}]]
        return [(refusal, account._refusal_message(refusal, own)) for refusal in refusals]

    def _existing(self):
        """What to do with the number that a refusal gives: a list of one sentence, or none."""
        if not self.given_number:
            return []
        return [
            self.env._(
                "The registry has it under the number %(number)s: if it is this condominium, enter "
                "this number on it, then request its affiliation.",
                number=self.given_number,
            )
        ]

    def _sentence_of_a_number(self):
        """The sentence of what was accepted: its number, or which condominium bears it already."""
        holder = self._holder_of_number()
        if not holder:
            condominium = self.condominium_id
            numbers = (condominium.registration_number, self.registration_number, self.given_number)
            number = next(filter(None, numbers), "")
            return self.env._("Accepted by the registry: %(n)s.", n=number)
        return self.env._(
            "Accepted by the registry: %(n)s. In Odoo, “%(other)s” bears this number already: if "
            "it is wrong there, remove it, then enter it here; if both are one condominium, "
            "archive one of them.",
            n=self.given_number,
            other=holder.name,
        )

    def _holder_of_number(self):
        """Another condominium of the company that bears the number which the registry gave."""
        condominium = self.condominium_id
        if condominium.registration_number or not self.given_number:
            return condominium.browse()
        return condominium._holder_of(self.given_number)
