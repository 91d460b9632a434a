from datetime import date, datetime

import xlwt
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from odoo.tests import Form, tagged

from .files_case import COLUMNS, FIGURE, ROW, XLS, FilesCase, rewritten, saved
from .import_case import CSV, ODS, XLSX, as_csv, as_ods, as_xlsx


@tagged("post_install", "-at_install")
class TestTextFiles(FilesCase):
    """Text files as editors and spreadsheets write them."""

    def test_encodings(self):
        text = as_csv(COLUMNS, [ROW]).decode()
        for name in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
            with self.subTest(encoding=name):
                self.check_row(self.imported(text.encode(name)))
        for mark in ("utf-16-le", "utf-16-be"):
            with self.subTest(encoding=f"{mark}, without its mark"):
                self.check_row(self.imported(text.encode(mark)))

    def test_encodings_chosen_on_the_screen(self):
        content = as_csv(COLUMNS, [ROW]).decode().encode("utf-8-sig")
        self.check_row(self.imported(content, encoding="utf-8"))

    def test_ends_of_lines_and_separators(self):
        for separator in ";\t,|":
            for end in ("\n", "\r\n", "\r"):
                with self.subTest(separator=separator, end=end):
                    lines = [separator.join(line) for line in (COLUMNS, ROW)]
                    self.check_row(self.imported(end.join(lines).encode()))
        rows = [[f"{ROW[0]} {rank}", *ROW[1:]] for rank in range(3)]
        first, *others = [";".join(line) for line in (COLUMNS, *rows)]
        self.check_row(
            self.imported(("\r\n".join((first, *others[:2])) + "\n" + others[2]).encode()), 3
        )

    def test_what_lines_hold(self):
        """Semicolons, quotes, line feeds, empty columns and lines, lines that are shorter."""
        row = ['Les "Érables" ; n° 3', *ROW[1:]]
        header = ["", *COLUMNS, "", ""]
        content = as_csv(header, [["", *row, "", ""], [""] * 9]) + b";;;;;;;;\n\n   ;\n"
        record = self.imported(content, columns=[False, *COLUMNS])
        self.assertEqual(record.name, row[0])
        self.check_row(record)
        record = self.imported(as_csv(COLUMNS, [[f" {ROW[0]}\nbât. A  ", *ROW[1:]]]))
        self.assertEqual(record.name, "Les Érables bât. A")
        self.check_row(record)
        short = (
            ";".join([*COLUMNS, FIGURE]) + "\n" + ";".join(ROW) + ";41250,30\n" + "Courte;3 rue B"
        )
        records = self.imported(short.encode(), columns=[*COLUMNS, FIGURE])
        self.assertEqual(records.mapped("name"), [ROW[0], "Courte"])
        self.assertEqual(records.fiscal_year_ids.current_charges, 41250.30)

    def test_quotes_that_do_not_close(self):
        content = b'name;street\n"Les Lilas;1 rue A\nLes Roses;2 rue B\n'
        self.check_refused(content, CSV, "guillemet.*2|2.*guillemet")

    def test_a_header_repeated_at_each_page(self):
        rows = [ROW, COLUMNS, [f"{ROW[0]} bis", *ROW[1:]]]
        self.check_row(self.imported(as_csv(COLUMNS, rows)), 2)

    def test_totals(self):
        columns = ["name", "street", FIGURE]
        for total in ("TOTAL", "Total général", "Sous-total", "Totaux :"):
            rows = [["Une", "1 rue A", "10,00"], [total, "", "10,00"]]
            result = self.screen("copro.condominium", columns, rows)
            self.assertEqual([m["rows"]["from"] for m in result["messages"]], [1])
            self.assertIn(total, result["messages"][0]["message"])

    def test_the_errors_of_a_spreadsheet(self):
        rows = [["#N/A", "1 rue A"], ["Une", "#REF!"], ["#NOM?", "x"], ["Deux", "########"]]
        result = self.screen("copro.condominium", ["name", "street"], rows)
        self.assertEqual([m["rows"]["from"] for m in result["messages"]], [0, 1, 2, 3])

    def test_two_columns_for_one_figure(self):
        columns = ["name", "lot_count", "lot_count"]
        result = self.screen("copro.condominium", columns, [["Une", "12", "14"]])
        self.assertFalse(result.get("ids"))
        self.assertEqual([m["field_path"] for m in result["messages"]], [["lot_count"]])
        columns = ["name", "street", "street"]
        record = self.imported(as_csv(columns, [["Une", "12", "rue A"]]), columns=columns)
        self.assertEqual(record.street, "12 rue A")

    def test_a_file_that_is_too_large(self):
        self.check_refused(b"name;street\n" + b"Une;1 rue A\n" * 5_700_000, CSV, "trop volumineux")


