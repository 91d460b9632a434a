from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import file_open, mute_logger

from odoo.addons.copro_registry.models.transmission.copro_transmission_queue import ASK, SEND
from odoo.addons.copro_registry.models.transmission.copro_transmission_run import _send_one
from odoo.addons.copro_registry.rnc import contract
from odoo.addons.copro_registry.rnc.client import ANSWERED, REFERENCE, REJECTED, Outcome
from odoo.addons.copro_registry.rnc.codec import Answer, Refusal

from .common import RegistryCase

FAULTS = [
    # fault, state after sending, state in the end
    ("429", "queued", "accepted"),
    ("503", "queued", "accepted"),
    ("redirect", "unknown", "accepted"),
    ("500_before", "unknown", "accepted"),
    ("500_after", "unknown", "accepted"),
    ("reset_before", "unknown", "accepted"),
    ("reset_after", "unknown", "accepted"),
    ("truncated", "unknown", "accepted"),
    ("wrong_encoding", "unknown", "accepted"),
    ("html", "unknown", "accepted"),
    ("huge", "unknown", "accepted"),
    ("xml_bomb", "unknown", "accepted"),
]


@tagged("post_install", "-at_install")
class TestTransmission(RegistryCase):
    """A transmission never lies."""

    def queued(self, street):
        """(a condominium, its upload that waits in the queue)"""
        condominium = self.condominium(street)
        condominium.with_user(self.manager).action_upload()
        return condominium, condominium.transmission_id

    def test_faults(self):
        """Whatever goes wrong, the upload ends recorded, and once."""
        for rank, (fault, during, after) in enumerate(FAULTS):
            with self.subTest(fault=fault):
                condominium = self.condominium(f"{rank + 100} rue de l'Exemple")
                self.simulator.control.add_fault(fault, service="WS1", seconds=1)
                condominium.with_user(self.manager).action_upload()
                self.run_cron("ir_cron_send")
                transmission = condominium.transmission_id
                self.assertEqual(transmission.state, during)
                self.assertTrue(transmission.message)
                for _turn in range(3):
                    self.let_time_pass(transmission)
                    self.run_cron("ir_cron_status")
                    self.run_cron("ir_cron_send")
                self.assertEqual(transmission.state, after)
                accepted = self.ledger(reference=transmission.reference, accepted=1)
                self.assertEqual(len(accepted), 1)

    def test_a_stopped_registry_loses_nothing(self):
        condominium = self.condominium("120 rue de l'Exemple")
        self.simulator.stop()
        try:
            self.upload(condominium)
        finally:
            self.simulator.start()
        transmission = condominium.transmission_id
        self.assertEqual(transmission.state, "queued")
        self.assertIn("connection was refused", transmission.message)
        self.let_time_pass(transmission)
        self.run_cron("ir_cron_send")
        self.run_cron("ir_cron_status")
        self.assertEqual(transmission.state, "accepted")

    def test_too_many_attempts_call_a_person(self):
        condominium, transmission = self.queued("121 rue de l'Exemple")
        self.simulator.control.add_fault("503", service="WS1", count=50)
        self.addCleanup(self.simulator.control.clear_faults)
        for _attempt in range(12):
            self.let_time_pass(transmission)
            self.run_cron("ir_cron_send")
        self.assertEqual(transmission.state, "failed")
        self.assertEqual(transmission.attempts, 12)
        self.assertTrue(condominium.activity_ids)

    def test_a_lost_claim_is_asked_about(self):
        condominium, transmission = self.queued("122 rue de l'Exemple")
        transmission.write({"state": "sending", "claimed_at": "2020-01-01"})
        self.run_cron("ir_cron_send")
        self.assertEqual(transmission.state, "unknown")
        self.let_time_pass(transmission)
        self.run_cron("ir_cron_status")
        self.assertEqual(transmission.state, "queued", "the registry never saw it")
        self.run_cron("ir_cron_send")
        self.run_cron("ir_cron_status")
        self.assertEqual(transmission.state, "accepted")

    def test_never_received_is_not_believed_at_once(self):
        """The registry may still be working on what it received."""
        condominium = self.condominium("128 rue de l'Exemple")
        self.simulator.control.add_fault("reset_before", service="WS1")
        self.upload(condominium)
        transmission = condominium.transmission_id
        self.assertEqual(transmission.state, "unknown")
        self.assertEqual(transmission.next_attempt, transmission.quiet_until)
        transmission.next_attempt = "2020-01-01"
        self.run_cron("ir_cron_status")
        self.assertEqual(transmission.state, "unknown")
        self.let_time_pass(transmission)
        self.run_cron("ir_cron_status")
        self.assertEqual(transmission.state, "queued")

    def test_what_waited_too_long_does_not_leave(self):
        condominiums = [self.condominium(f"{rank} rue de la Lenteur") for rank in (1, 2, 3)]
        limits = {"connections": 1, "total_timeout": 0.5}
        self.simulator.control.add_fault("latency", service="WS1", seconds=1, count=2)
        with self.limits(**limits):
            for condominium in condominiums:
                condominium.with_user(self.manager).action_upload()
            self.run_cron("ir_cron_send")
        late = condominiums[2].transmission_id
        told = late.attempt_ids.mapped(lambda call: (call.outcome, call.failure_code))
        self.assertEqual(told[-1], ("received", ""))
        self.assertEqual(set(told[:-1]), {("retryable", "NOT_IN_TIME")})
        self.assertEqual(late.attempts, 1, "what has not left is no attempt")
        self.assertEqual(len(self.ledger(reference=late.reference)), 1)

    @contextmanager
    def limits(self, **changes):
        """The profile with other limits, for as long as it takes to test them."""
        profile = contract.named()
        other = replace(profile, limits=replace(profile.limits, **changes))
        with patch.object(contract, "named", return_value=other):
            yield

    def let_time_pass(self, transmission):
        transmission.write({"next_attempt": "2020-01-01", "quiet_until": "2020-01-01"})
        self.account.busy_until = False

    def test_a_missing_seal_holds_back_and_says_so(self):
        condominium = self.condominium("123 rue de l'Exemple")
        self.account.certificate_id.sealed_key = b"not sealed here"
        self.upload(condominium)
        transmission = condominium.transmission_id
        self.assertEqual(transmission.state, "queued")
        self.assertIn("clé de scellement", transmission.message, "in its company's language")
        self.assertGreater(transmission.next_attempt, fields.Datetime.now())
        self.assertEqual(transmission.attempts, 0, "nothing was tried at the registry")
        [told] = self.account.activity_ids
        self.assertEqual(told.user_id, self.administrator)
        self.assertIn("scellement", told.note, "in the language of who reads")
        self.import_identity(self.identity)
        self.assertFalse(self.account.activity_ids)
        self.assertLessEqual(transmission.next_attempt, fields.Datetime.now())
        self.run_cron("ir_cron_send")
        self.run_cron("ir_cron_status")
        self.assertEqual(transmission.state, "accepted")

    def test_an_answer_that_cannot_be_recorded_is_not_asked_without_end(self):
        """The number that the registry gives is held by another condominium already."""
        condominium = self.condominium("129 rue de l'Exemple")
        self.simulator.control.add_fault("500_after", service="WS1")
        condominium.with_user(self.manager).action_upload()
        self.run_cron("ir_cron_send")
        transmission = condominium.transmission_id
        broken = patch.object(
            type(transmission), "_on_accepted", side_effect=UserError("held by another")
        )
        with (
            broken,
            mute_logger("odoo.addons.copro_registry.models.transmission.copro_transmission_run"),
        ):
            self.let_time_pass(transmission)
            self.run_cron("ir_cron_status")
        self.assertEqual((transmission.state, transmission.asks), ("unknown", 1))
        self.assertGreater(transmission.next_attempt, fields.Datetime.now())

    def test_a_missing_profile_blocks_nobody_else(self):
        condominium, transmission = self.queued("131 rue de l'Exemple")
        gone = patch.object(
            type(self.account), "_client", side_effect=contract.ProfileError("gone")
        )
        with (
            gone,
            mute_logger("odoo.addons.copro_registry.models.transmission.copro_transmission_run"),
        ):
            self.run_cron("ir_cron_send")
        self.assertEqual((transmission.state, transmission.failure_code), ("queued", "LOCAL"))
        self.assertIn("internal error", transmission.message)

    def test_a_profile_that_is_gone_is_told_and_another_chosen(self):
        condominium = self.condominium("132 rue de l'Exemple")
        another = self.condominium("135 rue de l'Exemple").with_user(self.manager)
        condominium.with_user(self.manager).action_upload()
        transmission = condominium.transmission_id
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE copro_declarant_account SET contract_profile = 'gone' WHERE id = %s",
            [self.account.id],
        )
        self.env.invalidate_all()
        logger = "odoo.addons.copro_registry.models.declarant.copro_contract_profile"
        with mute_logger(logger):
            self.run_cron("ir_cron_send")
            self.assertIn("n'est plus installé", transmission.message)
            self.assertEqual(transmission._account()._limits(), contract.named().limits)
            with self.assertRaisesRegex(UserError, "no longer installed"):
                another.action_upload()
            another.web_read({name: {} for name in another.fields_get()})
            account = self.account.with_user(self.administrator)
            account.web_read({name: {} for name in account.fields_get()})
            transmission.with_user(self.manager).action_cancel()
            account.contract_profile = contract.DEFAULT
        self.upload(another)
        self.assertTrue(another.registration_number)

    def test_what_fails_after_the_click_is_left_to_the_scheduled_action(self):
        condominium = self.condominium("133 rue de l'Exemple")
        condominium.with_user(self.manager).action_upload()
        send = patch.object(type(condominium.transmission_id), "_send_now", side_effect=KeyError)
        with send, self.assertLogs("odoo.addons.copro_registry", "ERROR"):
            _send_one(self.env.cr.dbname, condominium.transmission_id.id, {})
        self.run_cron("ir_cron_send")
        self.assertEqual(condominium.transmission_id.state, "received")

    def test_a_condominium_stays_with_its_uploads(self):
        condominium = self.condominium("134 rue de l'Exemple")
        other = self.env["res.company"].create({"name": "Autre"})
        condominium.company_id = other
        condominium.company_id = self.company
        condominium.with_user(self.manager).action_upload()
        with self.assertRaisesRegex(UserError, "stays in Cabinet Fictif"):
            condominium.company_id = other

    def test_registered_without_a_number_is_not_believed(self):
        condominium, transmission = self.queued("136 rue de l'Exemple")
        transmission.state = "sending"
        transmission._settle(SEND, Outcome(ANSWERED, Answer("accepted")))
        self.assertEqual(transmission.state, "unknown")
        self.assertTrue(transmission.message)

    def test_what_a_click_puts_off_comes_back_by_one_trigger_a_minute(self):
        cron = self.env.ref("copro_registry.ir_cron_send")
        uploads = [self.queued(f"{rank} rue du Retour")[1] for rank in (1, 2, 3)]
        triggers = self.env["ir.cron.trigger"]
        triggers.search([("cron_id", "=", cron.id)]).unlink()
        self.simulator.control.add_fault("503", service="WS1", seconds=3600)
        for upload in uploads:
            with self.enter_registry_test_mode():
                _send_one(self.env.cr.dbname, upload.id, {})
        self.env.invalidate_all()
        self.assertEqual([len(upload.attempt_ids) for upload in uploads], [1, 0, 0])
        self.assertEqual({upload.state for upload in uploads}, {"queued"})
        to_come = [("cron_id", "=", cron.id), ("call_at", ">", fields.Datetime.now())]
        [trigger] = triggers.search(to_come)
        self.assertEqual(trigger.call_at.second, 0)
        self.assertGreaterEqual(trigger.call_at, min(u.next_attempt for u in uploads))
        self.assertLess(trigger.call_at, fields.Datetime.now() + timedelta(minutes=62))

    def test_an_answer_about_another_is_asked_again(self):
        condominium = self.condominium("14 rue de la File")
        self.upload(condominium)
        condominium.lift_count = 9
        self.simulator.control.add_fault("other_number", service="WS2_STANDARD")
        condominium.with_user(self.manager).action_upload()
        self.run_cron("ir_cron_send")
        update = condominium.transmission_id
        self.assertEqual((update.state, update.failure_code), ("unknown", "ABOUT_ANOTHER"))
        self.run_cron("ir_cron_status")
        self.assertEqual(update.state, "accepted")
        self.assertEqual(len(self.ledger(reference=update.reference, service="WS2_STANDARD")), 1)

    def test_an_attestation_that_is_no_pdf_is_not_kept(self):
        condominium = self.condominium("13 rue de la File")
        transmission = self.env["copro.transmission"]._queue(
            condominium, "WS1", fields.Date.today()
        )
        number, page = "ZZ1234567", b"<script>alert(1)</script>"
        answer = Answer("accepted", registration_number=number, attestation=page)
        transmission.state = "sending"
        transmission._settle(SEND, Outcome(ANSWERED, answer))
        transmission._keep_attestation(answer)
        self.assertEqual(transmission.state, "accepted")
        self.assertEqual(condominium.registration_number, number)
        self.assertFalse(transmission.attestation_id)
        self.assertIn("pas un fichier PDF", " ".join(condominium.message_ids.mapped("body")))

    def never_received(self):
        refusal = Refusal(self.account._limited_contract().http["unknown_reference"])
        answer = Answer("rejected", refusals=(refusal,))
        return Outcome(REJECTED, answer, concerns=REFERENCE)

    def test_what_was_received_and_is_known_no_more_is_told(self):
        condominium, transmission = self.queued("137 rue de l'Exemple")
        transmission.write({"state": "received", "asks": 11, "asks_in_vain": 11})
        transmission._settle(ASK, self.never_received())
        transmission._tell_news()
        self.assertEqual(transmission.state, "received")
        self.assertIn("ne dit pas", condominium.activity_ids.summary)

    def test_what_the_registry_never_keeps_is_not_sent_for_ever(self):
        condominium, transmission = self.queued("138 rue de l'Exemple")
        transmission.write({"state": "unknown", "attempts": 12, "quiet_until": False})
        transmission._settle(ASK, self.never_received())
        transmission._tell_news()
        self.assertEqual(transmission.state, "failed")
        self.assertTrue(condominium.activity_ids)

    def test_what_the_registry_says_is_text(self):
        condominium, transmission = self.queued("130 rue de l'Exemple")
        refusal = Refusal("ZZ999", detail="<a href='https://hostile.example'>here</a>")
        answer = Answer("rejected", refusals=(refusal,))
        transmission.state = "sending"
        transmission._settle(SEND, Outcome(REJECTED, answer))
        transmission._tell_news()
        self.assertNotIn("<a ", condominium.activity_ids.note)
        self.assertNotIn("<a ", condominium.message_ids[0].body)

    def test_one_open_upload_per_condominium(self):
        condominium = self.condominium("124 rue de l'Exemple")
        condominium.with_user(self.manager).action_upload()
        other = {"reference": "another", "payload_sha256": "another"}
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(IntegrityError, "_open_uniq"):
            with self.cr.savepoint():
                condominium.transmission_id.copy(other)

    def test_append_only_for_every_group(self):
        condominium, transmission = self.queued("125 rue de l'Exemple")
        system = self.env.ref("base.user_admin")
        for user in (self.reader, self.manager, self.administrator, system):
            with self.subTest(user=user.login):
                own = transmission.with_user(user).with_company(self.company)
                with self.assertRaises(AccessError):
                    own.write({"state": "accepted"})
                with self.assertRaises(AccessError):
                    own.unlink()
        with self.assertRaises(UserError):
            transmission.payload = "changed"
        with self.assertRaises(UserError):
            transmission.unlink()

    def test_cancel_only_what_has_not_left(self):
        condominium = self.condominium("126 rue de l'Exemple")
        condominium.with_user(self.manager).action_upload()
        transmission = condominium.transmission_id.with_user(self.manager)
        transmission.action_cancel()
        self.assertEqual(transmission.state, "cancelled")
        self.upload(condominium)
        self.assertEqual(condominium.upload_state, "accepted")
        condominium.transmission_id.with_user(self.manager).action_cancel()
        self.assertEqual(condominium.upload_state, "accepted")

    def test_neutralized_copies_cannot_send(self):
        self.env.flush_all()
        with file_open("copro_registry/data/neutralize.sql") as script:
            self.cr.execute(script.read())
        self.env.invalidate_all()
        condominium = self.condominium("127 rue de l'Exemple")
        before = len(self.simulator.control.ledger())
        with self.assertRaisesRegex(UserError, "neutralised"):
            self.upload(condominium)
        self.assertFalse(condominium.transmission_id)
        self.assertEqual(len(self.simulator.control.ledger()), before)
