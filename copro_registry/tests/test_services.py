import base64
from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.copro_registry.rnc.codec import Invalid
from odoo.addons.copro_registry.rnc.today import today

from .scenarios import DOCUMENT, ScenarioCase, Scenarios

SIRET = "55210055400013"
LOGGER = "odoo.addons.copro_registry.models.transmission.copro_transmission_news"


@tagged("post_install", "-at_install")
class TestServicesXml(Scenarios, ScenarioCase):
    """The default profile: XML."""


@tagged("post_install", "-at_install")
class TestServicesJson(Scenarios, ScenarioCase):
    """The second profile: JSON, other names, verbs, codes and error shapes."""

    profile = "hypothetical-json"


@tagged("post_install", "-at_install")
class TestConditions(ScenarioCase):
    """What cannot be declared says why, before anything leaves."""

    def refusal(self, condominium, button, **values):
        before = len(condominium.transmission_ids)
        with self.assertRaises(UserError) as caught:
            self.wizard(condominium, button, **values)
        self.assertEqual(len(condominium.transmission_ids), before)
        return str(caught.exception)

    def test_not_under_a_provisional_administration(self):
        condominium = self.registered("20 rue du Scénario")
        condominium.provisional_administration = "oui"
        self.assertIn("provisional administration", condominium.renewal_obstacle)
        message = self.refusal(condominium, "action_renew_mandate")
        self.assertIn("provisional administration", message)

    def test_not_before_the_registration(self):
        condominium = self.condominium("21 rue du Scénario")
        self.assertIn("not registered", condominium.renewal_obstacle)
        self.assertIn("not registered", condominium.successor_obstacle)

    def test_mandates_do_not_overlap(self):
        condominium = self.registered("22 rue du Scénario")
        end = condominium.mandate_id.end_date
        values = {"start_date": end, "previous_end_date": end}
        self.refusal(condominium, "action_renew_mandate", **values)

    def test_an_affiliation_needs_its_document(self):
        condominium = self.condominium("23 rue du Scénario", registration_number="ZZ9999999")
        self.assertIn(
            "Join the signed contract", self.refusal(condominium, "action_request_affiliation")
        )
        values = {"document": DOCUMENT, "document_name": "contrat.exe"}
        message = self.refusal(condominium, "action_request_affiliation", **values)
        self.assertIn("PDF, JPEG or PNG", message)
        page = base64.b64encode(b"<html><body>contrat</body></html>")
        values = {"document": page, "document_name": "contrat.pdf"}
        message = self.refusal(condominium, "action_request_affiliation", **values)
        self.assertIn("PDF, JPEG or PNG", message)

    def test_a_provisional_syndic_joins_a_document(self):
        condominium = self.registered("24 rue du Scénario")
        condominium.mandate_id.is_provisional = True
        message = self.refusal(condominium, "action_renew_mandate")
        self.assertIn("provisional syndic", message)

    def test_a_successor_must_be_findable(self):
        condominium = self.registered("25 rue du Scénario")
        values = {"company_name": "Autre", "address": "1 place de la Gare"}
        message = self.refusal(condominium, "action_declare_successor", **values)
        self.assertIn("SIRET", message)
        self.assertNotEqual(condominium.affiliation_state, "leaving")

    def succession(self, condominium, **values):
        """The window, filled in."""
        known = {"company_name": "Autre", "address": "1 place de la Gare", "siret": SIRET}
        action = condominium.with_user(self.manager).action_declare_successor()
        wizard = self.env[action["res_model"]].with_user(self.manager)
        return wizard.with_context(**action["context"]).create({**known, **values})

    def test_what_cannot_be_taken_back_is_checked_before_it_is_confirmed(self):
        condominium = self.registered("33 rue du Scénario")
        mandate = condominium.mandate_id
        late = mandate.end_date + timedelta(days=1)
        wrong = (
            ({"siret": self.account.siret}, "of your own account"),
            ({"siret": False, "email": f" {self.account.email.upper()}"}, "of your own account"),
            ({"siret": "552 100 554 00014"}, "is not valid"),
            ({"email": "contact@"}, "is not an e-mail address"),
            ({"siret": False}, "SIRET"),
            ({"end_date": late}, "cannot come later"),
            ({"end_date": mandate.start_date - timedelta(days=1)}, "before it starts"),
        )
        for values, told in wrong:
            wizard = self.succession(condominium, **values)
            for action in ("action_check", "action_declare"):
                with self.subTest(told, action=action), self.assertRaisesRegex(UserError, told):
                    with self.cr.savepoint():
                        getattr(wizard, action)()
            self.assertEqual(wizard.step, "fill")
        self.assertFalse(mandate.successor_company, "a check writes nothing")

    def test_then_it_is_confirmed_and_told(self):
        condominium = self.registered("34 rue du Scénario")
        mandate = condominium.mandate_id
        wizard = self.succession(condominium)
        self.assertEqual(wizard.end_date, today(), "not the end of next year")
        wizard.end_date = mandate.end_date
        self.assertEqual(wizard.action_check()["res_id"], wizard.id)
        self.assertFalse(mandate.successor_siret, "a check writes nothing")
        self.assertIn("cannot take this declaration back", wizard.summary)
        self.assertIn("days ahead", wizard.summary)
        wizard.action_back()
        self.assertFalse(wizard.summary)
        wizard.end_date = date.today()
        wizard.action_check()
        self.assertNotIn("days ahead", wizard.summary)
        wizard.action_declare()
        self.settle()
        self.assertEqual(condominium.affiliation_state, "leaving")
        self.assertIn("Autre, 55210055400013", condominium.leaving_message)
        self.assertFalse(condominium.service_due)

    def test_another_establishment_of_ones_own_is_asked_about(self):
        condominium = self.registered("35 rue du Scénario")
        wizard = self.succession(condominium, siret=f"{self.account.siren}00026")
        wizard.action_check()
        self.assertIn("your own company", wizard.summary)

    def test_a_second_click_does_not_forget_what_follows(self):
        condominium = self.renewable("27 rue du Scénario")
        condominium.with_user(self.manager).action_upload()
        self.assertTrue(condominium.update_follows)
        condominium.with_user(self.manager).action_upload()
        self.assertTrue(condominium.update_follows)

    def test_a_renewal_is_recorded_whatever_follows(self):
        condominium = self.renewable("28 rue du Scénario")
        condominium.with_user(self.manager).action_upload()
        renewal = condominium.transmission_id
        broken = patch.object(type(condominium), "_queue_checked", side_effect=Invalid("a rule"))
        with broken, mute_logger(LOGGER):
            self.settle()
        self.assertEqual((renewal.service, renewal.state), ("WS6", "accepted"))
        self.assertEqual(condominium.transmission_id, renewal)

    def test_an_update_that_cannot_follow_says_why(self):
        self.manager.lang = "fr_FR"
        condominium = self.renewable("31 rue du Scénario")
        condominium.with_user(self.manager).action_upload()
        condominium.lot_count = False
        self.settle()
        renewal = condominium.transmission_id
        self.assertEqual((renewal.service, renewal.state), ("WS6", "accepted"))
        self.assertFalse(condominium.update_follows)
        told = " ".join(condominium.message_ids.mapped("body"))
        self.assertIn("est obligatoire", told)

    def test_an_update_follows_once_the_condominium_is_saved(self):
        condominium = self.renewable("32 rue du Scénario")
        condominium.with_user(self.manager).action_upload()
        condominium.lift_count = 6
        busy = condominium.browse()
        with patch.object(type(condominium), "try_lock_for_update", return_value=busy):
            self.settle()
        self.assertEqual(condominium.transmission_id.service, "WS6")
        self.assertTrue(condominium.update_follows)
        self.settle()
        self.settle()
        self.assertEqual(condominium.transmission_id.service, "WS2_STANDARD")
        self.assertFalse(condominium.update_follows)

    def test_only_the_mandate_that_left_is_known(self):
        """A renewal that is filled in meanwhile is still to be declared."""
        condominium = self.condominium("29 rue du Scénario")
        first = condominium.mandate_id
        condominium.with_user(self.manager).action_upload()
        start = first.start_date + timedelta(days=2)
        first.end_date = start - timedelta(days=1)
        second = first.create(
            {
                "condominium_id": condominium.id,
                "start_date": start,
                "end_date": start + timedelta(days=364),
            }
        )
        self.assertEqual(condominium.mandate_id, second)
        self.settle()
        self.assertTrue(first.declared_on)
        self.assertFalse(second.declared_on)
        self.assertEqual(condominium._service_due(), "WS6")

    def test_a_context_chooses_no_mandate(self):
        condominium = self.renewable("30 rue du Scénario")
        present = condominium.mandate_id
        outside = condominium.with_context(copro_mandate_id=present.id)
        outside.with_user(self.manager).action_upload()
        self.assertEqual(condominium.transmission_id.service, "WS6")
        self.assertEqual(condominium.transmission_id.mandate_id, condominium.mandate_ids - present)

    def renewable(self, street):
        """A condominium whose next mandate is filled in, and not declared yet."""
        condominium = self.registered(street)
        start = condominium.mandate_id.end_date + timedelta(days=1)
        values = {"start_date": start, "end_date": start + timedelta(days=364)}
        condominium.mandate_id.create({"condominium_id": condominium.id, **values})
        self.assertEqual(condominium._service_due(), "WS6")
        return condominium

    def test_who_leaves_sends_the_annual_data_only(self):
        condominium = self.registered("26 rue du Scénario")
        condominium.affiliation_state = "leaving"
        condominium.lift_count = 7
        self.assertFalse(condominium._service_due())
        self.next_fiscal_year(condominium)
        self.assertEqual(condominium._service_due(), "WS2_ANNUAL")
