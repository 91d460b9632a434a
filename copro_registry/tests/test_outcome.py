"""What an outcome is about, and that it is recorded before anybody is told."""

from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.copro_registry.models.transmission.copro_transmission_queue import ASK

from .common import EMAIL, NUMBER, SIREN, RegistryCase
from .scenarios import DOCUMENT, ScenarioCase

REFUSED = "Résidence Les Tilleuls, bâtiment C"  # no such address
FLOW = "odoo.addons.copro_registry.models.transmission.copro_transmission_run"


class CallerCase(ScenarioCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.simulator.control.clear_faults)
        self.addCleanup(self.let_in)
        self.addCleanup(self.simulator.control.set_acceptance, "immediate")

    def registered_as(self, email):
        self.simulator.control.open_account(
            number=NUMBER,
            email=email,
            profile="professionnel",
            organisation="Cabinet Fictif",
            siren=SIREN,
        )

    def shut_out(self):
        """The registry knows the account by another e-mail: it lets nothing in."""
        self.registered_as("autre@cabinet-fictif.example")

    def let_in(self):
        self.registered_as(EMAIL)

    def queued(self, *streets):
        condominiums = self.env["copro.condominium"]
        for street in streets:
            condominium = self.condominium(street)
            condominium.with_user(self.manager).action_upload()
            condominiums |= condominium
        return condominiums.transmission_id

    def told_administrators(self):
        return self.account.activity_ids.filtered(lambda a: a.user_id == self.administrator)

    def examine(self):
        self.account.with_user(self.administrator).action_test_connection()


