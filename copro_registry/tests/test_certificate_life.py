from datetime import datetime, timedelta, timezone
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tests.test_cursor import TestCursor

from ..rnc import connection_test
from .certificate_case import CertificateCase
from .common import SIREN


@tagged("post_install", "-at_install")
class TestLifeOfACertificate(CertificateCase):
    """Requested, renewed, expired: nothing stops because of a date nobody saw coming."""

    def test_the_new_one_waits_until_the_registry_has_taken_it(self):
        old, identity = self.account.certificate_id, self.another()
        self.wizard(identity.certificate + self.authority.pem, identity.key).action_import()
        new = self.account.next_certificate_id
        self.assertTrue(new)
        self.examine()
        self.assertEqual(self.account.certificate_id, old, "it is not declared on the site yet")
        self.declare(identity)
        self.examine()
        self.assertEqual((self.account.certificate_id, new.state), (new, "used"))
        self.assertEqual(old.state, "replaced")
        self.assertFalse(old.sudo().sealed_key, "its key is of no more use")
        self.assertFalse(self.account.next_certificate_id)

    def examine(self):
        action = self.account.with_user(self.administrator).action_test_connection()
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_the_new_one_takes_over_by_itself(self):
        identity = self.another()
        self.wizard(identity.certificate, identity.key).action_import()
        new = self.account.next_certificate_id
        self.declare(identity)
        self.run_cron("ir_cron_certificates")
        self.assertEqual(self.account.certificate_id, new)

    def test_no_transaction_is_open_while_the_new_one_is_tested(self):
        identity = self.another()
        self.wizard(identity.certificate, identity.key).action_import()
        self.declare(identity)
        events = []

        def noted(name, call):
            def noting(*values, **names):
                result = call(*values, **names)
                events.append(name)
                return result

            return noting

        for owner, name in (
            (TestCursor, "commit"),
            (TestCursor, "execute"),
            (connection_test, "examine"),
        ):
            self.startPatcher(patch.object(owner, name, noted(name, getattr(owner, name))))
        self.run_cron("ir_cron_certificates")
        before = events[: events.index("examine")]
        self.assertEqual(before[-1], "commit", "nothing is read between it and the call")

    def test_uploads_go_on_with_the_old_one(self):
        old, identity = self.account.certificate_id, self.another()
        self.wizard(identity.certificate, identity.key).action_import()
        self.assertEqual(self.account._certificate_to_use(), old)
        with freeze_time(old.not_after + timedelta(days=2)):
            self.env.invalidate_all()
            self.assertEqual(old.level, "refuse")

    def test_the_connection_test_is_kept_as_a_proof_of_these_parameters(self):
        sheet = self.examine()
        self.assertTrue(sheet.is_proven)
        self.assertEqual([line["level"] for line in sheet.steps], ["ok"] * 5)
        self.assertTrue(self.account.proven_on)
        self.account.with_user(self.administrator).write({"email": "autre@cabinet.example"})
        self.assertFalse(self.account.proven_on)
        sheet = self.examine()
        self.assertFalse(sheet.is_proven)
        self.assertIn("Numéro ou adresse e-mail", sheet.steps[-1]["message"])

    def test_requested_here_and_answered(self):
        request = self.request()
        self.assertIn("BEGIN CERTIFICATE REQUEST", request.csr)
        with self.assertRaises(AccessError):
            request.read(["sealed_key"])
        certificate = self.authority.answer(request.csr.encode())
        wizard = self.wizard(certificate + self.authority.pem)
        self.assertFalse(self.codes(wizard), "the key was found here")
        wizard.action_import()
        self.assertEqual(request.state, "answered")
        self.assertFalse(request.sudo().sealed_key)
        self.assertEqual(request.certificate_id, self.account.next_certificate_id)
        self.declare_pem(certificate)
        self.assertTrue(self.examine().is_proven)

    def test_its_answer_is_recognised_with_one_authority_too_many(self):
        """As providers send it: .p7b or PEM, with a root that the chain does not need."""
        stranger = self.stranger()
        for form in ("PEM", "DER", None):
            request = self.request()
            answer = x509.load_pem_x509_certificate(self.authority.answer(request.csr.encode()))
            parts = [stranger, self.authority.certificate, answer]
            if form:
                encoding = getattr(serialization.Encoding, form)
                content = pkcs7.serialize_certificates(parts, encoding)
            else:
                content = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in parts)
            wizard = self.wizard(content)
            self.assertFalse(self.codes(wizard), form)
            self.assertEqual(wizard.request_id, request)
            self.assertNotIn("Étrangère", wizard.pem)
            self.assertEqual(wizard.pem.count("BEGIN"), 2)
            wizard.action_import()
            self.assertEqual(request.state, "answered")

    def stranger(self):
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Étrangère")])
        now = datetime.now(timezone.utc)
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
        builder = builder.public_key(key.public_key()).serial_number(7)
        builder = builder.not_valid_before(now - timedelta(days=9))
        builder = builder.not_valid_after(now + timedelta(days=900))
        builder = builder.add_extension(x509.BasicConstraints(True, None), True)
        return builder.sign(key, hashes.SHA256())

    def request(self):
        context = {"default_account_id": self.account.id}
        requests = (
            self.env["copro.certificate.request"]
            .with_user(self.administrator)
            .with_context(**context)
        )
        proposed = requests.default_get(["account_id", "organisation", "number", "common_name"])
        return requests.create({**proposed, "bits": "2048"})

    def declare_pem(self, pem):
        self.simulator.control.declare_certificate(self.account.number, pem)

    def test_a_request_of_another_company_is_not_answered_here(self):
        other = self.env["res.company"].create({"name": "Autre"})
        account = self.env["copro.declarant.account"].create(
            {"company_id": other.id, "siren": SIREN, "organisation": "Cabinet Fictif"}
        )
        values = {"organisation": "Autre", "number": SIREN, "common_name": "x", "bits": "2048"}
        request = self.env["copro.certificate.request"].create({"account_id": account.id, **values})
        wizard = self.wizard(self.authority.answer(request.csr.encode()))
        self.assertIn("KEY_MISSING", self.codes(wizard))

    def test_a_request_that_is_given_up_forgets_its_key(self):
        request = self.request()
        request.action_cancel()
        self.assertFalse(request.sudo().sealed_key)
        wizard = self.wizard(self.authority.answer(request.csr.encode()))
        self.assertIn("KEY_MISSING", self.codes(wizard))

    def test_an_expired_certificate_is_used_only_in_somebodys_name(self):
        self.account.certificate_id = False
        now = datetime.now(timezone.utc)
        old = self.another(start=now - timedelta(days=400), end=now - timedelta(days=3))
        wizard = self.wizard(old.certificate + self.authority.pem, old.key)
        wizard.action_import()
        self.assertFalse(self.account.certificate_id, "not without being asked for")
        self.assertTrue(wizard.is_only_expired)
        wizard.action_import_expired()
        certificate = self.account.certificate_id
        self.assertEqual(certificate.expiry_accepted_by_id, self.administrator)
        self.assertEqual(certificate.level, "warn")
        line = next(one for one in certificate.diagnosis if one["code"] == "EXPIRY_ACCEPTED")
        self.assertIn(self.administrator.name, line["message"])
        self.assertIn(self.administrator.name, self.log())
        self.assertFalse(self.account._why_not_usable())

    def test_nothing_else_than_an_expiry_is_overridden(self):
        now = datetime.now(timezone.utc)
        other = self.authority.client(
            *("552100554", "Autre"),
            **{"bits": 2048, "start": now - timedelta(days=9), "end": now - timedelta(days=3)},
        )
        wizard = self.wizard(other.certificate, other.key)
        before = self.account.certificate_id
        wizard.action_import_expired()
        self.assertEqual(self.account.certificate_id, before)
        with self.assertRaises(UserError):
            before.with_user(self.administrator).action_accept_expiry()

    def test_the_main_administrators_are_warned_at_60_30_and_7_days(self):
        self.administrator.lang = "en_US"
        end = self.account.certificate_id.not_after
        warned = []
        for left in (61, 60, 45, 30, 29, 7, 3, -1):
            with freeze_time(end - timedelta(days=left)):
                self.env.invalidate_all()
                self.run_cron("ir_cron_certificates")
                found = self.account.activity_ids
                self.assertLessEqual(len(found), 1)
                warned.append((left, found.user_id, found.note or ""))
        self.assertFalse(warned[0][1])
        self.assertEqual({user for _left, user, _note in warned[1:]}, {self.administrator})
        notes = [note for _left, _user, note in warned]
        self.assertIn("days left: 60", notes[1])
        self.assertEqual(notes[1], notes[2], "nothing new between two warnings")
        self.assertIn("days left: 30", notes[3])
        self.assertIn("days left: 7", notes[5])
        self.assertIn("expired on", notes[7])

    def test_its_last_days_are_those_of_france(self):
        """At midnight in Paris, the scheduled action is still in the day before."""
        end = self.account.certificate_id.not_after
        eve = end - timedelta(days=61)
        with freeze_time(datetime(eve.year, eve.month, eve.day, 23, 30)):
            self.env.invalidate_all()
            self.assertIn("days left: 60", self.account.expiry_message or "")

    def test_a_new_certificate_closes_the_warning(self):
        end = self.account.certificate_id.not_after
        with freeze_time(end - timedelta(days=20)):
            self.env.invalidate_all()
            self.run_cron("ir_cron_certificates")
            self.assertTrue(self.account.activity_ids)
            self.assertIn("days left: 20", self.account.expiry_message)
            self.account._put_in_use(self.account.certificate_id.copy({"not_after": "2099-01-01"}))
            self.assertFalse(self.account.activity_ids)
            self.assertFalse(self.account.expiry_message)
