"""What no form sends, and a program may: refused in a sentence, or stored as it is read."""

import base64
import time
from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo import api, fields
from odoo.exceptions import UserError, ValidationError
from odoo.sql_db import db_connect
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.copro_registry.tools import in_parts
from odoo.addons.copro_registry.wizard import copro_registry_import

from .common import CoproCase, RegistryCase

ADDON = "odoo.addons.copro_registry"
BUTTONS = {
    "copro.upload.batch": ("action_pause", "action_resume", "action_cancel", "action_discard"),
    "copro.transmission": ("action_cancel", "action_close"),
    "copro.condominium": ("action_upload",),
    "copro.declarant.step": ("action_tick", "action_untick"),
    "copro.certificate": ("action_accept_expiry", "action_download"),
    "copro.contract.load": ("action_load",),
}


@tagged("post_install", "-at_install")
class TestHostileValues(CoproCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.residence = cls.condominium("1 rue du Guet").with_user(cls.manager)
        cls.technical = cls.account.with_user(cls.administrator)

    def assert_refused(self, record, field, value, told=""):
        with self.subTest(field=field, value=str(value)[:20]):
            before = record.read([field], load=None)
            with self.assertRaisesRegex(UserError, told), self.env.cr.savepoint():
                record.write({field: value})
            self.assertEqual(record.read([field], load=None), before)

    def test_what_a_field_cannot_hold_is_refused_in_a_sentence(self):
        for value in ("x" * 5_000_000, ["a"], {"a": 1}, True):
            self.assert_refused(self.residence, "name", value, "“Usual name")
        self.assert_refused(self.residence, "note", "a\0b", "cannot be kept")
        self.assert_refused(self.residence, "note", "a\ud800b", "cannot be kept")
        self.assert_refused(self.residence, "zip", "9" * 10_000, "too long")
        for value in ("12abc", [1], float("inf"), float("nan"), 2**31):
            self.assert_refused(self.residence, "lot_count", value)
        for value in (5, {"y": 1}, [2024], True, "hier"):
            self.assert_refused(self.residence, "bylaws_date", value)
        for value in ("x", 2**40, -1, [1], 1.5):
            self.assert_refused(self.residence, "user_id", value)
        self.assert_refused(self.technical, "environment", "moon", "another kind")
        self.assert_refused(self.technical, "environment", {"a": 1}, "another kind")
        self.assert_refused(self.technical, "connections", "many", "another kind")
        with self.assertRaises(UserError):
            self.env["copro.fiscal.year"].with_user(self.manager).create({"condominium_id": "x"})

    def test_a_declared_text_is_put_right(self):
        self.residence.name = "a\0b\ud800c"
        self.assertEqual(self.residence.name, "a b c")

    def test_a_name_as_long_as_may_be_stands_in_its_index(self):
        names = ["".join(chr(0x10000 + 7919 * n * k % 60_000) for n in range(500)) for k in (1, 3)]
        for name in names:
            self.residence.name = name
            self.env.flush_all()
            self.assertEqual(self.residence.name, name)

    # -- codes ----------------------------------------------------------------------

    def test_the_digits_of_other_scripts(self):
        self.residence.zip = "３５０００"
        self.assertEqual(self.residence.zip, "35000")
        self.residence.zip = "٣٥٠٠٠"
        self.assertEqual(self.residence.readiness_state, "not_ready")
        self.technical.siren = "９９９ ０００ ０１１"
        self.assertEqual(self.technical.siren, "999000011")
        self.technical.siret = "９９９０００１１０００１８".replace("１１０", "０１１")
        self.assertTrue(self.technical.siret.isascii())
        self.assert_refused(self.technical, "siren", "٩٩٩٠٠٠٠١١", "not valid")
        for number in ("٩٩٩٠٠٠٠١١", "９９９０００００１１"):
            with self.assertRaisesRegex(UserError, "neither a SIREN"), self.env.cr.savepoint():
                self.env["copro.certificate.request"].with_user(self.administrator).create(
                    {
                        "account_id": self.account.id,
                        "organisation": "Cabinet",
                        "number": number,
                        "common_name": "cabinet",
                        "bits": "2048",
                    }
                )

    def test_how_often_it_is_compared_is_bound(self):
        for days in (-3, 2**31 - 1, 4000):
            self.assert_refused(self.technical, "compare_every", days, "0 for never")
        self.assert_refused(self.technical, "compare_every", 2**31, "another kind")
        self.technical.compare_every = 30

    # -- who is in charge --------------------------------------------------------------

    def strangers(self):
        elsewhere = self.env["res.company"].create({"name": "Syndic Voisin"})
        group = "copro_registry.group_manager"
        archived = new_test_user(self.env, login="parti", groups=group, company_id=self.company.id)
        archived.active = False
        return (
            self._user("manager", elsewhere),
            archived,
            self.env.ref("base.user_root"),
            new_test_user(self.env, login="portail", groups="base.group_portal"),
        )

    def test_who_is_in_charge_works_there(self):
        model = self.env["copro.condominium"].with_user(self.manager)
        for user in self.strangers():
            self.assert_refused(self.residence, "user_id", user.id, "cannot be in charge")
            values = {"name": "Neuve", "user_id": user.id, "company_id": self.company.id}
            with self.assertRaisesRegex(ValidationError, "cannot be in charge"):
                with self.env.cr.savepoint():
                    model.create(values)
            told = model.load(["name", "user_id/.id"], [["Importée", str(user.id)]])
            self.assertFalse(told["ids"], user.login)
        self.residence.user_id = self.administrator
        made = model.create({"name": "Neuve", "company_id": self.company.id})
        self.assertEqual(made.user_id, self.manager)

    def test_odoo_itself_is_in_charge_of_nothing(self):
        made = self.env["copro.condominium"].create(
            {"name": "Reprise", "company_id": self.company.id}
        )
        self.assertFalse(made.user_id)

    def test_an_import_does_not_write_what_the_registry_says(self):
        model = self.env["copro.condominium"].with_user(self.manager)
        columns = [".id", "fiscal_year_ids/.id", "fiscal_year_ids/declared_on"]
        for fiscal_year in (str(self.residence.fiscal_year_id.id), ""):
            told = model.load(columns, [[str(self.residence.id), fiscal_year, "2026-01-01"]])
            self.assertFalse(told["ids"])
            self.assertFalse(self.residence.fiscal_year_ids.filtered("declared_on"))

    # -- buttons and guided actions ------------------------------------------------------

    def test_a_button_on_nothing_does_nothing(self):
        for model, methods in BUTTONS.items():
            for method in methods:
                for role in (self.manager, self.administrator):
                    records = self.env[model].with_user(role)
                    for subject in (records, records.browse([False]), records.browse(["a"])):
                        with self.subTest(model=model, method=method, ids=subject._ids):
                            self.press(subject, method)

    def press(self, subject, method):
        """A sentence, or nothing; a lone record is wanted by some (Odoo's own words)."""
        try:
            with self.env.cr.savepoint():
                getattr(subject, method)()
        except UserError as error:
            self.assertTrue(str(error))
        except ValueError as error:
            self.assertIn("Expected singleton", str(error))

    def test_a_step_that_is_not_saved_is_not_ticked(self):
        step = self.env["copro.declarant.step"].with_user(self.administrator).new({})
        for method in ("action_tick", "action_untick"):
            with self.assertRaises(UserError):
                getattr(step, method)()

    def test_a_guided_action_takes_texts_and_files_only(self):
        create = self.env["copro.certificate.import"].with_user(self.administrator).create
        of = {"account_id": self.account.id}
        file = base64.b64encode(b"no certificate")
        for value in (5, ["a"], {"a": 1}, True):
            for name in ("certificate_file", "key_file"):
                with self.assertRaisesRegex(UserError, "another kind"):
                    create({**of, name: value})
        for value in ({"a": 1}, ["pass"], "a\0", "a\ud800", "x" * 1_000_000):
            with self.assertRaises(UserError) as told:
                create({**of, "certificate_file": file, "passphrase": value})
            self.assertNotIn("pass", str(told.exception).replace("assphrase", ""))
        self.assertTrue(create({**of, "certificate_file": file, "passphrase": 5}).level)
        shown = self.env["copro.registry.import"].new({"report": {"a": 1}})
        self.assertFalse(shown.report_text)
        load = self.env["copro.contract.load"].with_user(self.administrator)
        for value in (5, {"a": 1}, ["a"], True):
            with self.assertRaises(UserError):
                load.create({"archive": value})
        wanted = {"condominium_id": self.residence.id, "end_date": "2026-12-31"}
        policies = self.env["copro.certificate.policy"].with_user(self.administrator)
        for name in ("a\0", "x" * 501, ["a"]):
            with self.assertRaises(UserError):
                policies.create({"arc": "1.2.9", "name": name})
        successor = self.env["copro.successor.declaration"].with_user(self.manager)
        for value in ("", "a\0b", ["a"], "x" * 501):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                wizard = successor.create({**wanted, "address": value})
                wizard.action_declare()
        for numbers in ("\0", {"a": 1}, ["AA0000001"], "AA0000001" * 1_000_000):
            with self.assertRaises(UserError):
                self.env["copro.registry.import"].with_user(self.manager).create(
                    {"numbers": numbers}
                )


@tagged("post_install", "-at_install")
class TestLostConnection(CoproCase):
    def test_who_lost_the_database_does_not_go_on(self):
        seen = []
        for lose in (lambda cr: cr._cnx.close(), terminate):
            cursor = db_connect(self.env.cr.dbname).cursor()
            try:
                partners = api.Environment(cursor, api.SUPERUSER_ID, {})["res.partner"].browse(
                    [1, 2, 3]
                )

                def act(records, lose=lose):
                    seen.append(records)
                    lose(records.env.cr)
                    records.env.cr.execute("SELECT 1")

                with self.assertRaises(psycopg2.Error):
                    with mute_logger("odoo.sql_db", f"{ADDON}.models.in_parts"):
                        in_parts.apart(partners, act)
            finally:
                with mute_logger("odoo.sql_db"):
                    cursor._closed = True
        self.assertEqual([len(records) for records in seen], [3, 3])


def terminate(cursor):
    """As when PostgreSQL is restarted."""
    cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


@tagged("post_install", "-at_install")
class TestHostileMoments(RegistryCase):
    def test_a_long_list_of_numbers_is_imported_as_far_as_a_click_lasts(self):
        numbers = [f"ZZ{rank:07d}" for rank in range(20_000)]
        wizard = self.env["copro.registry.import"].with_user(self.manager)
        wizard = wizard.create({"numbers": "\n".join(numbers)})
        slow = patch.object(type(wizard), "_import_one", _slowly)
        click = patch.object(copro_registry_import, "seconds_of_a_click", lambda: 2.0)
        started = time.monotonic()
        with slow, click:
            wizard.action_import()
        self.assertLess(time.monotonic() - started, 5)
        done = [number for number, _told, _is_here in wizard.report]
        self.assertTrue(done)
        self.assertEqual(len(done) + len(wizard.numbers.split()), len(numbers))

    def test_a_copy_tells_nobody(self):
        self.manager.copro_mail_refusals = True
        refused = self.condominium("Résidence du Refus")
        model = type(self.env["copro.transmission"])
        with patch.object(model, "_tell_news", lambda uploads: None):
            self.upload(refused)
        upload = refused.transmission_id
        self.assertEqual((upload.state, bool(upload.news)), ("rejected", True))
        identity = self.account.sudo().sender_identity
        self.account.sudo().sender_identity = "of another database"
        upload._tell_news()
        self.run_cron("ir_cron_send")
        self.assertTrue(upload.news)
        self.assertFalse(refused.activity_ids)
        mails = [("model", "=", upload._name), ("res_id", "=", upload.id)]
        self.assertFalse(self.env["mail.mail"].search(mails))
        self.account.sudo().sender_identity = identity
        self.run_cron("ir_cron_send")
        self.assertFalse(upload.news, "told as soon as it is the one that sends")
        self.assertTrue(refused.activity_ids)
        self.assertTrue(self.env["mail.mail"].search(mails))

    def test_one_worker_lets_leave_what_was_held(self):
        account = self.account.sudo()
        account._pause_until(fields.Datetime.now() + timedelta(hours=1), "no")
        account._notify_hold()
        self.assertTrue(account.activity_ids)
        with patch.object(type(account), "try_lock_for_update", lambda one, **_how: one.browse()):
            account._resume_once()
        self.assertTrue(account.hold_reason and account.activity_ids, "another worker is at it")
        account._resume_once()
        self.assertFalse(account.hold_reason or account.activity_ids)


def _slowly(wizard, number, outcome):
    time.sleep(0.3)
    return "seen", False
