from datetime import date, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common import RegistryCase

TODAY = date(2026, 11, 24)
TYPES = {
    "annual": "copro_registry.mail_activity_annual",
    "mandate": "copro_registry.mail_activity_mandate",
    "renewal": "copro_registry.mail_activity_renewal",
    "successor": "copro_registry.mail_activity_successor",
}


@tagged("post_install", "-at_install")
class TestDeadlines(RegistryCase):
    """Computed by the law, told to the person in charge, closed by the act."""

    def reminders(self, condominium):
        kinds = {self.env.ref(xmlid): kind for kind, xmlid in TYPES.items()}
        found = condominium.activity_ids.filtered(lambda a: a.activity_type_id in kinds)
        return {kinds[activity.activity_type_id]: activity for activity in found}

    def registered(self, street):
        condominium = self.condominium(street)
        self.upload(condominium)
        self.assertEqual(condominium.upload_state, "accepted")
        return condominium

    def approve(self, condominium, meeting):
        last = condominium.fiscal_year_id
        return last.copy(
            {
                "start_date": last.end_date + timedelta(days=1),
                "end_date": meeting - timedelta(days=30),
                "meeting_date": meeting,
            }
        )

    def test_the_annual_update(self):
        """Two months after the meeting; the upload itself closes the reminder."""
        condominium = self.registered("1 rue des Échéances")
        self.assertFalse(condominium.annual_deadline)
        meeting = date.today() - timedelta(days=10)
        self.approve(condominium, meeting)
        self.assertEqual(condominium.service_due, "WS2_ANNUAL")
        due = condominium.annual_deadline
        self.assertEqual((due.year * 12 + due.month) - (meeting.year * 12 + meeting.month), 2)
        self.run_cron("ir_cron_review")
        reminder = self.reminders(condominium)["annual"]
        self.assertEqual(reminder.user_id, self.manager)
        self.assertEqual(reminder.date_deadline, due)
        self.run_cron("ir_cron_review")
        self.assertEqual(len(condominium.activity_ids), 1, "raised once")
        self.upload(condominium)
        self.assertEqual(condominium.upload_state, "accepted")
        self.assertFalse(self.reminders(condominium))
        self.assertFalse(condominium.annual_deadline)

    def test_a_mandate_ends_then_its_successor_is_due(self):
        self.account.accounts_late_after = 0
        condominium = self.registered("3 rue des Échéances")
        end = condominium.mandate_end
        with freeze_time(end - timedelta(days=61)):
            self.run_cron("ir_cron_review")
            self.assertFalse(self.reminders(condominium))
        with freeze_time(end - timedelta(days=60)):
            self.run_cron("ir_cron_review")
            self.assertEqual(set(self.reminders(condominium)), {"mandate"})
        with freeze_time(end + timedelta(days=1)):
            self.run_cron("ir_cron_review")
            self.assertEqual(set(self.reminders(condominium)), {"successor"})
            self.assertGreaterEqual(condominium.successor_deadline, end + timedelta(days=28))
            self.assertEqual(condominium.deadline_state, "soon")
        with freeze_time(end + timedelta(days=40)):
            self.run_cron("ir_cron_review")
            self.assertEqual(condominium.deadline_state, "late")

    def test_a_renewal_is_due_one_month_after_the_end_of_the_previous_mandate(self):
        condominium = self.registered("4 rue des Échéances")
        mandate = condominium.mandate_ids
        end = mandate.end_date
        with freeze_time(end - timedelta(days=30)):
            self.run_cron("ir_cron_review")
            self.assertEqual(set(self.reminders(condominium)), {"mandate"})
            renewed = mandate.copy(
                {"start_date": end + timedelta(days=1), "end_date": end + timedelta(days=365)}
            )
            self.assertFalse(self.reminders(condominium), "voted: the act closes it")
            self.assertGreater(condominium.renewal_deadline, end)
        with freeze_time(end + timedelta(days=1)):
            self.run_cron("ir_cron_review")
            self.assertEqual(set(self.reminders(condominium)), {"renewal"})
            renewed.declared_on = end + timedelta(days=1)
            self.assertFalse(self.reminders(condominium))
            self.assertFalse(condominium.renewal_deadline)

    def test_reminders_speak_the_language_of_the_person_in_charge(self):
        self.manager.lang = "fr_FR"
        condominium = self.registered("5 rue des Échéances")
        self.approve(condominium, date.today() - timedelta(days=10))
        self.run_cron("ir_cron_review")
        summary = self.reminders(condominium)["annual"].summary
        self.assertIn("Mise à jour annuelle avant le", summary)

    def test_the_four_states(self):
        condominium = self.condominium("6 rue des Échéances")
        self.assertEqual(condominium.deadline_state, "soon")
        condominium = self.registered("7 rue des Échéances")
        self.assertEqual(condominium.deadline_state, "in_order")

    def test_the_first_of_two_renewals_comes_first(self):
        """A renewal that is late is not hidden by the next one, voted already."""
        self.account.accounts_late_after = 0
        condominium = self.condominium("8 rue des Échéances", registration_number="ZZ0000942")
        condominium.fiscal_year_ids.declared_on = date.today()
        first = condominium.mandate_ids
        self.assertTrue(first.declared_on)
        with freeze_time(first.end_date + timedelta(days=40)):
            second = first.copy(
                {
                    "start_date": first.end_date + timedelta(days=1),
                    "end_date": first.end_date + timedelta(days=365),
                    "declared_on": False,
                }
            )
            second.copy(
                {
                    "start_date": second.end_date + timedelta(days=1),
                    "end_date": second.end_date + timedelta(days=365),
                }
            )
            self.assertLess(condominium.renewal_deadline, second.end_date)
            self.assertEqual(condominium.next_deadline, condominium.renewal_deadline)
            self.assertEqual(condominium.deadline_state, "late")

    def test_the_previous_mandate_follows_the_dates_of_all(self):
        condominium = self.condominium("9 rue des Échéances")
        last = condominium.mandate_ids
        earlier = {"condominium_id": condominium.id}
        first = {"start_date": "2019-01-01", "end_date": "2020-12-31"}
        last.create({**earlier, **first})
        second = last.create({**earlier, "end_date": "2022-12-31"})
        self.assertEqual(last.previous_end_date, date(2020, 12, 31))
        second.start_date = "2021-01-01"
        self.assertEqual(last.previous_end_date, date(2022, 12, 31))
