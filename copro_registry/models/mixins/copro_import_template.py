from datetime import date
from io import BytesIO

import xlsxwriter

from odoo import api, models

# What the help sheet shows where neither the type nor the values give an example.
EXAMPLES = {
    "AB1234567": ("registration_number", "principal_number"),
    "12 rue de l'Exemple": ("name", "street"),
    "35000": ("zip",),
    "Rennes": ("city",),
    "35238": ("insee_code",),
    "99900001100018": ("siret",),
    "1974": ("completion_year",),
}
EXAMPLE_OF = {name: example for example, names in EXAMPLES.items() for name in names}
BY_TYPE = {"integer": "4", "float": "1250,40", "date": date(2025, 6, 30)}


class CoproImportTemplate(models.AbstractModel):
    """A workbook ready for Odoo's import screen: the columns, and what each of them takes.

    It is made when it is asked for, from the fields and in the user's language: it cannot
    be out of date.
    """

    _name = "copro.import.template"
    _description = "Import template"

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Template: %(name)s", name=self._import_title()),
                "template": f"/copro_registry/import_template/{self._name}",
            }
        ]

    @api.model
    def _import_title(self):
        raise NotImplementedError

    @api.model
    def _import_workbook(self):
        """The .xlsx, as bytes."""
        described = self.fields_get(self._import_columns())
        columns = [(name, described[name]) for name in self._import_columns()]
        stream = BytesIO()
        with xlsxwriter.Workbook(stream, {"in_memory": True}) as workbook:
            self._write_columns(workbook, columns)
            self._write_help(workbook, columns)
        return stream.getvalue()

    @api.model
    def _write_columns(self, workbook, columns):
        sheet = workbook.add_worksheet(self._import_title())
        sheet.freeze_panes(1, 0)
        bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        text = workbook.add_format({"num_format": "@"})  # 01000 stays a postcode
        for rank, (_name, column) in enumerate(columns):
            shapes = {"date": day, "char": text}
            sheet.set_column(rank, rank, 20, shapes.get(column["type"]))
            sheet.write_string(0, rank, column["string"], bold)

    @api.model
    def _write_help(self, workbook, columns):
        sheet = workbook.add_worksheet(self.env._("Help"))
        bold = workbook.add_format({"bold": True})
        wrap = workbook.add_format({"text_wrap": True, "valign": "top"})
        day = workbook.add_format({"num_format": "dd/mm/yyyy", "valign": "top", "align": "left"})
        titles = [
            self.env._("Column"),
            self.env._("Compulsory"),
            self.env._("What it takes"),
            self.env._("Example"),
        ]
        for rank, (title, width) in enumerate(zip(titles, (45, 12, 70, 30), strict=True)):
            sheet.set_column(rank, rank, width)
            sheet.write_string(0, rank, title, bold)
        for row, (name, column) in enumerate(columns, start=1):
            sheet.write_string(row, 0, column["string"], wrap)
            sheet.write_string(row, 1, self.env._("Yes") if column["required"] else "", wrap)
            sheet.write_string(row, 2, self._what_it_takes(column), wrap)
            example = self._example(name, column)
            sheet.write(row, 3, example, day if isinstance(example, date) else wrap)

    @api.model
    def _what_it_takes(self, column):
        if column["type"] == "selection":
            return "\n".join(label for _key, label in column["selection"])
        if column["type"] == "boolean":
            return self.env._("Yes or no")
        if column["type"] == "many2one":
            return self.env._("The registration number, or the name if only one has it")
        return column.get("help") or ""

    @api.model
    def _example(self, name, column):
        if column["type"] == "selection":
            return column["selection"][0][1]
        if column["type"] == "boolean":
            return self.env._("No")
        return EXAMPLE_OF.get(name) or BY_TYPE.get(column["type"], "")
