import base64
import logging
import re
from datetime import datetime
from itertools import compress, zip_longest

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ...rnc.codec import Unreadable, codec_for
from ...rnc.codec.names import names_of
from ...rnc.codec.values import from_wire
from ...rnc.items import item
from ...tools.frozen import as_bytes
from ...tools.groups import ADMINISTRATOR
from ...tools.localised import display_value

_logger = logging.getLogger(__name__)

TEMPLATE = "copro_registry.document"
LONGEST_TEXT = 300
# « Commune (adresse de référence) » stands below a heading that says of what it is the town.
OF_WHAT = re.compile(r" \([^()]*\)$")


class CoproTransmissionDocument(models.AbstractModel):
    """The exchanged documents, readable: labels instead of names, words instead of codes."""

    _name = "copro.transmission.document"
    _description = "Documents of an upload, to read"

    payload_document = fields.Html(
        string="What was declared", compute="_compute_documents", sanitize=False
    )
    answer_document = fields.Html(
        string="What the registry answered", compute="_compute_documents", sanitize=False
    )

    answer = fields.Binary(
        string="Raw answer",
        compute="_compute_answer",
        groups=ADMINISTRATOR,
    )

    @api.depends("attempt_ids.answer")
    def _compute_answer(self):
        """The last one of those that are shown."""
        for transmission in self:
            transmission.answer = transmission._answers()[-1:].answer

    def _answers(self):
        """The calls whose answer is shown: the first of those that came to the same."""
        answered = self.sudo().with_context(bin_size=False).attempt_ids.filtered("answer")
        before = [False, *answered.mapped("outcome")]
        changes = [one.outcome != last for one, last in zip(answered, before, strict=False)]
        return answered.browse(compress(answered.ids, changes))

    @api.depends_context("lang", "tz")
    @api.depends("payload", "attempt_ids.answer", "refusals", "attestation_id")
    def _compute_documents(self):
        # The raw answer is for the main administrator: what is shown of it is only text.
        # A form asks for the size of its files: this asks for what is in them.
        for transmission in self.sudo().with_context(bin_size=False):
            sent = (as_bytes(transmission.payload), transmission.service, None)
            transmission.payload_document = transmission._rendered([("", *sent)])
            answers = transmission._answers()
            only = len(answers) == 1  # then its moment is shown above
            transmission.answer_document = transmission._rendered(
                [
                    (
                        *("" if only else one._title(), base64.b64decode(one.answer)),
                        *(one._service(), one.http_status),
                    )
                    for one in answers
                ]
            )

    def _rendered(self, documents):
        """HTML of [(title, bytes, service, HTTP status or None)]; False when there is none."""
        read = [
            {"title": title, "lines": self._lines_or_none(body, service, status)}
            for title, body, service, status in documents
            if body
        ]
        if not read:
            return False
        return self.env["ir.qweb"]._render(TEMPLATE, {"documents": read}, lang=self.env.lang)

    def _own_profile(self):
        """The one that it was written for; the account's when that one is there no more."""
        try:
            return self.env["copro.contract.profile"]._readable(self.contract_profile)
        except UserError:
            return self._account()._contract_or_default()

    def _lines_or_none(self, body, service, status):
        """As `_document_lines`; whatever stands in a document, it closes no form."""
        try:
            return self._document_lines(body, service, status)
        except Exception:
            _logger.exception("A document of upload %s cannot be read", self.id)
            return None

    def _document_lines(self, body, service="", status=None):
        """[{label, depth, text}]; None when the document cannot be read."""
        profile = self._own_profile()
        try:
            lines = codec_for(profile).outline(body, service, status)
        except Unreadable:
            return None
        words = self._words(profile, [reason for _refusal, reason in self._reasons()])
        described = [words.described(line) for line in lines if not self._is_linked(line)]
        return list(_without_repeated_headings(described))

    def _words(self, profile, reasons=()):
        return Words(self.env, profile, self.env["copro.condominium"]._item_label, reasons)

    def _is_linked(self, line):
        """The attestation, which the form links already."""
        return line.meaning == "attestation" and self.attestation_id


