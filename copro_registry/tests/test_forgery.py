"""What a person tried to pass off as the registry's word, one click each."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.copro_registry.models.transmission.copro_transmission_run import _send_one

from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestForgery(RegistryCase):
    def of_ones_own(self, model, **values):
        """Personal defaults, which every user may set: they hold under ``sudo()`` too."""
        for name, value in values.items():
            self.env["ir.default"].with_user(self.manager).set(model, name, value, True)

    def click(self, street, **context):
        condominium = self.condominium(street)
        condominium.with_user(self.manager).with_context(**context).action_upload()
        return condominium.transmission_id

    def assertLeaves(self, upload):
        """It was queued as any other, and the registry has really recorded it."""
        self.assertEqual((upload.state, upload.attempts), ("queued", 0))
        self.run_cron("ir_cron_send")
        self.run_cron("ir_cron_status")
        self.assertEqual(upload.state, "accepted", upload.message)
        [number] = upload.mapped("condominium_id.registration_number")
        self.assertTrue(number)
        self.assertEqual(upload.attempts, 1)

    def test_recorded_without_the_registry(self):
        self.of_ones_own("copro.transmission", state="accepted", attempts=3)
        self.of_ones_own("copro.transmission", answered_at="2026-01-31 10:00:00")
        upload = self.click("1 rue du Faux")
        self.assertFalse(upload.answered_at)
        self.assertLeaves(upload)

    def test_refused_without_the_registry(self):
        refusal = [{"code": "X", "item": None, "value": "", "detail": ""}]
        self.of_ones_own("copro.transmission", state="rejected", refusals=refusal)
        upload = self.click("2 rue du Faux")
        self.assertFalse(upload.refusals)
        self.assertLeaves(upload)

    def test_a_list_that_nobody_can_open(self):
        self.of_ones_own("copro.transmission", state="cancelled", failure_code="BOGUS")
        upload = self.click("3 rue du Faux")
        upload.with_user(self.reader).read(["message"])
        self.assertLeaves(upload)

    def test_a_call_that_nobody_makes(self):
        self.of_ones_own("copro.transmission", state="sending")
        self.assertLeaves(self.click("4 rue du Faux"))

    def test_a_claim_without_a_moment_is_lost(self):
        """As older versions may have left it: it stops nobody."""
        upload = self.click("5 rue du Faux")
        upload.state = "sending"
        self.run_cron("ir_cron_send")
        self.assertEqual(upload.state, "unknown")

    def test_a_moment_that_never_comes(self):
        self.of_ones_own("copro.transmission", next_attempt=False)
        upload = self.click("6 rue du Faux")
        self.assertTrue(upload.next_attempt)
        self.assertLeaves(upload)

    def test_the_reference_of_another(self):
        reference = "../ZZ0000019?x="
        self.of_ones_own("copro.transmission", reference=reference)
        upload = self.click("7 rue du Faux")
        self.assertNotEqual(upload.reference, reference)
        self.assertLeaves(upload)

    def test_the_timeline_and_the_attestation(self):
        call = {"company_id": self.company.id, "kind": "send", "outcome": "accepted"}
        call["moment"] = "2026-01-31 10:00:00"
        file = self.env["ir.attachment"].create({"name": "a.pdf", "raw": b"%PDF-1.4"})
        self.of_ones_own("copro.transmission", attempt_ids=[[0, 0, call]], attestation_id=file.id)
        upload = self.click("8 rue du Faux")
        self.assertFalse(upload.attempt_ids or upload.attestation_id)
        self.assertLeaves(upload)
        self.assertNotEqual(upload.attestation_id, file)

    def test_the_author_of_a_batch(self):
        condominiums = self.condominium("9 rue du Faux") | self.condominium("10 rue du Faux")
        self.of_ones_own("copro.upload.batch", user_id=self.administrator.id, state="running")
        self.of_ones_own("copro.upload.batch.line", reason="forged")
        action = condominiums.with_user(self.manager).action_upload()
        batch = self.env["copro.upload.batch"].browse(action["res_id"])
        self.assertEqual((batch.user_id, batch.state), (self.manager, "preview"))
        self.assertNotIn("forged", batch.line_ids.mapped("reason"))
        batch.with_user(self.manager).action_start()
        self.run_cron("ir_cron_prepare")
        self.assertEqual(condominiums.transmission_ids.create_uid, self.manager)

    def test_a_batch_whose_pace_cannot_be_told(self):
        """As older versions may have left it: it stops nobody."""
        condominiums = self.condominium("11 rue du Faux") | self.condominium("12 rue du Faux")
        action = condominiums.with_user(self.manager).action_upload()
        batch = self.env["copro.upload.batch"].browse(action["res_id"])
        batch.with_user(self.manager).action_start()
        self.run_cron("ir_cron_prepare")
        batch.write({"resumed_at": False, "left_before": -1})
        self.assertTrue(batch.progress["waiting"])

    def test_a_condominium_that_the_registry_has(self):
        today = fields.Date.today()
        self.of_ones_own(
            "copro.condominium",
            affiliation_state="affiliated",
            registration_date=str(today),
            declared_digest="0" * 64,
            update_follows=True,
            readiness_state="ready",
        )
        made = self.env["copro.condominium"].with_user(self.manager).create({"name": "Le Faux"})
        self.assertFalse(made.affiliation_state or made.registration_date or made.declared_digest)
        self.assertFalse(made.update_follows)
        self.assertEqual(made.readiness_state, "not_ready")

    def test_the_values_of_the_registry(self):
        condominium = self.condominium("13 rue du Faux")
        self.upload(condominium)
        line = {"item": "nb_lots_total", "state": "different", "their_value": [99]}
        self.of_ones_own("copro.comparison", line_ids=[[0, 0, line]], state="done")
        self.simulator.control.add_fault("503", service="WS3")
        condominium.with_user(self.manager).action_compare()
        self.assertFalse(condominium.comparison_ids.line_ids)

    # -- fiscal years -------------------------------------------------------------------

    def test_a_fiscal_year_declared_by_hand(self):
        condominium = self.condominium("14 rue du Faux")
        fiscal_year = condominium.fiscal_year_id.with_user(self.manager)
        for values in ({"declared_on": "2026-01-31"}, {"state": "declared"}):
            with self.subTest(values), self.assertRaises(AccessError):
                fiscal_year.write(values)
            with self.subTest(values), self.assertRaises(AccessError):
                fiscal_year.create({"condominium_id": condominium.id, **values})
            with self.subTest(values), self.assertRaises(AccessError):
                condominium.with_user(self.manager).fiscal_year_ids = [(1, fiscal_year.id, values)]
        self.of_ones_own("copro.fiscal.year", declared_on="2026-01-31", state="declared")
        made = fiscal_year.create({"condominium_id": condominium.id})
        self.assertEqual((made.declared_on, made.state), (False, "draft"))

    def test_figures_of_a_declared_fiscal_year_in_two_calls(self):
        condominium = self.condominium("15 rue du Faux")
        self.upload(condominium)
        fiscal_year = condominium.fiscal_year_id.with_user(self.manager)
        self.assertEqual(fiscal_year.state, "declared")
        with self.assertRaises(AccessError):
            fiscal_year.write({"state": "draft"})
        with self.assertRaises(UserError):
            fiscal_year.write({"current_charges": 1})

    def test_a_fiscal_year_moved_to_another_condominium(self):
        condominium = self.condominium("16 rue du Faux")
        other = self.condominium("17 rue du Faux")
        fiscal_year, mandate = condominium.fiscal_year_id, condominium.mandate_id
        condominium.with_user(self.manager).action_upload()
        moved = {"condominium_id": other.id}
        with self.assertRaisesRegex(UserError, "must stay with its condominium"):
            fiscal_year.with_user(self.manager).write(moved)
        self.run_cron("ir_cron_send")
        self.run_cron("ir_cron_status")
        for record in (fiscal_year, mandate):
            with self.assertRaisesRegex(UserError, "must stay with its condominium"):
                record.with_user(self.manager).write(moved)
        last = self.next_fiscal_year(condominium).with_user(self.manager)
        last.write(moved)
        self.assertEqual(last.condominium_id, other, "what has not left may be corrected")

    # -- what is told cannot be silenced --------------------------------------------------

    def test_a_refusal_is_told_whatever_the_context(self):
        context = {"mail_activity_automation_skip": True, "tracking_disable": True}
        upload = self.click("Résidence du Faux Sans Rue", **context)
        sent = upload.with_user(self.manager).with_context(**context)
        with self.enter_registry_test_mode():
            _send_one(self.env.cr.dbname, upload.id, sent.env.context)
        self.env.invalidate_all()
        self.assertEqual(upload.state, "rejected")
        self.assertTrue(upload.condominium_id.activity_ids)

    def test_the_change_of_a_policy_is_logged_whatever_the_context(self):
        policies = self.env["copro.certificate.policy"].with_user(self.administrator)
        silent = policies.with_context(install_mode=True, tracking_disable=True)
        values = {"name": "Faux", "arc": "1.2.3.4", "company_id": self.company.id}
        before = len(self.account.message_ids)
        policy = silent.create(values)
        policy.name = "Plus faux"
        policy.unlink()
        self.assertEqual(len(self.account.message_ids) - before, 3)

    # -- companies -------------------------------------------------------------------

    def test_a_company_is_chosen_once(self):
        other = self.env["res.company"].create({"name": "Autre Cabinet"})
        self.administrator.company_ids |= other
        both = {"allowed_company_ids": (self.company | other).ids}
        condominium = self.condominium("18 rue du Faux")
        wizard = self.env["copro.registry.import"].with_user(self.administrator)
        for record in (self.account, wizard.create({"numbers": "x"}), condominium.fiscal_year_id):
            own = record.with_user(self.administrator).with_context(**both)
            with self.subTest(record._name), self.assertRaises(AccessError):
                own.write({"company_id": other.id})

    def test_a_condominium_that_changes_company_is_not_sent_by_the_other(self):
        condominiums = self.condominium("19 rue du Faux") | self.condominium("20 rue du Faux")
        other = self.env["res.company"].create({"name": "Autre Cabinet"})
        self.manager.company_ids |= other
        self.account.copy({"company_id": other.id, "number": "T0000009"})
        action = condominiums.with_user(self.manager).action_upload()
        batch = self.env["copro.upload.batch"].browse(action["res_id"])
        batch.with_user(self.manager).action_start()
        moved = condominiums[0]
        moved.company_id = other
        self.run_cron("ir_cron_prepare")
        self.assertFalse(moved.transmission_ids)
        line = batch.line_ids.filtered(lambda one: one.condominium_id == moved)
        self.assertIn("another company", line.reason)
        self.assertEqual(condominiums[1].transmission_ids.company_id, self.company)

    def test_a_mandate_of_another_company_tells_nothing(self):
        other = self.env["res.company"].create({"name": "Autre Cabinet"})
        theirs = self.condominium("21 rue du Faux", company_id=other.id).mandate_id
        theirs.is_provisional = True
        ours = self.condominium("22 rue du Faux")
        wizard = self.env["copro.mandate.renewal"].with_user(self.manager)
        values = {"condominium_id": ours.id, "mandate_id": theirs.id}
        dates = {"start_date": "2026-01-01", "end_date": "2026-12-31"}
        with self.assertRaises(UserError):
            wizard.create({**values, **dates, "previous_end_date": "2025-12-31"})
        with self.assertRaises(AccessError):
            wizard.onchange(values, ["mandate_id"], {"is_provisional": {}})

    def test_a_copy_is_not_declared(self):
        condominium = self.condominium("23 rue du Faux")
        self.upload(condominium)
        copied = condominium.with_user(self.manager).copy({"fiscal_year_ids": []})
        self.assertFalse(copied.affiliation_state or copied.declared_digest)
        end = condominium.fiscal_year_id.end_date + timedelta(days=365)
        fiscal_year = condominium.fiscal_year_id.with_user(self.manager).copy({"end_date": end})
        self.assertFalse(fiscal_year.declared_on)
