from datetime import date, datetime, time, timedelta
from unittest.mock import patch

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestUpload(RegistryCase):
    """From a condominium to its registration number, and each year after."""

    def test_the_number_comes_back(self):
        condominium = self.condominium("1 rue de l'Exemple")
        self.upload(condominium)
        self.assertRegex(condominium.registration_number, "^ZZ[0-9]{7}$")
        self.assertEqual(condominium.upload_state, "accepted")
        self.assertEqual(condominium.fiscal_year_id.state, "declared")
        attestation = condominium.transmission_id.attestation_id
        self.assertTrue(attestation.raw.startswith(b"%PDF-"))
        self.assertRegex(attestation.name, r"^Attestation ZZ\d{7}, .+, \d{4}-\d\d-\d\d\.pdf$")

    def test_what_leaves_is_what_was_frozen(self):
        condominium = self.condominium("2 rue de l'Exemple")
        self.upload(condominium)
        transmission = condominium.transmission_id
        [line] = self.ledger(reference=transmission.reference)
        self.assertEqual(line["sha256"], transmission.payload_sha256)
        self.assertEqual(line["service"], "WS1")

    def test_a_click_builds_the_dossier_once(self):
        """What is due, what it lacks and what is frozen are of the same dossier."""
        condominium = self.condominium("20 rue de l'Exemple")
        self.upload(condominium)
        condominium.lift_count = 3
        condominium.flush_recordset()
        model = type(condominium)
        with patch.object(model, "_dossiers", autospec=True, side_effect=model._dossiers) as built:
            condominium.with_user(self.manager).action_upload()
        self.assertEqual(condominium.transmission_id.service, "WS2_STANDARD")
        self.assertEqual(built.call_count, 1)

    def test_nothing_to_send_is_not_sent(self):
        condominium = self.condominium("3 rue de l'Exemple")
        self.upload(condominium)
        before = len(self.simulator.control.ledger())
        result = self.upload(condominium)
        self.assertEqual(result["params"]["type"], "info")
        self.assertEqual(len(self.simulator.control.ledger()), before)
        self.assertEqual(len(condominium.transmission_ids), 1)

    def test_a_correction_is_a_standard_update(self):
        condominium = self.condominium("4 rue de l'Exemple")
        self.upload(condominium)
        condominium.lift_count = 2
        self.upload(condominium)
        self.assertEqual(condominium.transmission_id.service, "WS2_STANDARD")
        self.assertEqual(condominium.upload_state, "accepted")

    def test_an_approved_fiscal_year_is_an_annual_update(self):
        condominium = self.condominium("5 rue de l'Exemple")
        self.upload(condominium)
        last = condominium.fiscal_year_id
        last.copy(
            {
                "start_date": last.end_date.replace(day=28),
                "end_date": last.meeting_date,
                "meeting_date": last.meeting_date.replace(year=last.meeting_date.year + 1),
            }
        )
        self.upload(condominium)
        self.assertEqual(condominium.transmission_id.service, "WS2_ANNUAL")
        self.assertEqual(condominium.upload_state, "accepted")
        self.assertEqual(condominium.fiscal_year_id.state, "declared")

    def test_what_the_registry_has_was_declared_on_the_day_in_france(self):
        condominium = self.condominium("24 rue de l'Exemple")
        self.upload(condominium)
        fiscal_year = self.next_fiscal_year(condominium)
        tomorrow = date.today() + timedelta(days=1)  # never before the present hour
        night = datetime.combine(tomorrow, time(23, 30))  # UTC
        with patch.object(fields.Datetime, "now", return_value=night):
            self.upload(condominium)
        self.assertEqual(condominium.transmission_id.answered_at, night)
        fiscal_year.sudo().declared_on = False
        self.assertEqual(condominium.service_due, "WS2_ANNUAL")
        result = self.upload(condominium)
        self.assertIn("up to date", result["params"]["message"])
        self.assertEqual(fiscal_year.declared_on, tomorrow + timedelta(days=1))

    def test_what_was_uploaded_is_not_deleted(self):
        condominium = self.condominium("16 rue de l'Exemple")
        condominium.with_user(self.manager).action_upload()
        for record in (condominium.fiscal_year_id, condominium.mandate_id, condominium):
            with self.subTest(record._name), self.assertRaisesRegex(UserError, "proof"):
                record.with_user(self.manager).unlink()
        spare = condominium.mandate_id.copy({"start_date": "2019-01-01", "end_date": "2020-01-01"})
        spare.with_user(self.manager).unlink()

    def test_a_condominium_has_a_name(self):
        condominium = self.condominium("17 rue de l'Exemple").with_user(self.manager)
        for blank in (" ", "\N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}"):
            with self.subTest(repr(blank)), self.assertRaisesRegex(ValidationError, "no name"):
                condominium.name = blank

    def test_a_declared_fiscal_year_is_frozen(self):
        condominium = self.condominium("6 rue de l'Exemple")
        self.upload(condominium)
        with self.assertRaisesRegex(UserError, "declared to the registry"):
            condominium.fiscal_year_id.current_charges = 1
        with self.assertRaisesRegex(AccessError, "cannot be typed in"):
            condominium.with_user(self.manager).fiscal_year_id.declared_on = False
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            condominium.fiscal_year_id.unlink()
        arch = etree.fromstring(self.env["copro.fiscal.year"].get_view(view_type="form")["arch"])
        for name in ("start_date", "current_charges", "has_staff"):
            [field] = arch.xpath(f"//field[@name='{name}']")
            self.assertIn("declared", field.get("readonly"))

    def test_a_fiscal_year_does_not_end_before_it_starts(self):
        fiscal_year = self.condominium("10 rue de l'Exemple").fiscal_year_id
        with self.assertRaisesRegex(ValidationError, "before it starts"):
            fiscal_year.end_date = fiscal_year.start_date - timedelta(days=1)

    def test_an_unknown_address_is_refused_beside_the_field(self):
        condominium = self.condominium("Résidence Les Tilleuls, bâtiment C")
        self.upload(condominium)
        self.assertEqual(condominium.upload_state, "rejected")
        self.assertIn("Adresse inconnue", condominium.upload_message)
        self.assertFalse(condominium.registration_number)
        activity = condominium.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        condominium.street = "7 rue de l'Exemple"
        self.upload(condominium)
        self.assertEqual(condominium.upload_state, "accepted")

    def test_what_our_control_refuses_never_leaves(self):
        condominium = self.condominium("8 rue de l'Exemple")
        condominium.fiscal_year_ids.write({"start_date": False, "end_date": False})
        before = len(self.simulator.control.ledger())
        result = self.upload(condominium)
        self.assertIn("Start date of the accounting period", result["params"]["message"])
        self.assertFalse(condominium.transmission_ids)
        self.assertEqual(len(self.simulator.control.ledger()), before)

    def test_a_refusal_is_told_in_the_language_of_who_is_in_charge(self):
        self.manager.lang = "fr_FR"
        condominium = self.condominium("Résidence Sans Rue")
        condominium.with_user(self.manager).action_upload()
        self.run_cron("ir_cron_send")
        activity = condominium.activity_ids
        self.assertEqual(activity.summary, "Téléversement refusé par le registre")
        self.assertEqual(activity.user_id, self.manager)
        condominium.street = "23 rue de l'Exemple"
        self.upload(condominium)
        self.assertEqual(condominium.upload_state, "accepted")
        self.assertFalse(condominium.activity_ids, "the act itself closes it")
        told = " ".join(condominium.message_ids.mapped("body"))
        self.assertIn("accepté par le registre", told)

    def test_two_clicks_make_one_call(self):
        condominium = self.condominium("13 rue de l'Exemple")
        condominium.with_user(self.manager).action_upload()
        condominium.with_user(self.manager).action_upload()
        self.run_cron("ir_cron_send")
        self.run_cron("ir_cron_send")
        self.assertEqual(len(condominium.transmission_ids), 1)
        reference = condominium.transmission_id.reference
        self.assertEqual(len(self.ledger(reference=reference)), 1)

    def test_what_has_been_uploaded_is_archived_not_deleted(self):
        condominium = self.condominium("18 rue de l'Exemple").with_user(self.manager)
        condominium.action_upload()
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            condominium.unlink()
        condominium.active = False
        self.condominium("19 rue de l'Exemple").with_user(self.manager).unlink()

    def test_a_reader_cannot_upload(self):
        condominium = self.condominium("14 rue de l'Exemple")
        with self.assertRaises(AccessError):
            condominium.with_user(self.reader).action_upload()

    def test_acceptance_by_an_operator(self):
        self.simulator.control.set_acceptance("manual")
        self.addCleanup(self.simulator.control.set_acceptance, "immediate")
        condominium = self.condominium("15 rue de l'Exemple")
        self.upload(condominium)
        self.assertEqual(condominium.upload_state, "received")
        self.assertFalse(condominium.registration_number)
        self.simulator.control.accept(condominium.transmission_id.reference)
        self.make_due(condominium.transmission_id)
        self.run_cron("ir_cron_status")
        self.assertEqual(condominium.upload_state, "accepted")
        self.assertTrue(condominium.registration_number)

    def test_refusal_by_an_operator(self):
        self.simulator.control.set_acceptance("manual")
        self.addCleanup(self.simulator.control.set_acceptance, "immediate")
        condominium = self.condominium("16 rue de l'Exemple")
        self.upload(condominium)
        reference = condominium.transmission_id.reference
        self.simulator.control.refuse(reference, "justificatif illisible")
        self.make_due(condominium.transmission_id)
        self.run_cron("ir_cron_status")
        self.assertEqual(condominium.upload_state, "rejected")
        self.assertIn("justificatif illisible", condominium.upload_message)

    def make_due(self, transmission):
        transmission.next_attempt = "2020-01-01"

    def test_a_fault_of_ours_is_not_a_refusal(self):
        """An error while recording leaves the upload to be asked about."""
        condominium = self.condominium("17 rue de l'Exemple")
        condominium.with_user(self.manager).action_upload()
        model = type(self.env["copro.transmission"])
        with (
            patch.object(model, "_settle", side_effect=RuntimeError("broken")),
            self.assertLogs("odoo.addons.copro_registry", "ERROR"),
        ):
            self.run_cron("ir_cron_send")
        self.assertEqual(condominium.transmission_id.state, "unknown")
        self.run_cron("ir_cron_status")
        self.assertEqual(condominium.upload_state, "accepted")
        reference = condominium.transmission_id.reference
        self.assertEqual(len(self.ledger(reference=reference)), 1)
