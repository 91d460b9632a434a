from odoo.tests import tagged

from .common import CoproCase


@tagged("post_install", "-at_install")
class TestSearch(CoproCase):
    """A condominium is found as people type it, in a list, a field or the palette."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lilas = cls.condominium(
            "5 place de l'Exemple",
            name="Résidence Beauséjour",
            registration_number="ZZ0000011",
            internal_reference="0149",
        )
        cls.denis = cls.condominium(
            "12 rue du Maquis Bât. A",
            name="SDC Saint-Denis",
            registration_number="ZZ0000020",
            zip="13001",
            city="Marseille",
        )
        cls.ours = cls.lilas | cls.denis

    def found(self, typed, operator="ilike"):
        domain = [("display_name", operator, typed), ("id", "in", self.ours.ids)]
        return self.env["copro.condominium"].with_user(self.manager).search(domain)

    def test_however_it_is_typed(self):
        for typed, expected in (
            ("5 place de l\u2019exemple", self.lilas),
            ("beausejour", self.lilas),
            ("rennes BEAUSEJOUR", self.lilas),
            ("maquis bat", self.denis),
            ("st denis", self.denis),
            ("ZZ-0000011", self.lilas),
            ("zz 000 0020", self.denis),
            ("13 001", self.denis),
            ("0149", self.lilas),
            ("nulle part", self.lilas.browse()),
        ):
            with self.subTest(typed):
                self.assertEqual(self.found(typed), expected)

    def test_a_short_number_is_the_beginning_of_one(self):
        self.assertEqual(self.found("01"), self.lilas, "0149, and neither 13001 nor ZZ0000011")
        self.assertFalse(self.found("02"), "ZZ0000020 holds it, and does not begin so")
        self.assertEqual(self.found("13"), self.denis)

    def test_what_is_changed_is_found_anew(self):
        self.denis.write({"name": "Les Glycines", "internal_reference": "G 17"})
        self.assertFalse(self.found("st denis"))
        self.assertEqual(self.found("g 17 glycines"), self.denis)

    def test_marks_alone_and_other_operators(self):
        self.assertFalse(self.found(" – "))
        self.assertEqual(self.found("Saint-Denis", "not ilike"), self.lilas)
        by_name = self.env["copro.condominium"].name_search(
            "st denis", [("id", "in", self.ours.ids)]
        )
        self.assertEqual([found for found, _name in by_name], self.denis.ids)

    def test_through_what_belongs_to_it(self):
        """The search of fiscal years, mandates and uploads finds them by the condominium."""
        domain = [
            ("condominium_id", "ilike", "beausejour"),
            ("condominium_id", "in", self.ours.ids),
        ]
        self.assertEqual(self.env["copro.fiscal.year"].search(domain), self.lilas.fiscal_year_ids)

    def test_a_copy_has_no_reference_and_its_own_key(self):
        copy = self.lilas.copy({"name": "Copie"})
        self.assertFalse(copy.internal_reference)
        self.assertIn(" copie", copy.search_key)

    def test_the_key_is_indexed_where_it_can_be(self):
        if self.env.registry.has_trigram:
            self.env.cr.execute(
                "SELECT indexdef FROM pg_indexes WHERE tablename = 'copro_condominium' "
                "AND indexdef LIKE '%search_key%'"
            )
            self.assertIn("gin", self.env.cr.fetchone()[0].lower())

    def test_managers_export_and_readers_do_not(self):
        self.assertTrue(self.manager.has_group("base.group_allow_export"))
        self.assertTrue(self.administrator.has_group("base.group_allow_export"))
        self.assertFalse(self.reader.has_group("base.group_allow_export"))
