from odoo.tests import tagged

from .import_case import ODS, XLSX, as_csv, as_ods, as_xlsx
from .test_files import COLUMNS, ROW, FilesCase

TITLES = [["Cabinet Fictif SA"], ["Liste des copropriétés au 30/11/2026"], []]
WRITERS = [("text/csv", as_csv), (XLSX, as_xlsx), (ODS, as_ods)]


@tagged("post_install", "-at_install")
class TestPrintedLists(FilesCase):
    """What an editor prints to a file: titles above the header, the accents of DOS."""

    def test_titles_above_the_header(self):
        for kind, writer in WRITERS:
            with self.subTest(kind):
                content = writer(TITLES[0], [*TITLES[1:], COLUMNS, ROW])
                _wizard, preview = self.preview(content, kind)
                self.assertEqual(preview["headers"], COLUMNS)
                self.check_row(self.imported(content, kind))

    def test_a_title_of_many_words_and_another_separator(self):
        lines = ["Copropriétés; mandats; exercices", ",".join(COLUMNS), ",".join(ROW)]
        self.check_row(self.imported("\n".join(lines[1:]).encode()))
        _wizard, preview = self.preview("\n".join(lines).encode())
        self.assertEqual(preview["options"]["separator"], ",")

    def test_a_fault_below_titles_names_its_line(self):
        wrong = [*ROW[:4], "le 31 de décembre", "12"]
        content = as_csv(TITLES[0], [*TITLES[1:2], COLUMNS, wrong])
        result = self.screen("copro.condominium", COLUMNS, [], "text/csv", {}, content=content)
        self.assertTrue(result["messages"])
        self.assertIn("4", result["messages"][0]["message"])

    def test_what_only_looks_like_titles_is_kept(self):
        """A narrow header, a short line, a list without a header."""
        record = self.imported(b"name\nCourte", columns=["name"])
        self.assertEqual(record.name, "Courte")
        records = self.imported(
            as_csv(["name", "street"], [["Brève"], ["Longue", "3 rue B"]]),
            columns=["name", "street"],
        )
        self.assertEqual(records.mapped("name"), ["Brève", "Longue"])
        rows = [["Seule"], [*ROW[:4]]]
        records = self.imported(as_csv(rows[0], rows[1:]), columns=COLUMNS[:4], has_headers=False)
        self.assertEqual(records.mapped("name"), ["Seule", ROW[0]])

    def test_accents_of_dos(self):
        text = as_csv(COLUMNS, [["Les Érables", "1 allée de la Forêt", *ROW[2:]]]).decode()
        record = self.imported(text.replace("’", "'").encode("cp850"))
        self.assertEqual((record.name, record.street), ("Les Érables", "1 allée de la Forêt"))

    def test_headers_beyond_measure(self):
        """Longer or more numerous than a list has: shown at once, left to be mapped."""
        headers = [f"colonne {rank} " + "x" * 20_000 for rank in range(40)]
        headers += [f"c{rank}" for rank in range(3_000)]
        _wizard, preview = self.preview(as_csv(headers, [["1"] * len(headers)]))
        self.assertNotIn("error", preview)
        self.assertFalse(
            {str(rank) for rank in range(40)} & set(map(str, preview["matches"] or ()))
        )
