"""A decision with open eyes: what a preview shows, and what it asks."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models.batch import copro_upload_batch_preview as preview
from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestPreview(RegistryCase):
    def ready(self, street):
        condominium = self.condominium(street)
        self.assertEqual(condominium.readiness_state, "ready", condominium.findings)
        return condominium

    def surprising(self, street):
        """Registered; the charges of its next fiscal year are ten times those of the last."""
        condominium = self.ready(street)
        self.upload(condominium)
        self.next_fiscal_year(condominium).current_charges = 412503
        self.assertEqual(condominium.readiness_state, "to_check", condominium.findings)
        return condominium

    def test_what_is_surprising_is_counted_and_shown(self):
        good, odd = self.ready("1 rue des Yeux"), self.surprising("2 rue des Yeux")
        batch = self.preview(good | odd)
        self.assertEqual((batch.total, batch.to_check_count), (1, 1))
        self.assertEqual((batch.summary["ready"], batch.summary["to_check"]), (1, 1))
        [check] = batch.summary["checks"]
        self.assertEqual(check["name"], odd.name)
        self.assertRegex(check["reason"], r"41.250.30 € → 412.503.00 €")
        line = batch.line_ids.filtered(lambda one: one.condominium_id == odd)
        self.assertEqual((line.plan, line.status), ("to_check", "to_check"))
        opened = line.search(batch.action_open_lines(plan="to_check")["domain"])
        self.assertEqual(opened, line)

    def test_only_what_is_ready_leaves_unless_somebody_says_so(self):
        good, odd = self.ready("3 rue des Yeux"), self.surprising("4 rue des Yeux")
        batch = self.preview(good | odd)
        batch.action_start()
        self.run_cron("ir_cron_prepare")
        self.assertTrue(good.transmission_ids)
        self.assertEqual(odd.transmission_id.service, "WS1")
        self.assertEqual(batch.progress["to_check"], 1)
        self.run_cron("ir_cron_send")
        self.run_cron("ir_cron_status")
        self.assertTrue(batch.is_left)
        again = batch.browse(batch.action_upload_again()["res_id"])
        self.assertEqual(again.line_ids.condominium_id, odd)
        again.action_start_all()
        self.assertEqual((again.state, again.total), ("running", 1))
        self.run_cron("ir_cron_prepare")
        self.run_cron("ir_cron_send")
        self.run_cron("ir_cron_status")
        self.assertEqual(odd.transmission_id.service, "WS2_ANNUAL")
        self.assertEqual(odd.upload_state, "accepted")
        self.assertFalse(again.is_left, "all of it succeeded: nothing is to be sent again")

    def test_what_lacks_is_grouped_by_item(self):
        first = self.condominium("5 rue des Yeux", lot_count=False, lift_count=False)
        second = self.condominium("6 rue des Yeux", lot_count=False)
        third = self.condominium("7 rue des Yeux", lot_count=False, building_count=False)
        batch = self.preview(first | second | third)
        lacking = {row["item"]: row for row in batch.summary["reasons"]}
        self.assertEqual(lacking["nb_lots_total"]["count"], 3)
        self.assertEqual(lacking["nb_lots_total"]["names"], [first.name, second.name, third.name])
        self.assertEqual(lacking["nb_ascenseurs"]["names"], [first.name])
        self.assertEqual(lacking["nb_batiments"]["names"], [third.name])
        opened = batch.line_ids.search(
            batch.action_open_lines(plan="incomplete", item="nb_ascenseurs")["domain"]
        )
        self.assertEqual(opened.condominium_id, first)

    def test_two_at_one_address_are_to_be_checked(self):
        first, second = self.ready("8 rue des Yeux"), self.ready("8 rue des Yeux")
        batch = self.preview(first | second)
        self.assertEqual(batch.to_check_count, 2)
        self.assertIn("has the same address", batch.line_ids[0].reason)

    def test_what_is_surprising_waits_for_a_person_at_night(self):
        odd = self.surprising("9 rue des Yeux")
        self.account.auto_annual = True
        self.run_cron("ir_cron_annual")
        self.assertFalse(self.env["copro.upload.batch"].search_count([("line_ids", "!=", False)]))
        self.upload(odd)
        self.assertEqual(odd.transmission_id.service, "WS2_ANNUAL", "a click still sends it")

    # -- of a large selection --------------------------------------------------------------

    def portfolio(self):
        streets = [f"{rank} rue du Nombre" for rank in range(1, 5)]
        incomplete = self.condominium("5 rue du Nombre", lot_count=False)
        return self.condominium(streets[0]).union(*map(self.condominium, streets[1:]), incomplete)

    def test_a_large_selection_is_prepared_in_the_background(self):
        self.manager.lang = "fr_FR"
        portfolio = self.portfolio().with_context(lang="fr_FR")
        small = self.preview(portfolio)
        with patch.object(preview, "AT_ONCE", 3), patch.object(preview, "TOGETHER", 2):
            batch = self.preview(portfolio)
            self.assertEqual((batch.state, batch.line_count), ("preparing", 5))
            self.assertEqual(set(batch.line_ids.mapped("plan")), {"pending"})
            self.assertEqual(batch.line_ids.condominium_id, portfolio)
            progress = batch.progress
            self.assertEqual((progress["total"], progress["prepared"]), (5, 0))
            self.run_cron("ir_cron_preview")
        self.assertEqual(batch.state, "preview")
        self.assertEqual(batch.total, 4)
        self.assertEqual(batch.summary, small.summary)
        for name in ("plan", "service", "reason", "lacking"):
            self.assertEqual(batch.line_ids.mapped(name), small.line_ids.mapped(name))
        batch.action_start()
        self.assertEqual(batch.state, "running")

    def test_nothing_is_sent_before_it_is_seen(self):
        portfolio = self.portfolio()
        with patch.object(preview, "AT_ONCE", 3):
            batch = self.preview(portfolio)
            batch.action_start()
            batch.action_start_all()
        self.assertEqual(batch.state, "preparing")
        self.run_cron("ir_cron_prepare")
        self.assertFalse(portfolio.transmission_ids)
        with self.assertRaises(AccessError):
            batch.with_user(self.reader).action_start_all()

    def test_given_up_or_interrupted(self):
        portfolio = self.portfolio()
        with patch.object(preview, "AT_ONCE", 3):
            given_up, kept = self.preview(portfolio), self.preview(portfolio)
            given_up.action_discard()
            self.assertFalse(given_up.exists())
            self.run_cron("ir_cron_preview")
        self.assertEqual((kept.state, kept.total), ("preview", 4))

    def test_one_that_fails_is_told_and_the_others_are_examined(self):
        portfolio = self.portfolio()
        model, broken = type(portfolio), portfolio[0]
        plan = model._upload_plan

        def fail(condominium, *told):
            if condominium == broken:
                raise KeyError("broken")
            return plan(condominium, *told)

        with patch.object(preview, "AT_ONCE", 3), patch.object(model, "_upload_plan", fail):
            batch = self.preview(portfolio)
            with self.assertLogs("odoo.addons.copro_registry", "ERROR"):
                self.run_cron("ir_cron_preview")
        plans = {line.condominium_id: line.plan for line in batch.line_ids}
        self.assertEqual(plans.pop(broken), "incomplete")
        self.assertEqual(sorted(plans.values()), ["incomplete", "ready", "ready", "ready"])
        self.assertEqual(batch.state, "preview")
