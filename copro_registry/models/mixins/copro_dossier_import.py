import re

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ...rnc import reading

SEEN = "copro_import_seen"
# {rank of a line: its UserError, or None when it is right}, of lines that were loaded together
TRIED = "copro_import_tried"
# The keys of the records that earlier parts of the same file were about: a set, added to.
MEMORY = "copro_import_memory"

TOTAL = re.compile(r"(?:sous[- ]?)?tota(?:l|ux)(?: (?:général|page|à reporter).*)?(?: ?:)?", re.I)


class OneByOne(Exception):
    """Lines that cannot be loaded together.

    Of a UserError, Odoo tells the first of them, whichever is wrong; of another error it
    tells nothing, and tries each line alone.
    """


class CoproDossierMixin(models.AbstractModel):
    """What a file brings: read by our own reader, and recognised when it is already here.

    Without an identifier, a line is the record that has its natural key: the number of a
    condominium, the end of a fiscal year. The same file twice makes no twins.
    """

    _inherit = "copro.dossier.mixin"
    _import_key = ()  # the fields that tell a record of a condominium from the others

    @api.model
    def load(self, fields, data):
        """Whatever is told, be it a warning, is not written: so the screen shows it."""
        cells = [[reading.cell(value) for value in row] for row in data]
        memory = self.env.context.get(MEMORY, set())
        seen = set(memory)
        importing = self.with_context(**{SEEN: seen, TRIED: {}})
        with self.env.cr.savepoint() as savepoint:
            result = super(CoproDossierMixin, importing).load(fields, cells)
            if result["messages"] and result["ids"]:
                savepoint.rollback()
                result["ids"] = False
        if result["ids"]:
            memory |= seen
        return {**result, "messages": _once(result["messages"])}

    @api.model
    def _load_records(self, data_list, update=False):
        seen, tried = (self.env.context.get(name) for name in (SEEN, TRIED))
        if seen is None:
            return super()._load_records(data_list, update)
        if len(data_list) == 1 and _rank(data_list[0]) in tried:
            return self._tried_before(tried[_rank(data_list[0])])
        told = set(seen)
        refused = self._recognise_all(data_list, told)
        try:
            good = [data for data in data_list if _rank(data) not in refused]
            records = super()._load_records(good, update)
            if refused:
                self._tell_later(data_list, refused)
        except UserError as error:
            if len(data_list) > 1:
                raise OneByOne from error
            raise
        # Only now: what could not be loaded together is tried again, line by line.
        seen.update(told, ((self._name, str(record.id)) for record in records))
        return records

    @api.model
    def _recognise_all(self, data_list, told):
        """{rank of a line: why it is refused}"""
        refused = {}
        for data in data_list:
            try:
                self._recognise(data, told)
            except UserError as error:
                refused[_rank(data)] = error
        return refused

    @api.model
    def _tell_later(self, data_list, refused):
        """The others are right: line by line, which takes three times as long, is for nothing.

        Raises OneByOne, or the error of a single line.
        """
        if len(data_list) == 1:
            raise refused[_rank(data_list[0])]
        self.env.flush_all()
        answers = {_rank(data): refused.get(_rank(data)) for data in data_list}
        self.env.context[TRIED].update(answers)
        raise OneByOne

    @api.model
    def _tried_before(self, error):
        """None of the records is kept, since one is refused: nothing is loaded twice."""
        if error:
            raise error
        return self.browse()

    @api.model
    def _recognise(self, data, told):
        """Name the record that a line is about; ``told`` are those of the lines before."""
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
        if keys & told:
            raise self._told_twice(record, identity)
        told |= keys
        self._recognise_lines(record, values)
        if not record:
            self._complete_line(values)

    @api.model
    def _name_line(self, values):
        """Give a line without an identifier the name by which it is known, if it has none."""

    @api.model
    def _complete_line(self, values):
        """Give a record to be created what the line leaves empty."""

    @api.model
    def _told_twice(self, record, identity):
        shown = record.display_name if record else self.new(dict(identity)).display_name
        return UserError(
            self.env._(
                "Two lines of the file are about “%(record)s”: keep one of them.", record=shown
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
        told = {**self.default_get(list(self._import_key)), **values}
        key = tuple((name, told.get(name)) for name in self._import_key)
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
                lines._check_told_once(commands)
                lines._check_own(record, commands)
                values[name] = [lines._recognised(record[name], command) for command in commands]

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
    def _check_told_once(self, commands):
        new = [values for code, _id, values in commands if code == Command.CREATE]
        keys = [key for values in new if (key := self._key(self._normalised(values)))]
        for rank, key in enumerate(keys):
            if key in keys[:rank]:
                raise self._told_twice(self.browse(), key)

    @api.model
    def _recognised(self, siblings, command):
        code, _id, values = command
        key = self._key(self._normalised(values)) if code == Command.CREATE else None
        if not key or "id" in values:
            return command
        same = self._only(siblings.filtered_domain([(name, "=", told) for name, told in key]))
        return Command.update(same.id, values) if same else command

    @api.model
    def _named_exactly(self, value):
        """The records that ``value`` names: those of the current company, else of the others."""
        return self.browse()

    def _would_change(self, vals):
        """Whether writing ``vals`` changes what is declared."""
        vals = self._normalised(vals)
        for name in self._declared_fields().keys() & vals.keys():
            field = self._fields[name]
            for record in self:
                held = field.convert_to_cache(record[name], record)
                if field.convert_to_cache(vals[name], record) != held:
                    return True
        return False


def _rank(data):
    return data["info"]["record"]


def _once(messages):
    """The messages without those that follow from another: what is refused, is missing too."""
    kept, seen = [], set()
    for message in messages:
        row, field = message.get("rows", {}).get("from"), message.get("field")
        if row is None or (row, field) not in seen:
            kept.append(message)
        seen |= {(row, field), (row, None)}
    return kept


class CoproCondominium(models.Model):
    _inherit = "copro.condominium"

    @api.model
    def _name_line(self, values):
        if not values.get("registration_number"):  # else it is known by that
            self._name_by_address(values)

    @api.model
    def _complete_line(self, values):
        self._check_no_total(values)
        self._name_by_address(values)
        for name in ("user_id", "company_id"):
            if name in values and not values[name]:
                del values[name]  # an empty cell: by default

    @api.model
    def _check_no_total(self, values):
        """The last line of a printed list is no condominium."""
        name = values.get("name") or ""
        if TOTAL.fullmatch(reading.text(name)) and not values.get("street"):
            raise UserError(
                self.env._(
                    "“%(name)s”: this line is a total, not a condominium. Remove it from the file.",
                    name=name,
                )
            )

    @api.model
    def _name_by_address(self, values):
        place = [values.get(name) for name in ("street", "city")]
        if not values.get("name") and all(place):
            values["name"] = ", ".join(place)

    @api.model
    def _identity(self, values):
        """By its number; without one, by its name and its whole address."""
        place = ("registration_number", "name", "street", "zip", "city")
        if not values.get("registration_number") and not values.get("name"):
            return None
        told = ((name, values.get(name) or False) for name in place)
        return (("company_id", values.get("company_id") or self.env.company.id), *told)

    @api.model
    def _same_as(self, identity):
        """A number is enough; who had none when they came, may have one in the file."""
        told = dict(identity)
        number = told.pop("registration_number")
        ours = [("company_id", "=", told.pop("company_id"))]
        place = [(name, "=", value) for name, value in told.items()]
        if not number:
            return self._only(self.search(ours + place))
        found = self.search([*ours, ("registration_number", "=", number)])
        unnumbered = [*ours, ("registration_number", "=", False), *place]
        return found or self._only(self.search(unnumbered))

    @api.model
    def _named_exactly(self, value):
        """By number, by « number · name » as it is shown, or by name."""
        written = reading.text(str(value))
        number, _dot, name = written.partition(" · ")
        try:
            domain = [("registration_number", "=", reading.registration_number(number))]
            domain += [("name", "=", name)] if name else []
        except reading.Unreadable:
            domain = [("name", "=", written)]
        in_use = Domain("company_id", "in", self.env.companies.ids)
        found = self.search(in_use & Domain(domain))
        here = found.filtered(lambda condominium: condominium.company_id == self.env.company)
        return here or found


class CoproFiscalYear(models.Model):
    _inherit = "copro.fiscal.year"
    _import_key = ("end_date",)


class CoproMandate(models.Model):
    _inherit = "copro.mandate"
    _import_key = ("start_date",)


class CoproBuilding(models.Model):
    _inherit = "copro.building"
    _import_key = ("name",)


class CoproParcel(models.Model):
    _inherit = "copro.parcel"
    _import_key = ("insee_code", "prefix", "section", "number")


class CoproAddress(models.Model):
    _inherit = "copro.address"
    _import_key = ("line",)
