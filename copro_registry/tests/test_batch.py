from datetime import timedelta
from io import BytesIO
from unittest.mock import patch

import openpyxl

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestBatch(RegistryCase):
    """Many at once: a preview, one click, and what became of each."""

    def portfolio(self, count, street):
        return self.env["copro.condominium"].union(
            *(self.condominium(f"{rank} rue {street}") for rank in range(1, count + 1))
        )

    def test_the_preview_says_what_would_leave_and_why_the_rest_would_not(self):
        done, busy, good = self.portfolio(3, "de l'Aperçu")
        incomplete = self.condominium("4 rue de l'Aperçu", lot_count=False)
        self.upload(done)
        busy.with_user(self.manager).action_upload()
        batch = self.preview(done | busy | good | incomplete)
        self.assertEqual(batch.state, "preview")
        plans = {line.condominium_id: line.plan for line in batch.line_ids}
        self.assertEqual(
            plans, {done: "up_to_date", busy: "open", good: "ready", incomplete: "incomplete"}
        )
        self.assertEqual(batch.total, 1)
        self.assertEqual((batch.up_to_date_count, batch.incomplete_count), (1, 1))
        told = {reason["plan"]: reason for reason in batch.summary["reasons"]}
        self.assertIn("Nothing to send", told["up_to_date"]["reason"])
        self.assertEqual(told["incomplete"]["count"], 1)
        self.assertFalse(good.transmission_ids, "a preview sends nothing")

    def run_batch(self, *crons):
        for cron in crons or ("ir_cron_prepare", "ir_cron_send", "ir_cron_status"):
            self.run_cron(cron)

    def test_from_the_click_to_the_report(self):
        portfolio = self.portfolio(3, "du Lot")
        refused = self.condominium("Chemin du Lot Sans Rue")
        batch = self.preview(portfolio | refused)
        batch.action_start()
        self.assertEqual(batch.progress["waiting"], 4)
        self.run_batch()
        self.assertEqual(batch.state, "done")
        self.assertTrue(all(portfolio.mapped("registration_number")))
        self.assertEqual(portfolio.transmission_id.create_uid, self.manager)
        progress = batch.progress
        self.assertEqual((progress["accepted"], progress["rejected"]), (3, 1))
        self.assertEqual((progress["ended"], progress["waiting"]), (4, 0))
        self.assertEqual((batch.accepted_count, batch.failed_count), (3, 1))
        self.assertTrue(batch.has_results, "a refusal is told")
        sheet = openpyxl.load_workbook(BytesIO(batch._report_xlsx())).active
        self.assertEqual(sheet.max_row, 5)
        results = [row[-1].value for row in sheet.iter_rows(min_row=2)]
        self.assertEqual(sum("Accepted by the registry" in result for result in results), 3)
        self.assertEqual(sum("Adresse inconnue" in result for result in results), 1)
        again = batch.action_upload_again()
        line = batch.browse(again["res_id"]).line_ids
        self.assertEqual(line.condominium_id, refused)

    def test_each_condominium_has_one_state(self):
        good = self.condominium("1 rue de l'État")
        incomplete = self.condominium("2 rue de l'État", lot_count=False)
        batch = self.preview(good | incomplete)
        first, second = batch.line_ids
        self.assertEqual((first.status, second.status), ("ready", "incomplete"))
        batch.action_start()
        self.assertEqual(first.status, "queued", "of what was ready, the control says no more")
        self.run_batch()
        self.assertEqual((first.status, second.status), ("accepted", "incomplete"))
        later = self.preview(self.portfolio(2, "de l'Annulation"))
        later.action_start()
        later.action_cancel()
        self.assertEqual(set(later.line_ids.mapped("status")), {"cancelled"})

    def test_what_changed_since_the_preview_is_controlled_again(self):
        good, spoiled = portfolio = self.portfolio(2, "du Changement")
        batch = self.preview(portfolio)
        spoiled.lot_count = False
        batch.action_start()
        self.run_batch()
        self.assertTrue(good.registration_number)
        self.assertFalse(spoiled.transmission_ids)
        line = batch.line_ids.filtered(lambda one: one.condominium_id == spoiled)
        self.assertEqual(line.plan, "incomplete")
        self.assertIn("lots", line.result)
        self.assertEqual(batch.state, "done")

    def test_pause_then_resume(self):
        portfolio = self.portfolio(2, "de la Pause")
        batch = self.preview(portfolio)
        batch.action_start()
        self.run_batch("ir_cron_prepare")
        batch.action_pause()
        self.run_batch()
        self.assertEqual(set(portfolio.mapped("upload_state")), {"queued"})
        self.assertFalse(batch.has_results, "nothing to tell but that they wait")
        self.assertEqual(batch.progress["batch"], "paused")
        unprepared = self.condominium("3 rue de la Pause")
        other = self.preview(unprepared | self.condominium("4 rue de la Pause"))
        other.action_start()
        other.action_pause()
        told = self.preview(portfolio | unprepared).line_ids.mapped("reason")
        self.assertEqual({"that is paused" in reason for reason in told}, {True})
        batch.action_resume()
        self.run_batch()
        self.assertEqual(set(portfolio.mapped("upload_state")), {"accepted"})
        self.assertEqual(batch.state, "done")

    def test_the_end_is_no_sooner_than_what_the_registry_puts_off(self):
        batch = self.preview(self.portfolio(2, "du Report"))
        batch.action_start()
        self.run_batch("ir_cron_prepare")
        self.simulator.control.add_fault("503", service="WS1", count=2, seconds=1800)
        self.run_batch("ir_cron_send")
        self.assertEqual(batch.progress["waiting"], 2)
        later = fields.Datetime.now() + timedelta(seconds=1700)
        self.assertGreater(fields.Datetime.to_datetime(batch.progress["leaves_at"]), later)

    def test_what_comes_back_to_the_queue_waits_with_its_batch(self):
        portfolio = self.portfolio(2, "du Retour")
        batch = self.preview(portfolio)
        batch.action_start()
        self.run_batch("ir_cron_prepare")
        batch.sudo().state = "paused"  # as if these were in the air when it was paused
        self.run_batch("ir_cron_send")
        self.assertTrue(all(portfolio.transmission_id.mapped("on_hold")))
        batch.action_cancel()
        self.run_batch()
        self.assertEqual(set(portfolio.mapped("upload_state")), {"cancelled"})
        self.assertEqual(portfolio.transmission_id.cancelled_by_id, self.manager)

    def test_cancelling_keeps_what_was_not_prepared_from_leaving(self):
        portfolio = self.portfolio(2, "de l'Abandon")
        batch = self.preview(portfolio)
        batch.action_start()
        batch.action_cancel()
        self.run_batch()
        self.assertFalse(portfolio.transmission_ids)
        self.assertTrue(batch.finished_at)
        self.assertEqual(batch.progress["cancelled"], 2)

    def test_what_a_cancelled_batch_has_not_written_is_uploaded_again(self):
        portfolio = self.portfolio(2, "de la Reprise")
        batch = self.preview(portfolio)
        batch.action_start()
        batch.action_cancel()
        again = batch.browse(batch.action_upload_again()["res_id"])
        self.assertEqual(again.line_ids.condominium_id, portfolio)
        self.assertEqual(set(again.line_ids.mapped("plan")), {"ready"})

    def test_what_is_still_to_be_written_keeps_the_account_as_it_is(self):
        batch = self.preview(self.portfolio(2, "du Passage"))
        batch.action_start()
        account = self.account.with_user(self.administrator)
        with self.assertRaisesRegex(UserError, ": 2"):
            account.environment = "production"
        with self.assertRaisesRegex(UserError, ": 2"):
            account.contract_profile = "hypothetical-json"
        batch.action_cancel()
        account.environment = "production"

    def test_one_that_fails_never_keeps_the_others_from_leaving(self):
        broken, good = self.portfolio(2, "de la Panne")
        batch = self.preview(broken | good)
        batch.action_start()
        model = type(self.env["copro.condominium"])
        frozen = model._queue_checked

        def queue(condominium, batch=None):
            if condominium == broken:
                raise KeyError("broken")
            return frozen(condominium, batch=batch)

        with (
            patch.object(model, "_queue_checked", queue),
            self.assertLogs("odoo.addons.copro_registry", "ERROR"),
        ):
            self.run_batch()
        self.assertTrue(good.registration_number)
        line = batch.line_ids.filtered(lambda one: one.condominium_id == broken)
        self.assertEqual(line.plan, "incomplete")
        self.assertEqual(batch.progress["incomplete"], 1)

    def test_two_previews_of_the_same_send_once(self):
        portfolio = self.portfolio(2, "des Deux Lots")
        batches = [self.preview(portfolio), self.preview(portfolio)]
        for batch in batches:
            batch.action_start()
        self.run_batch()
        self.assertEqual(len(portfolio.transmission_ids), 2)
        self.assertEqual(set(batches[1].line_ids.mapped("plan")), {"open"})

    def test_what_waits_in_a_started_batch_is_not_ready_for_another(self):
        portfolio = self.portfolio(2, "de l'Attente")
        first = self.preview(portfolio)
        first.action_start()
        second = self.preview(portfolio)
        self.assertEqual(set(second.line_ids.mapped("plan")), {"open"})
        first.action_cancel()
        third = self.preview(portfolio)
        self.assertEqual(set(third.line_ids.mapped("plan")), {"ready"})

    def test_a_call_from_outside_enters_no_batch(self):
        batch = self.preview(self.portfolio(2, "du Contexte"))
        batch.action_start()
        condominium = self.condominium("9 rue du Contexte").with_user(self.manager)
        condominium.with_context(copro_batch=batch.id, copro_batch_id=batch.id).action_upload()
        self.assertTrue(condominium.transmission_id)
        self.assertFalse(condominium.transmission_id.batch_id)

    def test_one_company_at_a_time(self):
        other = self.env["res.company"].create({"name": "Autre cabinet"})
        self.env["copro.declarant.account"].create({"company_id": other.id})
        mine, theirs = self.portfolio(2, "de Deux Cabinets")
        theirs.company_id = other
        accounts = (mine | theirs).company_id.copro_account_ids
        accounts[1:].write(self.account.read(["number", "email"])[0] | {"id": accounts[1].id})
        with self.assertRaises(UserError):
            (mine | theirs).action_upload()

    def test_readers_only_look(self):
        batch = self.preview(self.portfolio(2, "du Lecteur"))
        for action in ("action_start", "action_pause", "action_cancel", "action_discard"):
            with self.subTest(action), self.assertRaises(AccessError):
                getattr(batch.with_user(self.reader), action)()
        batch.action_discard()
        self.assertFalse(batch.exists())

    def test_a_started_batch_is_kept(self):
        batch = self.preview(self.portfolio(2, "de la Preuve"))
        batch.action_start()
        with self.assertRaises(UserError):
            batch.sudo().unlink()

    def test_annual_updates_leave_by_themselves_where_it_is_wanted(self):
        portfolio = self.portfolio(2, "de la Nuit")
        for condominium in portfolio:
            self.upload(condominium)
            last = condominium.fiscal_year_id
            last.copy(
                {
                    "start_date": last.end_date.replace(day=28),
                    "end_date": last.meeting_date,
                    "meeting_date": last.meeting_date.replace(year=last.meeting_date.year + 1),
                }
            )
        self.run_batch("ir_cron_annual", "ir_cron_prepare", "ir_cron_send")
        self.assertEqual(set(portfolio.transmission_id.mapped("service")), {"WS1"})
        self.account.auto_annual = True
        batches = self.env["copro.upload.batch"]
        self.run_batch("ir_cron_annual")
        waiting = batches.search([("company_id", "=", self.company.id)], limit=1)
        self.assertEqual(waiting.line_ids.condominium_id, portfolio)
        self.run_batch("ir_cron_annual")
        last = batches.search([("company_id", "=", self.company.id)], limit=1)
        self.assertEqual(last, waiting, "what waits in a batch enters no second one")
        self.run_batch("ir_cron_prepare", "ir_cron_send")
        self.assertEqual(set(portfolio.transmission_id.mapped("service")), {"WS2_ANNUAL"})
        self.assertEqual(set(portfolio.mapped("upload_state")), {"accepted"})


