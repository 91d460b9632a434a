import re
from io import BytesIO
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

FOLDER = Path(__file__).resolve().parents[1] / "i18n"


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    """Everything that a syndic reads is in French; ``bin/i18n`` brings the files up to date."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        exported = BytesIO()
        trans_export(None, ["copro_registry"], exported, "po", cls.env)
        entries = polib.pofile(exported.getvalue().decode())
        cls.terms = {entry.msgid for entry in entries if not cls.is_of_others(entry)}
        cls.french = {entry.msgid: entry for entry in polib.pofile(str(FOLDER / "fr.po"))}

    @classmethod
    def is_of_others(cls, entry):
        """Whether only fields bear a term that an addon beside ours gives our models (sms)."""
        places = [place for place, _line in entry.occurrences]
        fields = [place.rpartition(":")[2] for place in places if "ir.model.fields," in place]
        return len(fields) == len(places) and not any(map(cls.is_of_ours, fields))

    @classmethod
    def is_of_ours(cls, xmlid):
        """Whether a field is given by the addon, or by those that it depends on."""
        addon = cls.env.ref("base.module_copro_registry")
        known = addon + addon.upstream_dependencies(exclude_states=("uninstallable",))
        field = cls.env.ref(xmlid)
        module = cls.env[field.model]._fields[field.name]._module
        return not module or module in known.mapped("name")  # id, display_name: of no addon

    def test_each_term_has_its_french(self):
        missing = self.terms - {
            term for term, entry in self.french.items() if entry.msgstr and not entry.fuzzy
        }
        self.assertFalse(missing)

    def test_the_files_hold_the_terms_of_the_addon_and_no_other(self):
        template = polib.pofile(str(FOLDER / "copro_registry.pot"))
        self.assertEqual({entry.msgid for entry in template}, self.terms)
        self.assertEqual(set(self.french), self.terms)

    def test_parameters_are_kept(self):
        for term, entry in self.french.items():
            with self.subTest(term):
                self.assertEqual(parameters(entry.msgstr), parameters(term))

    def test_no_line_breaks_before_its_punctuation(self):
        """Before « : ; ? ! € », and inside « », stands a no-break space in French."""
        for term, entry in self.french.items():
            with self.subTest(term):
                self.assertNotRegex(entry.msgstr, r" [:;?!»]|« |%\(\w+\)s €")


def parameters(text):
    return set(re.findall(r"%\(\w+\)s|%s|%d|\$\{\w+\}", text))
