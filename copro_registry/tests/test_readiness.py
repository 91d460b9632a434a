from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import format_date

from .common import CoproCase
from .outside import fill, measure, needs_outside

TODAY = date(2026, 11, 24)


@tagged("post_install", "-at_install")
@freeze_time(f"{TODAY} 10:00:00")
class TestReadiness(CoproCase):
    """Stored, exact, and judged again only when something changes."""

    def test_a_complete_condominium_is_ready(self):
        condominium = self.condominium()
        self.assertEqual(condominium.readiness, 100)
        self.assertEqual(condominium.readiness_state, "ready")
        self.assertEqual(condominium.service_due, "WS1")
        self.assertFalse(condominium.findings)

    def test_each_change_is_seen_wherever_it_is_made(self):
        condominium = self.condominium()
        for record, values in (
            (condominium, {"lot_count": False}),
            (condominium.mandate_ids, {"end_date": False}),
            (condominium.fiscal_year_ids, {"current_charges": False}),
            (self.account, {"number": False}),
        ):
            with self.subTest(model=record._name):
                before = record.read(list(values))[0]
                record.write(values)
                self.assertEqual(condominium.readiness_state, "not_ready")
                self.assertLess(condominium.readiness, 100)
                self.assertEqual(condominium.blocking_count, 1)
                record.write({name: before[name] for name in values})
                self.assertEqual(condominium.readiness_state, "ready")

    def test_a_surprise_is_to_check_and_does_not_block(self):
        condominium = self.condominium(completion_year=1990)
        self.assertEqual(condominium.readiness_state, "to_check")
        self.assertEqual(condominium.readiness, 100)

    def test_searched_and_grouped(self):
        ready = self.condominium("1 rue de l'Exemple")
        incomplete = self.condominium("2 rue de l'Exemple", zip=False)
        both = [("id", "in", (ready | incomplete).ids)]
        model = self.env["copro.condominium"]
        self.assertEqual(model.search([*both, ("readiness_state", "=", "not_ready")]), incomplete)
        groups = model._read_group(both, ["readiness_state"], ["__count", "readiness:avg"])
        self.assertEqual([group[:2] for group in groups], [("not_ready", 1), ("ready", 1)])

    def test_nothing_is_judged_when_nothing_changes(self):
        condominium = self.condominium()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            self.assertEqual(condominium.readiness, 100)
        condominium.note = "Rien pour le registre"
        self.assertFalse(self.env.fields_to_compute())

    def test_a_finding_opens_its_very_field(self):
        condominium = self.condominium(zip=False)
        condominium.fiscal_year_ids.debtor_count = False
        condominium.building_ids.copy({"floor_count": -1})
        self.account.number = False
        with freeze_time("2027-03-01"):
            condominium._judge_again()
            places = {f["item"]: f for f in condominium.findings}
        self.assertEqual(places["adresse_reference_code_postal"]["field"], "zip")
        fiscal_year = places["nb_coproprietaires_debiteurs"]
        self.assertEqual(
            (fiscal_year["field"], fiscal_year["column"]), ("fiscal_year_ids", "debtor_count")
        )
        self.assertEqual(fiscal_year["line"], condominium.fiscal_year_ids.id)
        floors = places["batiment_nb_etages"]
        self.assertEqual(floors["line"], condominium.building_ids[-1].id)
        self.assertEqual((floors["page"], floors["column"]), ("technique", "floor_count"))
        account = places["numero_teledeclarant"]
        self.assertEqual((account["model"], account["line"]), (self.account._name, self.account.id))

    def test_a_finding_opens_its_line_while_the_form_is_changed(self):
        condominium = self.condominium()
        fiscal_year = condominium.fiscal_year_ids
        fiscal_year.debtor_count = False
        edited = condominium.new(origin=condominium)

        def line():
            [found] = [f for f in edited.findings if f["item"] == "nb_coproprietaires_debiteurs"]
            return found["line"]

        edited.lift_count = 3
        self.assertEqual(line(), fiscal_year.id)
        following = {
            "start_date": fiscal_year.end_date + timedelta(days=1),
            "end_date": fiscal_year.end_date + timedelta(days=30),
            "meeting_date": fiscal_year.end_date + timedelta(days=60),
        }
        edited.fiscal_year_ids = [(4, fiscal_year.id), (0, "virtual_7", following)]
        self.assertEqual(line(), "virtual_7")

    def test_what_keeps_from_a_call_follows_the_record_and_the_language(self):
        condominium = self.condominium()
        self.assertIn("not registered", condominium.renewal_obstacle)
        french = condominium.with_context(lang="fr_FR")
        self.assertIn("pas encore immatriculée", french.renewal_obstacle)
        condominium.registration_number = "ZZ0000943"
        self.assertFalse(condominium.renewal_obstacle)
        condominium.provisional_administration = "oui"
        self.assertIn("provisional administration", condominium.renewal_obstacle)
        condominium.provisional_administration = "non"
        condominium.affiliation_state = "requested"
        self.assertIn("examining", condominium.affiliation_obstacle)
        condominium.affiliation_state = "affiliated"
        condominium.mandate_ids.unlink()
        self.assertIn("No mandate", condominium.successor_obstacle)

    def test_what_the_rules_refuse_of_a_mandate_is_not_saved(self):
        mandate = self.condominium().mandate_ids
        eve = mandate.start_date - timedelta(days=1)
        long = mandate.start_date + timedelta(days=1200)
        for end, reason in ((long, "three years"), (eve, "before it starts")):
            with self.subTest(reason), self.assertRaisesRegex(ValidationError, reason) as refused:
                mandate.end_date = end
            self.assertIn(format_date(self.env, end), str(refused.exception))
        mandate.write({"is_by_law": True, "end_date": long})
        mandate.write({"is_by_law": False, "capacity": "mission_administration_provisoire"})

    def test_every_item_that_can_be_found_wrong_leads_somewhere(self):
        condominium = self.env["copro.condominium"].create({"name": "Vide"})
        for kept in condominium.stored_findings:
            with self.subTest(kept["item"]):
                place = condominium._place_of(kept["item"], kept["member"])
                self.assertTrue(place["field"] or place["model"])

    def test_a_form_says_what_is_missing_before_it_is_saved(self):
        form = Form(self.env["copro.condominium"].with_user(self.manager))
        form.name = "Essai"
        missing = {f["item"] for f in form.findings}
        self.assertIn("nb_lots_total", missing)
        form.lot_count = 12
        self.assertNotIn("nb_lots_total", {f["item"] for f in form.findings})

    def test_time_alone_is_seen_by_the_scheduled_action(self):
        """A mandate ends: only those concerned are judged again."""
        ends = TODAY + timedelta(days=3)
        condominium = self.condominium("1 rue de l'Exemple")
        condominium.mandate_ids.end_date = ends
        other = self.condominium("2 rue de l'Exemple")
        self.assertEqual(condominium.review_date, ends)
        self.assertEqual(other.review_date, date(2027, 2, 21), "the reform")
        with freeze_time(ends + timedelta(days=1)):
            self.run_cron("ir_cron_review")
            self.assertIn("MANDATE_ENDED", [f["code"] for f in condominium.stored_findings])
            self.assertEqual(condominium.readiness_state, "not_ready")
            self.assertGreater(condominium.review_date, ends)
            self.assertEqual(other.review_date, date(2027, 2, 21))

    def test_a_large_portfolio_follows_its_account_a_little_later(self):
        condominium = self.condominium()
        self.env.flush_all()
        with self.patched_limit(0):
            self.account.number = False
        self.assertEqual(condominium.readiness_state, "ready")
        self.assertEqual(condominium.review_date, TODAY)
        self.run_cron("ir_cron_review")
        self.assertEqual(condominium.readiness_state, "not_ready")

    def patched_limit(self, limit):
        from unittest.mock import patch

        from ..models.declarant import copro_declarant_account

        return patch.object(copro_declarant_account, "REVIEWED_AT_ONCE", limit)

    def test_pointless_answers_are_kept_and_not_sent(self):
        small = {"main_lot_count": 5, "housing_lot_count": 5}
        condominium = self.condominium(heating_energy="gaz_naturel", **small)
        condominium.fiscal_year_ids.is_simplified = True
        dossier = condominium._dossier()
        for code in ("energie_chauffage", "impayes", "nb_coproprietaires_debiteurs"):
            self.assertNotIn(code, dossier)
        self.assertEqual(condominium.readiness_state, "ready")
        self.assertEqual(condominium.fiscal_year_ids.debtor_count, 2)

    def test_a_volunteer_is_declared_by_his_own_name(self):
        person = {"title": "Madame", "first_name": "Monique", "last_name": "Le Goff"}
        self.account.write({"profile": "benevole", "siret": False, **person})
        condominium = self.condominium()
        declared = {
            "representant_civilite": "Madame",
            "representant_prenom": "Monique",
            "representant_nom": "Le Goff",
        }
        self.assertEqual(condominium._dossier()["representant"], declared)
        self.assertEqual(condominium.readiness_state, "ready")
        self.account.profile = "professionnel"
        representative = condominium._dossier()["representant"]
        self.assertEqual(representative["representant_raison_sociale"], "Cabinet Fictif")

    def test_a_volunteer_without_a_name_is_asked_for_it(self):
        self.account.write({"profile": "benevole", "siret": False})
        condominium = self.condominium()
        self.assertEqual(condominium.readiness_state, "not_ready")
        places = {f["item"]: (f["model"], f["column"]) for f in condominium.findings}
        self.assertEqual(places, {"representant": (self.account._name, "title")})

    def test_last_year_is_compared(self):
        condominium = self.condominium()
        last = condominium.fiscal_year_ids
        last.copy(
            {
                "start_date": last.start_date - timedelta(days=366),
                "end_date": last.start_date - timedelta(days=1),
                "meeting_date": last.start_date + timedelta(days=90),
                "current_charges": 20000,
            }
        )
        self.assertEqual(condominium.fiscal_year_id, last)
        [finding] = condominium.stored_findings
        self.assertEqual(
            (finding["code"], finding["item"]), ("CHANGED", "charges_operations_courantes")
        )

    def test_mandates(self):
        condominium = self.condominium()
        mandate = condominium.mandate_ids
        start = mandate.start_date
        long = start + timedelta(days=1200)
        with self.assertRaises(ValidationError):
            mandate.end_date = long
        with self.assertRaises(ValidationError):
            mandate.end_date = start
        with self.assertRaises(ValidationError):
            mandate.copy({"start_date": mandate.end_date, "end_date": False})
        mandate.write({"capacity": "mission_administration_provisoire", "end_date": long})
        self.assertEqual(mandate.end_date, long)

    def test_figures_that_are_leaving_are_frozen(self):
        condominium = self.condominium()
        self.env["copro.transmission"]._queue(condominium, "WS1", TODAY)
        with self.assertRaisesRegex(UserError, "being uploaded"):
            condominium.fiscal_year_ids.current_charges = 1

    def test_a_portfolio_is_read_in_few_queries(self):
        """The measurement of bin/bench, on a hundred."""
        needs_outside()
        other = self.env["res.company"].create({"name": "Un autre cabinet"})
        self.account.copy({"company_id": other.id})
        fill(self.env, 100, other)
        measured = measure(self.env, 100, other)
        self.assertEqual(measured["count"], 100)
        self.assertLess(measured["check_queries"], 30)
        self.assertEqual(sum(measured["states"].values()), 100)
        self.assertIn("ready, WS2_ANNUAL", measured["states"])
