"""Two companies in one database share the queue: neither keeps the other waiting."""

from odoo.tests import tagged

from odoo.addons.copro_registry.models.copro_transmission_queue import SEND
from odoo.addons.copro_registry.registry.dispatch import LEAST_AT_HAND

from .scenarios import ScenarioCase


@tagged("post_install", "-at_install")
class TestFairness(ScenarioCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.simulator.control.clear_faults)
        # The registry keeps what a test declared: each has streets of its own.
        name = self._testMethodName
        for rank in range(1, LEAST_AT_HAND + 5):
            street = f"{rank} rue {name}"
            self.condominium(street).with_user(self.manager).action_upload()
        self.many = self.env["copro.transmission"].search([("company_id", "=", self.company.id)])
        other = self.condominium(
            f"1 place {name}", company_id=self.other_company.id, user_id=self.other_manager.id
        )
        other.with_user(self.other_manager).action_upload()
        self.one = other.transmission_id

    def test_a_company_whose_calls_hang_keeps_no_other_waiting(self):
        connections = self.account._profile().limits.connections
        fault = {"service": "WS1", "count": connections, "seconds": 1.5}
        self.simulator.control.add_fault("latency", **fault)
        self.run_cron("ir_cron_send")
        self.assertEqual(set((self.many | self.one).mapped("state")), {"accepted"})
        firsts = min(self.many.attempt_ids.ids)
        self.assertLess(self.one.attempt_ids.id, firsts, "its answer came before all others")

    def test_a_company_whose_registry_rests_is_passed_over(self):
        self.account._rest(1800)
        now = self.one.next_attempt
        moments = dict(self.one._first_of_each_company(SEND))
        self.assertEqual(moments[self.company.id], self.account.busy_until)
        self.assertLessEqual(moments[self.other_company.id], now)
        self.run_cron("ir_cron_send")
        self.assertEqual(self.one.state, "accepted")
        self.assertEqual(set(self.many.mapped("state")), {"queued"})
