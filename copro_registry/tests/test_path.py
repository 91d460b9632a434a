from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .certificate_case import CertificateCase


@tagged("post_install", "-at_install")
class TestPathToTheFirstUpload(CertificateCase):
    """Done by evidence where Odoo can know, on a person's word where it cannot."""

    def done(self):
        self.env.invalidate_all()
        return "".join(f"{step.code} " for step in self.account.step_ids if step.is_done).strip()

    def test_from_nothing_to_the_first_upload(self):
        company = self.env["res.company"].create({"name": "Neuf"})
        self.account = self.env["copro.declarant.account"].create({"company_id": company.id})
        self.assertEqual([s.code for s in self.account.step_ids], "I II III A B C V VI VII".split())
        self.assertEqual(self.done(), "A")
        self.account.step_ids.filtered(lambda s: s.code in ("I", "II", "B")).action_tick()
        self.assertEqual(self.done(), "I II A B")
        self.account.write({"number": "T1", "email": "a@b.example"})
        self.assertEqual(self.done(), "I II III A B")

    def test_by_evidence(self):
        self.assertEqual(self.done(), "III A B V")
        self.account.with_user(self.administrator).action_test_connection()
        self.assertEqual(self.done(), "I II III A B C V VI")
        self.upload(self.condominium())
        self.assertEqual(self.done(), "I II III A B C V VI VII")

    def test_an_upload_proves_what_comes_before_it(self):
        self.upload(self.condominium("14 rue de l'Exemple"))
        self.assertFalse(self.account.proven_on)
        self.assertEqual(self.done(), "I II III A B C V VI VII")

    def test_an_upload_of_another_environment_proves_nothing(self):
        self.upload(self.condominium("16 rue de l'Exemple"))
        self.account.environment = "production"
        self.assertEqual(self.done(), "III A B V")

    def test_what_the_registry_took_is_no_longer_to_declare(self):
        certificate = self.account.certificate_id
        self.assertTrue(certificate.is_to_declare)
        self.account.with_user(self.administrator).action_test_connection()
        self.env.invalidate_all()
        self.assertFalse(certificate.is_to_declare)

    def test_who_ticked_and_when(self):
        step = self.account.step_ids.filtered(lambda s: s.code == "II").with_user(
            self.administrator
        )
        step.action_tick()
        self.assertIn(self.administrator.name, step.evidence)
        self.assertEqual(step.ticked_on, fields.Date.context_today(step))
        self.assertIn("Step done", self.log())
        step.action_untick()
        self.assertFalse(step.is_done)

    def test_what_odoo_sees_by_itself_is_not_ticked(self):
        step = self.account.step_ids.filtered(lambda s: s.code == "VII")
        with self.assertRaises(UserError):
            step.with_user(self.administrator).action_tick()
