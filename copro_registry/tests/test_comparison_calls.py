"""A comparison calls first and writes after: nobody's save waits for the registry."""

from dataclasses import replace
from datetime import date
from unittest.mock import patch

import psycopg2.errors

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.copro_registry.rnc import contract
from odoo.addons.copro_registry.rnc.dispatch import Dispatch

from .common import EMAIL, NUMBER, SIREN
from .scenarios import DOCUMENT, ScenarioCase

WRITING = ("INSERT", "UPDATE", "DELETE")
PACE = "COPRO_CALL_PACE"  # turns are taken in a transaction of their own, which ends at once


@tagged("post_install", "-at_install")
class TestCalls(ScenarioCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.simulator.control.clear_faults)

    def written_before_the_end_of_the_calls(self, act):
        """The statements that lock, made before the last call has landed."""
        cursor, statements, ended = type(self.env.cr), [], []
        execute, leave = cursor.execute, Dispatch.__exit__

        def noted(self, query, *values, **names):
            code = getattr(query, "code", query)
            text = (code if isinstance(code, str) else str(code)).lstrip().upper()
            locks = text.startswith(WRITING) or " FOR UPDATE" in text
            locks = locks and PACE not in text
            statements.extend([text] if locks and not ended else [])
            return execute(self, query, *values, **names)

        def left(dispatch, *exception):
            ended.append(True)
            return leave(dispatch, *exception)

        self.env.flush_all()
        with patch.object(cursor, "execute", noted), patch.object(Dispatch, "__exit__", left):
            act()
        self.assertTrue(ended, "calls were made")
        return statements

    def test_a_click_writes_nothing_while_it_calls(self):
        compared = self.registered("1 rue du Verrou") | self.registered("2 rue du Verrou")
        own = compared.with_user(self.manager)
        for _turn in ("the first time", "again, over the lines of before"):
            written = self.written_before_the_end_of_the_calls(own.action_compare)
            self.assertEqual(written, [])
            self.assertEqual(set(compared.comparison_ids.mapped("state")), {"done"})

    def test_what_is_saved_meanwhile_is_compared_later_and_called_once(self):
        compared = self.registered("3 rue du Verrou") | self.registered("4 rue du Verrou")
        condominium = type(compared)
        original = condominium._downloaded

        def conflict(record, theirs):
            if record == compared[0]:
                raise psycopg2.errors.SerializationFailure("saved meanwhile")
            return original(record, theirs)

        before = len(self.ledger(service="WS3"))
        with patch.object(condominium, "_downloaded", conflict):
            compared.with_user(self.manager).action_compare()
        self.assertEqual(len(self.ledger(service="WS3")) - before, 2)
        states = compared.mapped(lambda one: one.comparison_ids.state)
        self.assertEqual(states, ["waiting", "done"])
        self.run_cron("ir_cron_compare")
        self.assertEqual(compared[0].comparison_ids.state, "done")

    def test_who_only_reads_calls_nothing(self):
        condominium = self.registered("5 rue du Verrou")
        condominium.with_user(self.manager).action_compare()
        before = len(self.ledger())
        with self.assertRaises(AccessError):
            condominium.with_user(self.reader).action_compare()
        with self.assertRaises(AccessError):
            condominium.comparison_ids.with_user(self.reader).action_fetch()
        self.assertEqual(len(self.ledger()), before)

    def test_figures_of_a_declared_fiscal_year_are_taken_by_a_manager(self):
        condominium = self.registered("6 rue du Verrou")
        fiscal_year = condominium.fiscal_year_id
        fiscal_year.sudo().declared_on = False
        fiscal_year.unpaid_amount = 1.5
        fiscal_year.sudo().declared_on = "2026-01-31"
        comparison = condominium.with_user(self.manager)
        comparison.action_compare()
        condominium.comparison_ids.with_user(self.manager).action_take_all()
        self.assertEqual((fiscal_year.unpaid_amount, fiscal_year.state), (2410.55, "declared"))

    def requested(self, street):
        """The registry examines a request that was made on its site."""
        condominium = self.registered(street)
        condominium.affiliation_state = "requested"
        return condominium

    def test_who_reads_the_dossier_is_affiliated(self):
        condominium = self.requested("7 rue du Verrou")
        self.assertIn("compare with the registry", condominium._obstacle_to_upload())
        condominium.with_user(self.manager).action_compare()
        self.assertEqual(condominium.affiliation_state, "affiliated")
        self.assertFalse(condominium._obstacle_to_upload())

    def test_a_request_of_ours_is_answered_by_its_own_call(self):
        condominium = self.requested("8 rue du Verrou")
        mandate = condominium.mandate_id
        mandate.write({"document": DOCUMENT, "document_name": "contrat.pdf"})
        uploads = self.env["copro.transmission"].sudo()
        request = uploads._queue(condominium, "WS4", date.today(), mandate=mandate)
        condominium.with_user(self.manager).action_compare()
        self.assertEqual(condominium.affiliation_state, "requested")
        request.with_user(self.manager).action_cancel()
        condominium.with_user(self.manager).action_compare()
        self.assertEqual(condominium.affiliation_state, "affiliated")

    # -- the first import -------------------------------------------------------

    def importing(self, *numbers):
        wizard = self.env["copro.registry.import"].with_user(self.manager)
        return wizard.create({"numbers": "\n".join(numbers)})

    def test_what_has_not_left_stays_in_the_box(self):
        profile = contract.named()
        limits = replace(profile.limits, connections=1, total_timeout=0.5, read_timeout=5)
        self.simulator.control.add_fault("latency", service="WS3", seconds=1)
        wizard = self.importing("ZZ8888881", "ZZ8888882")
        with patch.object(contract, "named", return_value=replace(profile, limits=limits)):
            wizard.action_import()
        self.assertEqual(wizard.numbers, "ZZ8888882")
        self.assertNotIn("ZZ8888882", wizard.failure_text)

    def test_an_account_that_is_refused_empties_no_box(self):
        account = {"number": NUMBER, "profile": "professionnel", "siren": SIREN}
        account["organisation"] = "Cabinet Fictif"
        self.simulator.control.open_account(email="autre@cabinet-fictif.example", **account)
        self.addCleanup(self.simulator.control.open_account, email=EMAIL, **account)
        wizard = self.importing("ZZ8888883", "ZZ8888884")
        with self.assertRaisesRegex(UserError, "télédéclarant inconnu"):
            wizard.action_import()
        self.assertEqual(wizard.numbers, "ZZ8888883\nZZ8888884")
