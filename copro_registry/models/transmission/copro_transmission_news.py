import base64
import hashlib
import logging
from dataclasses import replace

from markupsafe import Markup

from odoo import api, models

from ...rnc.codec import Unreadable, codec_for
from ...rnc.states import ASKED, REFUSED
from ...rnc.today import today
from ...tools.in_parts import CONFLICTS, attempt

_logger = logging.getLogger(__name__)

PDF = b"%PDF-"
ACTIVITY = "copro_registry.mail_activity_upload"
MAIL = "copro_registry.mail_template_refusal"
TROUBLE = "activity,message,mail"
# What is tried again when it fails; the rest is only said once.
LASTING = ("attestation", "activity")
MOST_PENDING = 200  # that one run tells of


class CoproTransmissionNews(models.AbstractModel):
    """What an outcome has to tell, once it is committed.

    ``news`` names what is still to be told: it is written with the outcome, and emptied once
    it is told. What a crash interrupts, or what fails and matters, the next run tells.
    """

    _name = "copro.transmission.news"
    _description = "What an upload has to tell"

    def _news_of(self, answer):
        """What a registration has to tell."""
        steps = ["attestation"] if answer.attestation else []
        if self._holder_of_number():
            return ",".join([*steps, "activity", "message"])
        if self.service == "WS6":
            steps.append("follow")
        return ",".join([*steps, "note", "close"])

    @api.model
    def _tell_pending(self):
        """What was left to tell; what was tried last comes last, that it keeps no other back."""
        accounts = self.env["copro.declarant.account"].sudo()._all_held_from_here()
        held = [account.company_id.id for account in accounts]
        domain = [("news", "!=", False), ("company_id", "not in", held)]
        self.search(domain, order="write_date, id", limit=MOST_PENDING)._tell_news()

    def _tell_news(self):
        """Tell, and undo nothing of the outcome, whatever fails.

        A copy tells nobody: what it holds was told, or will be, by the database that sends.
        """
        here = self._of_this_database()
        if not attempt(here, lambda uploads: uploads._tell_together(), logging.INFO):
            for upload in here:
                attempt(upload, lambda one: one._tell_step_by_step())

    def _of_this_database(self):
        held = self._account()._held_from_here()
        return self.filtered(lambda upload: upload._account() not in held)

    def _with_news(self):
        """Those that no other worker is telling of."""
        return self.try_lock_for_update(allow_referencing=True).filtered("news")

    def _tell_together(self):
        for upload in self._with_news():
            for step in upload.news.split(","):
                upload._tell_step(step)
            upload.news = False

    def _tell_step_by_step(self):
        for upload in self._with_news():
            left = [step for step in upload.news.split(",") if upload._is_left(step)]
            upload.news = ",".join(left) or False

    def _is_left(self, step):
        """Tell one thing; whether it is still to be told."""
        try:
            with self.env.cr.savepoint():
                self._tell_step(step)
        except CONFLICTS:
            return True
        except Exception:
            if self.env.cr.closed:
                raise
            _logger.exception("Upload %s: %s", self.id, step)
            return step in LASTING
        return False

    def _tell_step(self, step):
        """Tell one thing of ``news``."""
        telling = {
            "attestation": self._keep_the_attestation,
            "follow": self._queue_what_follows,
            "note": self._note_the_number,
            "close": self._close_the_activity,
            "activity": self._call_a_person,
            "message": self._message_the_followers,
            "mail": self._mail_the_person,
        }
        telling[step]()

    # -- what went well ---------------------------------------------------------

    def _keep_the_attestation(self):
        """From the answer, which was kept with the outcome, as far as `LONGEST_ANSWER`."""
        calls = self.with_context(bin_size=False).attempt_ids
        accepted = calls.filtered(lambda call: call.outcome == "accepted")[-1:]
        if accepted and not self.attestation_id:
            body = base64.b64decode(accepted.answer or b"")
            codec = codec_for(self._own_profile())
            try:
                answer = codec.decode(body, accepted.http_status, service=accepted._service())
                answer = replace(answer, attestation=accepted._apart() or answer.attestation)
            except Unreadable:  # it is no more readable the next time
                self._in_the_language_of(self._person_in_charge())._message_cut_answer()
            else:
                self._keep_attestation(answer)

    def _keep_attestation(self, answer):
        if not answer.attestation:
            return
        spoken = self._in_the_language_of(self._person_in_charge())
        if not answer.attestation.startswith(PDF):
            spoken._message_no_attestation()
            return
        services = dict(spoken._fields["service"]._description_selection(spoken.env))
        name = spoken.env._(
            "Attestation %(n)s, %(declaration)s, %(day)s.pdf",
            n=answer.registration_number,
            declaration=services[self.service].lower(),
            day=today().isoformat(),
        )
        file = self.env["ir.attachment"].create(
            {
                "name": name,
                "type": "binary",
                "raw": answer.attestation,
                "mimetype": "application/pdf",
                "res_model": "copro.condominium",
                "res_id": self.condominium_id.id,
                "public": False,
            }
        )
        digest = hashlib.sha256(answer.attestation).hexdigest()
        self.write({"attestation_id": file.id, "attestation_sha256": digest})

    def _message_no_attestation(self):
        """What opens as something else than a PDF is not kept under that name."""
        self.condominium_id._message_log(
            body=self.env._(
                "The attestation that the registry sent is no PDF file, and was not kept: "
                "download it from the registry's site. What was declared is accepted."
            )
        )

    def _message_cut_answer(self):
        self.condominium_id._message_log(
            body=self.env._(
                "The registry's answer is too long, or cannot be read any more: its attestation "
                "was not kept. Download it from the registry's site. What was declared is "
                "accepted."
            )
        )

    def _queue_what_follows(self):
        self.condominium_id._queue_what_follows()

    def _note_the_number(self):
        """A note: nobody is to be disturbed by what went well."""
        message = self._in_the_language_of(self._person_in_charge()).message
        self.condominium_id._message_log(body=message)

    def _close_the_activity(self):
        self.needs_person = False
        self.condominium_id.activity_feedback([ACTIVITY])

    # -- what did not -----------------------------------------------------------

    def _call_a_person(self):
        """An activity, which the next upload that is accepted closes."""
        person = self._person_in_charge()
        self.needs_person = True
        # A click may ask for silence; what the registry refuses is never silenced.
        condominium = self.condominium_id.with_context(mail_activity_automation_skip=False)
        condominium.activity_unlink([ACTIVITY])
        condominium.activity_schedule(
            ACTIVITY, user_id=person.id, **self._words_for_a_person(person)
        )

    def _awaits_a_person(self):
        """Whether what somebody was told is still to be seen to."""
        if not self.needs_person:
            return False
        return self.state in REFUSED + ASKED or bool(self._holder_of_number())

    def _words_for_a_person(self, person):
        """{summary, note} of an activity."""
        spoken = self._in_the_language_of(person)
        return {
            "summary": spoken._summary_for_a_person(),
            # What the registry says is text, whatever it looks like.
            "note": Markup("<br/>").join((spoken.message or "").splitlines()),
        }

    def _message_the_followers(self):
        spoken = self._in_the_language_of(self._person_in_charge())
        body = spoken.message or spoken._summary_for_a_person()
        self.condominium_id.message_post(body=body)

    def _mail_the_person(self):
        """To the person in charge, if they have asked for it."""
        if self._person_in_charge().copro_mail_refusals:
            self.env.ref(MAIL).send_mail(self.id)

    def _message_lines(self):
        """What the e-mail lists: each sentence, in the person's language."""
        spoken = self._in_the_language_of(self._person_in_charge())
        return (spoken.message or "").splitlines()

    def _summary_for_a_person(self):
        if self.state == "failed":
            return self.env._("Upload not sent")
        if self.state == "accepted":
            return self.env._("Another condominium bears the number given")
        if self.state in ("unknown", "received"):
            return self.env._("The registry does not say what became of an upload")
        return self.env._("Upload refused by the registry")

    def _person_in_charge(self):
        return self.condominium_id._person_in_charge(self.create_uid)

    def _in_the_language_of(self, person):
        """This upload, for sentences: scheduled actions have no language of their own."""
        return self.with_context(lang=person.lang or self.env.lang)
