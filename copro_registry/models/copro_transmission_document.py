import base64
from itertools import zip_longest

from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from ..registry.codec import Unreadable, codec_for
from ..registry.codec.names import names_of
from ..registry.codec.values import from_wire
from ..registry.items import item, nomenclature

TEMPLATE = "copro_registry.document"
LONGEST_TEXT = 300


class CoproTransmission(models.Model):
    """The exchanged documents, readable: labels instead of names, words instead of codes."""

    _inherit = "copro.transmission"

    payload_document = fields.Html(
        string="What was declared", compute="_compute_documents", sanitize=False
    )
    answer_document = fields.Html(
        string="What the registry answered", compute="_compute_documents", sanitize=False
    )

    @api.depends_context("lang")
    @api.depends("payload", "answer")
    def _compute_documents(self):
        # The raw answer is for the main administrator: what is shown of it is only text.
        # A form asks for the size of its files: this asks for what is in them.
        for transmission in self.sudo().with_context(bin_size=False, bin_size_answer=False):
            payload = (transmission.payload or "").encode("utf-8")
            answer = base64.b64decode(transmission.answer or b"")
            transmission.payload_document = transmission._rendered(payload)
            transmission.answer_document = transmission._rendered(answer)

    def _rendered(self, body):
        if not body:
            return False
        values = {"lines": self._document_lines(body)}
        return self.env["ir.qweb"]._render(TEMPLATE, values, lang=self.env.lang)

    def _document_lines(self, body):
        """[{label, depth, text}]; None when the document cannot be read."""
        profile = self.company_id.copro_account_id._profile()
        try:
            lines = codec_for(profile).outline(body)
        except Unreadable:
            return None
        words = self._words(profile)
        told = [
            {"label": words.label(line), "depth": line.depth, "text": words.text(line)}
            for line in lines
        ]
        pairs = zip_longest(told, told[1:])
        return [line for line, following in pairs if not _is_said_again(line, following)]

    def _words(self, profile):
        return Words(self.env, profile, self.env["copro.condominium"]._item_label)


def _is_said_again(line, following):
    """A list whose members bear its own name: the heading would stand twice."""
    is_heading = line["text"] is None and following is not None
    return is_heading and (line["label"], line["depth"] + 1) == (
        following["label"],
        following["depth"],
    )


class Words:
    """The names and codes of a profile's documents, in the words of a language."""

    def __init__(self, env, profile, item_label):
        self.env = env
        self.profile = profile
        self._item_label = item_label
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
            "errors": self.env._("Reasons of the refusal"),
            "error": self.env._("Reason"),
            "error_code": self.env._("Code"),
            "error_item": self.env._("Item"),
            "error_value": self.env._("Value"),
            "error_detail": self.env._("Detail"),
            "attestation": self.env._("Attestation"),
            "dossier": self.env._("Condominium"),
        }

    def label(self, line):
        if line.item:
            return self._of_code(line.item)
        return self._meanings.get(line.meaning, line.name)

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
        if line.meaning == "outcome":
            return self._outcome(line.value)
        if line.meaning == "error_item":
            code = names_of(self.profile).anywhere(line.value)
            return self._of_code(code) if code else line.value[:LONGEST_TEXT]
        return str(line.value)[:LONGEST_TEXT]

    def _item_text(self, line):
        try:
            return self._value(item(line.item), line.value)
        except (ArithmeticError, KeyError, TypeError, ValueError):
            return str(line.value)[:LONGEST_TEXT]

    def _outcome(self, text):
        known = {
            "recorded": self.env._("Received"),
            "registered": self.env._("Recorded"),
            "rejected": self.env._("Refused"),
        }
        return known.get(self.profile.answer["outcomes"].get(text), text[:LONGEST_TEXT])

    def _value(self, described, wire):
        if described.type == "file":
            return self.env._("(file)")
        value = from_wire(self.profile, described, wire)
        if described.type == "enum":
            return self._entry(described.nomenclature, value)
        if described.type == "bool":
            return self.env._("Yes") if value else self.env._("No")
        if described.type == "date":
            return format_date(self.env, value)
        if described.type == "decimal":
            return formatLang(self.env, float(value), digits=2)
        return str(value)[:LONGEST_TEXT]

    def _entry(self, name, code):
        french = (self.env.lang or "").startswith("fr")
        for entry in nomenclature(name):
            if entry.code == code:
                return entry.label_fr if french else entry.label_en
        return code[:LONGEST_TEXT]
