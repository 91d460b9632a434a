import base64
import io
import json
import runpy
import shutil
import zipfile
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import file_path

from odoo.addons.copro_registry.rnc import contract
from odoo.addons.copro_registry.rnc.today import today

from .scenarios import ScenarioCase


def zipped(files=(), **changes):
    """The default profile under another name, as an administrator would zip it.

    ``changes`` are of the manifest; ``files`` replace others: {name: text}.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path in contract.named().folder.iterdir():
            content = path.read_bytes()
            if path.name == "manifest.json":
                content = json.dumps({**json.loads(content), "name": "cabinet-1", **changes})
            content = dict(files).get(path.name, content)
            archive.writestr(f"cabinet-1/{path.name}", content)
    return stream.getvalue()


@tagged("post_install", "-at_install")
class TestContractProfile(ScenarioCase):
    """A profile from a zip: checked, versioned, used by every worker."""

    def load(self, data, user=None):
        wizard = self.env["copro.contract.load"].with_user(user or self.administrator)
        action = wizard.create({"archive": base64.b64encode(data)}).action_load()
        return self.env["copro.contract.profile"].browse(action["res_id"])

    def test_loaded_then_used(self):
        profile = self.load(zipped())
        self.account.with_user(self.administrator).contract_profile = profile.key
        condominium = self.registered("50 rue du Scénario")
        self.assertEqual(condominium.transmission_id.contract_profile, profile.key)
        shutil.rmtree(profile._folder())
        contract.load.cache_clear()
        condominium.lift_count = 3
        self.upload(condominium)
        self.assertEqual(condominium.upload_state, "accepted", "made again where it is missing")

    def test_another_archive_is_another_version(self):
        first, second = self.load(zipped()), self.load(zipped(contract_version="2.0.2"))
        self.assertNotEqual(first.key, second.key)
        known = dict(self.account._fields["contract_profile"]._description_selection(self.env))
        self.assertIn("2.0.2", known[second.key])
        self.assertTrue(Path(first._folder()) != Path(second._folder()))

    def test_what_is_wrong_is_told(self):
        with self.assertRaisesRegex(UserError, "not a zip"):
            self.load(b"hello")
        with self.assertRaisesRegex(UserError, "services/WS1 is missing"):
            self.load(zipped(services={}))
        with self.assertRaisesRegex(UserError, "a name of its own"):
            self.load(zipped(name=contract.DEFAULT))

    def test_the_main_administrator_alone(self):
        for user in (self.manager, self.env.ref("base.user_demo", False) or self.reader):
            with self.assertRaises(AccessError):
                self.load(zipped(), user)
        profile = self.load(zipped())
        with self.assertRaises(AccessError):
            profile.with_user(self.administrator).write({"note": "x"})

    def choose(self, profile):
        self.account.with_user(self.administrator).contract_profile = profile.key
        return profile

    def at_the_simulator(self, **changes):
        """An archive whose address is that of the registry that runs here."""
        manifest = json.loads((contract.named().folder / "manifest.json").read_text())
        simulator = {"url": self.simulator.url}
        environments = {**manifest["environments"], "simulator": simulator}
        return zipped(environments=environments, **changes)

    def test_the_address_that_it_gives_serves(self):
        """The documented road of the real contract: no address is typed."""
        self.account.with_user(self.administrator).url = False
        self.choose(self.load(self.at_the_simulator()))
        self.assertEqual(self.account.used_url, self.simulator.url)
        self.assertFalse(self.account.problem)
        sheet = self.account.with_user(self.administrator).action_test_connection()
        self.assertTrue(self.env["copro.connection.test"].browse(sheet["res_id"]).is_proven)
        condominium = self.registered("60 rue du Scénario")
        condominium.with_user(self.manager).action_compare()
        self.assertEqual(condominium.comparison_ids.state, "done")

    def test_its_key_is_its_own(self):
        """Two archives whose digests begin alike: some minutes of work for who wants it."""
        first = self.load(zipped())
        twin = first.sha256[:32] + "0" * 32
        values = first.copy_data()[0]
        self.env["copro.contract.profile"].create(
            {**values, "archive": base64.b64encode(self.at_the_simulator()), "sha256": twin}
        )
        served = self.env["copro.contract.profile"]._profile_of(first.key)
        self.assertEqual(served.folder.name, first.sha256)

    def test_it_is_not_looked_for_at_each_record(self):
        """As many queries, and no more looks at the disk, than with a shipped profile."""
        condominiums = self.env["copro.condominium"].union(
            *(self.condominium(f"{number} rue du Nombre") for number in range(61, 69))
        )
        shipped = self.costs(condominiums)
        self.choose(self.load(zipped()))
        self.assertEqual(self.costs(condominiums), shipped)

    def costs(self, condominiums):
        """How many queries judging takes, once warm."""
        for _turn in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with patch.object(Path, "glob", side_effect=AssertionError("the disk is looked at")):
                list(condominiums._judged(today()))
                self.account._profile_label(self.account.contract_profile)
        return self.env.cr.sql_log_count - before

    def test_what_is_in_use_is_not_deleted(self):
        profile = self.choose(self.load(zipped()))
        with self.assertRaisesRegex(UserError, "in use"):
            profile.sudo().unlink()
        self.registered("70 rue du Scénario")
        self.account.with_user(self.administrator).contract_profile = contract.DEFAULT
        with self.assertRaisesRegex(UserError, "in use"):
            profile.sudo().unlink()
        self.load(zipped(contract_version="3")).sudo().unlink()

    def test_a_refusal_is_explained_by_the_contract_that_it_was_refused_under(self):
        errors = json.loads((contract.named().folder / "errors.json").read_text())
        errors["ADDRESS_UNKNOWN"]["message"] = "La rue n'existe pas : {value}."
        refused = self.refused("Résidence 71")
        before = (refused.message, refused.answer_document, refused.condominium_id.refusals)
        self.assertIn("Adresse inconnue", refused.message)
        self.choose(self.load(zipped({"errors.json": json.dumps(errors)})))
        self.env.invalidate_all()
        after = (refused.message, refused.answer_document, refused.condominium_id.refusals)
        self.assertEqual(after, before)
        self.assertIn("Adresse inconnue", refused._message_lines()[0])
        self.assertIn("La rue n'existe pas", self.refused("Résidence 72").message)

    def refused(self, street):
        condominium = self.condominium(street)  # an address without a number
        self.upload(condominium)
        self.assertEqual(condominium.upload_state, "rejected", condominium.upload_message)
        return condominium.transmission_id

    def sql(self, query, *values):
        """What a former version, or a move to another server, has left in the database."""
        self.env.flush_all()
        self.env.cr.execute(query, values)
        self.env.invalidate_all()

    def gone(self):
        """The profile in use is there no more: its folder was left behind by a move."""
        query = "UPDATE copro_declarant_account SET contract_profile = 'gone' WHERE id = %s"
        self.sql(query, self.account.id)

    def test_one_that_is_gone_makes_nothing_unreadable(self):
        refused = self.refused("Résidence 73")
        condominium, ready = refused.condominium_id, self.condominium("74 rue du Scénario")
        before = refused.message
        self.gone()
        for record in (refused, condominium, condominium.fiscal_year_ids, self.account):
            mine = record.with_user(self.administrator if record == self.account else self.manager)
            mine.web_read({name: {} for name in mine.fields_get()})
        self.assertEqual(refused.message, before)
        ready.with_user(self.manager).lift_count = 3  # judged at each save
        self.assertIn("no longer installed", self.account.problem)
        with self.assertRaisesRegex(UserError, "no longer installed"):
            ready.with_user(self.manager).action_upload()
        with self.assertRaisesRegex(UserError, "no longer installed"):
            self.account.with_user(self.administrator).action_test_connection()
        calls = len(self.simulator.control.ledger())
        self.run_cron("ir_cron_send")
        self.run_cron("ir_cron_status")
        self.assertEqual(len(self.simulator.control.ledger()), calls, "nothing is sent")
        self.account.with_user(self.administrator).contract_profile = contract.DEFAULT
        self.upload(ready)
        self.assertEqual(ready.upload_state, "accepted")

    def test_one_that_is_gone_keeps_nobody_from_the_review(self):
        mine = self.condominium("75 rue du Scénario")
        theirs = self.taken_over(mine, "76 rue du Scénario")
        self.gone()
        self.sql("UPDATE copro_condominium SET review_date = '2020-01-01'")
        self.run_cron("ir_cron_review")
        for condominium in (mine, theirs):
            self.assertGreater(condominium.review_date, today())

    def unfit(self, profile):
        """Loaded by a version that took it: its schema names a file of the server."""
        schema = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xml:base="/etc/"/>'
        archive = base64.b64encode(zipped({"answer.xsd": schema}))
        self.sql(
            "UPDATE copro_contract_profile SET archive = %s WHERE id = %s", archive, profile.id
        )
        shutil.rmtree(profile._folder(), ignore_errors=True)

    def test_one_that_is_found_unfit_is_not_used(self):
        profile = self.choose(self.load(zipped()))
        upload = self.registered("77 rue du Scénario").transmission_id
        before = upload.payload_document
        self.unfit(profile)
        with self.assertLogs("odoo.addons.copro_registry", "WARNING") as logged:
            self.env["copro.contract.profile"].search([])._check_again()
        self.assertIn("xml:base", logged.output[0])
        self.assertIn("answer.xsd: xml:base is refused", profile.problem)
        self.assertIn("cannot be used any more", self.account.problem)
        told = self.account.activity_ids.filtered(lambda one: one.user_id == self.administrator)
        self.assertIn("xml:base", told.note)
        with self.assertRaisesRegex(UserError, "cannot be used any more"):
            upload.condominium_id.with_user(self.manager).action_upload()
        self.assertEqual(upload.payload_document, before, "what was sent stays readable")
        with self.assertRaisesRegex(UserError, "cannot be used any more"):
            self.account.with_user(self.administrator).contract_profile = contract.DEFAULT
            self.choose(profile)

    def test_the_keys_of_before_find_their_profile(self):
        profile = self.choose(self.load(zipped()))
        upload = self.registered("78 rue du Scénario").transmission_id
        old = f"cabinet-1@{profile.sha256[:8]}"
        self.sql("ALTER TABLE copro_transmission DISABLE TRIGGER USER")
        for table in ("copro_transmission", "copro_declarant_account"):
            self.sql(
                f"UPDATE {table} SET contract_profile = %s WHERE contract_profile = %s",
                old,
                profile.key,
            )
        self.sql("ALTER TABLE copro_transmission ENABLE TRIGGER USER")
        self.assertIn("no longer installed", self.account.problem)
        self.sql("UPDATE copro_contract_profile SET create_date = '2020-01-01'")
        script = file_path("copro_registry/migrations/19.0.1.3.0/post-profiles.py")
        runpy.run_path(script)["migrate"](self.env.cr, "19.0.1.2.0")
        self.env.invalidate_all()
        self.assertEqual(upload.contract_profile, profile.key)
        self.assertEqual(self.account.contract_profile, profile.key)
        self.assertFalse(self.account.problem)
        self.assertFalse(profile.problem)
        self.assertEqual(upload.profile_label, profile._distinct_label())

    def test_not_while_uploads_are_on_their_way(self):
        condominium = self.condominium("51 rue du Scénario")
        condominium.with_user(self.manager).action_upload()
        with self.assertRaisesRegex(UserError, "Uploads on their way, .*: 1"):
            self.account.with_user(self.administrator).contract_profile = "hypothetical-json"