@tagged("post_install", "-at_install")
class TestCaller(CallerCase):
    """A refusal that concerns us is none of a file's."""

    def test_a_refused_account_costs_no_upload(self):
        uploads = self.queued(*(f"{rank} rue de la Porte" for rank in range(1, 15)))
        self.shut_out()
        self.simulator.control.add_fault("latency", service="WS1", count=14, seconds=1.5)
        before = len(self.ledger(service="WS1"))
        self.run_cron("ir_cron_send")
        self.assertEqual(set(uploads.mapped("state")), {"queued"})
        self.assertEqual(set(uploads.mapped("attempts")), {0}, "nothing was tried")
        connections = self.account._limited_contract().limits.connections
        calls = len(self.ledger(service="WS1")) - before
        self.assertTrue(0 < calls <= 2 * connections, "not one call each to learn it")
        self.assertFalse(uploads.condominium_id.activity_ids)
        [told] = self.told_administrators()
        self.assertIn("télédéclarant inconnu", told.note)
        for upload in uploads:
            self.assertIn("télédéclarant inconnu", upload.message)
        self.assertIn("télédéclarant inconnu", self.account.pause_message)
        self.run_cron("ir_cron_send")
        self.assertEqual(len(self.ledger(service="WS1")) - before, calls, "the account is held")
        self.let_in()
        self.examine()
        self.assertFalse(self.account.activity_ids)
        self.assertFalse(self.account.pause_message)
        self.run_cron("ir_cron_send")
        self.assertEqual(set(uploads.mapped("state")), {"received"})
        self.assertFalse(any(uploads.mapped("failure_code")))

    def test_a_change_of_the_parameters_lets_all_leave(self):
        [upload] = self.queued("20 rue de la Porte")
        self.shut_out()
        self.run_cron("ir_cron_send")
        self.assertEqual(upload.state, "queued")
        self.account.with_user(self.administrator).email = "autre@cabinet-fictif.example"
        self.run_cron("ir_cron_send")
        self.assertEqual(upload.state, "received")

    def test_what_is_put_right_at_the_registry_alone_is_found_within_the_hour(self):
        [upload] = self.queued("21 rue de la Porte")
        self.shut_out()
        self.run_cron("ir_cron_send")
        self.let_in()
        self.account.sudo().busy_until = fields.Datetime.now()
        upload.next_attempt = fields.Datetime.now()
        self.run_cron("ir_cron_send")
        self.assertEqual(upload.state, "received")
        self.assertFalse(self.account.hold_reason)
        self.assertFalse(self.account.activity_ids, "it is over")

    def test_a_refused_question_concludes_nothing(self):
        self.simulator.control.set_acceptance("manual")
        uploads = self.queued("22 rue de la Porte", "23 rue de la Porte")
        self.run_cron("ir_cron_send")
        self.shut_out()
        self.run_cron("ir_cron_status")
        self.assertEqual(set(uploads.mapped("state")), {"received"})
        self.assertEqual(set(uploads.mapped("asks")), {0}, "nothing was said of them")
        self.assertIn("télédéclarant inconnu", uploads[0].message)
        self.assertEqual(len(self.told_administrators()), 1)
        self.let_in()
        self.examine()
        for upload in uploads:
            self.simulator.control.accept(upload.reference)
        self.run_cron("ir_cron_status")
        self.assertEqual(set(uploads.mapped("state")), {"accepted"})
        self.assertIn("Accepted", uploads[0].message)

    def test_a_certificate_that_is_not_declared_yet_concludes_nothing(self):
        self.simulator.control.set_acceptance("manual")
        [upload] = self.queued("24 rue de la Porte")
        self.run_cron("ir_cron_send")
        new = self.authority.client(SIREN, "Cabinet Fictif", bits=2048)
        self.import_identity(new)
        self.account._put_in_use(self.account.next_certificate_id)
        self.run_cron("ir_cron_status")
        self.assertEqual(upload.state, "received")
        self.assertIn("n'est pas déclaré", upload.message)
        self.simulator.control.declare_certificate(NUMBER, new.certificate)
        self.simulator.control.accept(upload.reference)
        self.examine()
        self.run_cron("ir_cron_status")
        self.assertEqual(upload.state, "accepted")

    def test_a_request_under_examination_is_not_detached_by_mistake(self):
        theirs = self.registered("25 rue de la Porte")
        mine = self.taken_over(theirs, "25 bis rue de la Porte")
        self.simulator.control.set_acceptance("manual")
        values = {"document": DOCUMENT, "document_name": "contrat.pdf"}
        request = self.wizard(mine, "action_request_affiliation", self.other_manager, **values)
        self.assertEqual(mine.affiliation_state, "requested")
        account = {"number": "T0000002", "profile": "professionnel", "siren": "552100554"}
        account["organisation"] = "Autre Syndic"
        self.simulator.control.open_account(email="changed@syndic.example", **account)
        self.addCleanup(
            self.simulator.control.open_account, email="autre@syndic.example", **account
        )
        request.next_attempt = "2020-01-01"
        self.run_cron("ir_cron_status")
        self.assertEqual((request.state, mine.affiliation_state), ("received", "requested"))
        mine._refused(request, {"REQUEST_PENDING"})
        self.assertEqual(mine.affiliation_state, "requested", "it is examined, said again")

    def test_a_refusal_for_another_declarant_closes_nothing(self):
        """What it was sent as, and what it is asked as, are not the same."""
        self.simulator.control.set_acceptance("manual")
        [upload] = self.queued("26 rue de la Porte")
        self.run_cron("ir_cron_send")
        self.simulator.control.refuse(upload.reference, "adresse")
        with patch.object(type(self.account), "_recipient", lambda account: "another"):
            self.run_cron("ir_cron_status")
        self.assertEqual(upload.state, "received")
        self.assertIn("no longer say", upload.message)
        upload.next_attempt = "2020-01-01"
        self.run_cron("ir_cron_status")
        self.assertEqual(upload.state, "rejected", "asked as it was sent, the answer is one")

    def test_an_answer_is_judged_by_the_contract_of_its_question(self):
        [upload] = self.queued("27 rue de la Porte")
        upload.write({"state": "unknown", "attempts": 1, "quiet_until": False})
        client = self.account._client()
        self.addCleanup(client.channel.close)
        outcome = client.status(upload.reference)
        self.account.contract_profile = "hypothetical-json"
        upload._settle(ASK, outcome)
        self.assertEqual(upload.state, "queued", "never received, in the words of the first one")

    def test_a_comparison_that_is_not_let_in_marks_nothing(self):
        compared = self.registered("28 rue de la Porte") | self.registered("29 rue de la Porte")
        comparisons = self.env["copro.comparison"]._of(compared)
        self.shut_out()
        self.run_cron("ir_cron_compare")
        self.assertEqual(set(comparisons.mapped("state")), {"waiting"})
        self.assertEqual(len(self.told_administrators()), 1)
        told = compared[0].with_user(self.manager).action_compare()
        self.assertIn("télédéclarant inconnu", told["params"]["message"])
        self.assertEqual(set(comparisons.mapped("state")), {"waiting"})
        self.let_in()
        self.examine()
        self.run_cron("ir_cron_compare")
        self.assertEqual(set(comparisons.mapped("state")), {"done"})


