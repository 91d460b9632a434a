import csv
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.copro_registry.rnc.client import ANSWERED, Outcome
from odoo.addons.copro_registry.rnc.codec import Answer

from .common import CoproCase

EVRY = Path(__file__).parent / "data" / "evry.csv"
COLUMNS = """registration_number name street zip city bylaws_date lot_count main_lot_count
    housing_lot_count parking_lot_count health_order_count danger_order_count
    equipment_order_count building_count construction_period completion_year label_unknown_count
    heating_type district_heating heating_energy lift_count mandate_ids/start_date
    mandate_ids/end_date mandate_ids/meeting_date fiscal_year_ids/is_first
    fiscal_year_ids/start_date fiscal_year_ids/end_date fiscal_year_ids/meeting_date
    fiscal_year_ids/current_charges
    fiscal_year_ids/works_charges fiscal_year_ids/supplier_debts fiscal_year_ids/unpaid_amount
    fiscal_year_ids/debtor_count fiscal_year_ids/works_fund fiscal_year_ids/has_staff""".split()
DUE = [("review_date", "<=", "2027-02-21")]
EVE, REFORM = date(2027, 2, 20), date(2027, 2, 21)
# (column, what is typed, what is kept or the sentence of the refusal)
TYPED = [
    ("registration_number", "zz 123-4567", "ZZ1234567"),
    ("registration_number", "ZZ12", "two letters and seven digits"),
    ("zip", " 1000", "01000"),
    ("name", "Re\u0301sidence\u200b \x07 Les  Lilas", "Résidence Les Lilas"),
    ("name", "Résidence 🏢", "Résidence 🏢"),  # kept, and told by the rules
    ("siret", "356 000 000 00048", "35600000000048"),
    ("bylaws_date", "18/04/1972", date(1972, 4, 18)),
    ("bylaws_date", "1972-04-18", date(1972, 4, 18)),
    ("bylaws_date", "0036/03/13", date(36, 3, 13)),  # kept, and told by the rules
    ("bylaws_date", "31/02/1972", "valid date"),
    ("bylaws_date", "hier", "valid date"),
    ("lot_count", "1 234", 1234),
    ("lot_count", "12.0", 12),
    ("lot_count", "-3", -3),  # kept, and told by the rules
    ("lot_count", "12,5", "whole number"),
    ("lot_count", "1000000000000000", "too large"),
    ("lot_count", "", False),
    ("fiscal_year_ids/current_charges", "41 250,30 €", 41250.30),
    ("fiscal_year_ids/current_charges", "41250.3", 41250.30),
    ("fiscal_year_ids/current_charges", "douze", "number"),
    ("fiscal_year_ids/current_charges", "1000000000000000", "too large"),
    ("fiscal_year_ids/debtor_count", "0", 0),
]


