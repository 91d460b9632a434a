import re
from ast import literal_eval
from datetime import timedelta

from lxml import etree

from odoo.tests import tagged

from ..models.dashboard.copro_today import STATES
from ..rnc.today import today
from .common import CoproCase


@tagged("post_install", "-at_install")
class TestToday(CoproCase):
    """The desk counts what its filters show, for each person, within his companies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["copro.condominium"].search([]).active = False
        start, end = today() - timedelta(days=900), today() + timedelta(days=20)
        ending = [(0, 0, {"start_date": start, "end_date": end})]
        numbered = {"registration_number": "ZZ0000901"}
        cls.lilas = cls.condominium("Les Lilas", **numbered)  # its annual update is late
        cls.acacias = cls.condominium("Les Acacias", user_id=cls.administrator.id)
        cls.ormes = cls.condominium(
            "Les Ormes",
            registration_number="ZZ0000902",
            mandate_ids=ending,
            fiscal_year_ids=[],
            zip=False,
        )

    def board(self, user=None, mine=False):
        return self.env["copro.today"].with_user(user or self.manager).get_board(mine)

    def numbers(self):
        return {one["name"]: one["count"] for one in self.board()["numbers"]}

    def filters(self):
        """{name: domain} of the search view."""
        view = self.env.ref("copro_registry.copro_condominium_view_search")
        found = etree.fromstring(view.arch).iterfind(".//filter[@domain]")
        return {node.get("name"): node.get("domain") for node in found}

    def test_each_number_is_that_of_its_filter(self):
        board, filters = self.board(), self.filters()
        shown = {one["name"]: one["count"] for one in board["numbers"] + board["states"]}
        self.assertEqual(len(shown), 6 + len(STATES))
        for name, count in shown.items():
            with self.subTest(name):
                domain = literal_eval(filters[name])
                found = self.env["copro.condominium"].with_user(self.manager).search(domain)
                self.assertEqual(len(found), count)
        self.assertEqual(
            {name: count for name, count in shown.items() if count},
            {
                "ready": 2,
                "not_ready": 1,
                "to_register": 1,
                "mandate_ending": 1,
                "late": 1,
                "soon": 2,
            },
        )

    def test_what_waits_in_a_batch_is_on_its_way(self):
        chosen = (self.lilas | self.acacias).with_user(self.manager)
        batch = self.env["copro.upload.batch"].with_user(self.manager)._preview(chosen)
        numbers = self.numbers()
        self.assertEqual((numbers["ready"], numbers["in_progress"]), (2, 0), "only looked at")
        batch.sudo().state = "paused"
        numbers = self.numbers()
        self.assertEqual((numbers["ready"], numbers["in_progress"]), (0, 2))
        for name, found in (("ready", chosen.browse()), ("in_progress", chosen)):
            self.assertEqual(chosen.search(literal_eval(self.filters()[name])), found)

    def test_the_columns_say_what_is_due(self):
        columns = {column["name"]: column["cards"] for column in self.board()["states"]}
        [late], [unregistered, soon] = columns["late"], columns["soon"]
        self.assertEqual(late["id"], self.lilas.id)
        self.assertRegex(late["what"], "Annual update before")
        self.assertRegex(late["when"], r"^\d+ days late$")
        self.assertEqual((soon["id"], soon["when"]), (self.ormes.id, "in 20 days"))
        self.assertRegex(unregistered["what"], "^Not registered yet: the law asked for it before")

    def test_a_mandate_that_is_renewed_does_not_end(self):
        def counted():
            numbers = self.numbers()
            found = self.ormes.search(literal_eval(self.filters()["mandate_ending"]))
            self.assertEqual(len(found), numbers["mandate_ending"])
            return numbers["mandate_ending"]

        start = self.ormes.mandate_end + timedelta(days=1)
        dates = {"start_date": start, "end_date": start + timedelta(days=364)}
        following = self.ormes.mandate_id.create({"condominium_id": self.ormes.id, **dates})
        self.assertEqual(counted(), 1, "the registry does not know yet")
        following.declared_on = today()
        self.assertEqual(counted(), 0)

    def test_each_sees_his_own(self):
        self.assertEqual(self.board()["total"], 3)
        self.assertEqual(self.board(mine=True)["total"], 2)
        self.assertEqual(self.board(self.administrator, mine=True)["total"], 1)
        reader = self.board(self.reader)
        self.assertEqual((reader["total"], reader["may_edit"]), (3, False))
        other = self.env["res.company"].create({"name": "Autre cabinet"})
        stranger = self.board(self._user("main_administrator", other))
        self.assertEqual(stranger["total"], 0)
        self.assertFalse(any(number["count"] for number in stranger["numbers"]))
        self.assertFalse(any(column["cards"] for column in stranger["states"]))

    def test_the_path_to_the_first_upload(self):
        steps = {step["name"]: step["is_done"] for step in self.board()["steps"]}
        self.assertEqual(
            steps, {"account": True, "certificate": False, "condominium": True, "upload": False}
        )

    def test_the_number_of_queries_does_not_grow(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.board()
            return self.env.cr.sql_log_count - before

        queries()  # what is done once: groups, translations
        few = queries()
        for rank in range(12):
            self.condominium(f"Bâtiment {rank}", registration_number=f"ZZ00008{rank:02}")
        self.assertEqual(queries(), few)

    def test_every_word_is_searched_everywhere(self):
        search = self.env["copro.condominium"].with_user(self.reader).name_search
        for typed in ("lilas rennes", "ZZ0000901", "35000 lilas", "LILAS"):
            with self.subTest(typed):
                self.assertEqual([found for found, _name in search(typed)], self.lilas.ids)
        self.assertFalse(search("lilas marseille"))

    def test_the_map_is_opened_by_the_browser(self):
        action = self.lilas.action_open_map()
        self.assertEqual(action["target"], "new")
        self.assertTrue(re.search(r"openstreetmap\.org/.*Les\+Lilas\+35000\+Rennes", action["url"]))