@tagged("post_install", "-at_install")
class TestWorkbooks(FilesCase):
    """Workbooks as people leave them."""

    def typed(self):
        return [*ROW[:4], date(1972, 12, 31), 12]

    def test_bombs(self):
        """Little on the disk, much in memory."""
        for kind, part in ((XLSX, "xl/worksheets/sheet1.xml"), (ODS, "content.xml")):
            make = as_xlsx if kind == XLSX else as_ods
            zeros = rewritten(make(COLUMNS, [ROW]), part, lambda data: data + b" " * 300 * 2**20)
            self.check_refused(zeros, kind, "trop volumineux")
        wide = '<row r="%d"><c r="XFD%d"><v>1</v></c></row>'
        far = '<row r="99999999999"><c><v>1</v></c></row>'
        for more in ("".join(wide % (rank, rank) for rank in range(10, 5_000)), far):
            rows = f"{more}</sheetData>".encode()
            bomb = rewritten(
                as_xlsx(COLUMNS, [ROW]),
                "xl/worksheets/sheet1.xml",
                lambda data, rows=rows: data.replace(b"</sheetData>", rows),
            )
            self.check_refused(bomb, XLSX, "trop volumineux")
        line = b'<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
        line += b'table:number-columns-repeated="1000"><text:p>x</text:p></table:table-cell>'
        bomb = rewritten(
            as_ods(COLUMNS, [ROW]),
            "content.xml",
            lambda data: data.replace(
                b"</table:table>", line + b"</table:table-row></table:table>"
            ),
        )
        self.check_refused(bomb, ODS, "trop volumineux")

    def test_a_lonely_cell_far_away(self):
        workbook = Workbook()
        sheet = workbook.active
        sheet.append(COLUMNS)
        sheet.append(self.typed())
        sheet["XFD1048576"] = " "
        self.check_row(self.imported(saved(workbook), XLSX))

    def test_dates_of_1904(self):
        workbook = Workbook()
        workbook.epoch = CALENDAR_MAC_1904
        workbook.active.append(COLUMNS)
        workbook.active.append(self.typed())
        self.check_row(self.imported(saved(workbook), XLSX))

    def test_merged_cells(self):
        """One condominium over two lines: its fiscal years."""
        workbook = Workbook()
        sheet = workbook.active
        sheet.append(["name", "fiscal_year_ids/end_date", FIGURE])
        sheet.append(["Une", date(2023, 12, 31), 10.5])
        sheet.append(["", date(2024, 12, 31), 12.5])
        sheet.merge_cells("A2:A3")
        columns = ["name", "fiscal_year_ids/end_date", FIGURE]
        record = self.imported(saved(workbook), XLSX, columns)
        self.assertEqual(
            record.fiscal_year_ids.sorted("end_date").mapped("current_charges"), [10.5, 12.5]
        )

    def test_formulas_with_their_results(self):
        content = rewritten(
            as_xlsx(COLUMNS, [self.typed()]),
            "xl/worksheets/sheet1.xml",
            lambda data: data.replace(b"<v>12</v>", b"<f>6+6</f><v>12</v>"),
        )
        self.check_row(self.imported(content, XLSX))

    def test_hidden_lines_are_told(self):
        """What a filter hides would come in unseen; a hidden column is shown by the screen."""
        workbook = Workbook()
        sheet = workbook.active
        for row in (COLUMNS, self.typed(), self.typed()):
            sheet.append(row)
        sheet.column_dimensions["B"].hidden = True
        _wizard, preview = self.preview(saved(workbook), XLSX)
        self.assertNotIn("error", preview)
        sheet.row_dimensions[3].hidden = True
        self.check_refused(saved(workbook), XLSX, "3.*masqué|masqué.*3")
        content = as_ods(COLUMNS, [ROW, ROW])
        start, last = content, b"<table:table-row>"
        hidden = rewritten(
            start,
            "content.xml",
            lambda data: (
                last.join(data.split(last)[:-1])
                + b'<table:table-row table:visibility="filter">'
                + data.split(last)[-1]
            ),
        )
        self.check_refused(hidden, ODS, "masqué")

    def test_lines_that_repeat_in_open_document(self):
        """Identical lines are written once, with their number."""
        columns = ["condominium_id", "end_date", "current_charges"]
        self.condominium("Une", registration_number="ZZ0000921", fiscal_year_ids=[])
        content = rewritten(
            as_ods(columns, [["ZZ0000921", "31/12/2023", "12,5"]]),
            "content.xml",
            lambda data: b'<table:table-row table:number-rows-repeated="3">'.join(
                data.rsplit(b"<table:table-row>", 1)
            ),
        )
        result = self.screen("copro.fiscal.year", columns, [], ODS, content=content)
        self.assertEqual([m["rows"]["from"] for m in result["messages"]], [1, 2])

    def test_old_workbooks(self):
        workbook = xlwt.Workbook()
        sheet = workbook.add_sheet("Une")
        day = xlwt.easyxf(num_format_str="dd/mm/yyyy")
        for rank, value in enumerate(COLUMNS):
            sheet.write(0, rank, value)
        for rank, value in enumerate(self.typed()):
            sheet.write(
                2, rank, value, day if isinstance(value, date) else xlwt.Style.default_style
            )
        self.check_row(self.imported(saved(workbook), XLS))

    def test_figures_of_old_workbooks(self):
        columns = ["name", FIGURE]
        for shown, value, wanted in (
            ("0.00", 1.234, 1.23),
            ("#,##0.00", 41250.3, 41250.3),
            ("0.0%", 0.125, None),
        ):
            workbook = xlwt.Workbook()
            sheet = workbook.add_sheet("Une")
            for rank, name in enumerate(columns):
                sheet.write(0, rank, name)
            sheet.write(1, 0, "Une")
            sheet.write(1, 1, value, xlwt.easyxf(num_format_str=shown))
            result = self.screen("copro.condominium", columns, [], XLS, content=saved(workbook))
            record = self.env["copro.condominium"].browse(result["ids"] or [])
            self.assertEqual(bool(result["messages"]), wanted is None)
            self.assertEqual(
                record.fiscal_year_ids.mapped("current_charges"), [wanted] if wanted else []
            )
            record.unlink()

    def test_what_is_no_workbook(self):
        page = b"<html><body><table><tr><td>name</td></tr></table></body></html>"
        self.check_refused(page, XLS, "enregistrez")
        self.check_refused(b"PK\x03\x04" + b"\0" * 50, XLSX, "enregistrez")

    def test_hours_and_durations(self):
        workbook = Workbook()
        workbook.active.append(["name", "lot_count"])
        workbook.active.append(["Une", datetime(2025, 1, 1, 8) - datetime(2025, 1, 1)])
        columns = ["name", "lot_count"]
        result = self.screen("copro.condominium", columns, [], XLSX, content=saved(workbook))
        self.assertEqual([m["rows"]["from"] for m in result["messages"]], [0])


