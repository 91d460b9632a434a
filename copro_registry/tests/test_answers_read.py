"""Whatever the registry has answered, and is kept, closes no form."""

import base64
import json
from datetime import datetime

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..rnc.moments import naive_utc
from ..rnc.today import today
from ..tools.localised import localised
from .common import CoproCase

ACCOUNT = "hypothetical-json"
EDGES = ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00+02:00", "9999-12-31T23:59:59-12:00")
XML = "<reponse><statut>{outcome}</statut><date>{date}</date></reponse>"


class AnswerCase(CoproCase):
    def upload_answered(self, body, profile=None):
        """An upload whose last answer is these bytes."""
        if profile:
            self.account.contract_profile = profile
        rank = self.env["copro.condominium"].search_count([]) + 1
        condominium = self.condominium(f"{rank} rue {self._testMethodName}")
        upload = self.env["copro.transmission"]._queue(condominium, "WS1", today())
        upload.write({"state": "sending", "claimed_at": "2026-11-30 10:00:00"})
        self.env.flush_all()
        self.env["copro.transmission.attempt"].sudo().create(
            {
                "transmission_id": upload.id,
                "company_id": self.company.id,
                "kind": "send",
                "moment": "2026-11-30 10:00:00",
                "outcome": "received",
                "http_status": 202,
                "answer": base64.b64encode(body),
            }
        )
        self.env.invalidate_all()
        return upload

    def shown(self, upload):
        """As the form does, for each of the people who open it."""
        told = []
        for user in (self.reader, self.manager, self.administrator):
            user.tz = "Europe/Paris"
            own = upload.with_user(user).with_context(bin_size=True, tz="Europe/Paris")
            own.invalidate_recordset()
            [values] = own.web_read({"payload_document": {}, "answer_document": {}, "message": {}})
            self.assertIn("<table", values["payload_document"])
            told.append(values["answer_document"])
        return told[0]


@tagged("post_install", "-at_install")
class TestAnswersXml(AnswerCase):
    def test_a_moment_at_the_edge_of_the_calendar(self):
        for moment in EDGES:
            with self.subTest(moment):
                answer = XML.format(outcome="enregistree", date=moment)
                told = self.shown(self.upload_answered(answer.encode()))
                self.assertIn(moment.partition("T")[0], told)

    def test_a_day_that_is_none(self):
        answer = XML.format(outcome="enregistree", date="2026-13-01T99:00:00Z")
        self.assertIn("2026-13-01", self.shown(self.upload_answered(answer.encode())))

    def test_what_is_no_document_is_said(self):
        told = self.shown(self.upload_answered(b"\x00\xff not a document"))
        self.assertIn("not a document that can be read", told)

    def test_what_nobody_foresaw_is_said_too(self):
        upload = self.upload_answered(XML.format(outcome="enregistree", date="x").encode())
        self.patch(type(upload), "_words", lambda *_values: 1 / 0)
        logger = "odoo.addons.copro_registry.models.transmission.copro_transmission_document"
        with self.assertLogs(logger, "ERROR"):
            [values] = upload.web_read({"answer_document": {}})
        self.assertIn("not a document that can be read", values["answer_document"])


@tagged("post_install", "-at_install")
class TestAnswersJson(AnswerCase):
    def document(self, **changes):
        declaration = {"id": "x", "condominium": "ZZ0000001", "at": "2026-11-30T10:00:00Z"}
        return json.dumps({"declaration": {**declaration, **changes}}).encode()

    def test_numbers_where_texts_are_expected(self):
        for changes in ({"at": 5}, {"at": 1e300}, {"id": 7, "condominium": 8}, {"at": [1, {}]}):
            with self.subTest(changes):
                upload = self.upload_answered(self.document(**changes), ACCOUNT)
                self.assertIn("<table", self.shown(upload))
                upload.state = "received"
                upload._cancel()  # the profile changes when nothing is on its way

    def test_a_dossier_of_numbers(self):
        names = ("updatedAt", "date_derniere_maj", "date_reglement", "nb_lots_total")
        body = json.dumps({"data": {name: 5 for name in names}, "problems": [{"type": 5}]})
        upload = self.upload_answered(body.encode(), ACCOUNT)
        self.assertIn("<table", self.shown(upload))

    def test_a_moment_at_the_edge_of_the_calendar(self):
        upload = self.upload_answered(self.document(at=EDGES[0]), ACCOUNT)
        self.assertIn("9999-12-31", self.shown(upload))


@tagged("post_install", "-at_install")
class TestEdges(CoproCase):
    def test_a_name_that_looks_like_a_date(self):
        shown = localised(self.env, {"a": "2026-13-01", "b": "0001-01-01", "c": "9999-12-31"})
        self.assertEqual(shown["a"], "2026-13-01")
        self.assertTrue(shown["b"] and shown["c"])

    def test_a_moment_that_no_clock_shows_is_left_out(self):
        for moment in EDGES:
            with mute_logger("odoo.addons.copro_registry"):
                naive_utc(datetime.fromisoformat(moment))
        self.assertIsNone(naive_utc(datetime.fromisoformat("0001-01-01T00:00:00+02:00")))
        self.assertIsNone(naive_utc(None))
