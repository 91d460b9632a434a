"""A syndic's company, its people, and a simulated registry of its own."""

import base64
import shutil
import tempfile
from datetime import date
from pathlib import Path
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo.tests import TransactionCase, new_test_user

from ..models.declarant import copro_declarant_account_sender as sender
from .outside import Simulator, needs_outside

SIREN = "999000011"
PROGRESS = "odoo.addons.base.models.ir_cron.IrCron._commit_progress"
NUMBER, EMAIL = "T0000001", "registre@cabinet-fictif.example"


class CoproCase(TransactionCase):
    """Records and people; no registry is reachable."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._speak_french()
        cls.env.ref("base.EUR").active = True
        cls.company = cls.env["res.company"].create(
            {
                "name": "Cabinet Fictif",
                "country_id": cls.env.ref("base.fr").id,
                "currency_id": cls.env.ref("base.EUR").id,
            }
        )
        cls.reader = cls._user("reader")
        cls.manager = cls._user("manager")
        cls.administrator = cls._user("main_administrator")
        cls.account = cls.env["copro.declarant.account"].create(
            {
                "company_id": cls.company.id,
                "number": NUMBER,
                "email": EMAIL,
                "siret": f"{SIREN}00018",
                "organisation": "Cabinet Fictif",
                "environment": "simulator",
            }
        )

    @classmethod
    def _speak_french(cls):
        """As in any office: an Odoo that was made for tests knows English alone."""
        if cls.env["res.lang"].search_count([("code", "=", "fr_FR")]):
            return
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env["ir.module.module"]._load_module_terms(["copro_registry"], ["fr_FR"])

    def setUp(self):
        super().setUp()
        # What a test sends is undone in the database, and would still be noted outside of it.
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.startPatcher(patch.object(sender, "config", {"data_dir": folder.name}))

    @classmethod
    def _user(cls, group, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login=f"{group}_{company.id}",
            groups=f"copro_registry.group_{group}",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )

    @classmethod
    def condominium(cls, street="12 rue de l'Exemple", **values):
        """A condominium that lacks nothing."""
        today = date.today()
        months = relativedelta
        fiscal_year = {
            "start_date": today + months(months=-27, day=1),
            "end_date": today + months(months=-16, day=31),
            "meeting_date": today + months(months=-12),
            "current_charges": 41250.30,
            "works_charges": 0,
            "supplier_debts": 1820,
            "unpaid_amount": 2410.55,
            "debtor_count": 2,
            "works_fund": 6000,
        }
        mandate = {
            "start_date": today + months(months=-6),
            "end_date": today + months(months=12),
        }
        complete = {
            "name": street,
            "company_id": cls.company.id,
            "street": street,
            "zip": "35000",
            "city": "Rennes",
            "bylaws_date": date(1972, 4, 18),
            "lot_count": 12,
            "main_lot_count": 8,
            "housing_lot_count": 8,
            "parking_lot_count": 4,
            "building_count": 1,
            "construction_period": "DE_1961_A_1974",
            "heating_type": "individuel",
            "lift_count": 0,
            "user_id": cls.manager.id,
            "mandate_ids": [(0, 0, mandate)],
            "fiscal_year_ids": [(0, 0, fiscal_year)],
            **cls.after_the_reform(),
        }
        if values.get("company_id", cls.company.id) != cls.company.id:
            del complete["user_id"]  # who works in one company is in charge of nothing in others
        return cls.env["copro.condominium"].create({**complete, **values})

    @classmethod
    def after_the_reform(cls):
        """So that these tests still hold after 21 February 2027."""
        building = {"name": "A", "floor_count": 3, "has_ventilation": "non"}
        return {
            "building_ids": [(0, 0, building)],
            "heating_nature": "individuel",
            "heating_system": "chaudière",
            "hot_water": "non",
            "works_plan_on_agenda": "non",
            "works_plan_adopted": "non",
        }

    def next_fiscal_year(self, condominium):
        """The one that the general meeting has just approved."""
        last = condominium.fiscal_year_id
        return last.copy(
            {
                "start_date": last.end_date + relativedelta(days=1),
                "end_date": last.end_date + relativedelta(months=12, day=31),
                "meeting_date": date.today() - relativedelta(days=10),
            }
        )

    def run_cron(self, name):
        with self.enter_registry_test_mode():
            self.env.ref(f"copro_registry.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def run_out_of_time(self, name):
        """The first turn claims; the next ones find that time is up."""
        seconds_left = iter([0.2])
        with patch(PROGRESS, lambda *_values, **_names: next(seconds_left, -1)):
            self.run_cron(name)

    def upload(self, condominiums, user=None):
        """The button, then the scheduled actions."""
        result = condominiums.with_user(user or self.manager).action_upload()
        self.run_cron("ir_cron_send")
        self.run_cron("ir_cron_status")
        return result


class RegistryCase(CoproCase):
    """With a simulator, over real TLS, and the account's certificate installed."""

    @classmethod
    def setUpClass(cls):
        needs_outside()
        super().setUpClass()
        cls.state = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.state, ignore_errors=True)
        cls.simulator = Simulator(cls.state, *cls.simulator_options())
        cls.simulator.start()
        cls.addClassCleanup(cls.simulator.stop)
        cls.authority = cls.simulator.authority
        cls.identity = cls.authority.client(SIREN, "Cabinet Fictif", bits=2048)
        control = cls.simulator.control
        control.open_account(
            number=NUMBER,
            email=EMAIL,
            profile="professionnel",
            organisation="Cabinet Fictif",
            siren=SIREN,
        )
        control.declare_certificate(NUMBER, cls.identity.certificate)
        cls.account.write({"url": cls.simulator.url, "authority_pem": cls.authority.pem.decode()})
        cls.import_identity(cls.identity)

    @classmethod
    def simulator_options(cls):
        return []

    @classmethod
    def import_identity(cls, identity, passphrase=False, account=None, administrator=None):
        wizard = (
            cls.env["copro.certificate.import"]
            .with_user(administrator or cls.administrator)
            .create(
                {
                    "account_id": (account or cls.account).id,
                    "certificate_file": base64.b64encode(identity.certificate + cls.authority.pem),
                    "key_file": base64.b64encode(identity.key),
                    "passphrase": passphrase,
                }
            )
        )
        wizard.action_import()
        return wizard

    def preview(self, condominiums):
        """What the click on several shows its manager."""
        action = condominiums.with_user(self.manager).action_upload()
        return self.env["copro.upload.batch"].with_user(self.manager).browse(action["res_id"])

    def declared(self, street):
        """A condominium registered with its fiscal year, as its manager sees it."""
        condominium = self.condominium(street)
        self.upload(condominium)
        self.assertEqual(condominium.upload_state, "accepted", condominium.upload_message)
        return condominium.with_user(self.manager)

    def ledger(self, **wanted):
        return [
            line
            for line in self.simulator.control.ledger()
            if all(line[name] == value for name, value in wanted.items())
        ]
