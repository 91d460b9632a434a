"""The six main paths, walked in a browser by each group, in both modes.

Those who may act walk a path to its end; the others look at the same records, and meet
nothing that they could change. What became of it is asked of the server.
"""

import base64
from itertools import count
from unittest.mock import patch

from odoo.tests import HttpCase, tagged, test_cursor

from ..models.transmission.copro_transmission_run import _send_one
from .access_table import ADMINISTRATOR, MANAGER, READER
from .common import EMAIL, NUMBER, RegistryCase

MODES = {"ordinary": "", "developer": "?debug=1"}
PATIENCE = 240  # seconds, for six paths in a row
_commit = test_cursor.TestCursor.commit


def _commit_then_send(cursor):
    """A test's cursor forgets what is to be done after its commit: an upload leaves then."""
    leaving = [call for call in cursor.postcommit._funcs if getattr(call, "func", 0) is _send_one]
    _commit(cursor)
    for call in leaving:
        call()


class TourCase(RegistryCase, HttpCase):
    """A real registry, and a browser with nothing in its way, wide enough for every menu."""

    browser_size = "1600x900"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        people = cls.reader | cls.manager | cls.administrator
        people.write({"lang": "fr_FR", "odoobot_state": "disabled"})
        cls.ranks = count(1)

    def setUp(self):
        super().setUp()
        self.enterContext(patch.object(test_cursor.TestCursor, "commit", _commit_then_send))

    def run_cron(self, name):
        """The requests of a browser share this test's transaction already."""
        self.env.ref(f"copro_registry.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def tour(self, user, name, url):
        self.env.flush_all()
        self.start_tour(url, f"copro_registry_{name}", login=user.login, timeout=PATIENCE)
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestTours(TourCase):
    """Each group, from records of its own."""

    def test_reader(self):
        self.walk(self.reader, READER)

    def test_manager(self):
        self.walk(self.manager, MANAGER)

    def test_main_administrator(self):
        self.walk(self.administrator, ADMINISTRATOR)

    def walk(self, user, group):
        for name, mode in MODES.items():
            with self.subTest(mode=name):
                self.lay_the_paths()
                if group == READER:
                    self.send_the_batch()
                if group == ADMINISTRATOR:
                    self.forget_the_account()
                self.tour(user, f"paths_of_{group}", f"/odoo/condominiums-today{mode}")
                if group == READER:
                    self.check_that_nothing_changed()
                    continue
                self.end_the_batch()
                self.tour(user, "batch_report", f"/odoo/condominium-batches{mode}")
                self.check_what_was_done(user)
                self.assertEqual((self.account.number, self.account.email), (NUMBER, EMAIL))
                self.assertTrue(self.account.certificate_id)
                self.assertEqual(bool(self.account.proven_on), group == ADMINISTRATOR)

    # -- before -----------------------------------------------------------------------

    def lay_the_paths(self):
        """A condominium for each path, as its tour expects it by its name."""
        self.env["copro.condominium"].search([]).active = False
        self.first = self.named("Premier Pas", lift_count=False)
        self.yearly = self.registered("Exercice")
        self.fiscal_year = self.next_fiscal_year(self.yearly)
        self.refused = self.named("Sans Voie", street=f"Résidence {next(self.ranks)} sans voie")
        self.upload(self.refused)
        self.refusal = self.refused.transmission_id
        self.assertEqual(self.refusal.state, "rejected")
        self.different = self.registered("Écart")
        self.different.write({"lift_count": 9, "parking_lot_count": 3})
        self.many = self.named("Lot 1") | self.named("Lot 2")
        self.lacking = self.named("Lot 3", lot_count=False)

    def named(self, name, **values):
        street = f"{next(self.ranks)} rue des Chemins"
        return self.condominium(**{"street": street, **values, "name": name})

    def registered(self, name):
        condominium = self.named(name)
        self.upload(condominium)
        self.assertEqual(condominium.upload_state, "accepted", condominium.upload_message)
        return condominium

    def send_the_batch(self):
        """What a reader looks at, a manager has done."""
        self.different.with_user(self.manager).action_compare()
        portfolio = (self.many | self.lacking).with_user(self.manager)
        action = portfolio.action_upload()
        self.env["copro.upload.batch"].browse(action["res_id"]).action_start()
        self.end_the_batch()

    def end_the_batch(self):
        batch = self.env["copro.upload.batch"].search([], limit=1)
        self.assertEqual(batch.state, "running")
        for name in ("ir_cron_prepare", "ir_cron_send", "ir_cron_status"):
            self.run_cron(name)
        self.assertEqual(batch.state, "done")

    def forget_the_account(self):
        """As on the first day: no number, no certificate; its file is at hand."""
        old = self.account.certificate_id
        empty = {"number": False, "email": False, "certificate_id": False, "proven_on": False}
        self.account.sudo().write(empty)
        old.sudo().unlink()
        content = self.identity.certificate + self.identity.key + self.authority.pem
        attachment = self.env["ir.attachment"].create(
            {"name": "identity.pem", "datas": base64.b64encode(content), "public": True}
        )
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": "copro_registry.tour_identity", "record": attachment}]
        )

    # -- after ------------------------------------------------------------------------

    def check_what_was_done(self, user):
        self.assertRegex(self.first.registration_number, r"^ZZ\d{7}$")
        self.assertEqual(self.received(self.first), "WS1")
        self.assertEqual(self.received(self.yearly), "WS2_ANNUAL")
        self.assertEqual(
            (self.fiscal_year.state, self.fiscal_year.unpaid_amount), ("declared", 1250)
        )
        self.assertEqual(self.received(self.refused), "WS1")
        self.assertEqual(self.refused.transmission_id.corrects_id, self.refusal)
        found = self.different.lift_count, self.different.parking_lot_count
        self.assertEqual(found, (0, 3), "one value taken, one kept")
        self.assertEqual(self.received(self.different), "WS2_STANDARD")
        for condominium in self.many:
            self.assertEqual(self.received(condominium), "WS1")
        self.assertFalse(self.lacking.transmission_ids)
        done = self.first | self.yearly | self.refused | self.different | self.many
        self.assertEqual(done.transmission_id.create_uid, user)

    def received(self, condominium):
        """The service of the last upload, once the registry itself has it."""
        upload = condominium.transmission_id
        self.assertEqual(upload.state, "accepted", upload.message)
        [line] = self.ledger(reference=upload.reference, accepted=1)
        return line["service"]

    def check_that_nothing_changed(self):
        self.assertFalse(self.first.transmission_ids)
        self.assertEqual(self.fiscal_year.state, "approved")
        self.assertEqual(self.refused.transmission_id, self.refusal)
        self.assertEqual(self.different.difference_count, 2)
        uploads = self.env["copro.transmission"].search([])
        self.assertNotIn(self.reader, uploads.create_uid)


@tagged("post_install", "-at_install")
class TestOnboarding(TourCase):
    """Odoo's own onboarding, from nothing to the first upload."""

    def test_the_first_upload(self):
        self.env["copro.condominium"].search([]).active = False
        self.tour(self.manager, "first_upload", "/odoo")
        condominium = self.env["copro.condominium"].search([])
        self.assertEqual(condominium.name, "Résidence des Premiers Pas")
        upload = condominium.transmission_id
        self.assertEqual((upload.create_uid, upload.state), (self.manager, "accepted"))
        self.assertEqual(len(self.ledger(reference=upload.reference, accepted=1)), 1)

    def test_it_is_known_to_odoo(self):
        tour = self.env.ref("copro_registry.first_upload_tour")
        told = self.env["web_tour.tour"].with_user(self.manager).get_tour_json_by_name(tour.name)
        self.assertEqual((told["name"], told["url"]), (tour.name, "/odoo"))
