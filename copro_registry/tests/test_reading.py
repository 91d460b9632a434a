import json
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook

from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, tagged

from .import_case import ODS, PROPOSED, XLSX, ImportCase, as_xlsx

WAYS = json.loads(Path(__file__).parent.joinpath("data", "ways.json").read_text())
REFUSED = ("doubtful", "impossible")
# In the browser: what each line of the table is read as, when it is not what is wanted.
COMPARE = """
const {readAmount, readCount, UnreadableNumber} = odoo.loader.modules.get(
    "@copro_registry/fields/read_number"
);
const table = %s;
const wrong = [];
const check = (read, rows) => {
    for (const [typed, wanted] of rows) {
        let found = "refused";
        try {
            found = read(typed);
        } catch (error) {
            found = error instanceof UnreadableNumber ? "refused" : String(error);
        }
        const isRefused = wanted === "doubtful" || wanted === "impossible";
        if (found !== (isRefused ? "refused" : Number(wanted))) {
            wrong.push([typed, found, wanted]);
        }
    }
};
check(readAmount, table.amounts);
check(readCount, table.counts);
if (wrong.length) {
    throw new Error(JSON.stringify(wrong));
}
console.log("test successful");
"""
PARCEL = {
    "parcel_ids/insee_code": "35238",
    "parcel_ids/prefix": "000",
    "parcel_ids/section": "AB",
    "parcel_ids/number": "0001",
}


