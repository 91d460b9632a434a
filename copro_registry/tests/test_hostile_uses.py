"""What somebody may try by calls of their own: corrections, previews, the search, the calendar."""

from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.batch import copro_upload_batch_preview as preview
from .common import RegistryCase

REFUSALS = UserError  # and those below it: AccessError, ValidationError


@tagged("post_install", "-at_install")
class TestHostileUses(RegistryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Autre cabinet"})
        cls.stranger = cls.manager.copy(
            {
                "login": "etranger",
                "email": "etranger@cabinet.example",
                "company_id": cls.other.id,
                "company_ids": [(6, 0, cls.other.ids)],
            }
        )

    def refuses(self, act, *arguments, **named):
        with self.assertRaises(REFUSALS), self.cr.savepoint():
            act(*arguments, **named)

    def declared(self, street):
        return super().declared(street).fiscal_year_id

    def correcting(self, street):
        year = self.declared(street)
        action = year.action_correct()
        window = year.env[action["res_model"]].with_context(**action["context"])
        window.create({"reason": "Une virgule"}).action_begin()
        return year

    # -- corrections ------------------------------------------------------------------

    def test_a_correction_is_not_forged(self):
        year = self.declared("1 rue des Faussaires")
        Correction = year.env["copro.fiscal.year.correction"]
        values = {
            "fiscal_year_id": year.id,
            "begun_at": "2026-01-01 00:00:00",
            "user_id": self.manager.id,
            "reason": "x",
            "before": {},
            "state": "open",
        }
        for user in (self.manager, self.administrator, self.env.ref("base.user_admin")):
            self.refuses(Correction.with_user(user).create, values)
            self.refuses(year.with_user(user).write, {"correction_ids": [(0, 0, values)]})
            self.refuses(year.with_user(user).write, {"state": "correcting"})
            self.refuses(year.with_user(user).write, {"declared_on": False})
            self.refuses(
                year.with_user(user).copy, {"state": "correcting", "declared_on": "2026-01-01"}
            )
            self.refuses(
                year.condominium_id.with_user(user).write,
                {"fiscal_year_ids": [(1, year.id, {"correction_ids": [(0, 0, values)]})]},
            )
        context = {f"default_{name}": value for name, value in values.items()}
        self.refuses(Correction.with_context(**context).create, {})
        other = year.with_context(**context, default_correction_ids=[(0, 0, values)]).copy()
        self.assertFalse(other.correction_ids)
        self.assertNotIn(other.state, ("correcting", "declared"))
        self.assertEqual(year.state, "declared")

    def test_the_trace_of_a_correction_stays(self):
        year = self.correcting("2 rue des Faussaires")
        correction = year._correction()
        for user in (self.manager, self.administrator, self.env.ref("base.user_admin")):
            for values in ({"state": "abandoned"}, {"reason": "y"}, {"before": {}}):
                self.refuses(correction.with_user(user).write, values)
            self.refuses(correction.with_user(user).unlink)
            self.refuses(correction.with_user(user).copy)
        self.refuses(year.unlink)
        self.refuses(year.condominium_id.unlink)
        other = year.condominium_id.copy()
        self.assertFalse(other.fiscal_year_ids.correction_ids)
        self.assertNotIn("correcting", other.fiscal_year_ids.mapped("state"))

    def test_others_correct_nothing(self):
        year = self.declared("3 rue des Faussaires")
        for user in (self.stranger, self.reader):
            Window = self.env["copro.correction"].with_user(user)
            self.refuses(
                lambda Window=Window: Window.create(
                    {"fiscal_year_id": year.id, "reason": "x"}
                ).action_begin()
            )
            self.refuses(year.with_user(user).action_correct)
            self.refuses(year.with_user(user).action_give_up_correction)
        self.assertEqual(year.state, "declared")
        mine = self.env["copro.correction"].with_user(self.manager)
        window = mine.create({"fiscal_year_id": year.id, "reason": "x"})
        self.refuses(window.with_user(self.stranger).read, ["reason"])
        self.refuses(window.with_user(self.administrator).action_begin)

    def test_two_corrections_at_once(self):
        year = self.correcting("4 rue des Faussaires")
        self.refuses(year._begin_correction, "une autre")
        with self.assertRaises(IntegrityError), self.cr.savepoint(), mute_logger("odoo.sql_db"):
            year._record_correction("la même", year._figures()).flush_recordset()

    def test_a_reason_of_any_text(self):
        year = self.declared("5 rue des Faussaires")
        for reason in ("\0", " ", "\u200b", "\u202e", "\ud800"):
            window = self.env["copro.correction"].with_user(self.manager)
            self.refuses(
                lambda window=window, reason=reason: window.create(
                    {"fiscal_year_id": year.id, "reason": reason}
                ).action_begin()
            )
        year._begin_correction("<script>alert(1)</script> %s %(x)s {0} " + "é" * 100000)
        year.current_charges = 1
        year.action_give_up_correction()
        self.assertEqual(year.current_charges, 41250.30)
        self.assertEqual(year.state, "declared")
        bodies = "".join(year.condominium_id.message_ids.mapped("body"))
        self.assertNotIn("<script", bodies)

    def test_what_a_correction_gave_back_is_as_it_was(self):
        year = self.correcting("6 rue des Faussaires")
        names = list(year._declared_fields())
        before = year._figures()
        for name in names:
            field = year._fields[name]
            if field.type in ("float", "monetary", "integer"):
                year[name] = 7
            elif field.type in ("selection", "char"):
                year[name] = False
        year.action_give_up_correction()
        self.assertEqual(year._figures(), before)
        self.assertEqual(year.state, "declared")

    # -- the search -------------------------------------------------------------------

    def test_whatever_is_typed_is_looked_for(self):
        ours = self.condominium("7 rue des Chercheurs")
        theirs = self.condominium("8 rue des Chercheurs", company_id=self.other.id)
        Condominium = self.env["copro.condominium"].with_user(self.manager)
        typed = [
            "%",
            "_",
            "\\",
            "\0",
            "a\0b",
            "' OR 1=1 --",
            "\u202e",
            "👨‍👩‍👧",
            "\ud800",
            "%" * 1000,
        ]
        typed += ["a" * 100_000, " ".join(f"mot{rank}" for rank in range(20_000))]
        for text in typed:
            with self.subTest(text=text[:20]):
                try:
                    found = Condominium.name_search(text, limit=5)
                except REFUSALS:
                    continue
                self.assertNotIn(theirs.id, [one[0] for one in found])
        found = [one[0] for one in Condominium.name_search("rue chercheurs", limit=100)]
        self.assertIn(ours.id, found)
        self.assertNotIn(theirs.id, found)

    def test_a_name_of_any_length(self):
        condominium = self.condominium("9 rue des Chercheurs").with_user(self.manager)
        for name in (
            "%_\\",
            "\u202eabc",
            "👨‍👩‍👧 rue",
            "mot " * 25_000,
            "ﷺ" * 20_000,
            "é" * 100_000,
        ):
            try:
                condominium.name = name
                self.env.flush_all()
            except REFUSALS:
                continue
            self.assertIsInstance(condominium.search_key, str)

    # -- the calendar -----------------------------------------------------------------

    def test_days_that_nobody_means(self):
        condominium = self.condominium("10 rue des Jours").with_user(self.manager)
        years = [("0001-01-01", "0001-12-31"), ("9999-01-01", "9999-12-31")]
        years += [("1950-01-01", "1950-12-31"), ("2026-01-01", "2027-12-31")]
        years += [(f"{1951 + rank % 70}-01-01", f"{1951 + rank % 70}-06-30") for rank in range(300)]
        Year = self.env["copro.fiscal.year"].with_user(self.manager)
        for start, end in years:
            try:
                with self.cr.savepoint():
                    Year.create(
                        {
                            "condominium_id": condominium.id,
                            "start_date": start,
                            "end_date": end,
                            "meeting_date": end,
                        }
                    )
            except REFUSALS:
                continue
        for day in ("00/00", "31/02", "٣١/١٢", "²/1", "29/02", "a" * 1000):
            try:
                with self.cr.savepoint():
                    condominium.closing_day = day
            except REFUSALS:
                continue
        self.env.flush_all()
        self.assertTrue(condominium.stored_duties)
        condominium._prepare_fiscal_years()

    # -- previews ---------------------------------------------------------------------

    def test_a_preview_in_the_background(self):
        condominiums = self.condominium("11 rue des Vues") | self.condominium("12 rue des Vues")
        with patch.object(preview, "AT_ONCE", 0):
            action = condominiums.with_user(self.manager).action_upload()
        batch = self.env["copro.upload.batch"].with_user(self.manager).browse(action["res_id"])
        self.assertEqual(batch.state, "preparing")
        for values in ({"state": "preview"}, {"total": 9}, {"line_count": 0}):
            self.refuses(batch.write, values)
        self.refuses(batch.line_ids.write, {"plan": "ready"})
        self.refuses(batch.with_user(self.stranger).action_open_lines)
        self.refuses(batch.with_user(self.stranger).read, ["summary"])
        batch.action_start()
        self.assertEqual(batch.state, "preparing", "it is not examined yet")
        condominiums[0].unlink()
        self.run_cron("ir_cron_preview")
        self.assertEqual(batch.state, "preview")
        self.assertEqual(len(batch.line_ids.filtered(lambda one: one.plan == "ready")), 1)

    # -- the registry -------------------------------------------------------------------

    def test_a_wizard_s_list_waits_for_its_turn(self):
        account = self.account
        with patch.object(type(account), "_take_turns", lambda self, most, within: []):
            wizard = self.env["copro.registry.import"].with_user(self.manager).create({})
            if wizard.has_list:
                self.refuses(wizard.action_list)