@tagged("post_install", "-at_install")
class TestImport(CoproCase):
    """Odoo's import screen and its method behave the same, line by line."""

    def screen(self, content, columns, **options):
        wizard = (
            self.env["base_import.import"]
            .with_user(self.manager)
            .create(
                {
                    "res_model": "copro.condominium",
                    "file": content.encode(),
                    "file_type": "text/csv",
                    "file_name": "portefeuille.csv",
                }
            )
        )
        told = {"quoting": '"', "separator": ";", "has_headers": True, "encoding": "utf-8"}
        return wizard.execute_import(columns, columns, {**told, **options})

    def imported_evry(self):
        result = self.screen(EVRY.read_text(encoding="utf-8"), COLUMNS)
        self.assertFalse(result["messages"])
        return self.env["copro.condominium"].browse(result["ids"])

    @freeze_time("2026-11-24 10:00:00")
    def test_a_real_record_imports_and_says_what_a_human_would(self):
        """The shape of a real record: 17 € owed by three debtors, a meeting in the year 36."""
        condominium = self.imported_evry()
        condominium.invalidate_recordset()
        self.assertEqual(condominium.fiscal_year_ids.meeting_date, date(36, 3, 13))
        self.assertEqual(condominium.registration_number, "ZZ0000723")
        self.assertEqual(condominium.service_due, "WS2_ANNUAL")
        found = [(f["code"], f["item"], f["blocking"]) for f in condominium.stored_findings]
        self.assertEqual(
            found,
            [
                ("IMPOSSIBLE_DATE", "date_ag_approbation", True),
                ("DEBTORS_AMOUNT", "nb_coproprietaires_debiteurs", False),
            ],
        )
        french = condominium.with_user(self.manager).with_context(lang="fr_FR").findings
        self.assertEqual(
            [f["message"] for f in french],
            [
                "«\xa0Date de l'assemblée générale approuvant les comptes\xa0»\xa0: l'année 0036 "
                "est impossible.",
                "Copropriétaires qui doivent plus de 300\xa0€ chacun\xa0: 3, mais 17,00\xa0€ "
                "seulement sont dus en tout. Vérifiez les deux.",
            ],
        )
        self.assertEqual(condominium.readiness_state, "not_ready")
        self.assertFalse(condominium.annual_deadline, "no deadline from an impossible date")

    def test_the_same_record_on_the_day_of_the_reform(self):
        """The threshold of 300 € goes, what the decree adds is asked."""
        with freeze_time(f"{EVE} 12:00:00"):
            condominium = self.imported_evry()
            eve = {f["item"] for f in condominium.stored_findings}
            asked = condominium.fiscal_year_ids.debtor_label
            self.assertIn("300", asked)
        with freeze_time(f"{REFORM} 12:00:00"):
            self.env["copro.condominium"].search(DUE)._review()
            day = {f["item"]: f["code"] for f in condominium.stored_findings}
            condominium.fiscal_year_ids.invalidate_recordset(["debtor_label"])
            self.assertIn("two quarters", condominium.fiscal_year_ids.debtor_label)
        self.assertEqual(eve, {"date_ag_approbation", "nb_coproprietaires_debiteurs"})
        self.assertEqual(
            day,
            {
                "date_ag_approbation": "IMPOSSIBLE_DATE",
                "batiments": "MISSING",
                "nature_chauffage": "MISSING",
                "systeme_chauffage": "MISSING",
                "presence_ecs": "MISSING",
                "projet_ppt_ordre_du_jour": "MISSING",
                "ppt_adopte": "MISSING",
            },
        )

    def test_an_impossible_date_is_shown_as_it_is(self):
        condominium = self.imported_evry()
        [read] = condominium.fiscal_year_ids.read(["meeting_date"])
        self.assertEqual(read["meeting_date"], "0036-03-13")
        exported = condominium.export_data(["fiscal_year_ids/meeting_date"])["datas"]
        self.assertEqual(exported, [["0036-03-13"]])
        condominium.with_user(self.manager).bylaws_date = date(36, 3, 13)
        self.env.flush_all()
        self.assertTrue(condominium.message_ids)

    def test_the_screen_and_the_method_agree_on_each_line(self):
        for column, typed, wanted in TYPED:
            with self.subTest(column=column, typed=typed):
                columns = list(dict.fromkeys(["name", column]))
                row = [typed] if column == "name" else ["Essai", typed]
                written = StringIO()
                csv.writer(written, delimiter=";").writerows([columns, row])
                model = self.env["copro.condominium"].with_user(self.manager)
                self.check(model.load(columns, [row]), column, wanted)
                self.check(self.screen(written.getvalue(), columns), column, wanted)

    def check(self, result, column, wanted):
        if not result["ids"]:
            [message] = result["messages"]
            self.assertIsInstance(wanted, str)
            self.assertIn(wanted, message["message"].format(field=column))
            return
        self.assertFalse(result["messages"])
        record = self.env["copro.condominium"].browse(result["ids"])
        *path, name = column.split("/")
        kept = record[path[0]][name] if path else record[name]
        self.assertEqual((kept, type(kept)), (wanted, type(wanted)))
        record.with_user(self.manager).unlink()

    def test_each_bad_line_is_told(self):
        good = ["Bonne", "12", "18/04/1972"]
        other = ["Bonne aussi", *good[1:]]
        rows = [good, ["Mauvaise", "douze", "18/04/1972"], other, ["Autre", "12", "hier"]]
        columns = ["name", "lot_count", "bylaws_date"]
        written = StringIO()
        csv.writer(written, delimiter=";").writerows([columns, *rows])
        loaded = self.env["copro.condominium"].load(columns, rows)
        screened = self.screen(written.getvalue(), columns)
        for result in (loaded, screened):
            self.assertFalse(result["ids"])
            told = [(m["rows"]["from"], m["field"]) for m in result["messages"]]
            self.assertEqual(told, [(1, "lot_count"), (3, "bylaws_date")])

    def test_a_date_from_which_nothing_can_be_reckoned_is_told(self):
        condominiums = self.env["copro.condominium"].with_user(self.manager)
        result = condominiums.load(["name", "bylaws_date"], [["Loin", "9999-12-31"]])
        self.assertFalse(result["ids"])
        self.assertIn("9999 is too far away", result["messages"][0]["message"])
        far = {"mandate_ids": [(0, 0, {"start_date": "2026-01-01", "end_date": "9999-12-31"})]}
        with self.assertRaisesRegex(ValidationError, "9999 is too far away"):
            self.condominium("1 rue du Calendrier", **far)

    def test_what_the_registry_holds_and_we_refuse_is_told_by_its_number(self):
        wizard = self.env["copro.registry.import"].with_user(self.manager).create({})
        for number, day, is_made in (
            ("ZZ7654321", date(9999, 12, 31), False),
            ("ZZ7654322", date(1972, 4, 18), True),
        ):
            theirs = {"nom_usage": "Importée", "date_reglement": day}
            outcome = Outcome(ANSWERED, Answer("accepted", dossier=theirs))
            told, is_here = wizard._import_one(number, outcome)
            self.assertEqual(is_here, is_made)
            self.assertIn("created" if is_made else "too far away", told)
            domain = [("registration_number", "=", number)]
            self.assertEqual(self.env["copro.condominium"].search_count(domain), is_made)

    def test_a_damaged_workbook_is_told(self):
        workbook = self.env["copro.condominium"]._import_workbook()
        start = workbook.index(b"xl/worksheets/sheet1.xml") + len("xl/worksheets/sheet1.xml")
        damaged = workbook[:start] + b"\xff" * 4 + workbook[start + 4 :]
        values = {"res_model": "copro.condominium", "file": damaged, "file_name": "a.xlsx"}
        values["file_type"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        wizard = self.env["base_import.import"].with_user(self.manager).create(values)
        told = wizard.parse_preview({"has_headers": True, "quoting": '"', "separator": ";"})
        self.assertIn("damaged", told["error"])

    def test_overlapping_and_long_mandates_are_refused_on_their_line(self):
        start = date(2024, 7, 1)
        columns = ["name", "mandate_ids/start_date", "mandate_ids/end_date"]
        rows = [
            ["Une", f"{start}", f"{start + timedelta(days=364)}"],
            ["Deux", f"{start}", f"{start + timedelta(days=1200)}"],
            ["Trois", f"{start}", f"{start + timedelta(days=364)}"],
            ["", f"{start + timedelta(days=100)}", f"{start + timedelta(days=500)}"],
        ]
        result = self.env["copro.condominium"].load(columns, rows)
        messages = {m["rows"]["from"]: m["message"] for m in result["messages"]}
        self.assertIn("three years", messages[1])
        self.assertIn("overlap", messages[2])
