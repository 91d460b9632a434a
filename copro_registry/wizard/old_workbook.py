"""The cells of a workbook of before 2007, as values, by the reader that Odoo requires."""

from collections.abc import Callable
from typing import Any

from ..rnc import reading
from .spreadsheet import Refused, Sheet
from .workbook import of_format, plain


def read(content: bytes, choose: Callable[[list[str]], str]) -> Sheet:
    """The rows of the sheet that ``choose`` takes. Raises Refused, ImportError."""
    import xlrd  # noqa: PLC0415 (Odoo says which module is missing)

    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True)
    except (xlrd.XLRDError, xlrd.compdoc.CompDocError) as error:
        raise Refused("DAMAGED") from error
    page = book.sheet_by_name(choose(book.sheet_names()))
    hidden = {row for row, told in page.rowinfo_map.items() if told.hidden}
    sheet = Sheet()
    for row in range(page.nrows):
        cells = [_held(xlrd, book, page, row, column) for column in range(page.ncols)]
        sheet.add(cells, row + 1, is_hidden=row in hidden)
    return sheet


def _held(xlrd: Any, book: Any, page: Any, row: int, column: int) -> Any:
    cell = page.cell(row, column)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        value = xlrd.error_text_from_code.get(cell.value, cell.value)
        raise Refused("ERROR", cell=xlrd.cellname(row, column), value=value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        return plain(xlrd.xldate_as_datetime(cell.value, book.datemode))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return str(bool(cell.value))
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        shown = book.format_map[book.xf_list[cell.xf_index].format_key]
        return of_format(reading.cell(cell.value), shown.format_str)
    return cell.value
