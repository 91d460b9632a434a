import csv
import re
from datetime import date
from html import unescape

from freezegun import freeze_time
from lxml import etree

from odoo.tests import tagged
from odoo.tools import file_open

from ..models.condominium.copro_condominium_deadlines import SITUATIONS
from ..rnc.today import today
from .common import CoproCase

WITH_MANDATE = "2025-01-01>2027-12-31 declared"
VIEWS = ("form", "kanban", "list")
SHOWN = ["deadline_state", "next_act", "next_deadline", "next_delay"]
FIGURES = {
    **{"current_charges": 41250.30, "works_charges": 0, "supplier_debts": 1820},
    **{"unpaid_amount": 2410.55, "debtor_count": 2, "works_fund": 6000},
}
# The colours of Odoo's badges, and of the columns of the desk.
COLOURS = {"late": "danger", "soon": "warning", "in_order": "success", "unknown": "muted"}


def _rows():
    with file_open("copro_registry/tests/data/situations.csv") as opened:
        return list(csv.DictReader(opened, delimiter=";"))


class SituationCase(CoproCase):
    """The situations of ``data/situations.csv``, as records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["copro.condominium"].search([]).active = False
        cls.manager.write({"lang": "fr_FR", "copro_digest": "all"})

    def situation(self, row, number):
        """A condominium in the situation of a row; today is its day."""
        said = dict(word.split("=") for word in row["facts"].split())
        dissolution, _at, dissolved_on = said.get("dissolution", "").partition("@")
        self.account.accounts_late_after = int(said.get("late_after", 12))
        condominium = self.condominium(
            row["situation"],
            registration_number=said.get("number") != "no" and f"ZZ{number:07}",
            bylaws_date=said.get("bylaws", "1972-04-18") or False,
            main_lot_count=int(said.get("main", 8)),
            lot_count=300,
            housing_lot_count=int(said.get("housing", 8)),
            dissolution_reason=dissolution or False,
            dissolution_date=dissolved_on or False,
            closing_day=said.get("closing"),
            provisional_administration="oui" if "provisional" in said else "non",
            fiscal_year_ids=self.lines(row["years"], self.fiscal_year),
            mandate_ids=self.lines(row["mandates"] or WITH_MANDATE, self.mandate),
        )
        condominium.sudo().affiliation_state = said.get("affiliation", False)
        if "correcting" in row["years"].split():
            [fiscal_year] = condominium.fiscal_year_ids
            fiscal_year._begin_correction("Virgule perdue")
        if "refused" in said:
            self.refuse(condominium)
        return condominium

    def refuse(self, condominium):
        """The registry refuses its upload, and somebody is told."""
        upload = self.env["copro.transmission"].sudo()._queue(condominium, "WS2_STANDARD", today())
        upload.write({"state": "rejected", "refusals": [], "needs_person": True})

    def lines(self, written, read):
        found = [line.strip() for line in written.split(",")]
        return [(0, 0, read(line)) for line in found if line not in ("", "-")]

    def fiscal_year(self, written):
        term, *words = written.split()
        start, end = self.term(term)
        meeting = words[words.index("ag") + 1] if "ag" in words else False
        return {
            **FIGURES,
            "start_date": start,
            "end_date": end,
            "meeting_date": meeting,
            "is_first": "first" in words,
            "declared_on": "declared" in words and (meeting or start),
        }

    def mandate(self, written):
        term, *words = written.split()
        start, end = self.term(term)
        return {
            "start_date": start,
            "end_date": end,
            "declared_on": "declared" in words and start,
            "is_by_law": "law" in words,
        }

    def term(self, written):
        start, _to, end = written.rpartition(">")
        return start or False, end or False


@tagged("post_install", "-at_install")
class TestSituations(SituationCase):
    """A situation, a state, a deadline, a sentence: the same wherever somebody looks."""

    def test_each_situation_everywhere(self):
        labels = dict(self.env["copro.condominium"]._fields["deadline_state"].selection)
        french = {"late": "En retard", "soon": "À faire", "in_order": "En règle"}
        french["unknown"] = "Échéance inconnue"
        self.assertEqual(labels.keys(), french.keys())
        for number, row in enumerate(_rows(), 1):
            with self.subTest(row["situation"]), freeze_time(row["day"]):
                self.env["copro.condominium"].search([]).active = False
                condominium = self.situation(row, number)
                expected = (row["state"], row["due"], row["sentence"])
                seen = self.everywhere(condominium)
                self.assertEqual(seen, dict.fromkeys(seen, expected))
                self.assertEqual(self.label_on_the_desk(condominium), french[row["state"]])
                self.check_mail(condominium, french[row["state"]], row)

    def everywhere(self, condominium):
        """{where: (state, deadline, sentence)}, of what each screen reads."""
        own = condominium.with_user(self.manager).with_context(lang="fr_FR")
        seen = {}
        for kind in VIEWS:
            arch = etree.fromstring(own.get_view(view_type=kind)["arch"])
            names = {node.get("name") for node in arch.iter("field")}
            self.assertLessEqual({"deadline_state", "next_act"}, names, kind)
            found = own.web_search_read([("id", "=", own.id)], {name: {} for name in SHOWN})
            [read] = found["records"]
            seen[kind] = self.told(read["deadline_state"], read["next_deadline"], read["next_act"])
        [column], [card] = self.card(condominium)
        seen["duties"] = self.told(
            own.duties[0]["state"], own.next_deadline, own.duties[0]["sentence"]
        )
        seen["today"] = self.told(column["name"], own.next_deadline, card["what"])
        return seen

    def told(self, state, day, sentence):
        return state, str(day or ""), sentence

    def card(self, condominium):
        """The column of the desk, and its card, that are of a condominium."""
        desk = self.env["copro.today"].with_user(self.manager).with_context(lang="fr_FR")
        columns = [one for one in desk.get_board()["states"] if one["cards"]]
        cards = [card for one in columns for card in one["cards"] if card["id"] == condominium.id]
        return columns, cards

    def label_on_the_desk(self, condominium):
        [column], _cards = self.card(condominium)
        return column["label"]

    def check_mail(self, condominium, label, row):
        qweb = self.env["ir.qweb"].with_context(lang="fr_FR")
        body = qweb._render("copro_registry.mail_digest", {"object": self.manager})
        text = unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", str(body))))
        if row["state"] == "in_order":
            self.assertNotIn(condominium.name, text)
        else:
            for told in (f"{label} (1)", condominium.name, row["sentence"].replace("\xa0", " ")):
                self.assertIn(told, text.replace("\xa0", " "))

    def test_the_colours_are_the_same_everywhere(self):
        for kind in VIEWS:
            arch = etree.fromstring(self.env["copro.condominium"].get_view(view_type=kind)["arch"])
            [badge] = arch.xpath("//field[@name='deadline_state'][@widget='badge']")
            found = {
                re.fullmatch(r"deadline_state == '(\w+)'", value)[1]: name.split("-", 1)[1]
                for name, value in badge.attrib.items()
                if name.startswith("decoration-")
            }
            self.assertEqual(found, COLOURS, kind)
        with file_open("copro_registry/static/src/today/today.js") as source:
            states = source.read().split("const STATES = {")[1].split("};")[0]
        shown = dict(re.findall(r"(\w+): \{\s*colour: \"(\w+)\"", states))
        self.assertEqual(shown, {**COLOURS, "unknown": "secondary"})
        self.assertEqual([state for state, _label in SITUATIONS], list(COLOURS))

    def test_nothing_that_is_late_stands_below_a_green_bar(self):
        with file_open("copro_registry/static/src/fields/findings.js") as source:
            colour = source.read().split("get color() {")[1].split("\n    }")[0]
        self.assertRegex(colour, r'deadline_state === "late".*\n\s+return "secondary"')


@tagged("post_install", "-at_install")
class TestCalendarLives(SituationCase):
    """What changes a situation changes what is said of it."""

    def a_condominium(self, years="2023-12-31 ag 2024-06-28 declared", **facts):
        said = " ".join(f"{name}={value}" for name, value in facts.items())
        row = {"situation": "Les Tilleuls", "facts": said, "years": years, "mandates": ""}
        return self.situation(row, 4242)

    def night(self):
        self.run_cron("ir_cron_review")

    def test_time_alone_makes_it_late(self):
        with freeze_time("2026-05-30"):
            condominium = self.a_condominium("2024-12-31 ag 2025-06-27 declared")
            self.night()
            self.assertEqual(condominium.deadline_state, "in_order")
        for day, state in (("2026-05-31", "soon"), ("2026-12-31", "soon"), ("2027-01-01", "late")):
            with freeze_time(day):
                self.night()
                self.assertEqual(condominium.deadline_state, state, day)

    def test_the_day_is_the_day_in_france(self):
        """At 23:30 UTC on 31 December it is the next year in Paris."""
        with freeze_time("2026-12-31 22:30:00"):
            condominium = self.a_condominium("2024-12-31 ag 2025-06-27 declared")
            self.assertEqual(condominium.deadline_state, "soon")
        with freeze_time("2026-12-31 23:30:00"):
            self.night()
            self.assertEqual(condominium.deadline_state, "late")

    def test_the_closed_years_are_prepared_and_a_reminder_is_somebody_s(self):
        with freeze_time("2026-11-30"):
            condominium = self.a_condominium()
            self.night()
            prepared = condominium.fiscal_year_ids.filtered("dates_supposed").sorted("end_date")
            self.assertEqual(
                [(one.start_date, one.end_date, one.state) for one in prepared],
                [
                    (date(2024, 1, 1), date(2024, 12, 31), "draft"),
                    (date(2025, 1, 1), date(2025, 12, 31), "draft"),
                ],
            )
            named = [one["params"]["closing"] for one in condominium.stored_duties[:2]]
            self.assertEqual(named, ["2024-12-31", "2025-12-31"])
            self.assertEqual(condominium.deadline_state, "late")
            [reminder] = condominium.activity_ids
            self.assertEqual(reminder.activity_type_id.name, "Accounts to have approved")
            self.assertEqual(reminder.date_deadline, date(2025, 6, 30))
            self.night()
            self.assertEqual(len(condominium.fiscal_year_ids), 3, "prepared once")
            self.assertEqual(condominium.activity_ids, reminder)

    def test_what_is_entered_takes_the_place_of_what_was_supposed(self):
        with freeze_time("2026-11-30"):
            condominium = self.a_condominium()
            self.night()
            supposed = condominium.fiscal_year_ids.filtered("dates_supposed")
            entered = self.env["copro.fiscal.year"].create(
                {
                    "condominium_id": condominium.id,
                    "start_date": "2024-01-01",
                    "end_date": "2025-06-30",
                    "meeting_date": "2025-11-20",
                }
            )
            self.assertEqual(condominium.fiscal_year_id, entered)
            self.night()
            self.assertFalse(supposed.exists())
            last = condominium.fiscal_year_ids.filtered("dates_supposed")
            self.assertEqual(last.mapped("end_date"), [date(2026, 6, 30)])

    def test_what_somebody_changes_is_theirs(self):
        with freeze_time("2026-11-30"):
            condominium = self.a_condominium("2024-12-31 ag 2025-06-27 declared")
            self.night()
            line = condominium.fiscal_year_ids.filtered("dates_supposed")
            line.with_user(self.manager).meeting_date = "2026-10-30"
            self.assertFalse(line.dates_supposed)
            self.assertEqual(condominium.annual_deadline, date(2026, 12, 30))
            self.assertEqual(condominium.fiscal_year_id, line)

    def test_the_parameter_says_from_when_it_is_late(self):
        with freeze_time("2026-11-30"):
            condominium = self.a_condominium("2024-12-31 ag 2025-06-27 declared")
            self.assertEqual(condominium.deadline_state, "soon")
            self.account.with_user(self.administrator).accounts_late_after = 6
            self.assertEqual(condominium.deadline_state, "late")
            self.account.with_user(self.administrator).accounts_late_after = 0
            self.assertEqual(condominium.deadline_state, "soon")

    def test_a_refusal_is_not_in_order_until_the_next_upload(self):
        with freeze_time("2026-11-30"):
            condominium = self.a_condominium("2025-12-31 ag 2026-06-26 declared")
            self.assertEqual(condominium.deadline_state, "in_order")
            self.refuse(condominium)
            self.assertEqual(condominium.deadline_state, "soon")
            self.assertEqual(condominium.stored_duties[0]["code"], "REFUSED")
            condominium.transmission_id.needs_person = False
            self.assertEqual(condominium.deadline_state, "in_order")

    def test_the_next_fiscal_year_is_proposed_and_marked(self):
        with freeze_time("2026-11-30"):
            condominium = self.a_condominium("2025-12-31 ag 2026-06-26 declared")
            lines = self.env["copro.fiscal.year"].with_user(self.manager)
            names = ["start_date", "end_date", "dates_supposed"]  # as the form of a line asks
            with_condominium = lines.with_context(default_condominium_id=condominium.id)
            proposed = with_condominium.default_get(names)
            self.assertEqual(
                (proposed["start_date"], proposed["end_date"], proposed["dates_supposed"]),
                (date(2026, 1, 1), date(2026, 12, 31), True),
            )
            condominium.closing_day = "30/06"
            proposed = with_condominium.default_get(names)
            self.assertEqual(proposed["end_date"], date(2026, 6, 30))
            self.assertNotIn("start_date", lines.default_get(names))

    def test_what_is_proposed_in_the_form_is_marked_until_it_is_changed(self):
        with freeze_time("2026-11-30"):
            condominium = self.a_condominium("2025-12-31 ag 2026-06-26 declared")
            spec = {name: {} for name in ("start_date", "end_date", "dates_supposed", "state")}
            lines = self.env["copro.fiscal.year"].with_user(self.manager)
            lines = lines.with_context(default_condominium_id=condominium.id)
            proposed = lines.onchange({}, [], spec)["value"]
            self.assertEqual(proposed["end_date"], date(2026, 12, 31))
            self.assertTrue(proposed["dates_supposed"])
            changed = lines.onchange({**proposed, "end_date": "2027-06-30"}, ["end_date"], spec)
            self.assertFalse(changed["value"]["dates_supposed"])

    def test_what_follows_a_closing_day_that_is_only_typed_is_marked_too(self):
        with freeze_time("2026-11-30"):
            names = ("condominium_id", "start_date", "end_date", "dates_supposed", "state")
            spec = {name: {} for name in names}
            condominium = self.a_condominium("-")
            for years, end in (("-", "2025-12-31"), ("2025-06-30", "2026-06-30")):
                condominium.fiscal_year_ids = self.lines(years, self.fiscal_year)
                lines = self.env["copro.fiscal.year"].with_user(self.manager)
                lines = lines.with_context(default_condominium_id=condominium.id)
                typed = {"condominium_id": {"id": condominium.id, "closing_day": "31/12"}}
                proposed = lines.onchange(typed, [], spec)["value"]
                self.assertEqual(str(proposed["end_date"]), end)
                self.assertTrue(proposed["dates_supposed"])

    def test_a_closing_day_that_is_none_is_refused(self):
        condominium = self.a_condominium()
        with self.assertRaisesRegex(Exception, "such as 31/12"):
            condominium.closing_day = "31/02"
