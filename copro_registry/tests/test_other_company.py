"""What belongs to another company is neither read through a wizard nor entered by a write."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CoproCase

WIZARDS = ("copro.affiliation.request", "copro.mandate.renewal", "copro.successor.declaration")


@tagged("post_install", "-at_install")
class TestOtherCompany(CoproCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Autre cabinet"})
        cls.theirs = cls.condominium(
            "1 rue d'Ailleurs", company_id=cls.other.id, registration_number="ZZ0000001"
        )
        cls.ours = cls.condominium("1 rue d'Ici")

    def test_a_wizard_reads_with_the_rights_of_its_user(self):
        for model in WIZARDS:
            wizard = self.env[model].with_user(self.manager)
            names = [name for name in ("number", "end_date") if name in wizard._fields]
            with self.subTest(model=model, by="create"), self.assertRaises(AccessError):
                wizard.create({"condominium_id": self.theirs.id}).read(names)
            with self.subTest(model=model, by="onchange"), self.assertRaises(AccessError):
                values = {"condominium_id": self.theirs.id}
                wizard.onchange(values, ["condominium_id"], {name: {} for name in names})

    def test_a_contact_is_read_with_the_rights_of_the_user(self):
        hidden = self.env["res.partner"].create(
            {"name": "Confrère", "email": "secret@ailleurs.example", "company_id": self.other.id}
        )
        wizard = self.env["copro.successor.declaration"].with_user(self.manager)
        values = {"condominium_id": self.ours.id, "partner_id": hidden.id}
        with self.assertRaises(AccessError):
            wizard.onchange(values, ["partner_id"], {"email": {}})

    def test_a_condominium_is_not_pushed_into_another_company(self):
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.ours.with_user(self.manager).company_id = self.other
        both = self.company | self.other
        self.manager.company_ids = both
        own = self.ours.with_user(self.manager).with_context(allowed_company_ids=both.ids)
        own.company_id = self.other
        self.assertEqual(self.ours.company_id, self.other, "who works in both may move it")

    def test_a_line_is_not_pushed_into_another_company(self):
        address = self.env["copro.address"].create(
            {"condominium_id": self.ours.id, "line": "2 rue d'Ici"}
        )
        for line in (address, self.ours.mandate_ids, self.ours.fiscal_year_ids):
            with self.subTest(model=line._name), self.assertRaises(AccessError):
                with self.cr.savepoint():
                    line.with_user(self.manager).condominium_id = self.theirs

    def test_a_constraint_tells_nothing_of_another_company(self):
        """A mandate that would overlap theirs is refused before their dates are told."""
        theirs = self.theirs.mandate_ids
        values = {"condominium_id": self.theirs.id, "start_date": theirs.start_date}
        with self.assertRaises(AccessError), self.cr.savepoint():
            theirs.with_user(self.manager).create(values)
