"""What the registry holds, brought back (WS3): the same under each profile."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError


class ComparisonScenarios:
    """Fetch, compare, take, keep, import, drift."""

    def compared(self, condominium):
        condominium.with_user(self.manager).action_compare()
        return condominium.comparison_ids

    def different(self, comparison):
        return {line.item for line in comparison.line_ids if line.state == "different"}

    def test_after_an_upload_nothing_differs(self):
        condominium = self.registered("30 rue du Scénario")
        comparison = self.compared(condominium)
        self.assertEqual((comparison.state, self.different(comparison)), ("done", set()))
        self.assertEqual(comparison.status, "Nothing to settle")
        self.assertGreater(len(comparison.line_ids), 20)
        self.assertTrue(all(line.ours or line.theirs for line in comparison.line_ids))

    def test_the_data_of_another_are_not_compared(self):
        condominium = self.registered("80 rue du Scénario")
        self.simulator.control.add_fault("other_number", service="WS3")
        comparison = self.compared(condominium)
        self.assertEqual((comparison.state, len(comparison.line_ids)), ("failed", 0))
        self.assertIn("another condominium", comparison.failure)

    def test_a_renewal_counts_before_it_starts(self):
        condominium = self.registered("79 rue du Scénario")
        old = condominium.mandate_id
        self.wizard(condominium, "action_renew_mandate")
        self.assertEqual(condominium.mandate_id, old, "the new one has not started")
        self.assertEqual(self.different(self.compared(condominium)), set())
        [new] = condominium.mandate_ids - old
        theirs, ends = new.end_date, old.end_date
        new.end_date -= timedelta(days=7)
        comparison = self.compared(condominium)
        self.assertEqual(self.different(comparison), {"date_fin_mandat"})
        comparison.with_user(self.manager).action_take_all()
        self.assertEqual((new.end_date, old.end_date), (theirs, ends))

    def test_differences_first_then_taken_and_kept(self):
        condominium = self.registered("31 rue du Scénario")
        condominium.write({"lift_count": 9, "heating_type": "collectif", "zip": "35200"})
        comparison = self.compared(condominium)
        wanted = {"nb_ascenseurs", "type_chauffage", "adresse_reference_code_postal"}
        self.assertEqual(self.different(comparison), wanted)
        self.assertEqual({line.item for line in comparison.line_ids.sorted()[:3]}, wanted)
        self.assertEqual(condominium.difference_count, 3)
        self.assertEqual(comparison.status, "To settle")

        lines = {line.item: line.with_user(self.manager) for line in comparison.line_ids}
        lines["nb_ascenseurs"].action_take()
        self.assertEqual(condominium.lift_count, 0)
        self.assertIn("9 → 0", condominium.message_ids[0].body)
        lines["adresse_reference_code_postal"].action_take()
        self.assertEqual(condominium.zip, "35000")
        lines["type_chauffage"].action_keep()
        self.assertEqual(condominium.heating_type, "collectif")
        self.assertEqual(condominium.difference_count, 0)
        self.assertEqual(self.different(self.compared(condominium)), set(), "kept stays kept")

    def test_what_an_upload_has_replaced_differs_no_more(self):
        condominium = self.registered("82 rue du Scénario")
        heated = {"heating_type": "collectif", "district_heating": "oui"}
        condominium.write({"lift_count": 9, **heated})
        comparison = self.compared(condominium)
        lines = {line.item: line for line in comparison.line_ids}
        lines["type_chauffage"].with_user(self.manager).action_keep()
        # Financial data does not leave with a standard update.
        lines["impayes"].state = "different"
        self.upload(condominium)
        self.assertEqual(condominium.transmission_id.service, "WS2_STANDARD")
        self.assertEqual(condominium.upload_state, "accepted")
        self.assertEqual(lines["nb_ascenseurs"].state, "sent")
        self.assertEqual(lines["type_chauffage"].state, "sent")
        self.assertFalse(lines["nb_ascenseurs"].can_take)
        self.assertEqual(self.different(comparison), {"impayes"})
        self.assertEqual(condominium.difference_count, 1)
        lines["impayes"].state = "same"
        self.assertEqual(self.different(self.compared(condominium)), set())

    def test_all_theirs_leaves_nothing_to_send(self):
        condominium = self.registered("32 rue du Scénario")
        condominium.write({"lift_count": 9, "parking_lot_count": 3})
        parcel = {"insee_code": "35238", "section": "AB", "number": "12"}
        condominium.parcel_ids = [(0, 0, parcel)]
        self.assertEqual(condominium._service_due(), "WS2_STANDARD")
        self.compared(condominium).with_user(self.manager).action_take_all()
        self.assertFalse(condominium.parcel_ids)
        self.assertFalse(condominium._service_due())

    def test_what_cannot_be_taken_is_told_and_the_rest_taken(self):
        condominium = self.registered("81 rue du Scénario")
        condominium.write({"lift_count": 9, "parking_lot_count": 3})
        comparison = self.compared(condominium)
        lines = {line.item: line for line in comparison.line_ids}
        silent, far = lines["type_syndicat"], lines["date_reglement"]
        silent.write({"their_value": [None], "state": "different"})
        far.write({"their_value": ["9999-12-31"], "state": "different"})
        self.assertFalse(silent.can_take)
        told = comparison.with_user(self.manager).action_take_all()["params"]["message"]
        self.assertIn("has no value, and Odoo needs one", told)
        self.assertIn("9999 is too far away", told)
        self.assertEqual((condominium.lift_count, condominium.parking_lot_count), (0, 4))
        self.assertEqual(self.different(comparison), {"type_syndicat", "date_reglement"})

    def test_figures_of_a_declared_fiscal_year_are_theirs_to_correct(self):
        condominium = self.registered("33 rue du Scénario")
        fiscal_year = condominium.fiscal_year_id
        declared_on, fiscal_year.declared_on = fiscal_year.declared_on, False
        fiscal_year.unpaid_amount = 1.5
        fiscal_year.declared_on = declared_on
        comparison = self.compared(condominium)
        self.assertEqual(self.different(comparison), {"impayes"})
        comparison.with_user(self.manager).action_take_all()
        self.assertEqual((fiscal_year.unpaid_amount, fiscal_year.state), (2410.55, "declared"))
        self.assertEqual(fiscal_year.declared_on, declared_on)

    def test_many_wait_for_the_scheduled_action(self):
        condominiums = self.registered("34 rue du Scénario") | self.registered("35 rue du Scénario")
        comparisons = self.env["copro.comparison"]._of(condominiums)
        self.assertEqual(set(comparisons.mapped("state")), {"waiting"})
        self.run_cron("ir_cron_compare")
        self.assertEqual(set(comparisons.mapped("state")), {"done"})

    def test_drift_is_flagged_where_it_was_asked_for(self):
        condominium = self.registered("36 rue du Scénario")
        condominium.lift_count = 8
        self.run_cron("ir_cron_compare")
        self.assertFalse(condominium.comparison_ids, "nobody asked for it")
        self.account.compare_every = 7
        self.run_cron("ir_cron_compare")
        self.assertEqual(condominium.difference_count, 1)
        [activity] = condominium.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self.run_cron("ir_cron_compare")
        self.assertEqual(len(condominium.activity_ids), 1)
        condominium.comparison_ids.with_user(self.manager).action_take_all()
        self.assertFalse(condominium.activity_ids, "the act itself closes it")

    def test_not_affiliated_is_told(self):
        condominium = self.registered("37 rue du Scénario")
        mine = self.taken_over(condominium, "37 bis rue du Scénario")
        mine.with_user(self.other_manager).action_compare()
        comparison = mine.comparison_ids
        self.assertEqual(comparison.state, "failed")
        self.assertIn("rattaché", comparison.failure)
        self.assertEqual(mine.affiliation_state, "unaffiliated")
        with self.assertRaises(UserError):
            self.condominium("38 rue du Scénario").with_user(self.manager).action_compare()

    def test_first_import(self):
        condominium = self.registered("39 rue du Scénario")
        number = condominium.registration_number
        theirs = condominium._dossier()
        condominium.registration_number = False
        text = f"1;{number.lower()};Rennes\n2;ZZ9999999;Brest\n{number}"
        wizard = self.env["copro.registry.import"].with_user(self.manager).create({"numbers": text})
        wizard.action_import()
        self.assertFalse(wizard.numbers)
        self.assertIn(f"{number} – created", wizard.report_text)
        self.assertIn("ZZ9999999 – Aucune copropriété", wizard.failure_text)
        opened = self.env["copro.condominium"].search(wizard.action_open()["domain"])
        self.assertEqual(opened.registration_number, number)
        imported = self.env["copro.condominium"].search([("registration_number", "=", number)])
        ours = imported._dossier()
        for code in (
            "adresse_reference",
            "nb_lots_total",
            "impayes",
            "type_chauffage",
            "nom_usage",
        ):
            self.assertEqual(ours[code], theirs[code], code)
        self.assertEqual(imported.fiscal_year_id.state, "declared")
        self.assertEqual(imported.difference_count, 0)
        self.assertFalse(imported._service_due(), "the registry has all of it")

    def test_a_reader_settles_nothing(self):
        condominium = self.registered("40 rue du Scénario")
        condominium.lift_count = 6
        comparison = self.compared(condominium)
        for act in ("action_take_all", "action_keep_all"):
            with self.assertRaises(AccessError):
                getattr(comparison.with_user(self.reader), act)()
