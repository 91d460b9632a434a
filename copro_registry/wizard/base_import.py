import zlib
from datetime import date
from functools import partial
from zipfile import BadZipFile

from lxml import etree

from odoo import fields, models

from odoo.addons.base_import.models.base_import import (
    FIELDS_RECURSION_LIMIT,
    ImportValidationError,
)

from ..models.mixins.copro_dossier_import import MEMORY
from ..rnc import reading
from ..rnc.i18n import _
from ..tools import usual_headers
from . import delimited, old_workbook, open_document, workbook
from .spreadsheet import LARGEST_FILE, Refused

# Marked here, translated by the model.
# pylint: disable=prefer-env-translation
SENTENCES = {
    "TOO_LARGE": _("This file is too large: share its lines among several, of 10,000 each."),
    "DAMAGED": _(
        "This workbook is damaged and cannot be read: open it in your spreadsheet, "
        "save it again as .xlsx, then import the new file."
    ),
    "NOT_COMPUTED": _(
        "This workbook holds formulas without their results: open it in your spreadsheet, "
        "save it again, then import the new file."
    ),
    "ERROR": _(
        "Cell %(cell)s holds the error %(value)s: correct its formula, save the "
        "workbook, then import it again."
    ),
    "HIDDEN": _(
        "Lines %(lines)s are hidden, by a filter perhaps, and would be imported: show them, or "
        "delete them, then save the file."
    ),
    "QUOTE": _(
        "Line %(line)s: a quotation mark (%(quote)s) is opened and not closed, or closed too "
        "early. Correct the line, or choose another text delimiter."
    ),
    "ENCODING": _("This file is not written in the encoding “%(encoding)s”: choose another."),
    "EMPTY": _("This file holds no line below its header."),
}
# pylint: enable=prefer-env-translation
SHEETS = "copro_import_sheets"
# Odoo compares each header with each field, letter by letter. Longer ones, and more of them than
# any list has, are left to the user to map.
LONGEST_HEADER, MOST_HEADERS = 200, 500  # characters, columns
UNREADABLE = (BadZipFile, zlib.error, EOFError, KeyError, etree.XMLSyntaxError)


