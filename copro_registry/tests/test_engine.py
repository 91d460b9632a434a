"""The engine under what real life does to it: a busy registry, a hanging one, a late worker."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.copro_registry.models.transmission.copro_transmission_queue import ASK, SEND
from odoo.addons.copro_registry.models.transmission.copro_transmission_run import _send_one
from odoo.addons.copro_registry.rnc import states
from odoo.addons.copro_registry.rnc.client import (
    ANSWERED,
    REFERENCE,
    REJECTED,
    UNKNOWN,
    Outcome,
)
from odoo.addons.copro_registry.rnc.codec import Answer, Refusal
from odoo.addons.copro_registry.rnc.contract import CALLER

from .common import RegistryCase

NEWS = "odoo.addons.copro_registry.models.transmission.copro_transmission_news"
NEVER_RECEIVED = Outcome(REJECTED, Answer("rejected", refusals=(Refusal("X"),)), concerns=REFERENCE)


@tagged("post_install", "-at_install")
class TestEngine(RegistryCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.simulator.control.clear_faults)

    def queued(self, *streets):
        condominiums = self.env["copro.condominium"]
        for street in streets:
            condominium = self.condominium(street)
            condominium.with_user(self.manager).action_upload()
            condominiums |= condominium
        return condominiums.transmission_id

    def calls(self, upload):
        return upload.attempt_ids.mapped(lambda call: (call.kind, call.outcome))

    # -- a busy registry --------------------------------------------------------

    def test_delays_grow_and_spread(self):
        for times, seconds in ((1, 60), (2, 120), (5, 960), (30, 6 * 3600)):
            drawn = {states.delay(times) for _one in range(200)}
            self.assertGreaterEqual(min(drawn), 0.8 * seconds - 1)
            self.assertLessEqual(max(drawn), 1.2 * seconds)
            self.assertGreater(len(drawn), 10, "a crowd does not come back together")

    def test_a_registry_that_asks_to_wait_is_called_for_nobody(self):
        uploads = self.queued(*(f"{rank} rue du Repos" for rank in range(1, 4)))
        self.simulator.control.add_fault("503", service="WS1", seconds=1800)
        with self.enter_registry_test_mode():
            _send_one(self.env.cr.dbname, uploads[0].id, {})
        self.env.invalidate_all()
        self.assertEqual(self.calls(uploads[0]), [("send", "retryable")])
        self.assertTrue(self.account.busy_until)
        self.run_cron("ir_cron_send")
        others = uploads[1:]
        self.assertFalse(others.attempt_ids, "no call, and so no attempt")
        self.assertEqual(set(others.mapped("attempts")), {0})
        self.assertIn("asks to wait", others[0].message)
        self.assertEqual(others[0].next_call, self.account.busy_until)
        triggers = self.env["ir.cron.trigger"].search([("call_at", ">", self.account.busy_until)])
        self.assertIn(self.env.ref("copro_registry.ir_cron_send"), triggers.cron_id)
        self.account.busy_until = False
        self.env.invalidate_all()
        self.assertFalse(others[0].message)
        self.run_cron("ir_cron_send")
        self.assertEqual(set(others.mapped("state")), {"received"})

    def test_what_has_not_left_when_the_registry_asks_to_wait_does_not_leave(self):
        uploads = self.queued(*(f"{rank} rue de la Halte" for rank in range(1, 13)))
        self.simulator.control.add_fault("503", service="WS1", seconds=1800)
        self.simulator.control.add_fault("latency", service="WS1", count=12, seconds=0.7)
        self.run_cron("ir_cron_send")
        connections = self.account._limited_contract().limits.connections
        called = uploads.filtered("attempt_ids")
        self.assertLessEqual(len(called), connections + 1)
        self.assertEqual(set((uploads - called).mapped("attempts")), {0})
        self.assertEqual(set((uploads - called).mapped("state")), {"queued"})

    def test_what_was_put_off_is_due_once_the_registry_answers(self):
        [upload] = self.queued("7 rue du Repos")
        self.simulator.control.add_fault("503", service="WS1", seconds=1800)
        self.run_cron("ir_cron_send")
        self.assertGreaterEqual(upload.next_attempt, self.account.busy_until)
        self.account.with_user(self.administrator).action_test_connection()
        self.run_cron("ir_cron_send")
        self.assertEqual(upload.state, "received")

    def test_what_is_cancelled_says_that_nothing_was_sent(self):
        first, second = self.queued("8 rue du Repos", "9 rue du Repos")
        self.simulator.control.add_fault("503", service="WS1", seconds=1800)
        with self.enter_registry_test_mode():
            _send_one(self.env.cr.dbname, first.id, {})
        self.env.invalidate_all()
        self.account.busy_until = False
        self.assertIn("Next attempt", first.message)
        (first | second).with_user(self.manager).action_cancel()
        for upload in first | second:
            self.assertEqual(upload.message, "Cancelled before it left: nothing was sent.")

    def test_a_question_waits_too(self):
        [upload] = self.queued("5 rue du Repos")
        self.run_cron("ir_cron_send")
        self.assertEqual(upload.state, "received")
        self.simulator.control.add_fault("503", service="STATUS", seconds=1800)
        self.run_cron("ir_cron_status")
        wait = upload.next_attempt - fields.Datetime.now()
        self.assertGreater(wait, timedelta(seconds=1750))
        self.assertEqual((upload.state, upload.asks), ("received", 1))

    def test_a_repair_ends_the_wait(self):
        self.account._pause_until(fields.Datetime.now() + timedelta(minutes=30))
        self.account.with_user(self.administrator).email = "autre@cabinet-fictif.example"
        self.assertFalse(self.account.busy_until)

    def test_a_connection_test_that_succeeds_ends_the_wait(self):
        [upload] = self.queued("6 rue du Repos")
        self.account._pause_until(fields.Datetime.now() + timedelta(minutes=30))
        self.assertIn("asks to wait", self.account.pause_message)
        self.env["ir.cron.trigger"].search([]).unlink()
        self.account.with_user(self.administrator).action_test_connection()
        self.assertFalse(self.account.busy_until)
        self.assertFalse(self.account.pause_message)
        triggers = self.env["ir.cron.trigger"].search([])
        self.assertIn(self.env.ref("copro_registry.ir_cron_send"), triggers.cron_id)
        self.run_cron("ir_cron_send")
        self.assertEqual(upload.state, "received")

    # -- a hanging registry -----------------------------------------------------

    def test_what_has_not_left_when_time_is_up_is_queued_as_it_was(self):
        uploads = self.queued(*(f"{rank} rue de l'Attente" for rank in range(1, 9)))
        connections = self.account._limited_contract().limits.connections
        self.assertGreater(len(uploads), connections)
        self.simulator.control.add_fault("latency", service="WS1", count=4, seconds=1.5)
        self.run_out_of_time("ir_cron_send")
        left = uploads.filtered(lambda upload: upload.state == "received")
        put_back = uploads - left
        self.assertEqual(len(left), connections)
        self.assertEqual(set(put_back.mapped("state")), {"queued"})
        self.assertEqual(set(put_back.mapped("attempts")), {0})
        self.run_cron("ir_cron_send")
        self.assertEqual(set(uploads.mapped("state")), {"received"})
        for upload in uploads:
            self.assertEqual(len(self.ledger(reference=upload.reference)), 1)

    # -- a late worker ----------------------------------------------------------

    def test_an_outcome_is_for_its_own_claim(self):
        """A claim that was taken for lost, and made again, is another one."""
        [upload] = self.queued("1 rue du Retard")
        upload.write({"state": "sending", "attempts": 2, "claimed_at": fields.Datetime.now()})
        self.env.flush_all()
        late, own = (upload.id, 1), (upload.id, 2)
        accepted = Outcome(ANSWERED, Answer("received"))
        upload._settle_all([(late, accepted)], SEND)
        self.assertEqual((upload.state, len(upload.attempt_ids)), ("sending", 0))
        upload._settle_all([(own, accepted)], SEND)
        self.assertEqual((upload.state, len(upload.attempt_ids)), ("received", 1))

    # -- what nobody answers ----------------------------------------------------

    def unknown(self, street):
        [upload] = self.queued(street)
        self.simulator.control.add_fault("reset_before", service="WS1")
        self.run_cron("ir_cron_send")
        self.assertEqual(upload.state, "unknown")
        upload.write({"next_attempt": "2020-01-01", "quiet_until": "2020-01-01"})
        return upload

    def test_never_received_proves_nothing_of_another_declarant(self):
        upload = self.unknown("1 rue du Doute")
        sent_as = upload.recipient
        self.assertIn(self.account.number, sent_as)
        account = self.account
        self.env.flush_all()
        with patch.object(type(account), "_recipient", lambda account: "another"):
            self.run_cron("ir_cron_status")
        self.assertEqual(upload.state, "unknown")
        self.assertIn(sent_as, upload.message)
        upload.next_attempt = "2020-01-01"
        self.run_cron("ir_cron_status")
        self.assertEqual(upload.state, "queued", "asked as it was sent, the answer is one")

    def test_an_upload_without_an_answer_is_closed_by_a_main_administrator(self):
        upload = self.unknown("2 rue du Doute")
        with self.assertRaises(AccessError):
            upload.with_user(self.manager).action_close()
        upload.with_user(self.administrator).action_close()
        self.assertEqual((upload.state, upload.cancelled_by_id), ("cancelled", self.administrator))
        self.assertIn(self.administrator.name, upload.message)
        self.assertFalse(upload.condominium_id.activity_ids)
        self.upload(upload.condominium_id)
        self.assertTrue(upload.condominium_id.registration_number)

    def test_what_is_not_asked_about_is_not_closed(self):
        [upload] = self.queued("3 rue du Doute")
        upload.with_user(self.administrator).action_close()
        self.assertEqual(upload.state, "queued")

    def test_a_profile_may_change_while_answers_are_awaited(self):
        self.unknown("4 rue du Doute")
        self.account.with_user(self.administrator).contract_profile = "hypothetical-json"

    def test_only_questions_in_vain_are_counted(self):
        """What was examined for long, then known no more, is told too."""
        [upload] = self.queued("5 rue du Doute")
        upload.write({"state": "received", "attempts": 1, "asks": 15})
        for _question in range(states.MOST_ASKS):
            self.assertFalse(upload.news)
            upload._settle(ASK, NEVER_RECEIVED)
        upload._tell_news()
        self.assertTrue(upload.needs_person)

    def test_what_is_sent_again_awaits_nobody(self):
        sent_again, cancelled = self.queued("6 rue du Doute", "7 rue du Doute")
        uploads = sent_again | cancelled
        uploads.write({"state": "unknown", "attempts": 1, "quiet_until": False})
        uploads.mapped(lambda upload: upload._call_a_person())
        self.assertEqual(len(uploads.condominium_id.activity_ids), 2)
        sent_again._settle(ASK, NEVER_RECEIVED)
        self.assertEqual((sent_again.state, sent_again.needs_person), ("queued", False))
        cancelled._cancel()
        self.assertEqual((cancelled.state, cancelled.needs_person), ("cancelled", False))
        uploads._tell_news()
        self.assertFalse(uploads.condominium_id.activity_ids, "there is nothing to see to")

    def test_no_parameter_of_an_earlier_failure_stays(self):
        numberless, received = self.queued("8 rue du Doute", "9 rue du Doute")
        earlier = {"failure_code": "BUSY", "failure_params": {"a": "b"}}
        (numberless | received).write({"state": "unknown", "attempts": 1, **earlier})
        numberless._settle(ASK, Outcome(ANSWERED, Answer("accepted")))
        received._settle(ASK, Outcome(ANSWERED, Answer("received")))
        self.assertEqual(numberless.failure_code, "UNREADABLE")
        self.assertFalse(received.failure_code)
        self.assertFalse(numberless.failure_params or received.failure_params)

    # -- what is said -----------------------------------------------------------

    def test_a_fault_of_ours_is_worded_for_who_reads(self):
        """A scheduled action has no language: what it writes is not worded yet."""
        asked, unrecorded = self.queued("1 rue des Mots", "2 rue des Mots")
        asked._ask_before_sending()
        unrecorded.write({"state": "sending", "attempts": 1, "claimed_at": fields.Datetime.now()})
        unrecorded.flush_recordset()
        unrecorded._keep_unrecorded("send", Outcome(ANSWERED, Answer("received")))
        unrecorded.state = "unknown"
        self.assertIn("was copied", asked.message)
        self.assertIn("internal error", unrecorded.message)
        self.assertIn("copiée", asked.with_context(lang="fr_FR").message)
        self.assertIn("erreur interne", unrecorded.with_context(lang="fr_FR").message)

    def test_why_an_account_cannot_send_is_worded_for_its_company(self):
        [upload] = self.queued("3 rue des Mots")
        self.company.partner_id.lang = "fr_FR"
        self.account.certificate_id.sealed_key = b"not sealed here"
        self.run_cron("ir_cron_send")
        self.assertIn("scellement", upload.message)

    def test_why_an_account_is_refused_is_worded_for_its_company(self):
        [upload] = self.queued("5 rue des Mots")
        self.company.partner_id.lang = "fr_FR"
        upload.write({"state": "sending", "attempts": 1, "claimed_at": fields.Datetime.now()})
        answer = Answer("rejected", refusals=(Refusal(""),))
        upload._settle(SEND, Outcome(REJECTED, answer, concerns=CALLER))
        self.assertIn("sans donner de raison", self.account.hold_reason)
        self.assertEqual(upload.message, self.account.hold_reason)

    def test_what_is_on_hold_says_so(self):
        [upload] = self.queued("4 rue des Mots")
        upload.on_hold = True
        self.assertIn("batch", upload.message)

    # -- what is left to tell ---------------------------------------------------

    def test_what_was_tried_last_is_tried_again_last(self):
        first, second = self.queued("1 rue des Restes", "2 rue des Restes")
        (first | second).news = "activity"
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE copro_transmission SET write_date = write_date + interval '1 hour' "
            "WHERE id = %s",
            [second.id],
        )
        with patch(f"{NEWS}.MOST_PENDING", 1):
            self.env["copro.transmission"]._tell_pending()
        self.assertEqual((first.news, second.news), (False, "activity"))

    def test_what_is_told_leaves_the_index(self):
        [upload] = self.queued("3 rue des Restes")
        upload.news = "note"
        upload._tell_step_by_step()
        self.env.flush_all()
        self.env.cr.execute("SELECT news IS NULL FROM copro_transmission WHERE id = %s", upload.ids)
        self.assertEqual(self.env.cr.fetchone(), (True,))

    def test_an_answer_that_was_cut_is_not_read_for_ever(self):
        self.manager.lang = "en_US"
        condominium = self.condominium("4 rue des Restes")
        longest = "copro_transmission_attempt.LONGEST_ANSWER"
        with patch(NEWS.replace("copro_transmission_news", longest), 100):
            self.upload(condominium)
        upload = condominium.transmission_id
        self.assertEqual((upload.state, upload.news), ("accepted", False))
        self.assertIn("attestation was not kept", " ".join(condominium.message_ids.mapped("body")))

    # -- who is told ------------------------------------------------------------

    def test_who_has_left_is_not_told(self):
        condominium = self.condominium("1 rue du Départ", user_id=self.manager.id)
        self.assertEqual(condominium._person_in_charge(), self.manager)
        self.manager.active = False
        self.assertEqual(condominium._person_in_charge(self.reader), self.reader)
        root = self.env.ref("base.user_root")
        self.assertEqual(condominium._person_in_charge(root), self.administrator)

    def test_an_outcome_that_cannot_be_recorded_keeps_its_answer(self):
        [upload] = self.queued("2 rue du Départ")
        upload.write({"state": "sending", "attempts": 1, "claimed_at": fields.Datetime.now()})
        upload.flush_recordset()
        upload._keep_unrecorded("send", Outcome(ANSWERED, Answer("received"), raw=b"<reponse/>"))
        self.assertEqual(upload.attempt_ids.outcome, UNKNOWN)
        self.assertTrue(upload.answer)
