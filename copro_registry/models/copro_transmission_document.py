import base64

from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from ..registry.codec import Unreadable, codec_for
from ..registry.codec.values import from_text
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
        for transmission in self.sudo():
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
        return [
            {"label": words.label(line), "depth": line.depth, "text": words.text(line)}
            for line in lines
        ]

    def _words(self, profile):
        return Words(self.env, profile, self.env["copro.condominium"]._item_label)


class Words:
    """The names and codes of a profile's documents, in the words of a language."""

    def __init__(self, env, profile, item_label):
        self.env = env
        self.profile = profile
        self._item_label = item_label
        self._codes = {member: code for code, member in profile.wire["members"].items()}
        self._envelope = {**self._groups(), **self._answer(profile.answer)}

    def _groups(self):
        _ = self.env._
        return {
            "representation": _("Legal representative"),
            "identification": _("Identification"),
            "procedures": _("Administrative procedures"),
            "finance": _("Financial data"),
            "technique": _("Technical data"),
            "bati_2027": _("Building data"),
        }

    def _answer(self, names):
        _ = self.env._
        reasons, _slash, reason = names["errors"].partition("/")
        return {
            names["outcome"]: _("Outcome"),
            names["reference"]: _("Reference"),
            names["date"]: _("Date"),
            reasons: _("Reasons of the refusal"),
            reason: _("Reason"),
            names["error_code"]: _("Code"),
            names["error_item"]: _("Item"),
            names["error_value"]: _("Value"),
            names["error_detail"]: _("Detail"),
            names["attestation"]: _("Attestation"),
        }

    def label(self, line):
        return self._of_code(self._codes.get(line.name, line.name))

    def _of_code(self, code):
        try:
            return self._item_label(code)
        except KeyError:
            return self._envelope.get(code, code)

    def text(self, line):
        names = self.profile.answer
        if not line.text:
            return line.text
        if line.name == names["attestation"]:
            return self.env._("(file)")
        if line.name == names["outcome"]:
            return self._outcome(line.text)
        if line.name == names["error_item"]:
            return self._of_code(line.text)
        try:
            return self._value(item(line.name), line.text)
        except (ArithmeticError, KeyError, ValueError):
            return line.text[:LONGEST_TEXT]

    def _outcome(self, text):
        known = {
            "recorded": self.env._("Received"),
            "registered": self.env._("Recorded"),
            "rejected": self.env._("Refused"),
        }
        return known.get(self.profile.answer["outcomes"].get(text), text[:LONGEST_TEXT])

    def _value(self, described, text):
        if described.type == "enum":
            return self._entry(described.nomenclature, text)
        value = from_text(self.profile, described, text)
        if described.type == "bool":
            return self.env._("Yes") if value else self.env._("No")
        if described.type == "date":
            return format_date(self.env, value)
        if described.type == "decimal":
            return formatLang(self.env, float(value), digits=2)
        return text[:LONGEST_TEXT]

    def _entry(self, name, text):
        french = (self.env.lang or "").startswith("fr")
        for entry in nomenclature(name):
            if self.profile.codes.get(name, {}).get(entry.code, entry.code) == text:
                return entry.label_fr if french else entry.label_en
        return text[:LONGEST_TEXT]
