import base64
import io
import json
import shutil
import zipfile
from pathlib import Path

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.copro_registry.registry import contract

from .scenarios import ScenarioCase


def zipped(**changes):
    """The default profile under another name, as an administrator would zip it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path in contract.named().folder.iterdir():
            content = path.read_bytes()
            if path.name == "manifest.json":
                content = json.dumps({**json.loads(content), "name": "cabinet-1", **changes})
            archive.writestr(f"cabinet-1/{path.name}", content)
    return stream.getvalue()


@tagged("post_install", "-at_install")
class TestContractProfile(ScenarioCase):
    """A profile from a zip: checked, versioned, used by every worker."""

    def load(self, data, user=None):
        wizard = self.env["copro.contract.load"].with_user(user or self.administrator)
        action = wizard.create({"archive": base64.b64encode(data)}).action_load()
        return self.env["copro.contract.profile"].browse(action["res_id"])

    def test_loaded_then_used(self):
        profile = self.load(zipped())
        self.account.with_user(self.administrator).contract_profile = profile.key
        condominium = self.registered("50 rue du Scénario")
        self.assertEqual(condominium.transmission_id.contract_profile, profile.key)
        shutil.rmtree(profile._folder())
        contract.load.cache_clear()
        condominium.lift_count = 3
        self.upload(condominium)
        self.assertEqual(condominium.upload_state, "registered", "made again where it is missing")

    def test_another_archive_is_another_version(self):
        first, second = self.load(zipped()), self.load(zipped(contract_version="2.0.2"))
        self.assertNotEqual(first.key, second.key)
        known = dict(self.account._fields["contract_profile"]._description_selection(self.env))
        self.assertIn("2.0.2", known[second.key])
        self.assertTrue(Path(first._folder()) != Path(second._folder()))

    def test_what_is_wrong_is_told(self):
        with self.assertRaisesRegex(UserError, "not a zip"):
            self.load(b"hello")
        with self.assertRaisesRegex(UserError, "services/WS1 is missing"):
            self.load(zipped(services={}))
        with self.assertRaisesRegex(UserError, "a name of its own"):
            self.load(zipped(name=contract.DEFAULT))

    def test_the_main_administrator_alone(self):
        for user in (self.manager, self.env.ref("base.user_demo", False) or self.reader):
            with self.assertRaises(AccessError):
                self.load(zipped(), user)
        profile = self.load(zipped())
        with self.assertRaises(AccessError):
            profile.with_user(self.administrator).write({"note": "x"})

    def test_not_while_uploads_are_on_their_way(self):
        condominium = self.condominium("51 rue du Scénario")
        condominium.with_user(self.manager).action_upload()
        with self.assertRaisesRegex(UserError, "Uploads on their way, .*: 1"):
            self.account.with_user(self.administrator).contract_profile = "hypothetical-json"