def _without_repeated_headings(lines):
    """The members of a list stand in the place of a heading that they say again."""
    gone = None  # depth of the heading
    for line, following in zip_longest(lines, lines[1:]):
        if gone is not None and line["depth"] <= gone:
            gone = None
        if gone is None and _is_said_again(line, following):
            gone = line["depth"]
            continue
        yield {**line, "depth": line["depth"] - (gone is not None)}


def _is_said_again(line, following):
    """A list whose members bear its own name: the heading would stand twice."""
    is_heading = line["text"] is None and following is not None
    return is_heading and (line["label"], line["depth"] + 1) == (
        following["label"],
        following["depth"],
    )


class Words:
    """The names and codes of a profile's documents, in the words of a language."""

    def __init__(self, env, profile, item_label, reasons=()):
        self.env = env
        self.profile = profile
        self._item_label = item_label
        self._reasons = iter(reasons)  # of a refusal, in the order of the document
        self._groups = self._words_of_groups()
        self._meanings = self._words_of_meanings()

    def _words_of_groups(self):
        return {
            "representation": self.env._("Legal representative"),
            "identification": self.env._("Identification"),
            "procedures": self.env._("Administrative procedures"),
            "finance": self.env._("Financial data"),
            "technique": self.env._("Technical data"),
            "bati_2027": self.env._("Building data"),
        }

    def _words_of_meanings(self):
        return {
            "outcome": self.env._("Outcome"),
            "reference": self.env._("Reference"),
            "registration_number": self.env._("Registration number"),
            "date": self.env._("Date"),
            "errors": self.env._("Reason of the refusal"),
            "error": self.env._("Reason of the refusal"),
            "error_code": self.env._("Reason"),
            "error_item": self.env._("Item"),
            "error_value": self.env._("Value"),
            "error_detail": self.env._("Detail"),
            "attestation": self.env._("Attestation"),
            "dossier": self.env._("Condominium"),
        }

    def described(self, line):
        text = self.text(line)
        is_explained = line.meaning == "error_code" and text != line.value
        code = line.value if is_explained else None
        return {"label": self.label(line), "depth": line.depth, "text": text, "code": code}

    def label(self, line):
        if line.item:
            label = self._of_code(line.item)
            return OF_WHAT.sub("", label) if self._is_part(line.item) else label
        return self._meanings.get(line.meaning, line.name)

    def _is_part(self, code):
        return code not in self._groups and bool(item(code).parent)

    def _of_code(self, code):
        return self._groups.get(code) or self._item_label(code)

    def text(self, line):
        """None for what has other lines below it."""
        if line.value is None or line.value == "":
            return line.value
        if line.item:
            return self._item_text(line)
        if line.meaning == "attestation":
            return self.env._("(file)")
        if line.meaning == "error_code":
            return next(self._reasons, line.value)
        if line.meaning == "date":
            return self._moment(line.value)
        if line.meaning == "outcome":
            return self._outcome(line.value)
        if line.meaning == "error_item":
            code = names_of(self.profile).anywhere(str(line.value))
            return self._of_code(code) if code else str(line.value)[:LONGEST_TEXT]
        return str(line.value)[:LONGEST_TEXT]

    def _moment(self, text):
        """For the user's clock; without a time zone, as the registry's clock says."""
        try:
            moment = datetime.fromisoformat(str(text))
            if moment.tzinfo:
                moment = moment.astimezone(self.env.tz).replace(tzinfo=None)
            return format_datetime(self.env, moment, tz="UTC", dt_format="short")
        except (OverflowError, ValueError):  # no date, or one at the edge of the calendar
            return str(text)[:LONGEST_TEXT]

    def _item_text(self, line):
        try:
            return self._value(item(line.item), line.value)
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
            return str(line.value)[:LONGEST_TEXT]

    def _outcome(self, text):
        known = {
            "received": self.env._("Received"),
            "accepted": self.env._("Accepted"),
            "rejected": self.env._("Refused"),
        }
        outcomes = self.profile.answer.get("outcomes") or {}
        return known.get(outcomes.get(str(text)), str(text)[:LONGEST_TEXT])

    def _value(self, described, wire):
        if described.type == "file":
            return self.env._("(file)")
        value = from_wire(self.profile, described, wire)
        return display_value(self.env, described, value, LONGEST_TEXT)
