import base64
import io
import json
import re
import tempfile
import zipfile
from pathlib import Path

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.copro_registry.rnc import contract
from odoo.addons.copro_registry.rnc.today import today
from odoo.addons.copro_registry.tools.frozen import as_bytes

from .common import RegistryCase
from .outside import CONTRACTS, Said, registry

PROBLEM = "application/problem+json"
NUMBER = "AB1234567"


def zipped(folder, **changes):
    """A profile's folder as an administrator zips it; ``changes`` are of its manifest."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path in filter(Path.is_file, folder.rglob("*")):
            if "follow_up" in changes and path.name == "STATUS-notknown.http":
                continue  # it is understood otherwise then
            content = path.read_bytes()
            if path.name == "manifest.json":
                content = json.dumps({**json.loads(content), **changes})
            archive.writestr(f"zip/{path.relative_to(folder)}", content)
    return stream.getvalue()


@tagged("post_install", "-at_install")
class TestShapes(RegistryCase):
    """A contract of another shape, from the click to the proof."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        place = tempfile.TemporaryDirectory()
        cls.addClassCleanup(place.cleanup)
        served = registry(Path(place.name), lambda asked: cls.answers(asked))
        cls.address, cls.asked, authority = served.__enter__()
        cls.addClassCleanup(served.__exit__, None, None, None)
        cls.account.write({"url": cls.address, "authority_pem": authority.decode()})

    def setUp(self):
        super().setUp()
        self.asked.clear()
        self.says(self.as_rest)

    @classmethod
    def says(cls, answers):
        cls.answers = staticmethod(answers)

    @staticmethod
    def as_rest(asked):
        if asked.path.endswith("/attestation"):
            return Said(200, b"%PDF-1.4", {"Content-Type": "application/pdf"})
        if asked.method == "GET":
            return Said.json({"state": "done", "number": NUMBER})
        return Said(202, b"", {"Location": "/declarations/8f0c"})

    def choose(self, **changes):
        """Load the REST profile and write by it."""
        wizard = self.env["copro.contract.load"].with_user(self.administrator)
        archive = base64.b64encode(zipped(CONTRACTS / "rest-1.0", **changes))
        action = wizard.create({"archive": archive}).action_load()
        profile = self.env["copro.contract.profile"].browse(action["res_id"])
        self.account.with_user(self.administrator).contract_profile = profile.key
        return profile

    def test_from_an_empty_202_to_the_attestation(self):
        profile = self.choose()
        condominium = self.condominium("1 rue des Formes")
        self.upload(condominium)
        upload = condominium.transmission_id
        self.assertEqual((upload.state, upload.contract_profile), ("accepted", profile.key))
        self.assertEqual(condominium.registration_number, NUMBER)
        self.assertEqual(upload.registry_reference, "8f0c")
        self.assertEqual(upload.attestation_id.raw, b"%PDF-1.4")
        self.assertIn("<table", upload.payload_document)
        self.assertIn("Rennes", upload.payload_document)
        self.assertEqual(upload.attempt_ids.mapped("service"), ["WS1", "STATUS"])

    def test_what_the_address_quotes_is_frozen(self):
        self.choose()
        condominium = self.condominium("2 rue des Formes", registration_number=NUMBER)
        self.upload(condominium)
        upload = condominium.transmission_id
        closed = condominium.fiscal_year_ids.end_date.isoformat()
        self.assertEqual(upload.service, "WS2_ANNUAL")
        self.assertEqual(self.asked[0].path, f"/condominiums/{NUMBER}/accounts/{closed}")
        with self.assertRaisesRegex(UserError, "never changed"):
            upload.sudo().quoted_values = {}

    def test_a_document_that_is_no_text_is_kept_to_the_byte(self):
        self.choose()
        condominium = self.condominium("3 rue des Formes", registration_number=NUMBER)
        condominium.affiliation_state = "unaffiliated"
        condominium.mandate_id.write(
            {"document": base64.b64encode(b"%PDF-1.4\0\xff"), "document_name": "pv.pdf"}
        )
        condominium.with_user(self.manager)._queue_service("WS4", condominium.mandate_id)
        upload = condominium.transmission_id
        self.assertRegex(upload.payload, "^data:multipart/form-data;boundary=")
        self.run_cron("ir_cron_send")
        self.assertEqual(self.asked[0].body, as_bytes(upload.payload))
        self.assertIn(b"%PDF-1.4\0\xff", self.asked[0].body)
        self.assertIn("<table", upload.payload_document)

    def test_the_existing_number_is_told(self):
        self.choose()
        told = {"title": "Déjà", "condominium": NUMBER}
        self.says(lambda asked: Said.json(told, 409, PROBLEM))
        condominium = self.condominium("4 rue des Formes")
        self.upload(condominium)
        upload = condominium.transmission_id
        self.assertEqual((upload.state, upload.given_number), ("rejected", NUMBER))
        self.assertIn(NUMBER, upload.message)
        self.assertFalse(condominium.registration_number, "it may be another one")

    def test_the_number_that_came_by_mail(self):
        self.choose(follow_up={"by": ["none"]})
        condominium = self.condominium("5 rue des Formes")
        self.upload(condominium)
        upload = condominium.transmission_id
        self.assertEqual(upload.state, "received")
        self.assertIn("e-mail", upload.with_context(lang="en_US").message)
        self.assertEqual(len(self.asked), 1, "nothing is asked")
        condominium.with_user(self.manager).registration_number = NUMBER
        self.assertEqual((upload.state, upload.given_number), ("accepted", NUMBER))
        self.assertEqual(condominium.affiliation_state, "affiliated")

    def test_a_404_that_proves_nothing(self):
        follow_up = {"by": ["registry_reference"], "not_known": {"statuses": [404]}}
        self.choose(follow_up=follow_up)
        condominium = self.condominium("6 rue des Formes")
        self.upload(condominium)
        upload = condominium.transmission_id
        self.says(lambda asked: Said.json({"type": "about:blank"}, 404, PROBLEM))
        sent = len([one for one in self.asked if one.method == "POST"])
        self.assertEqual((upload.state, sent), ("accepted", 1))
        other = self.condominium("7 rue des Formes")
        self.says(
            lambda asked: (
                Said.json({"type": "about:blank"}, 404, PROBLEM)
                if asked.method == "GET"
                else Said(202, b"", {"Location": "/declarations/8f0d"})
            )
        )
        self.upload(other)
        self.assertEqual(other.upload_state, "received", "it has it, whatever a gateway says")

    def test_the_contract_of_the_day(self):
        profile = self.choose()
        self.choose(name="rest-2.0", replaces="rest-1.0", valid_from=today().isoformat())
        self.account.with_user(self.administrator).contract_profile = profile.key
        condominium = self.condominium("8 rue des Formes")
        self.upload(condominium)
        self.assertEqual(condominium.transmission_id.contract_profile.split("@")[0], "rest-2.0")
        self.choose(name="rest-3.0", replaces="rest-2.0", valid_from="2999-01-01")
        self.account.with_user(self.administrator).contract_profile = profile.key
        self.assertRegex(self.account._contract_key(), "^rest-2.0@")

    def test_an_address_that_is_not_known(self):
        self.choose()
        account = self.account.with_user(self.administrator)
        account.write({"url": False, "environment": "production"})
        self.assertFalse(account.used_url)
        with self.assertRaisesRegex(UserError, "no address for this environment|aucune adresse"):
            account._client()

    def test_what_cannot_be_written_is_told(self):
        manifest = json.loads((CONTRACTS / "rest-1.0" / "manifest.json").read_text())
        services = manifest["services"]
        services["WS1"]["path"] = "declarations/{siret_syndicat}"
        self.choose(services=services)
        condominium = self.condominium("9 rue des Formes").with_user(self.manager)
        with self.assertRaisesRegex(UserError, "siret_syndicat"):
            condominium.action_upload()

    def test_the_connection_test(self):
        self.choose()
        self.says(lambda asked: Said.json({"type": "about:blank"}, 404, PROBLEM))
        action = self.account.with_user(self.administrator).action_test_connection()
        sheet = self.env["copro.connection.test"].browse(action["res_id"])
        self.assertTrue(sheet.is_proven)
        self.assertTrue(re.match("/declarations/[0-9a-f-]{36}$", self.asked[0].path))

    def test_the_condominiums_of_the_account(self):
        """Asked for, page by page, where the contract can: nothing is pasted."""
        self.choose()
        self.condominium("10 rue des Formes", registration_number="AB0000001")
        numbers = [f"AB{rank:07d}" for rank in range(1, 71)]

        def answers(asked):
            page = int(re.search(r"page=(\d+)", asked.path)[1])
            shown = numbers[50 * (page - 1) : 50 * page]
            return Said.json({"items": [{"number": number} for number in shown]})

        self.says(answers)
        wizard = self.env["copro.registry.import"].with_user(self.manager).create({})
        self.assertTrue(wizard.has_list)
        wizard.action_list()
        self.assertEqual(wizard.numbers.split(), numbers[1:])
        self.says(lambda asked: Said.json({"title": "Non"}, 401, PROBLEM))
        with self.assertRaises(UserError):
            wizard.action_list()

    def test_soap(self):
        folder = CONTRACTS / "soap-1.0"
        wizard = self.env["copro.contract.load"].with_user(self.administrator)
        action = wizard.create({"archive": base64.b64encode(zipped(folder))}).action_load()
        loaded = self.env["copro.contract.profile"].browse(action["res_id"])
        self.account.with_user(self.administrator).contract_profile = loaded.key
        samples = {"Immatriculer": "WS1-received", "Suivre": "STATUS-accepted"}

        def answers(asked):
            name = next(one for root, one in samples.items() if root.encode() in asked.body)
            head, _empty, body = (
                (folder / "samples" / f"{name}.http").read_bytes().partition(b"\n\n")
            )
            reference = re.search(rb'Message[^>]* id="([^"]*)"', asked.body)[1]
            kind = {"Content-Type": "application/soap+xml; charset=utf-8"}
            return Said(200, body.replace(b"8f0c", reference), kind)

        self.says(answers)
        condominium = self.condominium("10 rue des Formes")
        self.upload(condominium)
        upload = condominium.transmission_id
        self.assertEqual((upload.state, condominium.registration_number), ("accepted", NUMBER))
        self.assertIn("Rennes", upload.payload_document)
        self.assertIn(NUMBER, upload.answer_document)


@tagged("post_install", "-at_install")
class TestFormerProfiles(RegistryCase):
    def test_the_shipped_ones_say_what_they_said(self):
        for name in ("hypothetical-2.0.1", "hypothetical-json"):
            profile = contract.named(name)
            self.assertEqual(profile.ways(), ("reference",))
            self.assertFalse(profile.adapter or profile.replaces)