@tagged("post_install", "-at_install")
class TestParts(FilesCase):
    """A long file comes in parts: the screen calls once for each."""

    COLUMNS = ["name", "street", "zip", "city"]

    def run_parts(self, rows, dryrun=False):
        wizard, preview = self.preview(as_csv(self.COLUMNS, rows), limit=2)
        return wizard, list(self.parts(wizard, preview, dryrun))

    def parts(self, wizard, preview, dryrun):
        skip = 0
        while True:
            options = {**preview["options"], "limit": 2, "skip": skip}
            result = wizard.execute_import(self.COLUMNS, self.COLUMNS, options, dryrun)
            yield result
            skip = result["nextrow"]
            if not skip:
                return

    def rows(self, *names):
        return [[name, f"{name} rue A", "35000", "Rennes"] for name in names]

    def test_a_line_repeated_in_another_part(self):
        rows = self.rows("Une", "Deux", "Trois", "Une", "Quatre")
        for dryrun in (True, False):
            _wizard, results = self.run_parts(rows, dryrun)
            told = [[m["rows"]["from"] for m in result["messages"]] for result in results]
            self.assertEqual(told, [[], [3], []])
        # Again, with the line mended: what is here is recognised.
        _wizard, results = self.run_parts(self.rows("Une", "Deux", "Trois", "Quatre"))
        self.assertEqual([result["messages"] for result in results], [[], [], []])
        self.assertEqual(self.env["copro.condominium"].search_count([("name", "=", "Une")]), 1)

    def test_the_line_of_the_file_is_named(self):
        """Whatever stands before it: empty lines, headers, other parts."""
        lines = [";".join(row) for row in self.rows("Une", "Deux", "Trois")]
        lines[1:1] = ["", ";;;", ";".join(self.COLUMNS), '"Zéro\nbis";Zéro rue A;35000;Rennes']
        lines.append("Quatre;Quatre rue A;ABC;Rennes")
        wizard, preview = self.preview("\n".join([";".join(self.COLUMNS), *lines]).encode())
        [first, second, last] = self.parts(wizard, preview, dryrun=True)
        self.assertEqual((first["messages"], second["messages"]), ([], []))
        [message] = last["messages"]
        self.assertEqual(message["rows"], {"from": 4, "to": 4})
        self.assertRegex(message["message"], r"^Ligne 10\s: .*ABC")

    def test_a_part_that_is_tried_again(self):
        wizard, preview = self.preview(as_csv(self.COLUMNS, self.rows("Une", "Deux", "Trois")))
        for _time in range(2):
            results = list(self.parts(wizard, preview, dryrun=True))
            results += self.parts(wizard, preview, dryrun=False)
            self.assertEqual([result["messages"] for result in results], [[]] * 4)


