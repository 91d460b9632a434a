from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...rnc import reading

SEEN = "copro_import_seen"
# {rank of a line: its UserError, or None when it is right}, of lines that were loaded together
TRIED = "copro_import_tried"
# The keys of the records that earlier parts of the same file were about: a set, added to.
MEMORY = "copro_import_memory"


class OneByOne(Exception):
    """Lines that cannot be loaded together.

    Of a UserError, Odoo shows the first of them, whichever is wrong; of another error it
    shows nothing, and tries each line alone.
    """


class CoproDossierImport(models.AbstractModel):
    """What a file brings: read by our own reader, and recognised when it is already here.

    Without an identifier, a line is the record that has its natural key: the number of a
    condominium, the end of a fiscal year. The same file twice makes no twins.
    """

    _name = "copro.dossier.import"
    _description = "Import of a part of a dossier"
    _import_key = ()  # the fields that tell a record of a condominium from the others

    @api.model
    def load(self, fields, data):
        """What has a message, be it a warning, is not written: so the screen shows it."""
        cells = [[reading.cell(value) for value in row] for row in data]
        memory = self.env.context.get(MEMORY, set())
        seen = set(memory)
        importing = self.with_context(**{SEEN: seen, TRIED: {}})
        with self.env.cr.savepoint() as savepoint:
            result = super(CoproDossierImport, importing).load(fields, cells)
            if result["messages"] and result["ids"]:
                savepoint.rollback()
                result["ids"] = False
        if result["ids"]:
            memory |= seen
        return {**result, "messages": self._first_of_each(result["messages"])}

    @api.model
    def _first_of_each(self, messages):
        """The messages without those that follow from another: what is refused, is missing too."""
        kept, seen = [], set()
        for message in messages:
            row, field = message.get("rows", {}).get("from"), message.get("field")
            if row is None or (row, field) not in seen:
                kept.append(message)
            seen |= {(row, field), (row, None)}
        return kept

    @api.model
    def _rank(self, data):
        """The rank of a line in the file."""
        return data["info"]["record"]

    @api.model
    def _load_records(self, data_list, update=False):
        seen, tried = (self.env.context.get(name) for name in (SEEN, TRIED))
        if seen is None:
            return super()._load_records(data_list, update)
        if len(data_list) == 1 and self._rank(data_list[0]) in tried:
            return self._tried_before(tried[self._rank(data_list[0])])
        keys = set(seen)
        refused = self._recognise_all(data_list, keys)
        try:
            good = [data for data in data_list if self._rank(data) not in refused]
            records = super()._load_records(good, update)
            if refused:
                self._refuse_one_by_one(data_list, refused)
        except UserError as error:
            if len(data_list) > 1:
                raise OneByOne from error
            raise
        # Only now: what could not be loaded together is tried again, line by line.
        seen.update(keys, ((self._name, str(record.id)) for record in records))
        return records

    @api.model
    def _recognise_all(self, data_list, seen):
        """{rank of a line: why it is refused}"""
        refused = {}
        for data in data_list:
            try:
                self._recognise(data, seen)
            except UserError as error:
                refused[self._rank(data)] = error
        return refused

    @api.model
    def _refuse_one_by_one(self, data_list, refused):
        """The others are right: line by line, which takes three times as long, is for nothing.

        Raises OneByOne, or the error of a single line.
        """
        if len(data_list) == 1:
            raise refused[self._rank(data_list[0])]
        self.env.flush_all()
        answers = {self._rank(data): refused.get(self._rank(data)) for data in data_list}
        self.env.context[TRIED].update(answers)
        raise OneByOne

    @api.model
    def _tried_before(self, error):
        """None of the records is kept, since one is refused: nothing is loaded twice."""
        if error:
            raise error
        return self.browse()

    @api.model
    def _recognise(self, data, seen):
        """Name the record that a line is about; ``seen`` are the keys of the lines before."""
        values, xml_id = data["values"], data.get("xml_id")
        if not xml_id and not values.get("id"):
            self._name_line(values)
        identity = None if xml_id else self._identity(self._normalised(values))
        record = self.browse(values.get("id") or self._known_as(xml_id))
        self._check_not_moved(record, values)
        if not record and identity:
            record = self._same_as(identity)
            values.update({"id": record.id} if record else {})
        keys = {(self._name, str(record.id))} if record else set()
        keys |= {(self._name, str(identity))} if identity else set()
        if keys & seen:
            raise self._duplicate_error(record, identity)
        seen |= keys
        self._recognise_lines(record, values)
        if not record:
            self._complete_line(values)
            self._check_complete(values)

    @api.model
    def _name_line(self, values):
        """Give a line without an identifier the name by which it is known, if it has none."""

    @api.model
    def _complete_line(self, values):
        """Give a record to be created what the line leaves empty."""

    @api.model
    def _import_columns(self):
        """The fields that a file brings, in the order of a template."""
        names = self._declared_fields()
        return [name for name in names if self._fields[name].store and not self._is_given(name)]

    @api.model
    def _is_given(self, name):
        """Not typed: the registry, or the software, gives it."""
        return self._fields[name].readonly or self._fields[name].compute

    @api.model
    def _import_choices(self):
        """The fields that the screen of the import offers."""
        return self._import_columns()

    @api.model
    def _check_complete(self, values, holder=None):
        """Raises UserError for what a new record cannot do without; ``holder`` gives itself.

        An empty cell leaves what there is by default.
        """
        required = [field for field in self._fields.values() if field.required and field.store]
        for field in required:
            if field.name in values and not values[field.name] and field.default:
                del values[field.name]
        labels = [
            self._label_of_field(field.name)
            for field in required
            if not (field.default or field.compute or field.name == holder)
            and not values.get(field.name)
        ]
        if labels:
            raise UserError(
                self.env._(
                    "“%(fields)s” is missing: fill in this column, or remove the line.",
                    fields=", ".join(labels),
                )
            )

    @api.model
    def _duplicate_error(self, record, identity):
        name = record.display_name if record else self.new(dict(identity)).display_name
        return UserError(
            self.env._(
                "Two lines of the file are about “%(record)s”: keep one of them.", record=name
            )
        )

    @api.model
    def _known_as(self, xml_id):
        record = xml_id and self.env.ref(xml_id, raise_if_not_found=False)
        return record.id if record and record._name == self._name else False

    @api.model
    def _identity(self, values):
        """((field, value), …): what tells the record of ``values`` from all others, or None."""
        holder = values.get("condominium_id")
        key = self._key(values)
        return (("condominium_id", holder), *key) if holder and key else None

    @api.model
    def _key(self, values):
        """The same among the lines of one condominium."""
        given = {**self.default_get(list(self._import_key)), **values}
        key = tuple((name, given.get(name)) for name in self._import_key)
        return key if key and all(value for _name, value in key) else None

    @api.model
    def _same_as(self, identity):
        """The record that has it already, or none."""
        return self._only(self.search([(name, "=", value) for name, value in identity]))

    @api.model
    def _only(self, found):
        if len(found) > 1:
            raise UserError(
                self.env._(
                    "%(count)s records are already here as “%(record)s”: give the number or the "
                    "external identifier of the one that the line is about.",
                    count=len(found),
                    record=found[0].display_name,
                )
            )
        return found

    @api.model
    def _recognise_lines(self, record, values):
        """The lines of a condominium that are already there are changed, not added."""
        for name, commands in values.items():
            field = self._fields.get(name)
            lines = self.env[field.comodel_name] if field and field.type == "one2many" else None
            if lines is not None and commands and hasattr(lines, "_import_key"):
                lines._check_no_duplicates(commands)
                lines._check_own(record, commands)
                values[name] = [lines._recognised(record[name], command) for command in commands]
                for code, _id, given in values[name]:
                    if code == Command.CREATE:
                        lines._check_complete(given, field.inverse_name)

    @api.model
    def _check_not_moved(self, record, values):
        """A line is corrected where it is; its identifier does not take it elsewhere."""
        holder = values.get("condominium_id")
        if record and holder and record.exists().condominium_id.id not in (False, holder):
            raise self._of_another(record)

    @api.model
    def _check_own(self, record, commands):
        """The same, of the lines of a condominium: ``record``, none when it is new."""
        given = self.browse({line for code, line, _v in commands if code != Command.CREATE})
        for line in given.exists():
            if line.condominium_id != record:
                raise self._of_another(line)

    @api.model
    def _of_another(self, line):
        return UserError(
            self.env._(
                "“%(line)s” is a line of another condominium, and stays there: correct its "
                "identifier, or leave it empty to add a line.",
                line=line.display_name,
            )
        )

    @api.model
    def _check_no_duplicates(self, commands):
        new = [values for code, _id, values in commands if code == Command.CREATE]
        keys = [key for values in new if (key := self._key(self._normalised(values)))]
        for rank, key in enumerate(keys):
            if key in keys[:rank]:
                raise self._duplicate_error(self.browse(), key)

    @api.model
    def _recognised(self, siblings, command):
        code, _id, values = command
        key = self._key(self._normalised(values)) if code == Command.CREATE else None
        if not key or "id" in values:
            return command
        same = self._only(siblings.filtered_domain([(name, "=", value) for name, value in key]))
        return Command.update(same.id, values) if same else command

    @api.model
    def _named_exactly(self, value):
        """The records that ``value`` names: those of the current company, else of the others."""
        return self.browse()
