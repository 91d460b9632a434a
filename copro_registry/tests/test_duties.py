from datetime import date, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.modules.migration import load_script
from odoo.tests import Form, tagged
from odoo.tools import file_path, format_date

from .common import CoproCase, RegistryCase

KINDS = ("annual", "accounts", "mandate", "renewal", "successor", "upload", "comparison")
REFUSED = "Résidence Les Tilleuls, bâtiment C"  # no such address


class DutyCase(CoproCase):
    def setUp(self):
        super().setUp()
        # As life is: a second person, who comes after.
        self.colleague = self.env["res.users"].create(
            {
                "name": "Camille Suivant",
                "login": "camille@cabinet-fictif.example",
                "group_ids": [(6, 0, self.env.ref("copro_registry.group_manager").ids)],
                "company_id": self.company.id,
                "company_ids": [(6, 0, self.company.ids)],
            }
        )

    def numbered(self, street, number, **values):
        """A registered condominium; its annual update has been due since the meeting."""
        return self.condominium(street, registration_number=number, **values)

    def duties(self, condominium):
        """{kind: who has it} of what is open."""
        types = {self.env.ref(f"copro_registry.mail_activity_{kind}"): kind for kind in KINDS}
        found = self.env["mail.activity"].search(
            [("res_model", "=", condominium._name), ("res_id", "=", condominium.id)]
        )
        return {types[one.activity_type_id]: one.user_id for one in found}

    def night(self):
        self.run_cron("ir_cron_review")