@tagged("post_install", "-at_install")
class TestReading(ImportCase):
    """A value means the same by whatever way it comes in; what is doubtful is not guessed."""

    def check(self, column, cells, **others):
        """``cells``: [(typed, value or kind of refusal)], each on a line of its own."""
        kept = [cell for cell in cells if cell[1] not in REFUSED]
        told = [cell for cell in cells if cell[1] in REFUSED]
        columns = ["name", *others, column]
        for expected, look in ((kept, self.check_kept), (told, self.check_told)):
            rows = [
                [f"Ligne {rank}", *others.values(), typed]
                for rank, (typed, _wanted) in enumerate(expected)
            ]
            for way, run in self.ways_in("copro.condominium", columns, rows):
                with self.subTest(column=column, way=way):
                    look(run(), column, expected)

    def check_kept(self, result, column, cells):
        self.assertEqual(result["messages"], [])
        records = self.env["copro.condominium"].browse(result["ids"])
        *path, name = column.split("/")
        kept = [record[path[0]][name] if path else record[name] for record in records]
        shown = [str(value) if isinstance(value, date) else value for value in kept]
        wanted = [
            float(value) if isinstance(number, float) else value
            for number, (_typed, value) in zip(shown, cells, strict=True)
        ]
        self.assertEqual(shown, wanted)
        records.unlink()

    def check_told(self, result, column, cells):
        """Each line is told, in a sentence that shows what is written; nothing is kept."""
        told = {message["rows"]["from"]: message["message"] for message in result["messages"]}
        silent = [cell for rank, cell in enumerate(cells) if rank not in told]
        self.assertEqual((silent, result["ids"]), ([], False))
        for message in result["messages"]:
            self.assertEqual(message["type"], "error")
            self.assertRegex(message["message"], "[«“]", "what is written is shown")

    def test_amounts(self):
        self.check("fiscal_year_ids/current_charges", WAYS["amounts"])

    def test_counts(self):
        self.check("fiscal_year_ids/debtor_count", WAYS["counts"])
        self.check("lot_count", WAYS["counts"])

    def test_dates(self):
        self.check("bylaws_date", WAYS["dates"])
        self.check("fiscal_year_ids/meeting_date", WAYS["dates"])

    def test_codes(self):
        for column in ("zip", "insee_code", "siret", "registration_number"):
            cells = [(typed, wanted) for name, typed, wanted in WAYS["codes"] if name == column]
            unique = list({wanted: (typed, wanted) for typed, wanted in cells}.values())
            self.check(column, unique if column == "registration_number" else cells)

    def test_codes_of_parcels(self):
        for column in ("number", "section", "prefix", "insee_code"):
            cells = [(typed, wanted) for name, typed, wanted in WAYS["parcels"] if name == column]
            path = f"parcel_ids/{column}"
            self.check(path, cells, **{name: told for name, told in PARCEL.items() if name != path})

    def test_yes_and_no(self):
        self.check("is_cooperative", WAYS["yes_no"])
        self.check("fiscal_year_ids/has_staff", WAYS["yes_no"])

    def test_numbers_and_dates_of_workbooks_and_programs(self):
        cells = {
            "fiscal_year_ids/current_charges": [
                (41250.3, 41250.3),
                (1.234, 1.23),
                (950.125, 950.13),
            ]
            + [(0, 0.0), (-1250.3, -1250.3), (0.1 + 0.2, 0.3), (41250, 41250.0)],
            "fiscal_year_ids/debtor_count": [(12.0, 12), (0, 0), (3, 3)],
            "zip": [(1310.0, "01310"), (1000, "01000"), (35000, "35000")],
            "siret": [(23450002300028.0, "23450002300028")],
            "is_cooperative": [(True, True), (1, True), (0, False)],
        }
        for column, values in cells.items():
            self.check_programs(column, values, self.check_kept)
        refused = {"fiscal_year_ids/debtor_count": [1.5], "bylaws_date": [45657, 12.5]}
        for column, values in refused.items():
            self.check_programs(column, [(value, None) for value in values], self.check_told)

    def check_programs(self, column, cells, look):
        rows = [[f"Ligne {rank}", typed] for rank, (typed, _wanted) in enumerate(cells)]
        with self.subTest(column=column):
            for kind in (XLSX, ODS):
                result = self.screen("copro.condominium", ["name", column], rows, kind)
                look(result, column, cells)
            look(self.model("copro.condominium").load(["name", column], rows), column, cells)

    def test_date_cells_of_workbooks(self):
        cells = [(date(2025, 12, 31), "2025-12-31"), (datetime(2025, 12, 31), "2025-12-31")]
        rows = [[f"Ligne {rank}", typed] for rank, (typed, _wanted) in enumerate(cells)]
        for kind in (XLSX, ODS):
            result = self.screen("copro.condominium", ["name", "bylaws_date"], rows, kind)
            self.check_kept(result, "bylaws_date", cells)
        late = [["Ligne", datetime(2025, 12, 30, 23)]]
        result = self.screen("copro.condominium", ["name", "bylaws_date"], late, XLSX)
        self.check_told(result, "bylaws_date", [(late[0][1], "doubtful")])
        amount = ["name", "fiscal_year_ids/current_charges"]
        result = self.screen("copro.condominium", amount, [["Ligne", date(2025, 12, 31)]], XLSX)
        self.check_told(result, amount[1], [("date", "impossible")])

    def test_texts_that_a_spreadsheet_made_dates_of(self):
        rows = [["Une", "3 rue A"], ["Deux", date(2026, 5, 3)]]
        for kind in (XLSX, ODS):
            result = self.screen("copro.condominium", ["name", "street"], rows, kind)
            [message] = result["messages"]
            self.assertIn("3", message["message"])
            self.assertEqual(message["field_path"], ["street"])
            self.assertFalse(self.env["copro.condominium"].search([("name", "=", "Deux")]))

    def test_cells_that_are_no_euros(self):
        """A cell that shows 12,5 % holds 0.125."""
        columns = ["name", "fiscal_year_ids/current_charges"]
        for shown in ("0.0%", "[$$-409]#,##0.00", "[$£-809]#,##0.00", '"$"#,##0.00'):
            content = as_xlsx(columns, [["Une", 0.125]], shown)
            result = self.screen("copro.condominium", columns, [], XLSX, content=content)
            self.check_told(result, columns[1], [(shown, "impossible")])
        for shown in ("#,##0.00", "[$€-40C]#,##0.00", '#,##0.00\\ "€"', "[$-40C]0.00", "0.00E+00"):
            content = as_xlsx(columns, [["Une", 41250.3]], shown)
            result = self.screen("copro.condominium", columns, [], XLSX, content=content)
            self.check_kept(result, columns[1], [(shown, 41250.3)])

    def test_formulas_without_their_results(self):
        workbook = Workbook()
        workbook.active.append(["name", "lot_count"])
        workbook.active.append(["Une", "=6+6"])
        stream = BytesIO()
        workbook.save(stream)
        values = {"res_model": "copro.condominium", "file": stream.getvalue(), "file_type": XLSX}
        preview = self.model("base_import.import").create(values).parse_preview(dict(PROPOSED))
        self.assertIn("formul", preview["error"])

    def test_a_text_written_by_a_program(self):
        """create() and write() read as the import does."""
        fiscal_year = self.condominium("1 rue du Programme").fiscal_year_id
        fiscal_year.write({"current_charges": "41 250,30 €", "debtor_count": "12,0"})
        self.assertEqual((fiscal_year.current_charges, fiscal_year.debtor_count), (41250.30, 12))
        fiscal_year.end_date = "2024-12-30T23:00:00.000Z"
        self.assertEqual(fiscal_year.end_date, date(2024, 12, 31))
        fiscal_year.end_date = "31/12/2024"
        self.assertEqual(fiscal_year.end_date, date(2024, 12, 31))
        refused = [
            *({"current_charges": value} for value in ("1.234", "1e3", "nan", "12,5%", True)),
            *({"debtor_count": value} for value in ("1,5", 1.5, "1_0", "1.234")),
            *({"end_date": value} for value in ("31/12/24", "hier", "2024-12-30 23:00:00")),
        ]
        for values in refused:
            with self.subTest(values=values), self.assertRaises(ValidationError):
                fiscal_year.write(values)

    def test_a_file_of_windows_read_as_latin_1(self):
        content = "name;street\nSacré-Cœur;12 rue de l’Église – bât. A\n".encode("cp1252")
        for encoding in ("latin-1", "iso-8859-15", "windows-1252"):
            result = self.screen(
                "copro.condominium",
                ["name", "street"],
                [],
                content=content,
                options={"encoding": encoding},
            )
            record = self.env["copro.condominium"].browse(result["ids"])
            self.assertEqual(record.name, "Sacré-Cœur")
            self.assertEqual(record.street, "12 rue de l’Église – bât. A")
            record.unlink()

    def test_a_cell_that_cannot_be_read_is_told_on_its_line(self):
        columns = ["name", "fiscal_year_ids/current_charges"]
        rows = [["Une", "41250,30"], ["Deux", "1,234"], ["Trois", "12,5%"]]
        result = self.screen("copro.condominium", columns, rows)
        told = [(message["rows"]["from"], message["message"]) for message in result["messages"]]
        self.assertEqual([rank for rank, _sentence in told], [1, 2])
        self.assertIn("1,234", told[0][1])
        self.assertIn("12,5%", told[1][1])

    def test_a_file_in_which_every_amount_grew_a_hundredfold(self):
        """It is blocked; who says that the amounts are right is not stuck."""
        condominium = self.condominium("1 rue du Bond", registration_number="ZZ0000911")
        last = condominium.fiscal_year_id
        columns = ["condominium_id", "start_date", "end_date", "meeting_date"]
        columns += ["current_charges", "supplier_debts", "unpaid_amount", "debtor_count"]
        columns += ["works_charges", "works_fund"]
        dates = [last.end_date + days for days in (timedelta(1), timedelta(365), timedelta(400))]
        row = ["ZZ0000911", *map(str, dates), "4125030", "182000", "241055", "2", "0", "600000"]
        result = self.screen("copro.fiscal.year", columns, [row])
        fiscal_year = self.env["copro.fiscal.year"].browse(result["ids"])
        self.assertEqual(condominium.fiscal_year_id, fiscal_year)
        self.assertTrue(fiscal_year.has_jump)
        self.assertEqual(self.codes(condominium), ["JUMPED"])
        self.assertEqual(condominium.readiness_state, "not_ready")
        fiscal_year.is_checked = True
        self.assertNotIn("JUMPED", self.codes(condominium))
        self.assertNotEqual(condominium.readiness_state, "not_ready")
        fiscal_year.current_charges = 4125031
        self.assertFalse(fiscal_year.is_checked)
        self.assertEqual(self.codes(condominium), ["JUMPED"])
        right = {"current_charges": 41250.30, "supplier_debts": 1820, "unpaid_amount": 2410.55}
        fiscal_year.write(right)
        self.assertNotIn("JUMPED", self.codes(condominium))

    def codes(self, condominium):
        return [
            found["code"]
            for found in condominium.stored_findings or []
            if found["code"] == "JUMPED"
        ]


@tagged("post_install", "-at_install")
class TestReadingInForms(ImportCase, HttpCase):
    def test_a_form_reads_as_the_import_does(self):
        table = json.dumps({name: WAYS[name] for name in ("amounts", "counts")})
        self.browser_js("/odoo", COMPARE % table, "odoo.isReady", login=self.manager.login)
