from io import BytesIO

import xlsxwriter

from odoo import fields, models

COLUMNS = (
    # field of the line, width
    ("condominium_id", 45),
    ("registration_number", 18),
    ("service", 24),
    ("status", 18),
    ("answered_at", 20),
    ("result", 90),
)


class CoproUploadBatch(models.Model):
    """The report of a batch, as a spreadsheet."""

    _inherit = "copro.upload.batch"

    def action_export(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/copro_registry/batch/{self.id}.xlsx",
            "target": "download",
        }

    def _report_xlsx(self):
        """The bytes of a workbook: one row a condominium, in the user's language."""
        self.ensure_one()
        stream = BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(stream, options) as workbook:
            bold = workbook.add_format({"bold": True})
            formats = {"date": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})}
            sheet = workbook.add_worksheet()
            for column, (name, width) in enumerate(COLUMNS):
                sheet.set_column(column, column, width)
                title = self.line_ids._fields[name]._description_string(self.env)
                sheet.write_string(0, column, title, bold)
            for row, line in enumerate(self.line_ids, start=1):
                self._write_row(sheet, row, line, formats)
            sheet.freeze_panes(1, 1)
            sheet.autofilter(0, 0, max(len(self.line_ids), 1), len(COLUMNS) - 1)
        return stream.getvalue()

    def _write_row(self, sheet, row, line, formats):
        for column, (name, _width) in enumerate(COLUMNS):
            value = line[name]
            field = line._fields[name]
            if field.type == "datetime" and value:
                moment = fields.Datetime.context_timestamp(self, value).replace(tzinfo=None)
                sheet.write_datetime(row, column, moment, formats["date"])
            else:
                # Typed text stays text: "=…" from a form is no formula.
                sheet.write_string(row, column, field.convert_to_export(value, line) or "")
