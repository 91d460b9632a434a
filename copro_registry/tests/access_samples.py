"""A record of each model, of the company of the tests."""

from odoo import fields

from ..rnc import certificate as judging
from .access_table import MODELS, ONES_OWN
from .common import SIREN, CoproCase
from .outside import Authority, needs_outside


class Samples(CoproCase):
    """``sample(model, user)``: the same record each time, but for what is one's own."""

    @classmethod
    def setUpClass(cls):
        needs_outside()
        super().setUpClass()
        cls.authority = Authority.create("Autorité d'essai", bits=2048)
        cls.identity = cls.authority.client(SIREN, "Cabinet Fictif", bits=2048)
        cls._condominium = cls.condominium()
        cls.account._remember_sender()  # as the first certificate does

    def setUp(self):
        super().setUp()
        self._samples = {}

    def sample(self, model, user):
        if model in ONES_OWN:
            return getattr(self, MODELS[model].sample)(user)
        if model not in self._samples:
            name = MODELS[model].sample if model in MODELS else f"a_{model.replace('.', '_')}"
            self._samples[model] = getattr(self, name)()
        return self._samples[model]

    def needed(self, model):
        """What a record of the model cannot be made without, beside its company."""
        return {
            "copro.condominium": {"name": "x"},
            "copro.certificate.policy": {"name": "x", "arc": "1.2.3"},
        }.get(model, {})

    def a_condominium(self):
        return self._condominium

    def an_address(self):
        values = {"condominium_id": self._condominium.id, "line": "2 rue de l'Exemple"}
        return self.env["copro.address"].create(values)

    def a_parcel(self):
        values = {"insee_code": "35238", "section": "ab", "number": "7"}
        return self.env["copro.parcel"].create({"condominium_id": self._condominium.id, **values})

    def a_building(self):
        return self._condominium.building_ids[:1]

    def a_mandate(self):
        return self._condominium.mandate_ids[:1]

    def an_fiscal_year(self):
        return self._condominium.fiscal_year_ids[:1]

    def a_transmission(self):
        today = fields.Date.today()
        return self.env["copro.transmission"]._queue(self._condominium, "WS1", today)

    def an_account(self):
        return self.account

    def a_step(self):
        return self.account.step_ids.filtered(lambda step: step.code == "I")

    def a_certificate(self):
        bundle = judging.read([self.identity.certificate + self.authority.pem, self.identity.key])
        certificate = self.env["copro.certificate"]._import_bundle(bundle, self.company)
        self.account._put_in_use(certificate)
        return certificate

    def a_policy(self):
        values = {"name": "Essai", "arc": "1.2.3.4", "company_id": self.company.id}
        return self.env["copro.certificate.policy"].create(values)

    def a_request(self):
        values = {"organisation": "Cabinet Fictif", "number": SIREN, "common_name": "registre"}
        return self.env["copro.certificate.request"].create(
            {"account_id": self.account.id, "bits": "2048", **values}
        )

    def an_import(self, user):
        # As a superuser with the user's name: ``create_uid`` is what the rule looks at.
        imports = self.env["copro.certificate.import"].with_user(user).sudo()
        return imports.create({"account_id": self.account.id}).sudo(False)

    def made_by(self, user, model, values):
        records = self.env[model].with_user(user).sudo()
        return records.create(values).sudo(False)

    def a_renewal(self, user):
        mandate = self.a_mandate()
        values = {"condominium_id": self._condominium.id, "mandate_id": mandate.id}
        return self.made_by(user, "copro.mandate.renewal", values)

    def a_succession(self, user):
        values = {"condominium_id": self._condominium.id, "address": "1 rue de l'Exemple"}
        return self.made_by(user, "copro.successor.declaration", values)

    def an_affiliation_request(self, user):
        values = {
            "condominium_id": self._condominium.id,
            "number": "ZZ0000001",
            "start_date": fields.Date.today(),
        }
        return self.made_by(user, "copro.affiliation.request", values)

    def a_correction(self):
        """Ended, so that the samples that follow are as they were."""
        fiscal_year = self.an_fiscal_year()
        correction = fiscal_year._record_correction("Une erreur", fiscal_year._figures())
        correction._end("abandoned", fields.Date.today())
        return correction.sudo(False)

    def a_correction_window(self, user):
        values = {"fiscal_year_id": self.an_fiscal_year().id}
        return self.made_by(user, "copro.correction", values)

    def a_registry_import(self, user):
        values = {"numbers": "ZZ0000001", "company_id": self.company.id}
        return self.made_by(user, "copro.registry.import", values)

    def a_contract_load(self, user):
        return self.made_by(user, "copro.contract.load", {"archive": "eA=="})

    def a_contract_profile(self):
        values = {"name": "essai", "sha256": "0" * 64, "archive": "eA=="}
        return self.env["copro.contract.profile"].create(values)

    def an_attempt(self):
        """Of an upload that was claimed: the database takes none of another."""
        upload = self.env["copro.transmission"]._queue(
            self.condominium("13 rue de l'Exemple"), "WS1", fields.Date.today()
        )
        upload.write({"state": "sending", "attempts": 1, "claimed_at": fields.Datetime.now()})
        upload.flush_recordset()
        values = {
            "transmission_id": upload.id,
            "company_id": self.company.id,
            "kind": "send",
            "moment": fields.Datetime.now(),
            "outcome": "unknown",
        }
        return self.env["copro.transmission.attempt"].create(values)

    def a_batch(self):
        return self.env["copro.upload.batch"].create({"company_id": self.company.id})

    def a_batch_line(self):
        batch = self.sample("copro.upload.batch", self.manager)
        values = {"condominium_id": self._condominium.id, "plan": "ready"}
        return self.env["copro.upload.batch.line"].create({"batch_id": batch.id, **values})

    def a_comparison(self):
        return self.env["copro.comparison"]._of(self._condominium)

    def a_comparison_line(self):
        values = {"item": "nb_lots_total", "state": "different", "our_value": [12]}
        values |= {"their_value": [13]}
        comparison = self.sample("copro.comparison", self.manager)
        return self.env["copro.comparison.line"].create({"comparison_id": comparison.id, **values})

    def a_copro_today(self):
        return self.env["copro.today"]

    def a_copro_import_template(self):
        return self.env["copro.import.template"]

    def a_connection_test(self):
        return self.env["copro.connection.test"].create({"account_id": self.account.id})

    def a_res_company(self):
        return self.company

    def a_res_config_settings(self):
        return self.env["res.config.settings"].create({"company_id": self.company.id})
