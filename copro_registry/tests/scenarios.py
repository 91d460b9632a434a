"""Two syndics, two companies, two accounts and certificates, one registry.

The same scenarios run under each contract profile, with no difference in code: a class
of ``test_services`` names the profile.
"""

import base64
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo.addons.copro_registry.rnc import contract

from .common import RegistryCase

SUCCESSOR_SIREN = "552100554"
DOCUMENT = base64.b64encode(b"%PDF-1.4 contrat de syndic")


class ScenarioCase(RegistryCase):
    """Syndic A is ``common``'s; syndic B stands beside."""

    profile = contract.DEFAULT

    @classmethod
    def simulator_options(cls):
        return ["--profile", str(contract.named(cls.profile).folder)]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.contract_profile = cls.profile
        cls.other_company = cls.env["res.company"].create({"name": "Autre Syndic"})
        cls.other_manager = cls._user("manager", cls.other_company)
        cls.other_account = cls.open_account(
            cls.other_company, "T0000002", "autre@syndic.example", SUCCESSOR_SIREN
        )

    @classmethod
    def open_account(cls, company, number, email, siren):
        identity = cls.authority.client(siren, company.name, bits=2048)
        control = cls.simulator.control
        control.open_account(
            number=number,
            email=email,
            profile="professionnel",
            organisation=company.name,
            siren=siren,
        )
        control.declare_certificate(number, identity.certificate)
        account = cls.env["copro.declarant.account"].create(
            {
                "company_id": company.id,
                "number": number,
                "email": email,
                "siren": siren,
                "siret": "55210055400013",
                "organisation": company.name,
                "environment": "simulator",
                "contract_profile": cls.profile,
                "url": cls.simulator.url,
                "authority_pem": cls.authority.pem.decode(),
            }
        )
        administrator = cls._user("main_administrator", company)
        cls.import_identity(identity, account=account, administrator=administrator)
        return account

    # -- acts, as the buttons do them ---------------------------------------------

    def settle(self, *names):
        for name in names or ("ir_cron_send", "ir_cron_status"):
            self.run_cron(name)

    def registered(self, street):
        condominium = self.condominium(street)
        self.upload(condominium)
        self.assertEqual(condominium.upload_state, "accepted", condominium.upload_message)
        return condominium

    def wizard(self, condominium, button, user=None, **values):
        """Open a guided action, fill it in, send."""
        record = condominium.with_user(user or self.manager)
        action = getattr(record, button)()
        model = record.env[action["res_model"]].with_context(**action["context"])
        wizard = model.create(values)
        wizard.action_declare()
        self.settle()
        return condominium.transmission_id

    def taken_over(self, condominium, street):
        """The condominium as company B types it, with its number and its own mandate."""
        today = date.today()
        mandate = {"start_date": today, "end_date": today + relativedelta(years=1)}
        return self.condominium(
            street,
            company_id=self.other_company.id,
            user_id=self.other_manager.id,
            registration_number=condominium.registration_number,
            mandate_ids=[(0, 0, mandate)],
        )

    def code(self, meaning):
        """The wire's code of an error, whatever the profile calls it."""
        errors = contract.named(self.profile).errors
        return next(c for c, e in errors.items() if e.get("means", c) == meaning)

    def assertRefused(self, transmission, meaning):
        self.assertEqual(transmission.state, "rejected", transmission.message)
        codes = [refusal["code"] for refusal in transmission.refusals]
        self.assertIn(self.code(meaning), codes)


