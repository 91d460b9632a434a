"""Files as programs write them, given to the import screen."""

from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from .import_case import CSV, PROPOSED, ImportCase

XLS = "application/vnd.ms-excel"
COLUMNS = ["name", "street", "zip", "city", "bylaws_date", "lot_count"]
FIGURE = "fiscal_year_ids/current_charges"
ROW = ["Les Érables", "1 rue de l’Œuf", "01310", "Saint-Étienne", "31/12/1972", "12"]


def saved(workbook):
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def rewritten(content, part, change):
    """A container whose ``part`` went through ``change``."""
    stream = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(stream, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == part else data)
    return stream.getvalue()


class FilesCase(ImportCase):
    def preview(self, content, kind=CSV, name="copro.condominium", **options):
        values = {"res_model": name, "file": content, "file_type": kind, "file_name": "a"}
        wizard = self.model("base_import.import").create(values)
        return wizard, wizard.parse_preview({**PROPOSED, **options}, count=10)

    def check_refused(self, content, kind, word):
        _wizard, preview = self.preview(content, kind)
        self.assertRegex(preview.get("error", ""), word)

    def imported(self, content, kind=CSV, columns=tuple(COLUMNS), **options):
        result = self.screen("copro.condominium", list(columns), [], kind, options, content=content)
        self.assertEqual(result["messages"], [])
        return self.env["copro.condominium"].browse(result["ids"])

    def check_row(self, records, count=1):
        self.assertEqual(len(records), count)
        held = records.read(COLUMNS, load="")
        for one in held:
            one.pop("id")
            self.assertEqual(list(one.values())[1:], [*ROW[1:4], date(1972, 12, 31), 12])
            self.assertIn("Érables", one["name"])
        records.unlink()
