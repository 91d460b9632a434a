"""What a trial recorded does not stand for the national registry."""

from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.modules.migration import load_script
from odoo.tests import Form, tagged
from odoo.tools import file_path

from odoo.addons.copro_registry.rnc.codec.answer import Answer

from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestEnvironment(RegistryCase):
    def setUp(self):
        super().setUp()
        # The registry of the class remembers addresses.
        self.residence = self.condominium(f"31 rue {self._testMethodName}")

    def leave(self, environment="production"):
        self.account.with_user(self.administrator).environment = environment

    def simulated(self):
        """What the address and the authority of the simulator are."""
        return {"url": self.simulator.url, "authority_pem": self.authority.pem.decode()}

    def test_the_address_of_one_environment_is_not_kept_for_another(self):
        self.leave()
        self.assertFalse(self.account.url)
        self.assertFalse(self.account.authority_pem)
        self.assertIn("registre-coproprietes.gouv.fr", self.account.used_url)

    def test_what_is_entered_with_the_environment_is_kept(self):
        account = self.account.with_user(self.administrator)
        account.write({"environment": "production", "url": "https://registre.example/ws/"})
        self.assertEqual(account.url, "https://registre.example/ws/")
        self.assertFalse(account.authority_pem)
        account.write({"environment": "test", **self.simulated()})
        self.assertEqual(account.url, self.simulator.url)
        self.assertTrue(account.authority_pem)

    def test_the_form_asks_for_the_address_again(self):
        form = Form(self.account.with_user(self.administrator))
        self.assertTrue(form.url)
        form.environment = "production"
        self.assertFalse(form.url)
        self.assertFalse(form.authority_pem)
        self.assertIn("registre-coproprietes.gouv.fr", form.used_url)
        form.save()
        self.assertEqual(self.account.environment, "production")

    def test_production_is_never_the_simulator(self):
        for address in (self.simulator.url, "https://localhost/", "https://[::1]:8443/ws/"):
            with self.subTest(address):
                self.assert_refused({"environment": "production", "url": address}, "very machine")
        self.leave()
        self.assert_refused({"url": self.simulator.url}, "very machine")
        self.assert_refused({"authority_pem": self.authority.pem.decode()}, "the simulator's")

    def assert_refused(self, values, why):
        with self.assertRaises(ValidationError) as refused:  # and undone
            self.account.with_user(self.administrator).write(values)
        self.assertIn(why, str(refused.exception))

    def test_an_older_version_let_it_pass(self):
        """Nothing leaves for it any more, and the technical parameters say why."""
        upload = self.env["copro.transmission"]._queue(self.residence, "WS1", date.today())
        self.account.flush_recordset()
        self.env.cr.execute(
            "UPDATE copro_declarant_account SET environment = 'production' WHERE id = %s",
            [self.account.id],
        )
        self.env.invalidate_all()
        self.assertIn("this very machine", self.account.problem)
        before = len(self.ledger())
        self.run_cron("ir_cron_send")
        self.assertEqual(len(self.ledger()), before)
        self.assertFalse(self.residence.registration_number)
        self.assertEqual(upload.state, "queued")

    def test_an_address_names_a_server(self):
        account = self.account.with_user(self.administrator)
        for address in ("https://a..b/", "https://", "https://a:b/", f"https://{'a' * 64}.fr/"):
            with self.subTest(address), self.assertRaisesRegex(ValidationError, "of no server"):
                account.url = address
        account.url = "https://registre.example:8443/ws/"

    def test_a_number_given_in_a_trial_says_so(self):
        self.upload(self.residence)
        self.assertTrue(self.residence.registration_number)
        self.assertEqual(self.residence.number_environment, "simulator")
        self.residence.with_user(self.manager).registration_number = "AB1234567"
        self.assertFalse(self.residence.number_environment)

    def test_a_trial_is_forgotten(self):
        self.upload(self.residence)
        upload = self.residence.transmission_id
        self.leave()
        self.assertFalse(self.residence.registration_number)
        self.assertFalse(self.residence.registration_date)
        self.assertFalse(self.residence.number_environment)
        self.assertFalse(self.residence.affiliation_state)
        self.assertFalse(self.residence.transmission_id)
        self.assertFalse(self.residence.mandate_id.declared_on)
        self.assertEqual(self.residence.fiscal_year_id.state, "approved")
        self.assertEqual(self.residence.service_due, "WS1")
        self.assertEqual(self.residence.transmission_ids, upload)
        self.assertEqual(upload.state, "accepted")

    def test_a_true_number_stays_and_its_update_is_due_again(self):
        self.upload(self.residence)
        number = self.residence.registration_number
        self.residence.registration_number = "AB1234567"
        self.residence.registration_number = number  # typed, so true
        self.next_fiscal_year(self.residence)
        self.upload(self.residence)
        self.assertFalse(self.residence.service_due)
        self.leave("test")
        self.account.write(self.simulated())
        self.assertEqual(self.residence.registration_number, number)
        self.assertTrue(self.residence.mandate_id.declared_on)
        self.assertEqual(self.residence.service_due, "WS2_ANNUAL")
        self.upload(self.residence)
        self.assertEqual(len(self.ledger(service="WS2_ANNUAL", number=number)), 2)

    def test_a_refused_registration_makes_no_mandate_known(self):
        """Without a number, no mandate is known to the national registry."""
        refused = self.condominium("Résidence Sans Rue")
        self.upload(refused)
        self.assertEqual(refused.upload_state, "rejected")
        self.leave()
        self.assertFalse(refused.registration_number)
        self.assertFalse(refused.mandate_id.declared_on)

    def test_what_has_not_left_is_sent_or_cancelled_first(self):
        self.residence.with_user(self.manager).action_upload()
        with self.assertRaisesRegex(UserError, "environment that you leave: 1"):
            self.leave()
        self.residence.transmission_id.with_user(self.manager).action_cancel()
        self.leave()
        self.assertEqual(self.account.environment, "production")

    def test_a_trial_that_examines_without_end_is_given_up(self):
        self.residence.with_user(self.manager).action_upload()
        upload = self.residence.transmission_id
        upload.sudo().state = "received"
        self.leave()
        self.assertEqual(upload.state, "cancelled")
        self.assertEqual(upload.cancelled_by_id, self.administrator)
        self.assertIn("l'environnement a été changé", upload.message)

    def test_a_trial_without_an_answer_promises_no_question_any_more(self):
        self.residence.with_user(self.manager).action_upload()
        upload = self.residence.transmission_id
        upload.sudo().write({"state": "unknown", "failure_code": "CLIENT_CERTIFICATE_REVOKED"})
        self.leave()
        self.assertEqual(upload.state, "cancelled")
        self.assertIn("l'environnement a été changé", upload.message)

    def test_the_problem_follows_the_address_while_it_is_typed(self):
        draft = self.env["copro.declarant.account"].new(origin=self.account)
        self.assertFalse(draft.problem)
        draft.environment = "production"
        self.assertIn("very machine", draft.problem)
        draft.url = "https://registre.example/"
        self.assertIn("the simulator's", draft.problem)
        draft.authority_pem = False
        self.assertFalse(draft.problem)

    def test_the_email_of_the_declarant_is_one(self):
        account = self.account.with_user(self.administrator)
        with self.assertRaisesRegex(ValidationError, "is not an e-mail address"):
            account.email = "registre.cabinet-fictif.example"
        account.email = False
        account.email = " registre@cabinet-fictif.example "
        self.assertEqual(account.email, "registre@cabinet-fictif.example")

    def test_the_national_registry_is_awaited(self):
        self.account.environment = "production"
        self.residence.with_user(self.manager).action_upload()
        self.residence.transmission_id.sudo().state = "received"
        with self.assertRaises(UserError):
            self.leave("test")

    def test_it_is_said_beforehand(self):
        self.upload(self.residence)
        form = Form(self.account.with_user(self.administrator))
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as log:
            form.environment = "production"
        self.assertIn("Condominiums uploaded as a trial: 1", log.output[0])
        self.assertIn("they are cleared", log.output[0])

    def test_a_number_of_the_national_registry_says_so_too(self):
        upload = self.env["copro.transmission"].new({"environment": "production"})
        answer = Answer("accepted", registration_number="ZZ0000099")
        self.residence.sudo().write(self.residence._values_of_number(upload, answer))
        self.assertEqual(self.residence.number_environment, "production")
        self.residence.with_user(self.manager).registration_number = "AB1234567"
        self.assertFalse(self.residence.number_environment, "typed: nobody here knows")

    def test_numbers_of_an_older_version_say_it_too(self):
        """Only an upload that gave this very number tells."""
        script = file_path("copro_registry/migrations/19.0.2.1.0/post-numbers.py")
        self.account.environment = "production"
        values = {"registration_number": "AB0000031"}
        self.residence.with_user(self.manager).action_upload()
        upload = self.residence.transmission_id.sudo()
        upload.write({"state": "accepted", "given_number": "AB0000031"})
        self.residence.write(values)
        other = self.condominium(f"32 rue {self._testMethodName}", registration_number="AB0000032")
        self.env.flush_all()
        load_script(script, "post_numbers").migrate(self.cr, "19.0.2.0.0")
        self.env.invalidate_all()
        self.assertEqual(self.residence.number_environment, "production")
        self.assertFalse(other.number_environment)
