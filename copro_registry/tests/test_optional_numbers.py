from decimal import Decimal

from odoo.tests import Form, tagged

from .common import CoproCase


@tagged("post_install", "-at_install")
class TestOptionalNumbers(CoproCase):
    """0 is a figure; empty is not: the registry tells them apart."""

    def test_empty_and_zero_are_kept_apart(self):
        condominium = self.condominium(asl_count=False, aful_count=0)
        condominium.flush_recordset()
        condominium.invalidate_recordset()
        dossier = condominium._dossier()
        self.assertIsNone(dossier["nb_asl"])
        self.assertEqual(dossier["nb_aful"], 0)
        [read] = condominium.read(["asl_count", "aful_count"])
        self.assertIs(read["asl_count"], False)
        self.assertEqual((read["aful_count"], type(read["aful_count"])), (0, int))

    def test_search_tells_them_apart(self):
        empty = self.condominium("1 rue A", asl_count=False)
        zero = self.condominium("2 rue A", asl_count=0)
        both = empty | zero
        model = self.env["copro.condominium"]
        inside = [("id", "in", both.ids)]
        self.assertEqual(model.search([*inside, ("asl_count", "=", False)]), empty)
        self.assertEqual(model.search([*inside, ("asl_count", "=", 0)]), zero)

    def test_amounts_are_exact(self):
        condominium = self.condominium()
        fiscal_year = condominium.fiscal_year_id
        fiscal_year.current_charges = 0.1 + 0.2
        fiscal_year.unpaid_amount = False
        fiscal_year.works_fund = 0
        fiscal_year.invalidate_recordset()
        dossier = condominium._dossier()
        self.assertEqual(dossier["charges_operations_courantes"], Decimal("0.30"))
        self.assertIsNone(dossier["impayes"])
        self.assertEqual(dossier["fonds_travaux"], Decimal("0.00"))

    def test_a_form_starts_empty_and_keeps_a_zero(self):
        form = Form(self.env["copro.condominium"].with_user(self.manager))
        self.assertIs(form.lift_count, False)
        form.name = "Essai"
        form.lift_count = 0
        condominium = form.save()
        self.assertEqual(condominium._dossier()["nb_ascenseurs"], 0)
        self.assertIsNone(condominium._dossier()["nb_batiments"])

    def test_a_line_of_a_form_starts_empty(self):
        values = self.env["copro.condominium"].onchange(
            {"fiscal_year_ids": [(0, "virtual_1", {})]},
            ["fiscal_year_ids"],
            {"fiscal_year_ids": {"fields": {"works_charges": {}}}},
        )
        for command in values["value"].get("fiscal_year_ids", []):
            if command[0] == 0:
                self.assertIs(command[2]["works_charges"], False)

    def test_import_of_a_file(self):
        result = self.env["copro.condominium"].load(
            ["name", "lot_count", "lift_count", "zip", "registration_number"],
            [
                ["Une", "12", "", " 35 000", "ab 123 4567"],
                ["Deux", "0", "0", "35000", ""],
            ],
        )
        self.assertFalse(result["messages"])
        one, two = self.env["copro.condominium"].browse(result["ids"])
        self.assertEqual((one.lot_count, one.lift_count), (12, False))
        self.assertEqual((one.zip, one.registration_number), ("35000", "AB1234567"))
        self.assertIs(type(two.lift_count), int)
