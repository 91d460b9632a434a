"""What was declared and is wrong is corrected, and the trace is kept."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.copro_registry.rnc import contract
from odoo.addons.copro_registry.rnc.today import today

from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestCorrection(RegistryCase):
    def window(self, fiscal_year, **values):
        action = fiscal_year.action_correct()
        model = fiscal_year.env[action["res_model"]].with_context(**action["context"])
        return model.create(values)

    def begin(self, fiscal_year, reason="Une virgule perdue à l'import"):
        self.window(fiscal_year, reason=reason).action_begin()
        self.assertEqual(fiscal_year.state, "correcting")
        return fiscal_year._correction()

    def refusal(self, act, *arguments, **named):
        with self.assertRaises(UserError) as refused, self.cr.savepoint():
            act(*arguments, **named)
        return str(refused.exception)

    def takes_no_correction(self):
        profile = replace(contract.named(contract.DEFAULT), correction="site")
        return patch.object(type(self.account), "_contract_or_default", lambda _account: profile)

    # -- by an upload ---------------------------------------------------------------

    def test_a_correction_is_a_new_upload_that_names_the_old_one(self):
        condominium = self.declared("1 rue de la Correction")
        fiscal_year, first = condominium.fiscal_year_id, condominium.transmission_id
        declared_on = fiscal_year.declared_on
        self.assertIn("Correct the declaration", self.refusal(fiscal_year.write, {"works_fund": 1}))
        self.assertFalse(fiscal_year.correction_message)
        correction = self.begin(fiscal_year)
        self.assertFalse(condominium.service_due, "nothing is corrected yet")
        fiscal_year.current_charges = 4125.03
        self.assertEqual(condominium.service_due, "WS2_ANNUAL")
        self.assertFalse(condominium.annual_deadline, "it was declared in time")
        [first_duty, *_others] = condominium.stored_duties
        self.assertEqual((first_duty["code"], first_duty["state"]), ("CORRECTION", "soon"))
        self.upload(condominium)
        last = condominium.transmission_id
        self.assertEqual((last.service, last.state), ("WS2_ANNUAL", "accepted"), last.message)
        self.assertEqual((last.corrects_id, last.fiscal_year_id), (first, fiscal_year))
        self.assertEqual(fiscal_year.state, "declared")
        self.assertEqual(fiscal_year.declared_on, declared_on)
        self.assertEqual((correction.state, correction.transmission_id), ("uploaded", last))
        self.assertEqual(correction.user_id, self.manager)
        self.assertEqual(correction.before["charges_operations_courantes"], "41250.30")
        self.assertEqual(correction.after["charges_operations_courantes"], "4125.03")
        self.assertRegex(correction.changes, r"41.250.30.€ → 4.125.03.€")
        self.assertFalse(condominium.service_due)
        self.assertNotIn("CORRECTION", [one["code"] for one in condominium.stored_duties])
        self.assertIn("virgule", str(condominium.message_ids.mapped("body")))
        condominium.action_compare()
        self.assertEqual(condominium.difference_count, 0, "the registry has the new figure")

    def test_corrected_twice_and_back(self):
        condominium = self.declared("2 rue de la Correction")
        fiscal_year = condominium.fiscal_year_id
        for figure in (1000, 2000, 41250.30):
            self.begin(fiscal_year)
            fiscal_year.current_charges = figure
            self.upload(condominium)
            self.assertEqual(condominium.upload_state, "accepted")
            self.assertEqual(fiscal_year.state, "declared")
        self.assertEqual(len(fiscal_year.correction_ids), 3)
        self.assertEqual(len(condominium.transmission_ids), 4, "each of them was sent")

    def test_of_a_refused_correction(self):
        condominium = self.declared("3 rue de la Correction")
        fiscal_year, first = condominium.fiscal_year_id, condominium.transmission_id
        correction = self.begin(fiscal_year)
        street = condominium.street
        fiscal_year.works_fund, condominium.street = 7000, "Résidence sans rue"
        self.upload(condominium)
        refused = condominium.transmission_id
        self.assertEqual((refused.state, refused.corrects_id), ("rejected", first))
        self.assertEqual((fiscal_year.state, correction.state), ("correcting", "open"))
        self.assertIn("Finish that correction", self.refusal(self.begin, fiscal_year))
        condominium.street, fiscal_year.works_fund = street, 8000
        self.upload(condominium)
        last = condominium.transmission_id
        self.assertEqual((last.state, last.corrects_id), ("accepted", refused))
        self.assertEqual(correction.before["fonds_travaux"], "6000.00")
        self.assertEqual(correction.after["fonds_travaux"], "8000.00")

    def test_given_up_after_a_refusal(self):
        condominium = self.declared("4 rue de la Correction")
        fiscal_year = condominium.fiscal_year_id
        correction = self.begin(fiscal_year)
        street = condominium.street
        fiscal_year.works_fund, condominium.street = 7000, "Résidence sans rue"
        self.upload(condominium)
        self.assertTrue(condominium.activity_ids)
        condominium.street = street
        fiscal_year.action_give_up_correction()
        self.assertEqual((fiscal_year.state, fiscal_year.works_fund), ("declared", 6000))
        self.assertEqual(correction.state, "abandoned")
        self.assertEqual(correction.after, correction.before)
        self.assertFalse(condominium.service_due)
        self.assertFalse(condominium.activity_ids)
        self.assertIn("reload", self.refusal(fiscal_year.action_give_up_correction))

    def test_not_while_an_upload_is_under_way(self):
        condominium = self.declared("5 rue de la Correction")
        fiscal_year = condominium.fiscal_year_id
        condominium.lift_count = 4
        condominium.action_upload()
        self.assertIn("in progress", self.refusal(self.begin, fiscal_year))
        self.run_cron("ir_cron_send")
        self.begin(fiscal_year)
        fiscal_year.works_fund = 7000
        condominium.action_upload()
        self.assertIn("being uploaded", self.refusal(fiscal_year.write, {"works_fund": 1}))
        self.assertIn("in progress", self.refusal(fiscal_year.action_give_up_correction))
        window = self.window(fiscal_year, corrected_on=today())
        self.assertIn("in progress", self.refusal(window.action_end))
        self.assertEqual(fiscal_year.works_fund, 7000)

    def test_two_at_once(self):
        condominium = self.declared("6 rue de la Correction")
        fiscal_year = condominium.fiscal_year_id
        first, second = (self.window(fiscal_year, reason=one) for one in ("Un", "Deux"))
        first.action_begin()
        told = self.refusal(second.action_begin)
        self.assertIn(self.manager.name, told)
        self.assertIn("Un", told)
        self.assertEqual(fiscal_year.correction_ids.mapped("reason"), ["Un"])

    def test_it_leaves_by_a_click_and_not_at_night(self):
        condominium = self.declared("7 rue de la Correction")
        self.begin(condominium.fiscal_year_id)
        condominium.fiscal_year_id.works_fund = 7000
        self.account.auto_annual = True
        self.run_cron("ir_cron_annual")
        batches = self.env["copro.upload.batch"].search([("company_id", "=", self.company.id)])
        self.assertFalse(batches.line_ids)

    # -- on the registry's site -----------------------------------------------------

    def test_corrected_on_the_site(self):
        condominium = self.declared("8 rue de la Correction")
        fiscal_year, uploads = condominium.fiscal_year_id, condominium.transmission_ids
        correction = self.begin(fiscal_year)
        window = self.window(fiscal_year, corrected_on=today())
        self.assertIn("No figure was changed", self.refusal(window.action_end))
        fiscal_year.unpaid_amount = 12
        for day in (today() + timedelta(1), fiscal_year.declared_on - timedelta(1)):
            window.corrected_on = day
            self.assertIn("between both", self.refusal(window.action_end))
        window.corrected_on = today()
        window.action_end()
        self.assertEqual((fiscal_year.state, correction.state), ("declared", "site"))
        self.assertEqual((correction.ended_on, correction.ended_by_id), (today(), self.manager))
        self.assertFalse(condominium.service_due)
        self.assertEqual(condominium.transmission_ids, uploads)
        # Here, and not there: the comparison tells.
        condominium.action_compare()
        self.assertEqual(condominium.difference_count, 1)

    def test_a_contract_that_takes_none(self):
        condominium = self.declared("9 rue de la Correction")
        fiscal_year = condominium.fiscal_year_id
        with self.takes_no_correction():
            self.begin(fiscal_year)
            self.assertIn("takes no correction", fiscal_year.correction_message)
            fiscal_year.works_fund = 7000
            self.assertFalse(condominium._service_due())
            condominium.lift_count = 3
            self.assertEqual(condominium._service_due(), "WS2_STANDARD")

    def test_an_earlier_fiscal_year_is_corrected_on_the_site(self):
        condominium = self.declared("10 rue de la Correction")
        earlier = condominium.fiscal_year_id
        self.next_fiscal_year(condominium)
        self.upload(condominium)
        self.assertNotEqual(condominium.fiscal_year_id, earlier)
        self.begin(earlier)
        earlier.works_fund = 7000
        self.assertIn("last fiscal year only", earlier.correction_message)
        self.assertFalse(condominium.service_due)
        self.window(earlier).action_end()
        self.assertEqual(earlier.state, "declared")

    # -- what is not corrected, and by whom ----------------------------------------------

    def test_what_is_not_declared_is_simply_changed(self):
        condominium = self.condominium("11 rue de la Correction").with_user(self.manager)
        fiscal_year = condominium.fiscal_year_id
        self.assertIn("is not declared", self.refusal(self.begin, fiscal_year))
        fiscal_year.is_first = True
        fiscal_year.sudo().declared_on = today()
        self.assertIn("first fiscal year", self.refusal(self.begin, fiscal_year))

    def test_a_reason_is_given(self):
        fiscal_year = self.declared("12 rue de la Correction").fiscal_year_id
        for reason in (False, " \n", "\u200b"):
            self.assertIn("Say why", self.refusal(self.begin, fiscal_year, reason))
        self.assertFalse(fiscal_year.correction_ids)

    def test_who_may(self):
        fiscal_year = self.declared("13 rue de la Correction").fiscal_year_id
        other = self._user("manager", self.env["res.company"].create({"name": "Autre"}))
        for user in (self.reader, other):
            with self.subTest(user.login), self.assertRaises(AccessError):
                fiscal_year.with_user(user).action_correct()
            window = self.env["copro.correction"].with_user(user).sudo()
            window = window.create({"fiscal_year_id": fiscal_year.id, "reason": "x"}).sudo(False)
            for action in (window.action_begin, window.action_end):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    action()
        correction = self.begin(fiscal_year)
        self.assertTrue(correction.with_user(self.reader).changes is not None)
        with self.assertRaises(AccessError):
            correction.with_user(other).read(["reason"])
        with self.assertRaises(AccessError):
            fiscal_year.with_user(self.reader).action_give_up_correction()

    def test_nobody_forges_one(self):
        condominium = self.declared("14 rue de la Correction")
        fiscal_year = condominium.fiscal_year_id
        correction = self.begin(fiscal_year)
        values = {"before": {}, "reason": "Faux", "user_id": self.administrator.id}
        for user in (self.manager, self.administrator):
            mine = correction.with_user(user)
            for act in (lambda m=mine: m.write(values), lambda m=mine: m.unlink()):
                with self.assertRaises(AccessError):
                    act()
            with self.assertRaises(AccessError):
                mine.create({"fiscal_year_id": fiscal_year.id, **values})
            with self.assertRaises(AccessError):
                fiscal_year.with_user(user).correction_ids = [(1, correction.id, values)]
            with self.assertRaises(AccessError):
                fiscal_year.with_user(user).write({"state": "approved"})
        self.assertIn("never deleted", self.refusal(correction.sudo().unlink))
        self.assertIn("cannot be deleted", self.refusal(fiscal_year.unlink))

    # -- what the registry has --------------------------------------------------------

    def test_a_manager_takes_the_registrys_figure_of_a_declared_year(self):
        condominium = self.declared("15 rue de la Correction")
        fiscal_year = condominium.fiscal_year_id
        self.begin(fiscal_year)
        fiscal_year.unpaid_amount = 1.5
        self.window(fiscal_year).action_end()
        condominium.action_compare()
        [line] = condominium.comparison_ids.line_ids.filtered(lambda one: one.state == "different")
        line.action_take()
        self.assertEqual((fiscal_year.unpaid_amount, fiscal_year.state), (2410.55, "declared"))
        taken = fiscal_year.correction_ids.sorted("id")[-1]
        self.assertEqual((taken.state, taken.user_id), ("taken", self.manager))
        self.assertEqual(taken.before["impayes"], "1.50")
        self.assertEqual(taken.after["impayes"], "2410.55")

    def test_a_trial_that_is_forgotten_leaves_nothing_to_correct(self):
        condominium = self.declared("16 rue de la Correction")
        fiscal_year = condominium.fiscal_year_id
        correction = self.begin(fiscal_year)
        self.account.with_user(self.administrator).environment = "production"
        self.assertEqual(fiscal_year.state, "approved")
        self.assertEqual(correction.state, "abandoned")
        fiscal_year.works_fund = 7000
