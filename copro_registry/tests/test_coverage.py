import ast
import csv
import os
from datetime import date, timedelta
from pathlib import Path
from unittest import SkipTest

from lxml import etree

from odoo.tests import TransactionCase, tagged

from ..models.condominium.copro_condominium_findings import HOLDERS, LINES
from ..rnc import rules
from ..rnc.items import all_items, catalogue, item, switches
from ..rnc.rules import formats

ADDON = Path(__file__).resolve().parents[1]
REFERENCE = ADDON / "tests" / "data" / "data-items.csv"
TABLE = ADDON.parent / "docs" / "items.md"
REWRITE = "COPRO_REGISTRY_WRITE_DOCS"
REFORM = date(2027, 2, 21)
HEAD = """# The declared items, one by one

Made by `copro_registry/tests/test_coverage.py` from the catalogue, the models, the views and the
rules; compared with the reference list of 130 items. When something changes, make it again:
`%s=1 ./bin/test copro_registry -k coverage`.

| Item | Held by | Form | Dossier key | Rule | Until 20/02/2027 | From 21/02/2027 | Why empty |
|---|---|---|---|---|---|---|---|
"""
# Why an item has no field. Those that the registry gives, and structs, need no line here.
REASONS = {
    "compte_": "Entered on the registry's site when the account is created; no webservice.",
    "successeur": "Part of the declaration of the successor (WS5), not of the condominium.",
    "piece": "Given with the call that needs it (WS4, WS6), not kept on the condominium.",
    "date_fin_mandat_precedent": "WS6 only: the end of the mandate before, on its own line.",
    "exercice_precedent": "Fact of ours: the figures of the fiscal year before, on its own line.",
}
GIVEN = "Given by the registry (WS3), never declared."
CONTAINER = "A container: its parts are held."


def cross_checks():
    """{item code: codes of the findings between values that may name it}"""
    found = {}
    for name in ("coherence", "plausibility", "places"):
        tree = ast.parse((ADDON / "rnc" / "rules" / f"{name}.py").read_text())
        for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
            for code, named in _raised(function):
                found.setdefault(named, []).append(code)
    for one in all_items():
        if one.change:
            found.setdefault(one.code, []).append("CHANGED")
    found.setdefault("nb_coproprietaires_debiteurs", []).append("DEBTORS_AMOUNT")
    return found