@tagged("post_install", "-at_install")
class TestBatchOnTheWire(RegistryCase, HttpCase):
    """What a browser asks for: the report, and to follow a batch."""

    def batch(self):
        condominiums = self.condominium("1 rue du Fil") | self.condominium("2 rue du Fil")
        action = condominiums.with_user(self.manager).action_upload()
        return self.env["copro.upload.batch"].browse(action["res_id"])

    def test_the_report_is_for_those_who_see_the_batch(self):
        batch = self.batch()
        stranger = self._user("manager", self.env["res.company"].create({"name": "Autre"}))
        url = f"/copro_registry/batch/{batch.id}.xlsx"
        for user, status in ((self.reader, 200), (stranger, 403)):
            self.authenticate(user.login, user.login)
            self.assertEqual(self.url_open(url).status_code, status)
        self.assertEqual(self.url_open(f"/copro_registry/batch/{2**31}.xlsx").status_code, 404)

    def test_who_may_follow_a_batch(self):
        batch = self.batch()
        names = [f"copro.upload.batch_{batch.id}", "copro.upload.batch_x", "copro.upload.batch_"]
        stranger = self._user("manager", self.env["res.company"].create({"name": "Autre"}))
        for user, follows in ((self.reader, True), (stranger, False)):
            with self.subTest(user.login):
                followed = self.env["ir.websocket"].with_user(user)._with_batches(["x", *names])
                self.assertEqual(followed, ["x", batch] if follows else ["x"])
