import zlib
from zipfile import BadZipFile

from odoo import models

from odoo.addons.base_import.models.base_import import ImportValidationError


class BaseImport(models.TransientModel):
    """The import screen reads whole columns, and stops at the first cell it cannot read.

    Ours are read cell by cell: each bad line is told, and the format that the user has
    chosen still comes first.
    """

    _inherit = "base_import.import"

    def _is_ours(self):
        return hasattr(self.env[self.res_model], "_declared_fields")

    def _read_xlsx(self, options):
        if not self._is_ours():
            return super()._read_xlsx(options)
        try:
            return super()._read_xlsx(options)
        except (BadZipFile, zlib.error, EOFError) as error:
            raise ImportValidationError(
                self.env._(
                    "This workbook is damaged and cannot be read: open it in your spreadsheet, "
                    "save it again as .xlsx, then import the new file."
                )
            ) from error

    def _parse_date_from_data(self, data, index, name, field_type, options):
        if not self._is_ours():
            return super()._parse_date_from_data(data, index, name, field_type, options)
        parse = super()._parse_date_from_data
        return self._cell_by_cell(parse, data, index, name, field_type, options)

    def _parse_float_from_data(self, data, index, name, options):
        if not self._is_ours():
            return super()._parse_float_from_data(data, index, name, options)
        return self._cell_by_cell(super()._parse_float_from_data, data, index, name, options)

    def _cell_by_cell(self, parse, data, index, *arguments):
        for line in data:
            cell = line[index]
            try:
                parse([line], index, *arguments)
            except ImportValidationError:
                line[index] = cell  # the converter of fields tries, or tells the line
