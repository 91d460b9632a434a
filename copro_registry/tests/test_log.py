import base64
import hashlib
from datetime import datetime, timezone

import psycopg2.errors
from markupsafe import escape

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import file_path, mute_logger

from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestLog(RegistryCase):
    """What happened to an upload is kept, by the database itself, and can be read."""

    def test_the_timeline_of_an_upload(self):
        condominium = self.condominium("1 rue du Journal")
        self.simulator.control.add_fault("503", service="WS1", seconds=90)
        self.upload(condominium)
        transmission = condominium.transmission_id
        later = transmission.next_attempt - fields.Datetime.now()
        self.assertAlmostEqual(later.total_seconds(), 90, delta=5, msg="Retry-After is honoured")
        transmission.next_attempt = "2020-01-01"
        self.run_cron("ir_cron_send")
        self.assertEqual(len(transmission.attempt_ids), 1, "for all uploads of the account")
        transmission.next_attempt = "2020-01-01"
        self.account.busy_until = False
        self.run_cron("ir_cron_send")
        self.run_cron("ir_cron_status")
        timeline = [(call.kind, call.outcome) for call in transmission.attempt_ids]
        self.assertEqual(
            timeline, [("send", "retryable"), ("send", "received"), ("ask", "accepted")]
        )
        self.assertEqual(transmission.create_uid, self.manager)
        self.assertIn("unavailable", transmission.attempt_ids[0].message)
        self.assertTrue(transmission.is_eventful)
        self.assertEqual(transmission.attempt_ids.mapped("http_status"), [503, 202, 200])

    def test_a_call_is_not_told_before_its_click(self):
        condominium = self.condominium("9 rue du Journal")
        self.simulator.control.add_fault("latency", service="WS1", seconds=0.3)
        clicked = datetime.now(timezone.utc).replace(microsecond=0, tzinfo=None)
        self.upload(condominium)
        self.assertGreaterEqual(condominium.transmission_id.attempt_ids[0].moment, clicked)

    def test_the_timeline_is_never_changed(self):
        condominium = self.condominium("2 rue du Journal")
        self.upload(condominium)
        calls = condominium.transmission_id.attempt_ids
        with self.assertRaises(UserError):
            calls.outcome = "rejected"
        with self.assertRaises(UserError):
            calls.unlink()

    def test_the_database_itself_keeps_the_proof(self):
        condominium = self.condominium("3 rue du Journal")
        self.upload(condominium)
        identity = condominium.transmission_id.id
        for statement in (
            "UPDATE copro_transmission SET payload = 'other' WHERE id = %s",
            "UPDATE copro_transmission SET reference = 'other' WHERE id = %s",
            "UPDATE copro_transmission SET state = 'queued' WHERE id = %s",
            "UPDATE copro_transmission SET answered_at = now() WHERE id = %s",
            "UPDATE copro_transmission SET refusals = '[]' WHERE id = %s",
            "UPDATE copro_transmission SET mandate_id = NULL WHERE id = %s",
            "UPDATE copro_transmission SET attestation_id = NULL WHERE id = %s",
            "UPDATE copro_transmission SET attestation_sha256 = 'other' WHERE id = %s",
            "TRUNCATE copro_transmission CASCADE -- %s",
            "TRUNCATE copro_transmission_attempt -- %s",
            "DELETE FROM copro_transmission WHERE id = %s",
            "UPDATE copro_transmission_attempt SET answer = '' WHERE transmission_id = %s",
            "DELETE FROM copro_transmission_attempt WHERE transmission_id = %s",
            "UPDATE copro_transmission_attempt SET failure_code = '' WHERE transmission_id = %s",
            "UPDATE copro_transmission_attempt SET failure_params = '1' WHERE transmission_id = %s",
            "UPDATE copro_transmission_attempt SET company_id = 1 WHERE transmission_id = %s",
            "UPDATE copro_transmission_attempt SET transmission_id = 1 WHERE transmission_id = %s",
        ):
            with (
                self.subTest(statement),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(psycopg2.errors.RaiseException, "is the proof"),
                self.cr.savepoint(),
            ):
                self.cr.execute(statement, [identity])

    def assertKept(self, statement, *values):
        with (
            self.subTest(statement),
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.RaiseException),
            self.cr.savepoint(),
        ):
            self.cr.execute(statement, values)

    def test_the_database_itself_keeps_how_an_upload_begins(self):
        """Code with every right forges none; and no call of what never left."""
        condominium = self.condominium("31 rue du Journal")
        frozen = self.env["copro.transmission"]._frozen(
            condominium, "WS1", fields.Date.today(), condominium._dossier()
        )
        for forged in (
            {"state": "accepted"},
            {"state": "sending"},
            {"on_hold": True},
            {"attempts": 1},
            {"asks": 1},
            {"claimed_at": fields.Datetime.now()},
            {"answered_at": fields.Datetime.now()},
            {"refusals": [{"code": "X"}]},
            {"failure_code": "X"},
            {"cancelled_by_id": self.manager.id},
            {"attestation_sha256": "0"},
        ):
            with (
                self.subTest(forged),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(psycopg2.errors.RaiseException, "begins queued"),
                self.cr.savepoint(),
            ):
                self.env["copro.transmission"].create({**frozen, **forged})
        upload = self.env["copro.transmission"].create(frozen)
        self.env.flush_all()
        call = "INSERT INTO copro_transmission_attempt (transmission_id, company_id, kind, moment, "
        call += "outcome) SELECT id, %s, 'send', now(), 'accepted' FROM copro_transmission "
        call += "WHERE id = %s"
        self.assertKept(call, self.company.id, upload.id)
        upload.write({"state": "sending", "claimed_at": fields.Datetime.now()})
        self.env.flush_all()
        self.assertKept(call, self.env.ref("base.main_company").id, upload.id)
        self.cr.execute(call, (self.company.id, upload.id))

    def test_the_attestation_is_kept(self):
        condominium = self.condominium("32 rue du Journal")
        self.upload(condominium)
        file = condominium.transmission_id.attestation_id
        digest = hashlib.sha256(file.raw).hexdigest()
        self.assertEqual(condominium.transmission_id.attestation_sha256, digest)
        with self.assertRaisesRegex(AccessError, "attestation"):
            file.sudo().unlink()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError),
            self.cr.savepoint(),
        ):
            self.cr.execute("DELETE FROM ir_attachment WHERE id = %s", [file.id])

    def test_the_digest_of_older_attestations(self):
        """What the upgrade fills in."""
        condominium = self.condominium("33 rue du Journal")
        self.upload(condominium)
        upload = condominium.transmission_id
        digest = upload.attestation_sha256
        table = "ALTER TABLE copro_transmission %s TRIGGER copro_transmission_attested"
        self.cr.execute(table % "DISABLE")
        self.cr.execute("UPDATE copro_transmission SET attestation_sha256 = NULL")
        self.cr.execute(table % "ENABLE")
        self.env.invalidate_all()
        script = file_path("copro_registry/migrations/19.0.1.3.0/post-protected.py")
        load_script(script, "post_protected").migrate(self.cr, "19.0.1.2.0")
        self.env.invalidate_all()
        self.assertEqual(upload.attestation_sha256, digest)

    def test_the_documents_are_read_by_a_form(self):
        """Which asks for the sizes of binary fields, in the place of their contents."""
        condominium = self.condominium("9 rue du Journal")
        self.upload(condominium)
        upload = condominium.transmission_id.with_user(self.manager).with_context(bin_size=True)
        self.env.invalidate_all()
        [read] = upload.web_read({"answer_document": {}, "payload_document": {}})
        self.assertIn("<table", read["answer_document"])
        self.assertIn("<table", read["payload_document"])

    def test_the_documents_are_readable(self):
        self.manager.lang = "fr_FR"
        condominium = self.condominium("4 rue du <b>Journal</b>")
        self.upload(condominium)
        transmission = condominium.transmission_id.with_user(self.reader).with_context(lang="fr_FR")
        declared = transmission.payload_document
        for told in (
            "Date du règlement de copropriété",
            "18/04/1972",
            "De 1961 à 1974",
            "4 rue du &lt;b&gt;Journal",
            "Données financières",
        ):
            with self.subTest(told):
                self.assertIn(told, declared)
        self.assertNotIn("DE_1961_A_1974", declared)
        answered = transmission.answer_document
        self.assertIn("Référence", answered)
        self.assertRegex(answered, r"\d\d/\d\d/\d{4} \d\d:\d\d")
        self.assertTrue(transmission.attestation_id)
        self.assertNotIn("Attestation", answered, "the form links it")

    def test_the_moment_of_an_answer_is_told_by_the_clock_of_who_reads(self):
        self.manager.tz = "Europe/Paris"
        words = self.env["copro.transmission"].with_user(self.manager).with_context(lang="fr_FR")
        words = words.with_context(tz="Europe/Paris")._words(None)
        self.assertEqual(words._moment("2026-11-24T20:21:08+00:00"), "24/11/2026 21:21")
        self.assertEqual(words._moment("2026-11-24T20:21:08"), "24/11/2026 20:21", "its own clock")
        self.assertEqual(words._moment("yesterday"), "yesterday")

    def test_what_is_said_of_a_part_stands_below_its_heading(self):
        self.manager.lang = "fr_FR"
        condominium = self.condominium(
            "8 rue du Journal",
            parcel_ids=[(0, 0, {"insee_code": "35238", "section": "AB", "number": "12"})],
            address_ids=[(0, 0, {"line": "9 rue du Journal 35000 Rennes"})],
        )
        self.upload(condominium)
        upload = condominium.transmission_id.with_user(self.reader).with_context(lang="fr_FR")
        told = upload._document_lines(upload.payload.encode())
        depths = {line["label"]: line["depth"] for line in told}
        self.assertEqual(depths["Commune"], depths["Adresse de référence"] + 1)
        self.assertEqual(depths["Adresses complémentaires"], depths["Adresse de référence"])
        self.assertEqual(depths["Références cadastrales"], depths["Adresse de référence"])
        self.assertEqual(depths["Section"], depths["Références cadastrales"] + 1)

    def test_a_refusal_is_told_in_the_words_of_the_registry(self):
        condominium = self.condominium("Résidence du Refus Sans Rue")
        self.upload(condominium)
        refused = condominium.transmission_id
        answered = refused.answer_document
        self.assertIn(escape(refused.message), answered)
        self.assertIn("ADDRESS_UNKNOWN", answered)
        self.assertEqual(answered.count("Reason of the refusal"), 1)
        self.assertFalse(refused.is_eventful, "its reason is not repeated in the timeline")

    def test_the_answer_is_read_though_a_form_asks_for_its_size(self):
        condominium = self.condominium("70 rue du Journal")
        self.upload(condominium)
        transmission = condominium.transmission_id
        told = transmission.answer_document
        transmission.invalidate_recordset()
        # As the web client reads a form.
        [values] = transmission.with_context(bin_size=True).read(["answer", "answer_document"])
        self.assertEqual(values["answer_document"], told)
        self.assertIn("<table", told)

    def test_each_answer_of_the_registry_is_kept(self):
        condominium = self.condominium("71 rue du Journal")
        condominium.with_user(self.manager).action_upload()
        self.run_cron("ir_cron_send")
        transmission = condominium.transmission_id
        received = transmission.answer_document
        self.assertIn("Received", received)
        self.assertNotIn("Accepted", received)
        self.run_cron("ir_cron_status")
        both = transmission.answer_document
        self.assertEqual(both.count("<table"), 2)
        self.assertLess(both.index("Received"), both.index(condominium.registration_number))
        self.assertIn(b"immatriculation", base64.b64decode(transmission.answer))

    def test_a_hostile_answer_is_only_text(self):
        condominium = self.condominium("5 rue du Journal")
        self.simulator.control.add_fault("xml_bomb", service="WS1")
        condominium.with_user(self.manager).action_upload()
        self.run_cron("ir_cron_send")
        self.assertNotIn("aaaaaaaaaa", condominium.transmission_id.answer_document)

    def test_a_correction_names_what_it_corrects(self):
        condominium = self.condominium("Résidence du Journal Sans Rue")
        self.upload(condominium)
        refused = condominium.transmission_id
        self.assertEqual(refused.state, "rejected")
        condominium.street = "6 rue du Journal"
        opened = refused.with_user(self.manager).action_correct()
        self.run_cron("ir_cron_send")
        self.run_cron("ir_cron_status")
        correction = condominium.transmission_id
        self.assertEqual(correction.corrects_id, refused)
        self.assertEqual(opened["res_id"], correction.id, "he sees what becomes of it")
        self.assertEqual((refused.state, correction.state), ("rejected", "accepted"))

    def test_the_same_file_is_not_queued_twice(self):
        twins = self.condominium("7 rue du Journal") | self.condominium("7 rue du Journal")
        for twin in twins:
            twin.with_user(self.manager).action_upload()
        self.assertEqual(len(twins.transmission_ids), 1)
        first, second = twins
        frozen = first.transmission_id.copy_data()[0]
        frozen |= {"condominium_id": second.id, "reference": "another"}
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.cr.savepoint(),
        ):
            self.env["copro.transmission"].create(frozen)

    def test_an_annual_update_that_the_registry_has_is_not_sent_again(self):
        condominium = self.condominium("8 rue du Journal")
        self.upload(condominium)
        last = condominium.fiscal_year_id
        dates = {
            "start_date": last.end_date.replace(day=28),
            "end_date": last.meeting_date,
            "meeting_date": last.meeting_date.replace(year=last.meeting_date.year + 1),
        }
        last.copy(dates)
        self.upload(condominium)
        self.assertEqual(condominium.transmission_id.service, "WS2_ANNUAL")
        condominium.fiscal_year_id.declared_on = False  # as reopening a first fiscal year does
        result = self.upload(condominium)
        self.assertIn("Nothing to send", result["params"]["message"])
        self.assertEqual(len(condominium.transmission_ids), 2)
        self.assertEqual(condominium.fiscal_year_id.state, "declared")

    def test_the_pace_is_bounded_by_the_profile(self):
        allowed = self.account._limited_contract().limits
        self.account.connections = 2
        self.assertEqual(self.account._limited_contract().limits.connections, 2)
        self.assertEqual(
            self.account._limited_contract().limits.calls_per_minute, allowed.calls_per_minute
        )
        for values in ({"connections": allowed.connections + 1}, {"calls_per_minute": -1}):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.account.write(values)

    def test_an_unknown_outcome_that_lasts_calls_a_person(self):
        self.manager.lang = "fr_FR"
        condominium = self.condominium("9 rue du Journal")
        self.simulator.control.add_fault("reset_after", service="WS1")
        condominium.with_user(self.manager).action_upload()
        self.run_cron("ir_cron_send")
        transmission = condominium.transmission_id
        self.assertEqual(transmission.state, "unknown")
        transmission.write({"asks": 11, "asks_in_vain": 11})
        self.simulator.control.add_fault("503", service="STATUS")
        self.run_cron("ir_cron_status")
        self.assertEqual(transmission.state, "unknown")
        self.assertIn("ne dit pas", condominium.activity_ids.summary)