class BaseImport(models.TransientModel):
    """Cells of our records stay as they are written, whatever the options of the screen.

    Odoo parses whole columns by the separators and formats that it guessed: 41250,30 became
    4125030. Our fields are read later, cell by cell: see ``ir.fields.converter``.
    """

    _inherit = "base_import.import"

    # [[rank of a part's first line, keys of its records], …]: see ``CoproDossierMixin.load``
    copro_told = fields.Json(string="Records read so far")

    def _is_ours(self):
        return hasattr(self.env[self.res_model], "_declared_fields")

    def _read_file(self, options):
        if not self._is_ours():
            return super()._read_file(options)
        try:
            if len(self.file or b"") > LARGEST_FILE:
                raise Refused("TOO_LARGE")
            length, rows = super()._read_file(options)
            if len(rows) <= bool(options.get("has_headers")):
                raise Refused("EMPTY")
        except Refused as error:
            told = self.env._(SENTENCES[error.code], **error.params)  # pylint: disable=gettext-variable
            raise ImportValidationError(told) from error
        return length, rows

    def _read_xlsx(self, options):
        """Odoo's own reader makes texts of numbers, which are then read as people write them."""
        return self._read_by(workbook, options) or super()._read_xlsx(options)

    def _read_xls(self, options):
        return self._read_by(old_workbook, options) or super()._read_xls(options)

    def _read_ods(self, options):
        return self._read_by(open_document, options) or super()._read_ods(options)

    def _read_by(self, reader, options):
        """(number of lines, lines), or None when it is not ours to read. Raises Refused."""
        if not self._is_ours():
            return None
        try:
            sheet = reader.read(self.file or b"", partial(self._chosen, options))
        except UNREADABLE as error:
            raise Refused("DAMAGED") from error
        return self._rows_of(sheet, options)

    def _rows_of(self, sheet, options):
        """Whoever runs the import wants the numbers of the lines too: see ``execute_import``."""
        sheet.table(bool(options.get("has_headers")))
        self.env.context.get(SHEETS, []).append(sheet)
        return len(sheet.rows), sheet.rows

    def _chosen(self, options, names):
        options["sheets"] = names
        options["sheet"] = options.get("sheet") or names[0]
        return options["sheet"]

    def _read_csv(self, options):
        if not self._is_ours():
            return super()._read_csv(options)
        content = self.file or b""
        options["encoding"] = options.get("encoding") or delimited.encoding_of(content)
        text = delimited.decode(content, options["encoding"])
        quote = (options.get("quoting") or '"')[:1]
        separator = options.get("separator") or delimited.separator_of(text, quote)
        options["separator"] = separator
        return self._rows_of(delimited.read(text, separator, quote), options)

    def _get_mapping_suggestions(self, headers, header_types, fields_tree):
        if not self._is_ours():
            return super()._get_mapping_suggestions(headers, header_types, fields_tree)
        compared = headers[:MOST_HEADERS]
        return super()._get_mapping_suggestions(compared, header_types, fields_tree)

    def _get_mapping_suggestion(self, header, fields_tree, header_types, mapping_fields):
        """By what was chosen for this header before; else as lists of syndics call it."""
        if self._is_ours() and len(header) > LONGEST_HEADER:
            return {}
        usual = self._is_ours() and self._usual_field(header, fields_tree, header_types)
        if usual and not mapping_fields.get(header.lower()):
            return usual
        return super()._get_mapping_suggestion(header, fields_tree, header_types, mapping_fields)

    def _usual_field(self, header, fields_tree, header_types):
        path, distance = usual_headers.field_of(self.res_model, header, "integer" in header_types)
        way = path.split("/") if path else [None]
        is_offered = way[0] in {field["name"] for field in fields_tree}
        return is_offered and {"field_path": way, "distance": distance}

    def _deduplicate_mapping_suggestions(self, mapping_suggestions):
        """Odoo leaves two columns to one figure of a line below, which then refuses both."""
        result = super()._deduplicate_mapping_suggestions(mapping_suggestions)
        taken = set()
        for header, found in list(mapping_suggestions.items()) if self._is_ours() else ():
            path = tuple(found["field_path"]) if found else ()
            if len(path) > 1 and path in taken:
                del mapping_suggestions[header]
            taken.add(path)
        return result

    def get_fields_tree(self, model, depth=FIELDS_RECURSION_LIMIT):
        """Without what no file of a syndic holds: messages, activities, what Odoo works out."""
        tree = super().get_fields_tree(model, depth)
        if not hasattr(self.env.get(model), "_import_choices"):
            return tree
        chosen = {"id", ".id", *self.env[model]._import_choices()}
        if depth < FIELDS_RECURSION_LIMIT:
            chosen.discard("condominium_id")  # it is the one that the line stands below
        return [field for field in tree if field["name"] in chosen]

    def execute_import(self, fields, columns, options, dryrun=False):
        """A long file comes in parts, and a line of one may be repeated in another."""
        if not self._is_ours():
            return super().execute_import(fields, columns, options, dryrun)
        at, has_headers = options.get("skip") or 0, bool(options.get("has_headers"))
        before = [part for part in self.copro_told or [] if part[0] < at]
        memory = {tuple(key) for _at, keys in before for key in keys}
        remembered, sheets = set(memory), []
        importing = self.with_context(**{MEMORY: memory, SHEETS: sheets})
        result = super(BaseImport, importing).execute_import(fields, columns, options, dryrun)
        self.copro_told = [*before, [at, sorted(memory - remembered)]]
        if sheets:
            lines = _lines_of(sheets[-1], fields)[has_headers:][at:]
            result["messages"] = [self._placed(told, lines, at) for told in result["messages"]]
        return result

    def _placed(self, message, lines, at):
        """A message that says which line of the file it is about, not which of its part."""
        rows = message.get("rows")
        if not rows or not 0 <= rows["from"] < len(lines):
            return message
        line, last = lines[rows["from"]], lines[min(rows["to"], len(lines) - 1)]
        shown = str(line) if line == last else f"{line}–{last}"
        told = self.env._("Line %(line)s: %(message)s", line=shown, message=message["message"])
        # The screen shows the name of the record, in the list of those of the whole file.
        placed = {name: rank + at for name, rank in rows.items()}
        return {**message, "message": told, "rows": placed, "record": line, "is_placed": True}

    def _parse_date_from_data(self, data, index, name, field_type, options):
        if field_type == "datetime" or not self._is_field_of_ours(name):
            return super()._parse_date_from_data(data, index, name, field_type, options)

    def _parse_float_from_data(self, data, index, name, options):
        if not self._is_field_of_ours(name):
            return super()._parse_float_from_data(data, index, name, options)

    def _is_field_of_ours(self, path):
        """``path``: such as fiscal_year_ids/current_charges."""
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
            elif field is not None and import_fields.count(path) > 1:
                raise self._mapped_twice(path, field)
        return super()._parse_import_data(data, import_fields, options)

    def _mapped_twice(self, path, field):
        """Odoo keeps the first of two columns for one figure, and says nothing."""
        label = field.get_description(self.env, ["string"])["string"]
        told = self.env._("Two columns are for “%(field)s”: keep one of them.", field=label)
        return ImportValidationError(told, field=path)

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


def _lines_of(sheet, fields):
    """The numbers of the lines that hold anything in the columns of ``fields``."""
    wanted = [rank for rank, path in enumerate(fields) if path]
    numbered = zip(sheet.lines, sheet.rows, strict=True)
    header, *others = [(line, any(row[rank] for rank in wanted)) for line, row in numbered]
    return [header[0], *(line for line, is_filled in others if is_filled)]