def _raised(function):
    known = {row.code for row in all_items()}
    names = {
        target.id: node.value.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
        if getattr(call.func, "id", "") in ("blocking", "warning") and len(call.args) > 1:
            code, named = (
                argument.value
                if isinstance(argument, ast.Constant)
                else names.get(getattr(argument, "id", ""))
                for argument in call.args[:2]
            )
            if named in known:
                yield code, named


@tagged("post_install", "-at_install")
class TestCoverage(TransactionCase):
    """Each item of the reference: where it is held, shown, sent and judged."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with REFERENCE.open(encoding="utf-8", newline="") as stream:
            cls.reference = list(csv.DictReader(stream))
        cls.cross = cross_checks()
        cls.forms = cls._forms()

    @classmethod
    def _forms(cls):
        """{(model, field): tab or form that shows it}"""
        shown = {}
        views = cls.env["ir.ui.view"].sudo()
        for view in views.search([("type", "=", "form"), ("model", "like", "copro.%")]):
            cls._note(shown, view.model, etree.fromstring(view.arch), view.model)
        return shown

    @classmethod
    def _note(cls, shown, model, node, place):
        for child in node:
            inside = child.get("string", place) if child.tag == "page" else place
            if child.tag == "field" and child.get("name") in cls.env[model]._fields:
                shown.setdefault((model, child.get("name")), inside)
                comodel = cls.env[model]._fields[child.get("name")].comodel_name
                if comodel and len(child):
                    cls._note(shown, comodel, child, f"{inside} › {child.get('name')}")
                    continue
            cls._note(shown, model, child, inside)

    def holder(self, code):
        """(model, field) that holds an item, or None."""
        for model in self.env.registry:
            fields = getattr(self.env[model], "_declared_fields", dict)()
            for name, held in fields.items():
                if held == code and not self.env[model]._abstract:
                    return model, name
        return HOLDERS.get(code)

    def row(self, code):
        described = item(code)
        holder, reasons = self.holder(code), []
        children = [row for row in all_items() if row.parent == code]
        if described.type == "struct" and children:
            reasons.append(CONTAINER)
        elif not holder:
            reasons.append(GIVEN if described.required == "output" else self.reason(code))
        form = self.forms.get(holder, "") if holder else ""
        if holder and not form:
            reasons.append("Not shown: a figure between the registry and us.")
        return [
            f"`{code}`",
            f"`{'.'.join(holder)}`" if holder else "",
            form,
            self.key(described),
            self.rule(described),
            *(self.period(code, day) for day in (REFORM - timedelta(days=1), REFORM)),
            " ".join(dict.fromkeys(reasons)),
        ]

    def reason(self, code):
        return next((text for start, text in REASONS.items() if code.startswith(start)), "")

    def key(self, described):
        if not described.parent:
            return f"`{described.code}`"
        mark = "[]" if item(described.parent).type == "list" else ""
        return f"`{described.parent}{mark}.{described.code}`"

    def rule(self, described):
        shape = formats.PATTERNS.get(described.code, ("", ""))[1].replace("|", "\\|")
        parts = [described.type, described.nomenclature, f"`{shape}`" if shape else ""]
        limits = {
            "≥": described.minimum,
            "± %": described.change,
            "EUR each >": described.threshold,
        }
        parts += [f"{sign} {value}" for sign, value in limits.items() if value]
        if described.code in formats.SIRETS:
            parts.append("SIRET")
        parts += dict.fromkeys(self.cross.get(described.code, []))
        return ", ".join(filter(None, parts))

    def period(self, code, on):
        known = catalogue(on)
        if code not in known:
            return "not asked"
        one = known[code]
        return f"if {one.when}".replace("|", " or ") if one.when else one.required

    def test_the_catalogue_has_every_item_of_the_reference(self):
        ours = {(row.code, row.effective_from.isoformat()): row for row in all_items()}
        for theirs in self.reference:
            with self.subTest(item=theirs["code"]):
                row = ours[theirs["code"], theirs["effective_from"]]
                self.assertEqual(row.label_fr, theirs["label_fr"])
                self.assertEqual(row.type, theirs["type"])
                self.assertEqual(row.services, set(theirs["services"].split()))
                if row.type not in ("struct", "list"):
                    self.assertEqual(row.nomenclature, theirs["nomenclature"])
                if theirs["required"] == "always":
                    self.assertEqual(row.required, "always")
                self.assertEqual(str(row.effective_to or ""), theirs["effective_to"])
                self.assertEqual(row.required == "output", theirs["required"] == "output")
        added = {code for code, _from in ours} - {theirs["code"] for theirs in self.reference}
        facts = {"profil_compte", "date_ag_mandat", "comptabilite_simplifiee", "syndic_de_droit"}
        self.assertEqual(added, facts | {"exercice_precedent"})
        self.assertFalse([code for code in added if item(code).services])
        self.assertEqual(switches(), (REFORM,))

    def test_no_cell_is_empty_without_a_reason(self):
        for code in dict.fromkeys(theirs["code"] for theirs in self.reference):
            with self.subTest(item=code):
                *cells, reason = self.row(code)
                self.assertTrue(all(cells) or reason, cells)
                holder = self.holder(code)
                if item(code).services & {"WS1", "WS2"} and item(code).declared:
                    self.assertTrue(holder or reason == CONTAINER)

    def test_the_printed_table_is_current(self):
        if not TABLE.parent.is_dir():
            raise SkipTest("the addon alone, without the documents of its repository")
        codes = dict.fromkeys(row.code for row in all_items())
        lines = [f"| {' | '.join(self.row(code))} |" for code in codes]
        made = HEAD % REWRITE + "\n".join(lines) + "\n"
        if os.environ.get(REWRITE):
            TABLE.write_text(made, encoding="utf-8")
        self.assertEqual(TABLE.read_text(encoding="utf-8"), made)

    def test_each_finding_has_a_sentence_and_a_place(self):
        for one, codes in self.cross.items():
            for code in codes:
                self.assertIn(code, rules.MESSAGES)
            model, name = self.env["copro.condominium"]._field_of(one)
            self.assertTrue(model and name, one)
            self.assertIn(model, {"copro.condominium", *LINES, "copro.declarant.account"})
