import re
import zlib
from datetime import date, datetime, time
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from lxml import etree
from openpyxl import load_workbook

from odoo import models

from odoo.addons.base_import.models.base_import import ImportValidationError

from ..registry import reading
from . import open_document

# A cell of a sheet's XML: a formula, and no result. An empty text is a result.
NOT_COMPUTED = re.compile(
    rb'<c\b(?![^>]*\bt="str")[^>]*><f\b[^<]*(?:</f>|/>)(?:<v\s*/>|<v></v>)?</c>'
)

# What the format of a cell makes of its number: 0.125 is shown as 12,5 %; an amount in dollars.
OTHER_UNIT = re.compile(r"%|£|\[\$(?!€|EUR)[^\]\-]+|\"\$\"")


class BaseImport(models.TransientModel):
    """Cells of our records stay as they are written, whatever the options of the screen.

    Odoo parses whole columns by the separators and formats that it guessed: 41250,30 became
    4125030. Our fields are read later, cell by cell: see ``ir.fields.converter``.
    """

    _inherit = "base_import.import"

    def _is_ours(self):
        return hasattr(self.env[self.res_model], "_declared_fields")

    def _read_xlsx(self, options):
        if not self._is_ours():
            return super()._read_xlsx(options)
        try:
            return self._read_workbook(options)
        except (BadZipFile, zlib.error, EOFError, KeyError) as error:
            raise self._damaged() from error

    def _read_workbook(self, options):
        """Odoo's own reader makes texts of numbers, which are then read as people write them."""
        self._check_workbook()
        book = load_workbook(BytesIO(self.file or b""), data_only=True)
        sheet = book[self._chosen(options, book.sheetnames)]
        rows = [[self._held(cell) for cell in row] for row in sheet.iter_rows()]
        filled = [row for row in rows if any(not isinstance(v, str) or v.strip() for v in row)]
        return sheet.max_row, filled

    def _read_ods(self, options):
        if not self._is_ours():
            return super()._read_ods(options)
        try:
            sheets = open_document.sheets(self.file or b"")
        except open_document.TooLarge as error:
            raise self._too_large() from error
        except (BadZipFile, zlib.error, EOFError, KeyError, etree.XMLSyntaxError) as error:
            raise self._damaged() from error
        rows = sheets[self._chosen(options, list(sheets))]
        return len(rows), rows

    def _chosen(self, options, names):
        options["sheets"] = names
        options["sheet"] = options.get("sheet") or names[0]
        return options["sheet"]

    def _damaged(self):
        return ImportValidationError(
            self.env._(
                "This workbook is damaged and cannot be read: open it in your spreadsheet, "
                "save it again as .xlsx, then import the new file."
            )
        )

    def _check_workbook(self):
        """Before it is unpacked in memory. Raises ImportValidationError, BadZipFile."""
        with ZipFile(BytesIO(self.file or b"")) as archive:
            if sum(part.file_size for part in archive.infolist()) > open_document.LARGEST:
                raise self._too_large()
            sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
            if not any(NOT_COMPUTED.search(archive.read(name)) for name in sheets):
                return
        raise ImportValidationError(
            self.env._(
                "This workbook holds formulas without their results: open it in your spreadsheet, "
                "save it again, then import the new file."
            )
        )

    def _too_large(self):
        return ImportValidationError(
            self.env._("This workbook is too large: share its lines among several, of 10,000 each.")
        )

    def _held(self, cell):
        if cell.data_type == "e":
            raise ImportValidationError(
                self.env._(
                    "Cell %(cell)s holds the error %(value)s: correct its formula, save the "
                    "workbook, then import it again.",
                    cell=cell.coordinate,
                    value=cell.value,
                )
            )
        value = "" if cell.value is None else reading.cell(cell.value)
        if isinstance(value, reading.Figure) and (unit := OTHER_UNIT.search(cell.number_format)):
            return f"{cell.value} {unit[0]}"
        if isinstance(value, bool | time):
            return str(value)
        if isinstance(value, datetime) and value.time() == time():
            return value.date()
        return value

    def _parse_date_from_data(self, data, index, name, field_type, options):
        if field_type == "datetime" or not self._is_field_of_ours(name):
            return super()._parse_date_from_data(data, index, name, field_type, options)

    def _parse_float_from_data(self, data, index, name, options):
        if not self._is_field_of_ours(name):
            return super()._parse_float_from_data(data, index, name, options)

    def _is_field_of_ours(self, path):
        """``path``: such as exercise_ids/current_charges."""
        return self._field_of_ours(path) is not None

    def _field_of_ours(self, path):
        """The field at the end of a path, or None."""
        model = self.env[self.res_model]
        *way, last = path.split("/")
        for name in way:
            if name not in model._fields:
                return None
            model = self.env[model._fields[name].comodel_name]
        return model._fields.get(last) if hasattr(model, "_declared_fields") else None

    def _parse_import_data(self, data, import_fields, options):
        """A street "3-5" that became 3 May is not written as a date."""
        for rank, path in enumerate(import_fields):
            field = self._field_of_ours(path)
            if field is not None and field.type in ("char", "text"):
                self._check_no_dates(data, rank, path, options)
        return super()._parse_import_data(data, import_fields, options)

    def _check_no_dates(self, data, rank, path, options):
        before = options.get("skip", 0) + bool(options.get("has_headers"))
        lines = [n for n, line in enumerate(data, 1 + before) if isinstance(line[rank], date)]
        if lines:
            raise ImportValidationError(
                self.env._(
                    "Lines %(lines)s: the spreadsheet made a date of what is a text or a code. "
                    "Show the column as text, enter these cells again, then save the file.",
                    lines=", ".join(map(str, lines[:20])),
                ),
                field=path,
            )

    def _handle_fallback_values(self, import_field, input_file_data, fallback_values):
        """The value chosen for what is not understood is not for what is: "Oui", a label."""
        for rank, path in enumerate(import_field):
            if path in fallback_values and self._is_field_of_ours(path):
                for line in input_file_data:
                    line[rank] = self._understood(fallback_values[path], path, line[rank])
        return super()._handle_fallback_values(import_field, input_file_data, fallback_values)

    def _understood(self, fallback, path, value):
        """``value`` as Odoo knows it, or as it is written."""
        model = self.env[fallback["field_model"]]
        field = model._fields[path.split("/")[-1]]
        converter = self.env["ir.fields.converter"]
        try:
            if field.type == "boolean":
                return {True: "true", False: "false", None: value}[reading.yes_no(value)]
            return converter._str_to_selection(model, field, value, savepoint=None)[0] or value
        except ValueError:
            return value
