"""The import screen as a French cabinet meets it: in euros, in French, as it is proposed."""

import csv
from datetime import date
from io import BytesIO, StringIO
from xml.sax.saxutils import escape
from zipfile import ZipFile

from openpyxl import Workbook

from .common import CoproCase

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
# What the web client proposes before the server has looked at the file.
PROPOSED = {
    "has_headers": True,
    "advanced": True,
    "keep_matches": False,
    "encoding": "",
    "separator": "",
    "quoting": '"',
    "sheet": "",
    "date_format": "",
    "datetime_format": "",
    "float_thousand_separator": ",",
    "float_decimal_separator": ".",
}
FRENCH = {
    "float_thousand_separator": " ",
    "float_decimal_separator": ",",
    "date_format": "%d/%m/%Y",
    "datetime_format": "%d/%m/%Y %H:%M:%S",
}
AMERICAN = {
    "float_thousand_separator": ",",
    "float_decimal_separator": ".",
    "date_format": "%m/%d/%Y",
    "datetime_format": "%m/%d/%Y %H:%M:%S",
}


class ImportCase(CoproCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.manager.lang = "fr_FR"

    def model(self, name):
        return self.env[name].with_user(self.manager).with_context(lang="fr_FR")

    def screen(self, name, columns, rows, kind=CSV, options=None, **values):
        """Preview, then import what the preview proposes, changed by ``options``."""
        makers = {CSV: as_csv, XLSX: as_xlsx, ODS: as_ods}
        content = values.pop("content", None) or makers[kind](columns, rows)
        wizard = self.model("base_import.import").create(
            {"res_model": name, "file": content, "file_type": kind, "file_name": "a", **values}
        )
        preview = wizard.parse_preview(dict(PROPOSED), count=10)
        self.assertNotIn("error", preview)
        told = {**preview["options"], **(options or {})}
        return wizard.execute_import(columns, preview["headers"], told)

    def ways_in(self, name, columns, rows):
        """{way in: what it says of the rows}, from one function after the other."""
        yield "CSV as proposed", lambda: self.screen(name, columns, rows)
        yield "CSV, French options", lambda: self.screen(name, columns, rows, options=FRENCH)
        yield "CSV, American options", lambda: self.screen(name, columns, rows, options=AMERICAN)
        yield "workbook, texts", lambda: self.screen(name, columns, rows, XLSX)
        yield "OpenDocument, texts", lambda: self.screen(name, columns, rows, ODS)
        yield "load", lambda: self.model(name).load(columns, rows)


def as_csv(columns, rows):
    written = StringIO()
    csv.writer(written, delimiter=";").writerows([columns, *rows])
    return written.getvalue().encode()


def as_xlsx(columns, rows, shown=None):
    """Texts stay texts, whatever they look like; numbers and dates are cells of their kind."""
    workbook = Workbook()
    sheet = workbook.active
    for row, values in enumerate([columns, *rows], start=1):
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(row, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
            elif shown:
                cell.number_format = shown
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def as_ods(columns, rows):
    """As an office suite writes it: what is shown of a number or a date says less than it."""
    lines = "".join(
        f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"
        for row in [columns, *rows]
    )
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", ODS)
        archive.writestr(
            "content.xml",
            f"<office:document-content{names}><office:body><office:spreadsheet><table:table "
            f'table:name="Feuille1">{lines}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
        )
    return stream.getvalue()


def _ods_cell(value):
    kind, shown = "string", str(value)
    if isinstance(value, bool):
        kind, shown = f'boolean" office:boolean-value="{str(value).lower()}', "VRAI"
    elif isinstance(value, int | float):
        kind, shown = f'float" office:value="{value}', f"{value:.0f}"
    elif isinstance(value, date):
        kind, shown = f'date" office:date-value="{value.isoformat()}', f"{value:%d/%m/%y}"
    return (
        f'<table:table-cell office:value-type="{kind}"><text:p>{escape(shown)}</text:p>'
        "</table:table-cell>"
    )
