import re
from datetime import date
from pathlib import Path

from odoo.tests import tagged

from odoo.addons.copro_registry.models.condominium.copro_condominium_readiness import (
    PARAMETER,
)
from odoo.addons.copro_registry.rnc.today import today
from odoo.addons.copro_registry.tools.sentences import sentence

from .common import CoproCase

MODELS = Path(__file__).parents[1] / "models"
UNKNOWN = "no sentence for it"


@tagged("post_install", "-at_install")
class TestCodes(CoproCase):
    """Codes that another version has kept in the database: each has a sentence."""

    def sql(self, query, *values):
        self.env.flush_all()
        self.env.cr.execute(query, values)
        self.env.invalidate_all()

    def shown(self, record, user=None):
        record = record.with_user(user or self.manager)
        return record.web_read({name: {} for name in record.fields_get()})[0]

    def test_a_rule_and_an_item(self):
        condominium = self.condominium("1 rue du Code")
        finding = (
            '[{"code": "%s", "item": "%s", "params": {}, "blocking": true, "law": "",'
            ' "member": null}]'
        )
        for code, item in (("GONE", "nb_lots_total"), ("MISSING", "gone"), ("GONE", "gone")):
            query = "UPDATE copro_condominium SET stored_findings = %s, readiness_state = %s"
            self.sql(f"{query} WHERE id = %s", finding % (code, item), "not_ready", condominium.id)
            [told] = self.shown(condominium)["findings"]
            self.assertTrue(told["message"])
            if code == "GONE":
                self.assertIn(UNKNOWN, told["message"])
            [line] = condominium.with_user(self.manager)._upload_plans()
            self.assertEqual(line["plan"], "incomplete")

    def test_a_failure(self):
        condominium = self.condominium("2 rue du Code")
        upload = self.env["copro.transmission"]._queue(condominium, "WS1", today())
        upload.write({"failure_code": "GONE", "failure_params": {"a": "b"}})
        call = {
            "transmission_id": upload.id,
            "company_id": self.company.id,
            "kind": "send",
            "moment": "2026-11-30 10:00:00",
            "outcome": "retryable",
            "failure_code": "GONE",
        }
        upload.write({"state": "sending", "claimed_at": call["moment"]})
        self.env.flush_all()
        attempt = self.env["copro.transmission.attempt"].create(call)
        self.assertIn("GONE", self.shown(upload)["message"])
        self.assertIn("GONE", self.shown(attempt)["message"])
        upload.failure_code = "SERVER_ERROR"  # with the parameters of another one
        self.assertTrue(self.shown(upload)["message"])
        upload.write({"failure_code": "UNEXPECTED", "failure_params": False})
        self.assertIn("UNEXPECTED", self.shown(upload)["message"])

    def test_a_step(self):
        step = self.account.step_ids[0]
        self.sql("UPDATE copro_declarant_step SET code = 'GONE' WHERE id = %s", step.id)
        self.assertIn("GONE", self.shown(step, self.administrator)["title"])
        self.assertFalse(step.is_done)
        self.shown(self.account, self.administrator)

    def test_an_item_compared(self):
        condominium = self.condominium("3 rue du Code")
        comparison = self.env["copro.comparison"]._of(condominium)
        line = self.env["copro.comparison.line"].create(
            {
                "comparison_id": comparison.id,
                "item": "gone",
                "our_value": ["1"],
                "their_value": ["2"],
                "state": "different",
            }
        )
        told = self.shown(line)
        self.assertEqual((told["label"], told["ours"], told["theirs"]), ("gone", "1", "2"))
        line.with_user(self.manager).action_keep()

    def test_a_refusal_of_an_item_that_is_gone(self):
        condominium = self.condominium("4 rue du Code")
        upload = self.env["copro.transmission"]._queue(condominium, "WS1", today())
        refusal = {"code": "X1", "item": "gone", "value": None, "detail": None}
        upload.write({"state": "rejected", "refusals": [refusal]})
        self.assertEqual(self.shown(upload)["message"], "X1 gone")
        [told] = self.shown(condominium)["refusals"]
        self.assertEqual(told["message"], "X1 gone")

    def test_a_refusal_without_a_reason(self):
        condominium = self.condominium("5 rue du Code")
        upload = self.env["copro.transmission"]._queue(condominium, "WS1", today())
        for refusals in ([], [{"code": ""}]):
            self.sql("ALTER TABLE copro_transmission DISABLE TRIGGER USER")
            upload.write({"state": "rejected", "refusals": refusals})
            self.sql("ALTER TABLE copro_transmission ENABLE TRIGGER USER")
            self.assertIn("gave no reason", self.shown(upload)["message"])
            [told] = self.shown(condominium)["refusals"]
            self.assertIn("gave no reason", told["message"])

    def test_no_table_is_looked_up_elsewhere(self):
        """A code in brackets beside a table of sentences raises when it is unknown."""
        looked_up = re.compile(r"(MESSAGES|TOPICS|STEPS|PLACES)\[")
        found = {path.name for path in MODELS.rglob("*.py") if looked_up.search(path.read_text())}
        self.assertFalse(found)
        french = self.env(context={"lang": "fr_FR"})
        self.assertIn("GONE", sentence(french, {}, "GONE"))

    def test_an_upgrade_with_other_rules_judges_again(self):
        condominium = self.condominium("6 rue du Code")
        archived = self.condominium("7 rue du Code", active=False)
        condominiums = condominium | archived
        query = "UPDATE copro_condominium SET review_date = '2099-01-01', service_due = NULL"
        self.sql(query)
        self.env["copro.condominium"]._review_after_upgrade()
        self.assertEqual(set(condominiums.mapped("review_date")), {date(2099, 1, 1)})
        self.env["ir.config_parameter"].set_param(PARAMETER, "of another version")
        self.env["copro.condominium"]._review_after_upgrade()
        self.assertEqual(set(condominiums.mapped("review_date")), {today()})
        self.run_cron("ir_cron_review")
        self.assertEqual(condominium.service_due, "WS1")
        self.assertGreater(condominium.review_date, today())