@tagged("post_install", "-at_install")
class TestDuties(DutyCase):
    """What is to be done is somebody's who is there, as long as it is not done."""

    def test_who_leaves_leaves_their_duties_to_who_is_there(self):
        condominium = self.numbered("1 rue des Devoirs", "ZZ0000911")
        self.night()
        self.assertEqual(self.duties(condominium), {"annual": self.manager})
        self.manager.action_archive()
        self.assertFalse(self.duties(condominium), "Odoo deletes them with the person")
        self.night()
        self.assertEqual(self.duties(condominium), {"annual": self.administrator})

    def test_who_is_archived_by_a_write_or_deleted_too(self):
        first = self.numbered("2 rue des Devoirs", "ZZ0000912")
        second = self.numbered("3 rue des Devoirs", "ZZ0000913", user_id=self.colleague.id)
        self.night()
        self.manager.active = False
        self.colleague.unlink()
        self.night()
        self.assertEqual(self.duties(first), {"annual": self.administrator})
        self.assertEqual(self.duties(second), {"annual": self.administrator})

    def test_who_goes_to_another_company_or_loses_their_rights_is_not_there(self):
        other = self.env["res.company"].create({"name": "Autre cabinet"})
        first = self.numbered("4 rue des Devoirs", "ZZ0000914")
        second = self.numbered("5 rue des Devoirs", "ZZ0000915", user_id=self.colleague.id)
        self.night()
        self.manager.write({"company_id": other.id, "company_ids": [(6, 0, other.ids)]})
        self.colleague.group_ids = self.env.ref("base.group_user")
        self.night()
        self.assertEqual(self.duties(first), {"annual": self.administrator})
        self.assertEqual(self.duties(second), {"annual": self.administrator})

    def test_a_duty_is_never_that_of_somebody_of_another_company(self):
        """Where nobody is there, not even a main administrator: it is nobody's, until one is."""
        other = self.env["res.company"].create({"name": "Autre cabinet"})
        self.env["copro.declarant.account"].create({"company_id": other.id})
        values = {"company_id": other.id, "registration_number": "ZZ0000920"}
        condominium = self.condominium("20 rue des Devoirs", **values)
        here = {"company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]}
        condominium.create_uid.write(here)
        self.night()
        self.assertEqual(self.duties(condominium), {"annual": self.env["res.users"]})
        somebody = self._user("main_administrator", other)
        self.night()
        self.assertEqual(self.duties(condominium), {"annual": somebody})

    def test_a_duty_follows_the_person_in_charge_at_once(self):
        condominium = self.numbered("6 rue des Devoirs", "ZZ0000916")
        self.night()
        condominium.with_user(self.manager).user_id = self.colleague
        self.assertEqual(self.duties(condominium), {"annual": self.colleague})

    def test_a_duty_speaks_the_language_of_who_has_it(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.manager.lang, self.colleague.lang = "en_US", "fr_FR"
        self.administrator.lang = "en_US"
        condominium = self.numbered("13 rue des Devoirs", "ZZ0000923")
        self.night()
        self.assertIn("Annual update before", condominium.activity_ids.summary)
        condominium.user_id = self.colleague
        self.assertIn("Mise à jour annuelle avant le", condominium.activity_ids.summary)
        self.colleague.active = False
        self.night()
        self.assertIn("Annual update before", condominium.activity_ids.summary)

    def test_a_kind_of_activity_that_was_deleted_does_not_pile_up(self):
        condominium = self.numbered("14 rue des Devoirs", "ZZ0000924")
        self.env.ref("copro_registry.mail_activity_annual").unlink()
        self.night()
        self.night()
        self.assertEqual(condominium.activity_ids.user_id, self.manager)
        self.assertEqual(len(condominium.activity_ids), 1)

    def test_what_is_given_to_a_colleague_who_is_there_stays_with_them(self):
        condominium = self.numbered("7 rue des Devoirs", "ZZ0000917")
        self.night()
        condominium.activity_ids.user_id = self.colleague
        self.night()
        self.assertEqual(self.duties(condominium), {"annual": self.colleague})

    def test_a_reminder_that_is_dismissed_comes_back_once_a_night(self):
        condominium = self.numbered("8 rue des Devoirs", "ZZ0000918")
        self.night()
        condominium.activity_ids.unlink()
        self.night()
        self.night()
        self.assertEqual(len(condominium.activity_ids), 1, "the duty is not done")

    def test_who_has_lost_a_condominium_owes_nothing(self):
        condominium = self.numbered("9 rue des Devoirs", "ZZ0000919")
        self.night()
        self.assertEqual(condominium.deadline_state, "late")
        condominium.sudo().affiliation_state = "unaffiliated"
        self.assertFalse(self.duties(condominium))
        self.assertEqual(condominium.deadline_state, "unknown")
        self.assertFalse(condominium.next_deadline)
        self.night()
        self.assertFalse(self.duties(condominium))
        condominium.sudo().affiliation_state = "affiliated"
        self.night()
        self.assertEqual(self.duties(condominium), {"annual": self.manager})
        self.assertEqual(condominium.deadline_state, "late")

    def test_who_has_named_a_successor_owes_the_annual_update_alone(self):
        condominium = self.numbered("10 rue des Devoirs", "ZZ0000920")
        with freeze_time(condominium.mandate_end + timedelta(days=40)):
            self.night()
            self.assertEqual(set(self.duties(condominium)), {"annual", "accounts", "successor"})
            condominium.sudo().affiliation_state = "leaving"
            self.assertEqual(set(self.duties(condominium)), {"annual"})
            self.assertFalse(condominium.successor_deadline)

    def test_an_archived_condominium_owes_nothing(self):
        condominium = self.numbered("11 rue des Devoirs", "ZZ0000921")
        self.night()
        condominium.with_user(self.manager).action_archive()
        self.assertFalse(self.duties(condominium))
        self.night()
        self.assertFalse(self.duties(condominium))
        condominium.action_unarchive()
        self.night()
        self.assertEqual(self.duties(condominium), {"annual": self.manager})

    def test_an_archived_company_reminds_of_nothing(self):
        condominium = self.numbered("12 rue des Devoirs", "ZZ0000922")
        self.night()
        # Who worked there works elsewhere: the company can be archived.
        elsewhere = self.env["res.company"].create({"name": "Cabinet fusionné"})
        people = self.manager | self.administrator | self.reader | self.colleague
        for user in people:
            user.write({"company_id": elsewhere.id, "company_ids": [(4, elsewhere.id)]})
        self.company.active = False
        self.night()
        self.assertFalse(self.duties(condominium))
        self.assertFalse(condominium.next_deadline)
        self.company.active = True
        self.night()
        self.assertEqual(self.duties(condominium), {"annual": self.manager})

    def test_a_portfolio_before_and_after(self):
        """Archive, reassign, detach, leave: each duty is where it belongs."""
        numbers = ("931", "932", "933", "934", "935")
        kept, given, lost, gone, left = [
            self.numbered(f"{n} rue du Portefeuille", f"ZZ0000{n}") for n in numbers
        ]
        self.night()
        before = {one: self.duties(one) for one in (kept, given, lost, gone, left)}
        self.assertEqual(before, dict.fromkeys(before, {"annual": self.manager}))
        given.user_id = self.colleague
        lost.sudo().affiliation_state = "unaffiliated"
        gone.action_archive()
        left.sudo().affiliation_state = "leaving"
        self.manager.action_archive()
        self.night()
        after = {one: self.duties(one) for one in before}
        self.assertEqual(
            after,
            {
                kept: {"annual": self.administrator},
                given: {"annual": self.colleague},
                lost: {},
                gone: {},
                left: {"annual": self.administrator},
            },
        )
        self.night()
        self.assertEqual({one: self.duties(one) for one in before}, after)

    def test_an_expired_certificate_is_somebody_s(self):
        certificate = self.env["copro.certificate"].sudo()
        end = date.today() + timedelta(days=20)
        values = {"name": "Serveur", "company_id": self.company.id, "not_after": end}
        self.account.sudo().certificate_id = certificate.create(values)
        self.account._warn_of_expiry()
        self.assertEqual(self.account.activity_ids.user_id, self.administrator)
        self.administrator.action_archive()
        self.colleague.group_ids |= self.env.ref("copro_registry.group_main_administrator")
        self.account._warn_of_expiry()
        self.assertEqual(self.account.activity_ids.user_id, self.colleague)

    def test_uploads_held_back_are_somebody_s(self):
        self.account._notify_uploads_held("Le certificat manque.")
        self.administrator.company_ids = [(4, self.env.company.id)]
        self.administrator.company_id = self.env.company
        self.administrator.company_ids = [(3, self.company.id)]
        self.colleague.group_ids |= self.env.ref("copro_registry.group_main_administrator")
        self.account._notify_uploads_held("Le certificat manque.")
        self.account._notify_uploads_held("Le certificat manque.")
        [activity] = self.account.activity_ids
        self.assertEqual(activity.user_id, self.colleague, "who has left does not keep theirs")


@tagged("post_install", "-at_install")
class TestDutiesAtTheRegistry(DutyCase, RegistryCase):
    def test_a_refusal_is_somebody_s_as_long_as_it_is_not_corrected(self):
        condominium = self.condominium(REFUSED)
        self.upload(condominium)
        self.assertEqual(self.duties(condominium), {"upload": self.manager})
        note = condominium.activity_ids.note
        self.manager.action_archive()
        self.night()
        self.assertEqual(self.duties(condominium), {"upload": self.administrator})
        self.assertEqual(condominium.activity_ids.note, note)
        condominium.write({"street": "14 rue des Devoirs", "user_id": self.colleague.id})
        self.assertEqual(self.duties(condominium), {"upload": self.colleague})
        self.upload(condominium, self.colleague)
        self.assertEqual(condominium.upload_state, "accepted")
        self.night()
        self.assertFalse(self.duties(condominium))

    def test_what_was_refused_before_the_upgrade_is_somebody_s_again(self):
        condominium = self.condominium(REFUSED)
        self.upload(condominium)
        condominium.activity_ids.unlink()
        self.cr.execute("UPDATE copro_transmission SET needs_person = NULL")
        self.env.invalidate_all()
        self.night()
        self.assertFalse(self.duties(condominium))
        script = file_path("copro_registry/migrations/19.0.1.3.0/post-duties.py")
        load_script(script, "post_duties").migrate(self.cr, "19.0.1.2.0")
        self.env.invalidate_all()
        self.night()
        self.assertEqual(self.duties(condominium), {"upload": self.manager})

    def test_a_difference_is_somebody_s_as_long_as_it_is_not_settled(self):
        condominium = self.condominium("15 rue des Devoirs")
        self.upload(condominium)
        condominium.lift_count = 2
        self.account.compare_every = 1
        self.run_cron("ir_cron_compare")
        self.assertEqual(self.duties(condominium), {"comparison": self.manager})
        self.manager.action_archive()
        self.night()
        self.assertEqual(self.duties(condominium), {"comparison": self.administrator})
        condominium.lift_count = 0
        self.account.compare_every = 0
        condominium.comparison_ids.line_ids._keep()
        self.assertFalse(self.duties(condominium))

    def test_an_archived_company_sends_and_compares_nothing(self):
        condominium = self.condominium("16 rue des Devoirs")
        self.upload(condominium)
        calls = len(self.ledger())
        condominium.with_user(self.manager).name = "16, rue des Devoirs"
        condominium.with_user(self.manager)._queue_upload()
        self.account.write({"compare_every": 1, "auto_annual": True})
        elsewhere = self.env["res.company"].create({"name": "Cabinet fusionné"})
        for user in self.manager | self.administrator | self.reader | self.colleague:
            user.write({"company_id": elsewhere.id, "company_ids": [(6, 0, elsewhere.ids)]})
        self.company.active = False
        for name in ("send", "status", "annual", "prepare", "compare", "certificates"):
            self.run_cron(f"ir_cron_{name}")
        self.assertEqual(condominium.upload_state, "queued")
        self.assertEqual(len(self.ledger()), calls)
        self.assertFalse(condominium.comparison_ids)
        self.company.active = True
        self.run_cron("ir_cron_send")
        self.assertIn(condominium.upload_state, ("received", "accepted"))


@tagged("post_install", "-at_install")
class TestVoteAfterTheEnd(CoproCase):
    """A vote does not date back (décret 67-223, article 28)."""

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time("2026-11-30"))
        mandate = {"start_date": "2023-09-27", "end_date": "2026-09-26"}
        self.late = self.condominium(
            "1 rue du Vote", registration_number="ZZ0000941", mandate_ids=[(0, 0, mandate)]
        )

    def dialog(self):
        action = self.late.action_renew_mandate()
        return Form(self.env["copro.mandate.renewal"].with_context(**action["context"]))

    def test_the_mandate_starts_with_the_vote_and_the_gap_is_said_before(self):
        form = self.dialog()
        self.assertEqual(form.start_date, date(2026, 9, 27))
        self.assertFalse(form.warning)
        form.meeting_date = date(2026, 11, 28)
        self.assertEqual(form.start_date, date(2026, 11, 28))
        self.assertEqual(form.end_date, date(2027, 11, 27))
        self.assertEqual(form.previous_end_date, date(2026, 9, 26))
        for day in (date(2026, 9, 27), date(2026, 11, 27)):
            self.assertIn(format_date(self.env, day), form.warning)
        self.assertIn("no mandate covers the condominium", form.warning)

    def test_a_start_before_the_vote_is_warned_of_in_the_dialog(self):
        form = self.dialog()
        form.meeting_date = date(2026, 11, 28)
        form.start_date = date(2026, 9, 27)
        self.assertIn("does not date back", form.warning)

    def test_a_vote_before_the_end_changes_nothing(self):
        form = self.dialog()
        form.meeting_date = date(2026, 9, 10)
        self.assertEqual(form.start_date, date(2026, 9, 27))
        self.assertFalse(form.warning)


@tagged("post_install", "-at_install")
class TestSyndicByLaw(CoproCase):
    """A social-housing body is the syndic by law, without election (CCH L443-15)."""

    def test_no_end_of_mandate_is_asked_for(self):
        mandate = {"start_date": "2015-01-01", "is_by_law": True}
        condominium = self.condominium("2 rue du Droit", mandate_ids=[(0, 0, mandate)])
        self.assertEqual(condominium.blocking_count, 0, condominium.stored_findings)
        codes = [finding["code"] for finding in condominium.stored_findings]
        self.assertEqual(codes, ["BY_LAW"])
        condominium.registration_number = "ZZ0000951"
        self.assertNotEqual(condominium.deadline_state, "unknown")

    def test_an_end_that_the_registry_wants_may_be_typed(self):
        mandate = {"start_date": "2015-01-01", "end_date": "2099-12-31", "is_by_law": True}
        condominium = self.condominium("3 rue du Droit", mandate_ids=[(0, 0, mandate)])
        self.assertEqual(condominium.blocking_count, 0, condominium.stored_findings)
        self.assertEqual(condominium.mandate_end, fields.Date.to_date("2099-12-31"))
