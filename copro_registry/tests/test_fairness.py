"""Two companies in one database share the queue: neither keeps the other waiting."""

from datetime import timedelta
from unittest.mock import patch

import psycopg2.errors

from odoo import fields
from odoo.tests import tagged

from odoo.addons.copro_registry.models.transmission.copro_transmission_queue import SEND
from odoo.addons.copro_registry.rnc.contract import ProfileError
from odoo.addons.copro_registry.rnc.dispatch import CALLS_PER_CONNECTION

from .scenarios import ScenarioCase

FLOW = "odoo.addons.copro_registry.models.transmission.copro_transmission_run"


@tagged("post_install", "-at_install")
class TestFairness(ScenarioCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.simulator.control.clear_faults)
        # The registry keeps what a test declared: each has streets of its own.
        name = self._testMethodName
        at_hand = CALLS_PER_CONNECTION * self.account._limited_contract().limits.connections
        for rank in range(1, at_hand + 5):
            street = f"{rank} rue {name}"
            self.condominium(street).with_user(self.manager).action_upload()
        self.many = self.env["copro.transmission"].search([("company_id", "=", self.company.id)])
        other = self.condominium(
            f"1 place {name}", company_id=self.other_company.id, user_id=self.other_manager.id
        )
        other.with_user(self.other_manager).action_upload()
        self.one = other.transmission_id

    def hang(self, seconds):
        """The first calls, of as many as there are connections, last so long."""
        connections = self.account._limited_contract().limits.connections
        fault = {"service": "WS1", "count": connections, "seconds": seconds}
        self.simulator.control.add_fault("latency", **fault)

    def test_a_company_whose_calls_hang_keeps_no_other_waiting(self):
        # Every call lasts as long: whichever company calls first, none has a shorter one.
        every = len(self.many) + 1
        self.simulator.control.add_fault("latency", service="WS1", count=every, seconds=1)
        self.run_cron("ir_cron_send")
        self.assertEqual(set((self.many | self.one).mapped("state")), {"received"})
        answer = self.one.attempt_ids.id
        earlier = [one for one in self.many.attempt_ids.ids if one < answer]
        at_once = self.account._limited_contract().limits.connections
        self.assertLessEqual(len(earlier), at_once, "it waited for none of their next calls")

    def test_a_company_whose_registry_rests_is_passed_over(self):
        self.account._pause_until(fields.Datetime.now() + timedelta(minutes=30))
        now = self.one.next_attempt
        moments = dict(self.one._first_of_each_company(SEND))
        self.assertEqual(moments[self.company.id], self.account.busy_until)
        self.assertLessEqual(moments[self.other_company.id], now)
        self.run_cron("ir_cron_send")
        self.assertEqual(self.one.state, "received")
        self.assertEqual(set(self.many.mapped("state")), {"queued"})

    def test_what_falls_due_during_the_calls_of_another_company_leaves(self):
        self.one.next_attempt = fields.Datetime.now() + timedelta(seconds=2)
        self.hang(5)
        self.run_cron("ir_cron_send")
        self.assertEqual(self.one.state, "received")
        self.assertLess(self.one.attempt_ids.id, min(self.many.attempt_ids.ids))

    def test_when_time_is_up_the_others_go_on_as_long_as_one_hangs(self):
        self.hang(3)
        self.one.next_attempt = fields.Datetime.now() + timedelta(seconds=2)
        self.run_out_of_time("ir_cron_send")
        self.assertEqual(self.one.state, "received")
        left = self.many.filtered(lambda upload: upload.state == "received")
        self.assertEqual(len(left), self.account._limited_contract().limits.connections)
        self.assertEqual(set((self.many - left).mapped("attempts")), {0})

    def test_a_company_whose_account_fails_is_put_off(self):
        account = type(self.account)
        original = account._recipient

        def broken(record):
            if record == self.account:
                raise ProfileError("gone")
            return original(record)

        with patch.object(account, "_recipient", broken), self.assertLogs(FLOW, "ERROR"):
            self.run_cron("ir_cron_send")
        self.assertEqual(self.one.state, "received")
        self.assertEqual(set(self.many.mapped("state")), {"queued"})
        self.assertIn("internal error", self.many[0].message)
        self.assertGreater(min(self.many.mapped("next_attempt")), fields.Datetime.now())

    def test_a_company_that_cannot_be_put_off_either_keeps_no_other_waiting(self):
        """Another worker writes its uploads at that very moment."""
        account, uploads = type(self.account), type(self.one)
        recipient, lock_due = account._recipient, uploads._lock_due

        def broken(record):
            if record == self.account:
                raise ProfileError("gone")
            return recipient(record)

        def conflict(record, operation, condition, limit):
            if limit >= 1000:
                raise psycopg2.errors.SerializationFailure
            return lock_due(record, operation, condition, limit)

        with (
            patch.object(account, "_recipient", broken),
            patch.object(uploads, "_lock_due", conflict),
            self.assertLogs(FLOW, "ERROR"),
        ):
            self.run_cron("ir_cron_send")
        self.assertEqual(self.one.state, "received")
        self.assertEqual(set(self.many.mapped("state")), {"queued"})

    def test_a_profile_that_cannot_be_read_gives_no_address(self):
        self.account.url = False
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE copro_declarant_account SET contract_profile = 'gone' WHERE id = %s",
            [self.account.id],
        )
        self.env.invalidate_all()
        self.assertFalse(self.account.used_url)
