from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.copro_registry.tools import in_parts

from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestOneByOne(RegistryCase):
    """One record that fails costs no other, in each scheduled action."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Autre Syndic"})
        cls.other_account = cls.env["copro.declarant.account"].create(
            {"company_id": cls.other_company.id, "number": "T9", "email": "a@b.example"}
        )

    def test_the_review_of_one_company_does_not_need_another(self):
        ours = self.condominium("1 rue de la Revue")
        theirs = self.condominium("2 rue de la Revue", company_id=self.other_company.id)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE copro_condominium SET review_date = '2020-01-01' WHERE id IN %s",
            [tuple((ours | theirs).ids)],
        )
        self.env.invalidate_all()
        original = type(ours)._judge_again

        def poisoned(condominiums):
            if ours in condominiums:
                raise ValueError("poisoned")
            return original(condominiums)

        judging = patch.object(type(ours), "_judge_again", poisoned)
        with judging, mute_logger("odoo.addons.copro_registry"):
            self.run_cron("ir_cron_review")
        self.assertNotEqual(str(theirs.review_date), "2020-01-01")
        self.assertEqual(str(ours.review_date), "2020-01-01", "left for the next run")

    def test_the_certificate_of_one_does_not_need_another(self):
        account = type(self.account)
        original = account._warn_of_expiry
        warned = []

        def broken(record):
            if record == self.account:
                raise ValueError("a certificate nobody can read")
            warned.append(record)
            return original(record)

        self.other_account.sudo().certificate_id = self.account.certificate_id.copy(
            {"company_id": self.other_company.id, "fingerprint": "other"}
        )
        with patch.object(account, "_warn_of_expiry", broken):
            with mute_logger("odoo.addons.copro_registry"):
                self.run_cron("ir_cron_certificates")
        self.assertIn(self.other_account, warned)

    def test_a_batch_that_cannot_be_told_of_stops_nobody(self):
        condominiums = self.condominium("3 rue de la Revue") | self.condominium("4 rue de la Revue")
        action = condominiums.with_user(self.manager).action_upload()
        batch = self.env["copro.upload.batch"].browse(action["res_id"])
        batch.with_user(self.manager).action_start()
        self.env.flush_all()
        # As a forged or restored row would be.
        poisoned = batch.sudo().create({"company_id": self.company.id, "state": "running"})
        self.condominium("5 rue de la Revue").with_user(self.manager).action_upload()
        waiting = self.env["copro.transmission"].search([], order="id desc", limit=1)
        self.env.cr.execute(
            "UPDATE copro_transmission SET batch_id = NULL WHERE id = %s", [waiting.id]
        )
        original = type(batch)._close_if_over

        def broken(record):
            if record == poisoned:
                raise TypeError("resumed_at")
            return original(record)

        with patch.object(type(batch), "_close_if_over", broken):
            with mute_logger("odoo.addons.copro_registry"):
                self.run_cron("ir_cron_prepare")
                self.run_cron("ir_cron_send")
                self.run_cron("ir_cron_status")
        self.assertEqual(batch.state, "done")

    def test_the_comparisons_of_one_company_do_not_need_another(self):
        (self.account | self.other_account).compare_every = 7
        self.condominium(
            "6 rue de la Revue", company_id=self.other_company.id, registration_number="ZZ7654321"
        )
        comparison = self.env["copro.comparison"]
        original = type(comparison)._of
        made = []

        def broken(record, condominiums):
            if condominiums.company_id != self.other_company:
                raise KeyError("a company that cannot be read")
            made.append(condominiums)
            return original(record, condominiums)

        self.condominium("7 rue de la Revue", registration_number="ZZ7654322")
        with patch.object(type(comparison), "_of", broken):
            with mute_logger("odoo.addons.copro_registry"):
                self.run_cron("ir_cron_compare")
        self.assertTrue(made)

    def test_one_by_one_keeps_what_succeeds(self):
        condominiums = self.env["copro.condominium"]
        for rank in (10, 11, 12):
            condominiums |= self.condominium(f"{rank} rue de la Revue")
        bad = condominiums[1]

        def rename(records):
            for record in records:
                record.name = "renamed"
                if record == bad:
                    raise ValueError("this one")

        with self.assertLogs("odoo.addons.copro_registry", "ERROR"):
            done = in_parts.apart(condominiums, rename)
        self.assertEqual(done, condominiums - bad)
        self.assertEqual((condominiums - bad).mapped("name"), ["renamed"] * 2)
        self.assertEqual(bad.name, "11 rue de la Revue")
