from datetime import timedelta

from odoo.tests import tagged

from ..rnc.today import today
from .common import CoproCase, RegistryCase

REFUSED = "Résidence Les Tilleuls, bâtiment C"  # no such address


class MailCase(CoproCase):
    """Who asked for it, in his language."""

    def speak_french(self, *users):
        self.env["res.lang"]._activate_lang("fr_FR")
        for user in users:
            user.lang = "fr_FR"

    def sent_to(self, user):
        """The e-mails to a person, of this test alone."""
        mails = self.env["mail.mail"].search([("recipient_ids", "in", user.partner_id.ids)])
        return mails.filtered(lambda mail: mail.is_notification is False)


@tagged("post_install", "-at_install")
class TestDigest(MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["copro.condominium"].search([]).active = False
        cls.late = cls.condominium("12 rue de l'Exemple", registration_number="ZZ0000901")

    def digest(self):
        self.run_cron("ir_cron_digest")

    def test_nobody_is_written_to_who_did_not_ask(self):
        self.digest()
        self.assertFalse(self.sent_to(self.manager))

    def test_what_is_late_is_told_in_his_language(self):
        self.speak_french(self.manager)
        self.reader.lang = "en_US"
        self.manager.copro_digest = "mine"
        self.reader.copro_digest = "all"
        self.digest()
        [french], [english] = self.sent_to(self.manager), self.sent_to(self.reader)
        self.assertEqual(french.subject, "Vos copropriétés cette semaine\xa0: échéances et refus")
        for sentence in (
            "Bonjour",
            "En retard (1)",
            "Mise à jour annuelle avant le",
            "jours de",
        ):
            self.assertIn(sentence, french.body_html)
        self.assertIn(f"/odoo/condominiums/{self.late.id}", french.body_html)
        for sentence in ("Hello", "Late (1)", "Annual update before", "days late"):
            self.assertIn(sentence, english.body_html)

    def test_once_a_week(self):
        self.manager.copro_digest = "mine"
        self.digest()
        self.digest()
        self.assertEqual(len(self.sent_to(self.manager)), 1)
        self.manager.copro_digest_on = today() - timedelta(days=7)
        self.digest()
        self.assertEqual(len(self.sent_to(self.manager)), 2)

    def test_another_company_is_not_told(self):
        stranger = self._user("manager", self.env["res.company"].create({"name": "Autre cabinet"}))
        stranger.write({"copro_digest": "all", "lang": "en_US"})
        self.digest()
        [mail] = self.sent_to(stranger)  # of his own account, not yet set up
        self.assertIn("declarant number", mail.body_html)
        self.assertNotIn(self.late.name, mail.body_html)

    def test_each_chooses_for_himself(self):
        self.reader.with_user(self.reader).copro_digest = "all"
        self.assertEqual(self.reader.copro_digest, "all")


@tagged("post_install", "-at_install")
class TestRefusal(MailCase, RegistryCase):
    def test_a_refusal_is_told_to_who_asked(self):
        self.speak_french(self.manager)
        self.manager.copro_mail_refusals = True
        condominium = self.condominium(REFUSED)
        self.upload(condominium)
        self.assertEqual(condominium.upload_state, "rejected")
        [mail] = self.sent_to(self.manager)
        self.assertIn(f"{REFUSED}\xa0: le téléversement", mail.subject)
        self.assertIn("Adresse inconnue", mail.body_html)
        self.assertIn("Ouvrir la copropriété", mail.body_html)

    def test_nobody_else_is(self):
        condominium = self.condominium(REFUSED)
        self.upload(condominium)
        self.assertFalse(self.sent_to(self.manager))

    def test_nothing_to_say_is_not_said(self):
        self.administrator.copro_digest = "mine"  # in charge of none, and the account is well
        self.run_cron("ir_cron_digest")
        self.assertFalse(self.sent_to(self.administrator))
        self.assertEqual(self.administrator.copro_digest_on, today())
