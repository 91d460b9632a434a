from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import CoproCase, RegistryCase


@tagged("post_install", "-at_install")
class TestDeskDetails(CoproCase):
    """What a user meets each day, and nearly does not see."""

    def form(self):
        return Form(self.env["copro.condominium"].with_user(self.manager))

    def test_a_year_tells_its_period(self):
        with self.form() as form:
            form.name = "Les Lilas"
            form.completion_year = 1965
            self.assertEqual(form.construction_period, "DE_1961_A_1974")
            form.completion_year = 1990  # the rules tell what does not agree
            self.assertEqual(form.construction_period, "DE_1961_A_1974")

    def test_what_is_typed_is_judged_as_it_will_be_kept(self):
        """« 20 000 » was not five digits until it was saved."""
        condominium = self.condominium("Lilas")
        for typed, is_wrong in (("20 000", False), ("35000", False), ("200", True)):
            draft = condominium.new({"zip": typed, "company_id": self.company.id})
            found = [one for one in draft.findings if one["field"] == "zip"]
            self.assertEqual(bool(found), is_wrong, typed)
        with Form(condominium.with_user(self.manager)) as form:
            form.zip = "35 000"
        self.assertEqual(condominium.zip, "35000")

    def test_addresses_of_the_web_client(self):
        condominium = self.condominium("Lilas")
        self.assertEqual(condominium._open_form()["path"], "condominiums")
        account = self.env.ref("copro_registry.copro_declarant_account_action")
        self.assertEqual(account.path, "condominium-registry-account")
        self.assertEqual(self.account.display_name, "T0000001 · Cabinet Fictif")

    def test_a_comparison_says_what_it_is(self):
        condominium = self.condominium("Lilas", registration_number="ZZ0000011")
        comparison = self.env["copro.comparison"]._of(condominium)
        spoken = comparison.with_context(lang="fr_FR")
        self.assertEqual(spoken.display_name, "Comparaison\u00a0: ZZ0000011 · Lilas")
        action = comparison.with_user(self.reader).action_open_condominium()
        self.assertEqual(action["params"], {"id": condominium.id})

    def test_what_is_kept_is_not_said_to_have_changed(self):
        condominium = self.condominium("Lilas", registration_number="ZZ0000011")
        comparison = self.env["copro.comparison"]._of(condominium)
        values = {"item": "nb_lots_total", "our_value": [12], "their_value": [18]}
        line = self.env["copro.comparison.line"].create(
            {"comparison_id": comparison.id, "state": "different", **values}
        )
        line = line.with_user(self.manager).with_context(lang="fr_FR")
        line.action_keep()
        told = condominium.message_ids[0].body.replace("&nbsp;", "\u00a0")
        self.assertIn("Nombre total de lots\u00a0: 12 (au registre\u00a0: 18)", told)

    def test_lines_without_a_number_are_told(self):
        wizard = self.env["copro.registry.import"].with_user(self.manager)
        wizard = wizard.create({"numbers": "Numéro\nAB 123 4567 – Lilas\nAB-7654321;Rennes\nAB123"})
        numbers, ignored = wizard._numbers()
        self.assertEqual(numbers, ["AB1234567", "AB7654321"])
        self.assertEqual([line for line, _told, _here in ignored], ["Numéro", "AB123"])
        self.assertFalse(any(is_here for _line, _told, is_here in ignored))

    def test_a_manager_may_export_what_they_see(self):
        exported = self.condominium("Lilas", internal_reference="0149").with_user(self.manager)
        rows = exported.export_data(["internal_reference", "name", "zip"])["datas"]
        self.assertEqual(rows, [["0149", "Lilas", "35000"]])
        described = exported.fields_get(attributes=["exportable"])
        self.assertFalse(described["search_key"]["exportable"])

    def test_no_faded_rows_that_nobody_entered(self):
        views = self.env["ir.ui.view"].search([("model", "like", "copro.%")])
        self.assertTrue(views)
        self.assertFalse(views.filtered(lambda view: "sample=" in view.arch))


@tagged("post_install", "-at_install")
class TestDeskOfUploads(RegistryCase):
    def test_the_note_names_the_declaration_and_who_asked(self):
        self.manager.write({"name": "Claire Martin", "lang": "fr_FR"})
        condominium = self.condominium("1 rue des Notes")
        self.upload(condominium)
        bodies = " ".join(condominium.message_ids.mapped("body"))
        self.assertRegex(bodies, r"mmatriculation.*, à la demande de Claire Martin\. ")
        transmission = condominium.transmission_id
        action = transmission.with_user(self.reader).action_open_attestation()
        self.assertEqual(action["url"], f"/web/content/{transmission.attestation_id.id}")

    def test_up_to_date_is_no_warning_and_said_once(self):
        condominium = self.condominium("2 rue des Notes")
        self.upload(condominium)
        told = condominium.with_user(self.manager).action_upload()
        self.assertEqual(told["tag"], "copro_registry.notify")
        self.assertEqual((told["params"]["type"], told["params"]["title"]), ("info", False))

    def test_what_is_lacking_is_a_warning(self):
        condominium = self.condominium("3 rue des Notes", lot_count=False)
        told = condominium.with_user(self.manager).action_upload()
        self.assertEqual(
            (told["tag"], told["params"]["type"]), ("copro_registry.notify", "warning")
        )

    def test_asking_now(self):
        condominium = self.condominium("4 rue des Notes")
        condominium.with_user(self.manager).action_upload()
        transmission = condominium.transmission_id
        transmission.sudo().write({"state": "unknown", "attempts": 1})
        transmission.sudo().next_attempt = "2099-01-01"
        with self.assertRaises(AccessError):
            transmission.with_user(self.reader).action_ask_now()
        transmission.with_user(self.manager).action_ask_now()
        self.assertLess(transmission.next_attempt.year, 2099)
