"""The same address twice in one portfolio is told, with what to do."""

from unittest.mock import patch

from odoo.tests import Form, tagged

from .common import CoproCase, RegistryCase


@tagged("post_install", "-at_install")
class TestSameAddress(CoproCase):
    def test_however_it_is_written(self):
        first = self.condominium("5 place de l'Église", city="Rennes")
        for street, city in (
            ("5, Place de l\u2019eglise", "RENNES"),
            ("5 PLACE DE L EGLISE", "rennes"),
        ):
            with self.subTest(street):
                second = self.condominium(street, city=city, name="Deux")
                self.assertEqual(second.same_address_id, first)
                self.assertIn("has the same address", second.same_address_message)
                second.active = False
        self.assertFalse(first.same_address_id, "what is archived is out of the way")

    def test_others_are_others(self):
        first = self.condominium("6 rue du Même")
        company = self.env["res.company"].create({"name": "Autre"})
        others = (
            {"street": "6 bis rue du Même"},
            {"zip": "35200"},
            {"city": "Cesson-Sévigné"},
            {"company_id": company.id},
            {"association_type": "secondaire", "principal_number": "AB1234567"},
        )
        for values in others:
            with self.subTest(str(values)):
                other = self.condominium(**{"street": first.street, **values})
                self.assertFalse(other.same_address_id)
        self.assertFalse(first.same_address_id)
        first.street = False
        self.assertFalse(self.condominium(False, name="Sans adresse").same_address_id)

    def test_two_numbers_are_two_condominiums(self):
        first = self.condominium("7 rue du Même", registration_number="AB0000001")
        second = self.condominium("7 rue du Même")
        self.assertIn("AB0000001", second.same_address_message)
        self.assertIn("request no affiliation", second.same_address_message)
        self.assertEqual(first.same_address_id, second)
        second.registration_number = "AB0000002"
        self.env.invalidate_all()
        self.assertFalse((first | second).same_address_id)

    def test_the_form_tells_while_it_is_filled_in(self):
        self.condominium("8 rue du Même")
        form = Form(self.env["copro.condominium"].with_user(self.manager))
        form.name, form.street, form.zip = "Neuf", "8 rue du Même", "35000"
        self.assertFalse(form.same_address_message)
        form.city = "Rennes"
        self.assertIn("8 rue du Même", form.same_address_message)

    def test_a_copy_says_that_it_is_one(self):
        first = self.condominium("9 rue du Même")
        copied = first.with_user(self.manager).copy()
        self.assertEqual(copied.name, "9 rue du Même (copy)")
        self.assertTrue(copied.same_address_message)
        self.assertEqual(first.copy({"name": "Autre"}).name, "Autre")

    def test_an_import_tells(self):
        self.condominium("10 rue du Même")
        columns = ["name", "street", "zip", "city"]
        rows = [
            ["Un", "10 rue du Même", "35000", "Rennes"],
            ["Deux", "11 rue x", "35000", "Rennes"],
        ]
        sent = []
        users = type(self.env["res.users"])
        with patch.object(users, "_bus_send", lambda _user, _kind, news: sent.append(news)):
            result = self.env["copro.condominium"].with_user(self.manager).load(columns, rows)
        self.assertEqual(len(result["ids"]), 2, result["messages"])
        [told] = sent
        self.assertIn("Un", told["message"])
        self.assertNotIn("Deux", told["message"])


@tagged("post_install", "-at_install")
class TestSameAddressRefused(RegistryCase):
    def test_the_right_advice_is_given(self):
        """The registry advises an affiliation, which is wrong of one's own portfolio."""
        first = self.condominium("12 rue du Même")
        self.upload(first)
        second = self.condominium("12 rue du Même", name="La même")
        self.upload(second)
        self.assertEqual(second.upload_state, "rejected")
        self.assertIn(first.registration_number, second.upload_message)
        self.assertIn("request no affiliation", second.upload_message)
        second.street = "13 rue du Même"
        self.env.invalidate_all()
        self.assertIn("rattachement", second.upload_message)
