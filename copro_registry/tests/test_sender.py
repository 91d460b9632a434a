"""A copied or restored database does not send by itself; see also tests/end_to_end/test_copies."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged

from ..rnc.claim_mark import last_claim, note_claim
from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestSender(RegistryCase):
    def setUp(self):
        super().setUp()
        self.residence = self.condominium(f"41 rue {self._testMethodName}")

    def queued(self):
        self.residence.with_user(self.manager).action_upload()
        return self.residence.transmission_id

    def become_a_copy(self):
        """As Odoo does when it duplicates: another uuid, written past the ORM's memory."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_config_parameter SET value = 'another' WHERE key = 'database.uuid'"
        )
        self.env.invalidate_all()

    def go_back(self):
        """As when an older dump is put into the same database: the file knows more."""
        note_claim(*self.mark(), fields.Datetime.now() + timedelta(hours=1), 10**9)
        self.env.invalidate_all()

    def mark(self):
        return self.account._mark_of(self.account.sudo().sender_identity)

    def run_crons(self):
        self.run_cron("ir_cron_send")
        self.run_cron("ir_cron_status")

    def confirm(self):
        return self.account.with_user(self.administrator).action_confirm_sender()

    def assert_nothing_leaves(self, upload):
        calls = len(self.ledger())
        self.run_crons()
        self.assertEqual(upload.state, "queued")
        self.assertEqual(upload.attempts, 0)
        self.assertEqual(len(self.ledger()), calls)

    def test_the_account_remembers_its_database(self):
        self.assertEqual(self.account.sender_database, self.env.cr.dbname)
        self.assertFalse(self.account.copy_message)

    def test_a_copy_sends_nothing_and_says_why(self):
        upload = self.queued()
        self.become_a_copy()
        self.assert_nothing_leaves(upload)
        self.assertIn("until a main administrator confirms", upload.message)
        self.assertIn("until a main administrator confirms", self.account.problem)
        [told] = self.account.activity_ids
        self.assertEqual(told.user_id, self.administrator)
        self.assertIn("a été copiée", told.note, "in the language of who reads")
        with self.assertRaisesRegex(UserError, "was copied"):
            self.condominium("43 rue de la Copie").with_user(self.manager).action_upload()

    def test_a_copy_calls_for_nothing_else_either(self):
        self.residence.registration_number = "AB1234567"
        self.become_a_copy()
        calls = len(self.ledger())
        account = self.account.with_user(self.administrator)
        for call in (
            account.action_test_connection,
            self.residence.with_user(self.manager).action_compare,
            account._test_next_certificate,
            lambda: account._client_with(account.certificate_id),
        ):
            if call != account._test_next_certificate:
                with self.assertRaisesRegex(UserError, "was copied"):
                    call()
            else:
                call()  # a scheduled action: it logs
        self.assertEqual(len(self.ledger()), calls)

    def test_what_is_awaited_is_not_asked_by_a_copy(self):
        self.simulator.control.set_acceptance("manual")
        self.addCleanup(self.simulator.control.set_acceptance, "immediate")
        upload = self.queued()
        self.run_crons()
        self.assertEqual(upload.state, "received")
        upload.next_attempt = "2020-01-01"
        self.become_a_copy()
        calls = len(self.ledger())
        self.run_crons()
        self.assertEqual(len(self.ledger()), calls)

    def test_a_renamed_database_names_the_one_that_sends(self):
        self.account.sudo().write({"sender_database": "syndic", "sender_identity": "syndic's"})
        self.assertIn("is a copy of syndic, or has been renamed", self.account.problem)

    def test_the_main_administrator_confirms_and_it_sends(self):
        upload = self.queued()
        self.become_a_copy()
        self.run_crons()
        for user in (self.reader, self.manager):
            with self.assertRaises(AccessError):
                self.account.with_user(user).action_confirm_sender()
        self.confirm()
        self.assertFalse(self.account.copy_message)
        self.assertFalse(self.account.activity_ids)
        said = self.account.message_ids.filtered(lambda m: "Confirmed" in (m.body or ""))
        self.assertEqual(said.author_id, self.administrator.partner_id)
        self.assertEqual(upload.state, "unknown", "asked before it is sent")
        self.run_cron("ir_cron_status")
        self.assertEqual(upload.state, "queued")
        self.run_crons()
        self.assertEqual(upload.state, "accepted")
        with self.assertRaisesRegex(UserError, "the one that sends already"):
            self.confirm()

    def test_a_database_put_back_asks_before_it_sends(self):
        upload = self.queued()
        self.env.flush_all()
        # What it sent before it was put back: the registry has it.
        self.account._client().send(
            *(upload.service, upload.payload.encode()), reference=upload.reference, number=""
        )
        self.go_back()
        self.assert_nothing_leaves(upload)
        self.assertIn("put back to an earlier state", upload.message)
        self.confirm()
        self.run_crons()
        self.assertEqual(upload.state, "accepted")
        self.assertEqual(len(self.ledger(reference=upload.reference, service="WS1")), 1)
        self.assertFalse(self.account.copy_message)

    def test_each_claim_is_noted_outside_of_the_database(self):
        self.assertIsNone(last_claim(*self.mark()))
        upload = self.queued()
        self.run_cron("ir_cron_send")
        self.assertEqual(last_claim(*self.mark()), (upload.claimed_at, upload.id))
        self.assertFalse(self.account.copy_message)

    def test_a_database_that_does_not_know_its_last_claim_has_gone_back(self):
        upload = self.queued()
        self.run_cron("ir_cron_send")
        self.env.cr.execute(
            "UPDATE copro_transmission SET claimed_at = claimed_at - interval '1 hour' "
            "WHERE id = %s",
            [upload.id],
        )
        self.env.invalidate_all()
        self.assertIn("put back to an earlier state", self.account.copy_message)
        self.confirm()
        self.assertFalse(self.account.copy_message)
        self.go_back()
        self.assertIn("put back to an earlier state", self.account.copy_message, "once more")

    def test_a_mark_that_cannot_be_read_holds(self):
        upload = self.queued()
        folder, name = self.mark()
        (folder / "copro_registry.claims" / name).mkdir(parents=True)
        with self.assertLogs("odoo.addons.copro_registry", "WARNING"):
            self.assert_nothing_leaves(upload)
            self.assertIn("cannot be read", upload.message)

    def test_what_a_confirmation_stops(self):
        self.account.auto_annual = True
        self.residence.registration_number = "AB1234567"
        portfolio = self.condominium("45 rue du Lot") | self.condominium("47 rue du Lot")
        batch = self.env["copro.upload.batch"].with_user(self.manager)._preview(portfolio)
        batch.action_start()
        self.become_a_copy()
        self.run_cron("ir_cron_prepare")
        self.assertFalse(portfolio.transmission_ids, "a copy writes no file either")
        self.confirm()
        self.assertFalse(self.account.auto_annual)
        self.assertEqual(batch.state, "paused")
        self.assertEqual(self.residence.comparison_ids.state, "waiting")
        batch.action_resume()
        self.run_cron("ir_cron_prepare")
        self.run_crons()
        self.assertEqual(set(portfolio.transmission_ids.mapped("state")), {"accepted"})

    def test_a_neutralised_copy_never_matches_by_accident(self):
        self.env.flush_all()
        for query in get_neutralization_queries(["copro_registry"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertFalse(self.account.sender_database)
        self.assertFalse(self.account.sudo().sender_identity)
        self.assertIn("neutralised", self.account.problem)