@tagged("post_install", "-at_install")
class TestLinesOfOthers(FilesCase):
    """A line of a condominium is not taken from another by its identifier."""

    def test_lines_by_identifier(self):
        owner = self.condominium("1 rue du Tien", registration_number="ZZ0000931")
        self.env["ir.model.data"].create(
            {
                "module": "__import__",
                "name": "tienne",
                "model": "copro.fiscal.year",
                "res_id": owner.fiscal_year_id.id,
            }
        )
        fiscal_year = owner.fiscal_year_id
        given = (("/.id", str(fiscal_year.id)), ("/id", "__import__.tienne"))
        for is_declared in (False, True):
            fiscal_year.sudo().declared_on = "2025-01-15" if is_declared else False
            for suffix, value in given:
                for others in ((), ("fiscal_year_ids/works_fund",)):
                    columns = ["name", f"fiscal_year_ids{suffix}", *others]
                    rows = [["Voleuse", value, *("5" for _other in others)]]
                    for way, run in self.ways_in("copro.condominium", columns, rows):
                        with self.subTest(way=way, columns=columns):
                            result = run()
                            self.assertEqual([m["type"] for m in result["messages"]], ["error"])
                            self.assertEqual(fiscal_year.condominium_id, owner)

    def test_a_fiscal_year_moved_by_its_own_line(self):
        owner = self.condominium("1 rue du Tien", registration_number="ZZ0000931")
        self.condominium("2 rue du Mien", registration_number="ZZ0000932", fiscal_year_ids=[])
        fiscal_year = owner.fiscal_year_id
        columns = [".id", "condominium_id"]
        result = self.screen("copro.fiscal.year", columns, [[str(fiscal_year.id), "ZZ0000932"]])
        self.assertEqual([m["type"] for m in result["messages"]], ["error"])
        self.assertEqual(fiscal_year.condominium_id, owner)
        result = self.screen("copro.fiscal.year", columns, [[str(fiscal_year.id), "ZZ0000931"]])
        self.assertEqual(result["messages"], [])


@tagged("post_install", "-at_install")
class TestNameless(FilesCase):
    def test_a_form_names_by_the_address(self):
        form = Form(self.model("copro.condominium"))
        form.street = "12 rue Sans Nom"
        self.assertFalse(form.name)
        form.city = "Rennes"
        self.assertEqual(form.name, "12 rue Sans Nom, Rennes")
        form.name = "Les Lilas"
        form.street = "14 rue Sans Nom"
        self.assertEqual(form.name, "Les Lilas")
        form.name = False
        self.assertEqual(form.save().name, "14 rue Sans Nom, Rennes")
