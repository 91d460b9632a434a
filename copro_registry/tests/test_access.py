"""Least privilege, company by company: the table of ``access_table``, tried line by line."""

import inspect
from contextlib import contextmanager

from odoo import fields
from odoo.exceptions import AccessError
from odoo.models import BaseModel
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .access_samples import Samples
from .access_table import ADMINISTRATOR, FIELDS, METHODS, MODELS, NOBODY, RAISES, ROLES, SHARED

ADDON = "copro_registry"
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestAccess(Samples):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        exporter = "base.group_allow_export"
        cls.other_company = cls.env["res.company"].create({"name": "Autre cabinet"})
        cls.people = {
            "internal": new_test_user(cls.env, "internal", groups=f"base.group_user,{exporter}"),
            "system": new_test_user(cls.env, "system", groups=f"base.group_system,{exporter}"),
            **dict(zip(ROLES, (cls.reader, cls.manager, cls.administrator), strict=True)),
        }
        cls.strangers = {
            "system": cls.people["system"],
            **{role: cls._user(role, cls.other_company) for role in ROLES},
        }
        cls.people["internal"].company_ids |= cls.company
        cls.people["system"].company_ids |= cls.company
        for user in (*cls.people.values(), *cls.strangers.values()):
            user.group_ids |= cls.env.ref(exporter)

    # -- what the addon holds ------------------------------------------------------

    def models_of_the_addon(self):
        return {
            name
            for name, model in self.env.registry.items()
            if model._original_module == ADDON and not model._abstract
        }

    def fields_of_the_addon(self):
        """Of every model, those that it extends included."""
        for name, model in self.env.registry.items():
            if model._abstract:
                continue
            for field in model._fields.values():
                if name in MODELS or field._module == ADDON:
                    yield name, field

    def methods_of_the_addon(self):
        """Public methods of its own; those of the ORM are tried as operations."""
        for name, model in self.env.registry.items():
            for cls in model.mro():
                if not cls.__module__.startswith(f"odoo.addons.{ADDON}."):
                    continue
                for key, value in vars(cls).items():
                    ours = inspect.isfunction(value) and not self.is_of_odoo(model, key)
                    # An abstract model has no record to call a method on.
                    callable_ = not model._abstract or _is_model(self.env[name], key)
                    if ours and callable_ and not key.startswith("_") and not _is_private(value):
                        yield f"{name}.{key}"

    def is_of_odoo(self, model, key):
        """Whether Odoo's own model had it before us: we open no door."""
        others = (c for c in model.mro() if not c.__module__.startswith(f"odoo.addons.{ADDON}."))
        inherited = any(key in vars(cls) for cls in others if cls is not model)
        return hasattr(BaseModel, key) or (model._original_module != ADDON and inherited)

    def test_every_model_has_its_line(self):
        found = self.models_of_the_addon()
        self.assertEqual(
            (sorted(found - MODELS.keys()), sorted(MODELS.keys() - found)),
            ([], []),
            "(models without a line, lines without a model) in tests/access_table.py, MODELS",
        )

    def test_every_public_method_has_its_line(self):
        found = set(self.methods_of_the_addon())
        self.assertEqual(
            (sorted(found - METHODS.keys()), sorted(METHODS.keys() - found)),
            ([], []),
            "(methods without a line, lines without a method) in tests/access_table.py, METHODS",
        )

    # -- operations ------------------------------------------------------------------

    def rights(self, model, who):
        return getattr(MODELS[model], who, "")

    def test_operations_on_ones_own_company(self):
        for model in MODELS:
            for who, user in self.people.items():
                record = self.sample(model, user)
                done = {letter for letter in OPERATIONS if self.may(letter, record, user)}
                with self.subTest(model=model, who=who):
                    self.assertEqual(done, set(self.rights(model, who)))

    def test_operations_on_another_company(self):
        for model in MODELS.keys() - SHARED:
            record = self.sample(model, self.people[ADMINISTRATOR])
            for who, user in self.strangers.items():
                with self.subTest(model=model, who=who):
                    self.assertFalse([x for x in "rwu" if self.may(x, record, user)])
                    if self.rights(model, who):
                        found = self.env[model].with_user(user).search([])
                        self.assertFalse(found & record.with_user(user))

    def test_another_company_cannot_be_entered(self):
        """A record is not made there."""
        elsewhere = self.env["res.company"].create({"name": "Troisième cabinet"})
        for model, rights in MODELS.items():
            if "company_id" not in self.env[model]._fields or "c" not in rights.main_administrator:
                continue
            stored = self.env[model]._fields["company_id"]
            if stored.related:
                continue  # follows its parent, whose company is tried here too
            stranger = self.strangers[ADMINISTRATOR]
            with self.subTest(model=model), self.tried():
                with self.assertRaises(AccessError):
                    values = {"company_id": elsewhere.id, **self.needed(model)}
                    self.rpc(stranger, model, "create", [values])

    def may(self, letter, record, user):
        """Whether the operation is granted, called as over RPC; nothing remains of it."""
        arguments = {
            "r": [record.ids, ["display_name"]],
            "w": [record.ids, {}],
            "c": [{}],
            "u": [record.ids],
        }[letter]
        return self.goes_through(user, record._name, OPERATIONS[letter], arguments)

    def goes_through(self, user, model, method, arguments):
        """Whether the call returns, or raises the very error that ``RAISES`` names.

        Any other error is a fault of the method, whoever calls it.
        """
        with self.tried():
            try:
                self.rpc(user, model, method, arguments)
            except AccessError:
                return False
            except RAISES.get(f"{model}.{method}", ()):  # for another reason, as it should
                return True
            return True

    def rpc(self, user, model, method, arguments):
        """What ``/web/dataset/call_kw`` does."""
        # A user of several companies chooses them; these are his own.
        context = {"allowed_company_ids": user.company_ids.ids}
        env = self.env(user=user, context=context)
        self.env.invalidate_all()
        return call_kw(env[model], method, arguments, {})

    @contextmanager
    def tried(self):
        """Undo whatever was done, and forget what it put in the cache."""
        with mute_logger("odoo.sql_db", "odoo.models.unlink"), self.env.cr.savepoint() as point:
            self.env.flush_all()
            yield
            self.env.invalidate_all(flush=False)
            self.env.transaction.clear()
            point.rollback()

    # -- fields ------------------------------------------------------------------------

    def least(self, model, field):
        """The first group that may read a field; None: whoever reads the model."""
        if field.name.startswith("sealed_"):
            return NOBODY
        return FIELDS.get(f"{model}.{field.name}")

    def test_fields(self):
        for model, field in self.fields_of_the_addon():
            least = self.least(model, field)
            for who, user in self.people.items():
                visible = field.name in self.env[model].with_user(user).fields_get([field.name])
                with self.subTest(field=f"{model}.{field.name}", who=who):
                    self.assertEqual(visible, self.sees(who, least))

    def sees(self, who, least):
        if least is None:
            return True
        return who in ROLES and least in ROLES and ROLES.index(who) >= ROLES.index(least)

    def test_reading_and_exporting_each_field(self):
        for model in MODELS:
            for who, user in self.people.items():
                if not self.rights(model, who):
                    continue
                record = self.sample(model, user)
                for field in self.env[model]._fields.values():
                    self.check_field(record, field, who, user)

    def check_field(self, record, field, who, user):
        model = record._name
        expected = self.sees(who, self.least(model, field))
        if expected and field.groups is None and field.name != "id":
            return  # read below, all at once
        with self.subTest(field=f"{model}.{field.name}", who=who):
            read = self.goes_through(user, model, "read", [record.ids, [field.name]])
            export = self.goes_through(user, model, "export_data", [record.ids, [field.name]])
            self.assertEqual((read, export), (expected, expected))

    def test_reading_everything_that_is_visible(self):
        for model in MODELS:
            for who, user in self.people.items():
                record = self.sample(model, user)
                names = list(self.env[model].with_user(user).fields_get())
                read = self.goes_through(user, model, "read", [record.ids, names])
                export = self.goes_through(user, model, "export_data", [record.ids, names])
                with self.subTest(model=model, who=who):
                    expected = bool(self.rights(model, who))
                    self.assertEqual((read, export), (expected, expected))

    def test_a_secret_is_not_searched_either(self):
        """A domain on a secret would tell it, a question at a time."""
        for model, field in self.fields_of_the_addon():
            if not field.name.startswith("sealed_"):
                continue
            for who in (ADMINISTRATOR, "system"):
                user = self.people[who]
                with self.subTest(field=f"{model}.{field.name}", who=who), self.tried():
                    with self.assertRaises(AccessError):
                        self.rpc(user, model, "search", [[(field.name, "!=", False)]])

    # -- public methods ------------------------------------------------------------------

    def test_public_methods(self):
        for path, least in METHODS.items():
            model, _dot, method = path.rpartition(".")
            for who, user in self.people.items():
                record = self.sample(model, user)
                with self.subTest(method=path, who=who):
                    arguments = self.arguments(record, method)
                    done = self.goes_through(user, model, method, arguments)
                    self.assertEqual(done, self.sees(who, least))

    def test_public_methods_on_another_company(self):
        for path in METHODS:
            model, _dot, method = path.rpartition(".")
            if model == "res.config.settings" or _is_model(self.env[model], method):
                continue  # without a record: about one's own company
            record = self.sample(model, self.people[ADMINISTRATOR])
            for who, user in self.strangers.items():
                with self.subTest(method=path, who=who):
                    arguments = self.arguments(record, method)
                    self.assertFalse(self.goes_through(user, model, method, arguments))

    def arguments(self, record, method):
        return [] if _is_model(record, method) else [record.ids]

    # -- the groups --------------------------------------------------------------------

    def test_installing_does_not_make_every_system_user_an_administrator(self):
        group = self.env.ref("copro_registry.group_main_administrator")
        system = self.env.ref("base.group_system")
        self.assertNotIn(group, system.all_implied_ids)
        self.assertIn(group, self.env.ref("base.user_admin").all_group_ids)

    def test_what_is_earned_is_not_written(self):
        """The certificate in use and the proof of the connection come by their own ways."""
        account = self.account.with_user(self.administrator)
        for values in (
            {"proven_on": fields.Datetime.now()},
            {"certificate_id": self.sample("copro.certificate", self.administrator).id},
        ):
            with self.assertRaises(AccessError):
                account.write(values)

    def test_no_context_keeps_a_change_of_the_account_out_of_its_log(self):
        account = self.account.with_user(self.administrator)
        self.cr.flush()
        for key in ("tracking_disable", "mail_notrack"):
            before = self.account.message_ids
            with self.subTest(key):
                account.with_context(**{key: True}).number = f"T-{key}"
                self.cr.flush()
                traced = (self.account.message_ids - before).sudo().tracking_value_ids
                self.assertIn(f"T-{key}", traced.mapped("new_value_char"))

    def test_what_is_worked_out_is_not_written(self):
        """Another company's upload, named as one's own last one, would tell what it says."""
        condominium = self.condominium("1 rue du Calcul").with_user(self.manager)
        other = self.condominium("2 rue du Calcul")
        upload = self.env["copro.transmission"]._queue(other, "WS1", fields.Date.today())
        for name, value in (
            ("transmission_id", upload.id),
            ("readiness_state", "ready"),
            ("service_due", False),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                condominium.write({name: value})
            with self.subTest(name), self.assertRaises(AccessError):
                condominium.create({"name": "Calcul", name: value})

    def test_what_the_registry_says_is_not_written(self):
        """The number alone is typed: that of a condominium registered on the site."""
        condominium = self.condominium("3 rue du Calcul").with_user(self.manager)
        said = {
            "affiliation_state": "affiliated",
            "declared_digest": "0" * 64,
            "last_update": fields.Datetime.now(),
            "registration_date": fields.Date.today(),
            "update_follows": True,
            "difference_count": 0,
            "number_environment": "simulator",
        }
        for name, value in said.items():
            with self.subTest(name), self.assertRaises(AccessError):
                condominium.write({name: value})
            with self.subTest(name), self.assertRaises(AccessError):
                condominium.create({"name": "Calcul", name: value})
        bringing = condominium.with_context(default_affiliation_state="affiliated")
        self.assertFalse(bringing.create({"name": "Calcul"}).affiliation_state)
        condominium.registration_number = "ZZ7654321"
        self.assertEqual(condominium.registration_number, "ZZ7654321")

    def test_an_attestation_is_not_written(self):
        """What the registry delivered is a proof; other files of the form are one's own."""
        condominium = self.condominium("4 rue du Calcul")
        upload = self.env["copro.transmission"]._queue(condominium, "WS1", fields.Date.today())
        mine = {"name": "a.pdf", "res_model": condominium._name, "res_id": condominium.id}
        attestation = self.env["ir.attachment"].create({**mine, "raw": b"%PDF-1.4"})
        upload.attestation_id = attestation
        for who in (self.manager, self.administrator, self.people["system"]):
            for act, *values in (("write", {"raw": b""}), ("write", {"name": "b"}), ("unlink",)):
                with self.subTest(act, who=who.login), self.assertRaises(AccessError):
                    getattr(attestation.with_user(who), act)(*values)
        with self.assertRaises(AccessError):
            attestation.with_user(self.manager).sudo()._delete_and_notify()
        # The web client makes its thumbnail, and fails where it may not.
        self.assertTrue(attestation.with_user(self.manager).has_access("write"))
        attestation.with_user(self.manager).thumbnail = False
        other = self.env["ir.attachment"].with_user(self.manager).create({**mine, "raw": b"x"})
        both = other | attestation.with_user(self.manager)
        with self.assertRaises(AccessError):
            both.unlink()
        other.raw = b"y"
        other.unlink()
        self.assertEqual(attestation.with_user(self.reader).raw, b"%PDF-1.4")

    def test_the_findings_of_an_import_are_not_written(self):
        values = {"account_id": self.account.id}
        wizard = self.env["copro.certificate.import"].with_user(self.administrator).create(values)
        for found in ({"level": "ok"}, {"pem": "x"}, {"is_only_expired": True}):
            with self.assertRaises(AccessError):
                wizard.write(found)
            with self.assertRaises(AccessError):
                wizard.create({**values, **found})

    def test_a_seal_is_opened_by_no_method(self):
        """A server action and a template reach methods, and nothing else of ours."""
        opening = {"_unseal", "_sealer", "_private_key", "_key", "_file"}
        for model in self.registry.descendants(["copro.sealed.mixin"], "_inherit"):
            self.assertFalse(opening & set(dir(self.env[model])), model)


def _is_private(function):
    return getattr(function, "_api_private", False)


def _is_model(model, method):
    return getattr(getattr(type(model), method), "_api_model", False)