@tagged("post_install", "-at_install")
class TestNews(RegistryCase):
    """Outcome first, then the news: nobody's telling undoes what the registry said."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self.simulator.control.clear_faults)
        self.manager.copro_mail_refusals = True

    def refused(self, street=REFUSED):
        condominium = self.condominium(street)
        self.upload(condominium)
        for _turn in range(2):
            self.run_cron("ir_cron_send")
            self.run_cron("ir_cron_status")
        upload = condominium.transmission_id
        self.assertEqual(upload.state, "rejected", upload.message)
        self.assertEqual(len(self.ledger(reference=upload.reference, service="WS1")), 1)
        return condominium

    def test_a_refusal_is_recorded_though_its_template_is_gone(self):
        self.env.ref("copro_registry.mail_template_refusal").unlink()
        with self.assertLogs("odoo.addons.copro_registry", "ERROR"):
            condominium = self.refused()
        self.assertTrue(condominium.activity_ids)
        self.assertFalse(condominium.transmission_id.news)

    def test_a_refusal_is_recorded_though_its_template_is_broken(self):
        template = self.env.ref("copro_registry.mail_template_refusal")
        # As an edit by hand leaves it: the form does not try it on a refusal.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_template SET body_html = jsonb_build_object('en_US', %s) WHERE id = %s",
            ["<t t-out='object.no_such_field.at_all'/>", template.id],
        )
        template.invalidate_recordset()
        with mute_logger("odoo.addons.mail.models.mail_render_mixin"):
            with self.assertLogs("odoo.addons.copro_registry", "ERROR"):
                condominium = self.refused()
        self.assertTrue(condominium.activity_ids)

    def test_a_refusal_is_recorded_though_no_activity_can_be_made(self):
        """Another addon's rule on activities, an archived user, a full disk: whatever it is."""
        broken = patch.object(
            type(self.env["mail.activity"]), "create", side_effect=UserError("no more activities")
        )
        with broken, self.assertLogs("odoo.addons.copro_registry", "ERROR"):
            condominium = self.refused("Résidence Sans Voie")
        upload = condominium.transmission_id
        self.assertFalse(condominium.activity_ids)
        self.assertTrue(upload.news, "the person is still to be told")
        self.run_cron("ir_cron_status")
        self.assertTrue(condominium.activity_ids, "and is, as soon as it can be done")
        self.assertFalse(upload.news)
        posted = condominium.message_ids.filtered(lambda m: "Adresse inconnue" in m.body)
        self.assertEqual(len(posted), 1, "the rest is not said again")

    def test_a_registration_is_recorded_though_nothing_can_be_said(self):
        condominium = self.condominium("1 rue des Nouvelles")
        for name in ("annual", "mandate", "renewal", "successor", "upload", "comparison"):
            self.env.ref(f"copro_registry.mail_activity_{name}").unlink()
        broken = patch.object(
            type(condominium), "_message_log", side_effect=UserError("no more notes")
        )
        with broken, mute_logger("odoo.addons.copro_registry"):
            self.upload(condominium)
        self.assertEqual(condominium.upload_state, "accepted", condominium.upload_message)
        self.assertTrue(condominium.registration_number)
        self.next_fiscal_year(condominium)
        self.upload(condominium)
        self.assertEqual(condominium.fiscal_year_id.state, "declared")

    def test_an_attestation_that_could_not_be_kept_is_kept_later(self):
        condominium = self.condominium("2 rue des Nouvelles")
        self.upload(condominium)
        condominium.lift_count = 2
        full = patch.object(
            type(self.env["ir.attachment"]), "create", side_effect=OSError("no space left")
        )
        with full, mute_logger("odoo.addons.copro_registry"):
            self.upload(condominium)
        upload = condominium.transmission_id
        self.assertEqual((upload.service, upload.state), ("WS2_STANDARD", "accepted"))
        self.assertFalse(upload.attestation_id)
        self.run_cron("ir_cron_status")
        self.assertTrue(upload.attestation_id.raw.startswith(b"%PDF-"))

    def test_what_a_crash_kept_from_being_told_is_told_by_the_next_run(self):
        condominium = self.condominium("Résidence du Crash")
        told = patch.object(
            type(self.env["copro.transmission"]), "_tell_news", lambda uploads: None
        )
        with told:
            self.upload(condominium)
        self.assertEqual(condominium.upload_state, "rejected")
        self.assertFalse(condominium.activity_ids)
        self.run_cron("ir_cron_send")
        self.assertEqual(len(condominium.activity_ids), 1)

    def test_the_rescue_tells_nobody(self):
        condominium = self.condominium("3 rue des Nouvelles")
        other = self.condominium("4 rue des Nouvelles")
        (condominium | other).mapped(lambda c: c.with_user(self.manager).action_upload())
        self.run_cron("ir_cron_send")
        upload = condominium.transmission_id
        upload.write({"asks": 11, "asks_in_vain": 11})
        original = type(upload)._on_accepted

        def broken(record, *values):
            if record == upload:
                raise ValueError("our fault")
            return original(record, *values)

        untold = patch.object(
            type(condominium), "message_post", side_effect=UserError("no more messages")
        )
        with (
            patch.object(type(upload), "_on_accepted", broken),
            untold,
            mute_logger("odoo.addons.copro_registry"),
        ):
            self.run_cron("ir_cron_status")
        self.assertEqual((upload.state, upload.asks), ("unknown", 12))
        self.assertEqual(other.upload_state, "accepted")
        self.assertTrue(condominium.activity_ids, "the activity does not need the message")

    def test_a_context_does_not_silence_a_refusal(self):
        condominium = self.condominium("Résidence Muette")
        silent = condominium.with_user(self.manager).with_context(
            mail_activity_automation_skip=True, tracking_disable=True
        )
        silent.action_upload()
        upload = condominium.transmission_id
        self.run_cron("ir_cron_send")
        self.assertEqual(upload.state, "rejected")
        self.assertTrue(condominium.activity_ids)
        upload = upload.with_context(mail_activity_automation_skip=True)
        condominium.activity_ids.unlink()
        upload._call_a_person()
        self.assertTrue(condominium.activity_ids)


@tagged("post_install", "-at_install")
class TestNumberOfAnother(RegistryCase):
    def test_a_number_that_another_bears_is_told(self):
        condominium = self.condominium("1 rue du Numéro")
        condominium.with_user(self.manager).action_upload()
        self.run_cron("ir_cron_send")
        [request] = [
            one
            for one in self.simulator.control.requests()
            if one["reference"] == condominium.transmission_id.reference
        ]
        self.assertTrue(request)
        numbers = [one["number"] for one in self.simulator.control.condominiums()]
        following = f"ZZ{max([int(n[2:]) for n in numbers], default=0) + 1:07d}"
        holder = self.condominium("2 rue du Numéro", registration_number=following)
        self.run_cron("ir_cron_status")
        upload = condominium.transmission_id
        self.assertEqual(upload.state, "accepted")
        self.assertFalse(condominium.registration_number)
        self.assertIn(following, upload.message)
        self.assertIn(holder.name, upload.message)
        [told] = condominium.activity_ids
        self.assertIn(holder.name, told.note)
        holder.registration_number = False
        condominium.registration_number = following
        upload.invalidate_recordset()
        self.assertEqual(upload.message, f"Accepted by the registry: {following}.")