class Scenarios:
    """One scenario a service, and the long one."""

    def test_ws1_then_ws2(self):
        condominium = self.registered("1 rue du Scénario")
        self.assertRegex(condominium.registration_number, "^ZZ[0-9]{7}$")
        self.assertEqual(condominium.affiliation_state, "affiliated")
        self.assertTrue(condominium.mandate_id.declared_on)
        condominium.lift_count = 3
        self.upload(condominium)
        self.assertEqual(condominium.transmission_id.service, "WS2_STANDARD")
        self.assertEqual(condominium.upload_state, "accepted")
        self.next_fiscal_year(condominium)
        self.upload(condominium)
        self.assertEqual(condominium.transmission_id.service, "WS2_ANNUAL")
        self.assertEqual(condominium.fiscal_year_id.state, "declared")
        self.assertTrue(condominium.transmission_id.attestation_id.raw.startswith(b"%PDF-"))

    def test_ws4_is_examined(self):
        condominium = self.registered("2 rue du Scénario")
        mine = self.taken_over(condominium, "2 bis rue du Scénario")
        self.simulator.control.set_acceptance("manual")
        self.addCleanup(self.simulator.control.set_acceptance, "immediate")
        values = {"document": DOCUMENT, "document_name": "contrat.pdf"}
        transmission = self.wizard(mine, "action_request_affiliation", self.other_manager, **values)
        self.assertEqual((transmission.service, transmission.state), ("WS4", "received"))
        self.assertEqual(mine.affiliation_state, "requested")
        self.assertIn("examining", mine.with_user(self.other_manager).affiliation_obstacle)
        self.simulator.control.accept(transmission.reference)
        transmission.next_attempt = "2020-01-01"
        self.settle("ir_cron_status")
        self.assertEqual(transmission.state, "accepted")
        self.assertEqual(mine.affiliation_state, "affiliated")
        self.assertTrue(mine.mandate_id.declared_on)

    def test_ws4_is_refused(self):
        condominium = self.registered("3 rue du Scénario")
        mine = self.taken_over(condominium, "3 bis rue du Scénario")
        self.simulator.control.set_acceptance("manual")
        self.addCleanup(self.simulator.control.set_acceptance, "immediate")
        values = {"document": DOCUMENT, "document_name": "contrat.pdf"}
        transmission = self.wizard(mine, "action_request_affiliation", self.other_manager, **values)
        self.simulator.control.refuse(transmission.reference, "contrat non signé")
        transmission.next_attempt = "2020-01-01"
        self.settle("ir_cron_status")
        self.assertRefused(transmission, "REQUEST_REJECTED")
        self.assertIn("contrat non signé", transmission.message)
        self.assertEqual(mine.affiliation_state, "unaffiliated")

    def test_ws6_then_ws2_in_one_click(self):
        """An AG renewed the mandate: one click sends the renewal, then the update."""
        condominium = self.registered("4 rue du Scénario")
        mandate = condominium.mandate_id
        today = date.today()
        mandate.end_date = today
        new = mandate.copy(
            {
                "start_date": today + relativedelta(days=1),
                "end_date": today + relativedelta(years=2),
                "meeting_date": today - relativedelta(days=3),
            }
        )
        condominium.lift_count = 4
        self.upload(condominium)
        self.settle()
        services = condominium.transmission_ids.sorted("id").mapped("service")
        self.assertEqual(services, ["WS1", "WS6", "WS2_STANDARD"])
        self.assertEqual(set(condominium.transmission_ids.mapped("state")), {"accepted"})
        self.assertTrue(new.declared_on)

    def test_ws6_by_the_mandate(self):
        condominium = self.registered("5 rue du Scénario")
        old = condominium.mandate_id
        end = old.end_date - relativedelta(days=10)
        values = {
            "start_date": end,
            "end_date": end + relativedelta(years=1),
            "previous_end_date": end - relativedelta(days=1),
        }
        transmission = self.wizard(condominium, "action_renew_mandate", **values)
        self.assertEqual((transmission.service, transmission.state), ("WS6", "accepted"))
        self.assertEqual(len(condominium.mandate_ids), 2)
        self.assertEqual(old.end_date, end - relativedelta(days=1), "brought back to the eve")

    def test_long(self):
        """A registers, updates, declares B; B confirms; A is refused; B renews, updates."""
        condominium = self.registered("6 rue du Scénario")
        condominium.lift_count = 2
        self.upload(condominium)
        self.assertEqual(condominium.transmission_id.service, "WS2_STANDARD")

        today = date.today()
        leaving = {
            "end_date": today,
            "company_name": "Autre Syndic",
            "siret": "552 100 554 00013",
            "address": "1 place de la Gare 35000 Rennes",
        }
        transmission = self.wizard(condominium, "action_declare_successor", **leaving)
        self.assertEqual((transmission.service, transmission.state), ("WS5", "accepted"))
        self.assertEqual(condominium.affiliation_state, "leaving")
        self.assertEqual(condominium.mandate_id.end_date, today)

        mine = self.taken_over(condominium, "6 bis rue du Scénario")
        mine.street = condominium.street
        transmission = self.wizard(mine, "action_confirm_affiliation", self.other_manager)
        self.assertEqual((transmission.service, transmission.state), ("WS7", "accepted"))
        self.assertEqual(mine.affiliation_state, "affiliated")

        # A has not been told yet: his next update is refused, and he learns why.
        condominium.affiliation_state = "affiliated"
        condominium.mandate_ids.end_date = today + relativedelta(days=30)
        condominium.lift_count = 5
        self.upload(condominium)
        self.assertRefused(condominium.transmission_id, "NOT_ATTACHED")
        self.assertEqual(condominium.affiliation_state, "unaffiliated")
        result = self.upload(condominium)
        self.assertIn("not affiliated", result["params"]["message"])

        end = mine.mandate_id.end_date
        values = {"start_date": end + relativedelta(days=1), "previous_end_date": end}
        values["end_date"] = end + relativedelta(years=1)
        transmission = self.wizard(mine, "action_renew_mandate", self.other_manager, **values)
        self.settle()
        by_date = mine.transmission_ids.sorted("id")
        self.assertEqual(by_date.mapped("service")[:2], ["WS7", "WS6"])
        self.assertEqual(set(by_date.mapped("state")), {"accepted"})

        self.upload(mine, user=self.other_manager)
        if mine.fiscal_year_id.state != "declared":
            self.upload(mine, user=self.other_manager)
        self.assertEqual(mine.transmission_id.service, "WS2_ANNUAL")
        self.assertEqual(mine.upload_state, "accepted", mine.upload_message)
        self.assertEqual(mine.fiscal_year_id.state, "declared")
