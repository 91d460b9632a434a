from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import CoproCase

MODELS = (
    "copro.condominium",
    "copro.address",
    "copro.parcel",
    "copro.building",
    "copro.mandate",
    "copro.exercise",
    "copro.transmission",
    "copro.transmission.attempt",
    "copro.upload.batch",
    "copro.upload.batch.line",
    "copro.certificate",
    "copro.declarant.account",
)
EDITED_BY_MANAGERS = MODELS[:6]
OPERATIONS = ("read", "write", "create", "unlink")


@tagged("post_install", "-at_install")
class TestAccess(CoproCase):
    """Least privilege, company by company."""

    def allowed(self, user, model):
        return {
            operation
            for operation in OPERATIONS
            if self.env[model].with_user(user).has_access(operation)
        }

    def test_what_each_group_may_do(self):
        system = new_test_user(self.env, "system", groups="base.group_system")
        for model in MODELS:
            with self.subTest(model=model):
                edited = model in EDITED_BY_MANAGERS
                every = set(OPERATIONS)
                self.assertEqual(self.allowed(system, model), set())
                self.assertEqual(self.allowed(self.reader, model), {"read"})
                self.assertEqual(self.allowed(self.manager, model), every if edited else {"read"})
        account = self.allowed(self.administrator, "copro.declarant.account")
        self.assertEqual(account, {"read", "write", "create"})
        self.assertEqual(self.allowed(self.administrator, "copro.transmission"), {"read"})
        self.assertEqual(self.allowed(self.administrator, "copro.certificate"), {"read"})
        wizard = "copro.certificate.import"
        self.assertEqual(self.allowed(self.manager, wizard), set())

    def test_another_company_sees_nothing(self):
        condominium = self.condominium("12 rue de l'Exemple")
        self.env["copro.parcel"].create(
            {
                "condominium_id": condominium.id,
                "insee_code": "35238",
                "section": "ab",
                "number": "7",
            }
        )
        other = self.env["res.company"].create({"name": "Autre cabinet"})
        stranger = self._user("main_administrator", other)
        for model in ("copro.condominium", "copro.parcel", "copro.mandate", "copro.exercise"):
            with self.subTest(model=model):
                mine = self.env[model].search([("company_id", "=", self.company.id)])
                self.assertTrue(mine)
                self.assertFalse(self.env[model].with_user(stranger).search([]) & mine)
                with self.assertRaises(AccessError):
                    mine[:1].with_user(stranger).read(["display_name"])
                with self.assertRaises(AccessError):
                    mine[:1].with_user(stranger).write({"company_id": other.id})
        with self.assertRaises(AccessError):
            condominium.with_user(stranger).action_upload()
        with self.assertRaises(AccessError):
            self.account.with_user(stranger).read(["number"])

    def test_secrets_are_for_nobody(self):
        secrets = {
            "copro.certificate": ["sealed_key"],
            "copro.certificate.import": [
                "sealed_certificate_file",
                "sealed_key_file",
                "sealed_passphrase",
            ],
        }
        system = self.env.ref("base.user_admin")
        for model, names in secrets.items():
            for user in (self.reader, self.manager, self.administrator, system):
                with self.subTest(model=model, user=user.login):
                    visible = self.env[model].with_user(user).fields_get(names)
                    self.assertFalse(visible)

    def test_installing_does_not_make_every_system_user_an_administrator(self):
        group = self.env.ref("copro_registry.group_main_administrator")
        system = self.env.ref("base.group_system")
        self.assertNotIn(group, system.all_implied_ids)
        self.assertIn(group, self.env.ref("base.user_admin").all_group_ids)
