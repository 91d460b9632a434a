import base64
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..tools.sealing import private_key_of
from .certificate_case import CertificateCase
from .common import SIREN


@tagged("post_install", "-at_install")
class TestCertificate(CertificateCase):
    """A certificate is judged before it fails; its key is never seen again."""

    def test_a_good_certificate_is_installed(self):
        certificate = self.account.certificate_id
        self.assertEqual(certificate.siren, SIREN)
        self.assertEqual(certificate.name, "Cabinet Fictif")
        self.assertIn(certificate.level, ("ok", "warn"))
        self.assertEqual(certificate.state, "used")
        self.assertNotIn("PRIVATE", certificate.pem)

    def test_it_is_read_and_shown_before_it_is_installed(self):
        before = self.account.certificate_id
        wizard = self.wizard(self.another().certificate, self.identity.key)
        action = wizard.action_diagnose()
        self.assertEqual((action["res_model"], action["res_id"]), (wizard._name, wizard.id))
        self.assertEqual(self.codes(wizard), ["KEY_MISMATCH"])
        self.assertEqual(self.account.certificate_id, before)

    def test_a_certificate_of_another_siren_is_shown_and_not_installed(self):
        before = self.account.certificate_id
        other = self.authority.client("552100554", "Autre cabinet", bits=2048)
        wizard = self.wizard(other.certificate, other.key)
        action = wizard.action_import()
        self.assertEqual(action["res_id"], wizard.id)
        self.assertTrue(wizard.is_refused)
        self.assertEqual(self.codes(wizard), ["SIREN_MISMATCH"])
        self.assertEqual(self.account.certificate_id, before)

    def test_a_missing_siren_is_said_with_the_place_to_enter_it(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.account.siren = False
        other = self.another()
        wizard = self.wizard(other.certificate, other.key, lang="fr_FR")
        self.assertEqual(self.codes(wizard), ["NO_DECLARANT_SIREN"])
        said = [line["message"] for line in wizard.diagnosis if line["level"] == "refuse"]
        self.assertIn("au-dessus des onglets", said[0])

    def test_an_unreadable_file_is_told_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        wizard = self.wizard(b"Bonjour", lang="fr_FR")
        action = wizard.action_import()
        self.assertEqual(action["res_id"], wizard.id)
        self.assertTrue(wizard.is_refused)
        self.assertIn("ni un certificat PEM", wizard.diagnosis[0]["message"])

    def test_after_a_wrong_passphrase_the_file_is_still_there(self):
        identity = self.another()
        wizard = self.wizard(self.pkcs12(identity, "sésame"), passphrase="faux")
        self.assertEqual(self.codes(wizard), ["WRONG_PASSPHRASE"])
        wizard.write({"passphrase": "sésame"})
        self.assertFalse(self.codes(wizard))
        wizard.action_import()
        self.assertEqual(self.account.next_certificate_id.name, "Cabinet Fictif")

    def test_of_several_identities_the_fitting_one_is_taken_and_the_others_named(self):
        ours, other = self.another(), self.authority.client("552100554", "Autre", bits=2048)
        wizard = self.wizard(other.certificate + other.key + ours.certificate + ours.key)
        self.assertEqual(self.codes(wizard), [])
        self.assertIn("OTHERS_LEFT", self.codes(wizard, "warn"))
        self.assertEqual(
            [label.split(" – ")[-2] for _print, label in wizard.choices],
            ["SIREN 552100554", f"SIREN {SIREN}"],
        )
        ours_chosen, other_choice = wizard.choice, wizard.choices[0][0]
        wizard.write({"choice": other_choice})
        self.assertEqual(self.codes(wizard), ["SIREN_MISMATCH"])
        self.assertEqual(wizard.action_import()["res_id"], wizard.id)
        self.assertFalse(self.account.next_certificate_id, "what is refused is not installed")
        wizard.write({"choice": ours_chosen})
        wizard.action_import()
        self.assert_installed(ours)

    def test_of_several_that_fit_the_choice_is_asked(self):
        first, second = self.another(), self.another()
        pem = first.certificate + first.key + second.certificate + second.key
        wizard = self.wizard(pem)
        self.assertEqual(self.codes(wizard, "warn"), ["SEVERAL_CERTIFICATES"])
        self.assertFalse(wizard.pem or wizard.choice)
        self.assertEqual(wizard.action_import()["res_id"], wizard.id)
        self.assertFalse(self.account.next_certificate_id)
        labels = [label for _print, label in wizard.choices]
        self.assertEqual(len(set(labels)), 2, "what is named alike is told apart")
        wizard.write({"choice": wizard.choices[1][0]})
        self.assertFalse(self.codes(wizard))
        wizard.action_import()
        self.assert_installed(second)

    def assert_installed(self, identity):
        installed = self.account.next_certificate_id
        certificate = x509.load_pem_x509_certificate(identity.certificate)
        self.assertEqual(installed.fingerprint, certificate.fingerprint(hashes.SHA256()).hex())
        key = serialization.load_der_private_key(private_key_of(installed), None)
        ours, theirs = key.public_key(), certificate.public_key()
        # The keys themselves can be compared since cryptography 40 only.
        self.assertEqual(ours.public_numbers(), theirs.public_numbers(), "its own key came with it")

    def test_nobody_pretends_what_may_be_chosen(self):
        wizard = self.wizard(self.another().certificate)
        with self.assertRaises(AccessError):
            wizard.write({"choices": [["x", "y"]]})
        wizard.write({"choice": "what is not in the files"})
        self.assertEqual(self.codes(wizard), ["KEY_MISSING"])
        self.assertEqual(wizard.action_import()["res_id"], wizard.id)

    def test_a_store_of_the_old_openssl_opens_with_the_passphrase_as_it_is_typed(self):
        identity = self.another()
        misread = "sésame".encode().decode("latin-1")
        wizard = self.wizard(self.pkcs12(identity, misread), passphrase="sésame")
        self.assertFalse(self.codes(wizard))

    def pkcs12(self, identity, passphrase):
        return pkcs12.serialize_key_and_certificates(
            b"registre",
            serialization.load_pem_private_key(identity.key, None),
            x509.load_pem_x509_certificate(identity.certificate),
            [self.authority.certificate],
            serialization.BestAvailableEncryption(passphrase.encode()),
        )

    def test_only_the_main_administrator_imports(self):
        for user in (self.reader, self.manager):
            with self.assertRaises(AccessError):
                self.wizard(b"x", user=user)

    def test_an_import_leaves_nothing_behind(self):
        identity = self.another()
        ended = self.wizard(identity.certificate, identity.key)
        ended.action_import()
        abandoned = self.wizard(identity.certificate, identity.key)
        for wizard in (ended, abandoned):
            wizard.flush_recordset()
        self.assertEqual(self.sealed(ended), 0)
        self.assertEqual(self.sealed(abandoned), 3)
        # ``create_date`` is the transaction's: it began before the clock is moved.
        with freeze_time(datetime.now() + timedelta(minutes=31)):
            self.run_cron("ir_cron_forget_imports")
        self.assertFalse(abandoned.exists())

    def sealed(self, wizard):
        names = ("sealed_certificate_file", "sealed_key_file", "sealed_private_key")
        return sum(bool(wizard.sudo()[name]) for name in names)

    def test_what_is_downloaded_to_be_declared_holds_no_key(self):
        certificate = self.account.certificate_id.with_user(self.reader)
        action = certificate.action_download()
        self.assertTrue(action["url"].endswith("/public_file/Cabinet-Fictif.pem?download=true"))
        content = base64.b64decode(certificate.public_file)
        self.assertEqual(content.count(b"BEGIN CERTIFICATE"), 1)
        self.assertNotIn(b"PRIVATE", content)
        self.simulator.control.declare_certificate(self.account.number, content)

    def test_no_certificate_no_upload(self):
        self.account.certificate_id = False
        condominium = self.condominium("1 rue de l'Exemple")
        with self.assertRaisesRegex(UserError, "No client certificate"):
            condominium.with_user(self.manager).action_upload()

    def test_what_a_policy_means_is_data(self):
        """No list is in the code: the main administrator says what his provider's OID means."""
        certificate = self.account.certificate_id
        self.assertIn("POLICY_UNKNOWN", [line["code"] for line in certificate.diagnosis])
        self.administrator.lang = "fr_FR"  # and so is the trace, whatever the call says
        policies = self.env["copro.certificate.policy"].with_user(self.administrator)
        values = {"arc": "1.3.6.1.4.1.55555", "name": "Essai", "level": "*"}
        policy = policies.create({**values, "company_id": self.company.id})
        certificate.invalidate_recordset()
        self.assertIn("POLICY_OK", [line["code"] for line in certificate.diagnosis])
        policy.audience = "administration"
        certificate.invalidate_recordset()
        self.assertEqual(certificate.level, "refuse")
        told = "Politique 1.3.6.1.4.1.55555&nbsp;: Essai, RGS *, Administrations seulement"
        self.assertIn(told, self.log())

    def test_every_change_is_logged_with_its_author(self):
        self.cr.precommit.clear()  # what is made in this transaction is not tracked
        account = self.account.with_user(self.administrator)
        account.write({"number": "T 0000002", "client_authority_pem": self.authority.pem.decode()})
        identity = self.another()
        self.wizard(identity.certificate, identity.key).action_import()
        self.env.flush_all()
        self.cr.precommit.run()  # where tracking is posted
        tracked = self.account.message_ids.tracking_value_ids
        self.assertIn("T0000002", tracked.mapped("new_value_char"))
        self.assertIn("Autorité du simulateur", self.log())
        self.assertIn("Certificate imported", self.log())
        authors = self.account.message_ids.filtered("tracking_value_ids").author_id
        self.assertIn(self.administrator.partner_id, authors)
