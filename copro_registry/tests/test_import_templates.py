from io import BytesIO

from openpyxl import load_workbook

from odoo.tests import HttpCase, tagged

from ..controllers.import_template import MODELS
from ..controllers.workbook import MEDIA_TYPE
from .common import CoproCase

SCREEN = {"has_headers": True, "quoting": '"', "separator": "", "sheet": ""}


@tagged("post_install", "-at_install")
class TestImportTemplates(CoproCase, HttpCase):
    """The workbooks that the import screen offers go back through it, as they are filled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.manager.lang = "fr_FR"

    def download(self, name):
        self.authenticate(self.manager.login, self.manager.login)
        [offered] = self.env[name].with_user(self.manager).get_import_templates()
        answer = self.url_open(offered["template"])
        self.assertEqual((answer.status_code, answer.headers["Content-Type"]), (200, MEDIA_TYPE))
        return load_workbook(BytesIO(answer.content))

    def fill(self, workbook, **values):
        """One line: the examples of the help sheet, and these values by column."""
        columns, help_sheet = workbook.worksheets
        examples = {row[0].value: row[3].value for row in help_sheet.iter_rows(min_row=2)}
        for cell in columns[1]:
            columns.cell(2, cell.column).value = values.get(cell.value, examples[cell.value])
        stream = BytesIO()
        workbook.save(stream)
        return stream.getvalue()

    def screen(self, name, content):
        """The import screen: it finds the fields by the headers, then imports."""
        wizard = (
            self.env["base_import.import"]
            .with_user(self.manager)
            .create({"res_model": name, "file": content, "file_type": MEDIA_TYPE})
        )
        wizard = wizard.with_context(lang="fr_FR")
        preview = wizard.parse_preview(dict(SCREEN))
        self.assertNotIn("error", preview)
        found = [preview["matches"].get(rank) for rank in range(len(preview["headers"]))]
        names = [path[0] if path else False for path in found]
        self.assertEqual(names, self.env[name]._import_columns())
        result = wizard.execute_import(names, preview["headers"], preview["options"])
        self.assertFalse(result["messages"])
        return self.env[name].browse(result["ids"])

    def test_condominiums(self):
        content = self.fill(self.download("copro.condominium"))
        condominium = self.screen("copro.condominium", content)
        self.assertEqual(condominium.registration_number, "AB1234567")
        self.assertEqual(condominium.city, "Rennes")
        self.assertEqual(condominium.lot_count, 4)
        self.assertEqual(condominium.company_id, self.company)

    def test_mandates_and_fiscal_years(self):
        condominium = self.condominium(
            "Les Lilas", registration_number="ZZ0000901", mandate_ids=[], fiscal_year_ids=[]
        )
        labels = {"Copropriété": "ZZ0000901", "Fin": "2026-06-30"}
        mandate = self.screen("copro.mandate", self.fill(self.download("copro.mandate"), **labels))
        self.assertEqual(mandate.condominium_id, condominium)
        fiscal_year = self.fill(self.download("copro.fiscal.year"), **labels, Début="2025-07-01")
        fiscal_year = self.screen("copro.fiscal.year", fiscal_year)
        self.assertEqual(fiscal_year.condominium_id, condominium)
        self.assertEqual(fiscal_year.current_charges, 1250.40)

    def test_only_who_may_create(self):
        self.authenticate(self.reader.login, self.reader.login)
        for name in MODELS:
            answer = self.url_open(f"/copro_registry/import_template/{name}")
            self.assertNotEqual(answer.status_code, 200)
        self.authenticate(self.manager.login, self.manager.login)
        answer = self.url_open("/copro_registry/import_template/res.users")
        self.assertEqual(answer.status_code, 404)
