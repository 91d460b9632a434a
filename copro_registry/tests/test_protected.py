"""No role writes what only the addon writes, by whatever way a call may come.

Driven by the models: each stored field is either one's own to write, or ``protected``; a
new one that is neither fails here. The calls are those of a client, over JSON-RPC.
"""

import base64
import io
import json
import zipfile
from uuid import uuid4

from odoo.fields import NO_ACCESS
from odoo.tests import tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from odoo.addons.copro_registry.rnc import contract

from .access_table import ADMINISTRATOR, MANAGER, MODELS, ROLES
from .protected_case import ACCESS_ERROR, ProtectedCase

# Shown and not typed in, but the caller's: of which record a guided action is.
GIVEN = {
    "copro.affiliation.request.condominium_id",
    "copro.correction.fiscal_year_id",
    "copro.mandate.renewal.condominium_id",
    "copro.successor.declaration.condominium_id",
}


@tagged("post_install", "-at_install")
class TestProtected(ProtectedCase):
    def test_each_stored_field_has_its_owner(self):
        for model, rights in MODELS.items():
            anybody = {"w", "c"} & set(rights.main_administrator)
            for field in self.stored(model):
                path = f"{model}.{field.name}"
                is_protected = getattr(field, "protected", False)
                with self.subTest(path):
                    if not anybody or field.name.startswith("sealed_"):
                        self.assertTrue(is_protected, "nobody may write it: protected=True")
                    elif path not in GIVEN:
                        told = "readonly binds the screens only: protected=True"
                        self.assertEqual(is_protected, field.readonly, told)
                    if is_protected and "c" in rights.main_administrator:
                        self.assertFalse(field.copy, "a copy is another record: copy=False")

    def test_the_fields_of_others_are_theirs(self):
        """Their code writes them as the user: readonly binds the screens, as in Odoo."""
        model = self.env["ir.model"]._get("copro.condominium")
        self.env["ir.model.fields"].create(
            {"name": "x_theirs", "model_id": model.id, "ttype": "char", "readonly": True}
        )
        self.enter(MANAGER)
        self.call("copro.condominium", "write", self.decoy.ids, {"x_theirs": "1"})
        self.assertEqual(self.decoy.x_theirs, "1")

    # -- writing, importing, through a parent -----------------------------------------------

    def snapshot(self, records):
        """What is held by records of several models."""
        self.env.invalidate_all()
        return {
            record: record.sudo()
            .with_context(bin_size=False)
            .read([field.name for field in self.stored(record._name)], load=None)
            for record in records
        }

    def samples(self, user):
        return [self.sample(model, user) for model in MODELS]

    def test_writing(self):
        for role in ROLES:
            user = self.enter(role)
            records = self.samples(user)
            before = self.snapshot(records)
            for record in records:
                for fields_ in self.not_for(role, record._name):
                    with self.subTest(role=role, fields=str(fields_)):
                        values = self.values(fields_)
                        self.assertDenied(record._name, "write", record.ids, values)
            self.assertEqual(self.snapshot(records), before)

    def test_importing(self):
        records = self.samples(self.enter(ADMINISTRATOR))
        before = self.snapshot(records)
        for record in records:
            for fields_ in self.not_for(ADMINISTRATOR, record._name):
                with self.subTest(fields=str(fields_)):
                    self.check_import(record, fields_)
        self.assertEqual(self.snapshot(records), before)

    def check_import(self, record, fields_):
        """A line of a spreadsheet: what it holds may not come in."""
        row = {".id": str(record.id)}
        for field in fields_:
            if field.type not in ("one2many", "binary"):  # below, and above
                name = f"{field.name}/.id" if field.type == "many2one" else field.name
                row[name] = str(self.forged(field))
        with mute_logger("odoo.http", "odoo.models"):
            try:
                told = self.call(record._name, "load", list(row), [list(row.values())])
                self.assertFalse(told["ids"] and len(row) > 1)
            except JsonRpcException as denied:
                self.assertIn(ACCESS_ERROR, str(denied))

    def test_through_a_parent(self):
        records = self.samples(self.enter(ADMINISTRATOR))
        held = {record._name: record for record in (*records, self.company)}
        before = self.snapshot(records)
        for parent in held.values():
            for field in parent._fields.values():
                if field.type != "one2many" or field.comodel_name not in MODELS:
                    continue
                child = held[field.comodel_name]
                for fields_ in self.not_for(ADMINISTRATOR, child._name):
                    with self.subTest(parent=str(field), fields=str(fields_)):
                        command = [[1, child.id, self.values(fields_)]]
                        self.assertDenied(parent._name, "write", parent.ids, {field.name: command})
        self.assertEqual(self.snapshot(records), before)

    # -- defaults: of a context, and one's own -------------------------------------------------

    def by_context(self, *models):
        """What a call may bring; of two of the same name, the first one's.

        Odoo itself refuses a call that brings what nobody may see.
        """
        forged = [field for model in reversed(models) for field in self.protected(model)]
        forged = [field for field in forged if field.groups != NO_ACCESS]
        return {f"default_{field.name}": self.forged(field) for field in forged}

    def by_default(self):
        """What a user may set once for all of their calls."""
        forged = [field for model in MODELS for field in self.protected(model)]
        held = self.env["ir.model.fields"]
        values = [
            {
                "field_id": held._get(field.model_name, field.name).id,
                "user_id": self.administrator.id,
                "json_value": json.dumps(self.forged(field)),
            }
            for field in forged
        ]
        self.call("ir.default", "create", values)

    def assertHonest(self, records):
        for record in records:
            record = record.sudo().with_context(bin_size=False)
            for field in self.protected(record._name):
                with self.subTest(field=str(field)):
                    self.assertNotForged(record, field)

    def assertNotForged(self, record, field):
        value = record[field.name]
        if field.compute:
            self.env.add_to_compute(field, record)
            self.assertEqual(value, record[field.name], "computed, and never taken")
            return
        forged = self.forged(field)
        if field.type == "one2many":
            [(_create, _id, needed)] = forged
            held = [{name: _plain(line[name]) for name in needed} for line in value]
            self.assertNotIn(json.dumps(needed, default=str), map(json.dumps, held))
        else:
            self.assertNotEqual(_plain(value), forged)

    def test_making_a_record(self):
        models = [model for model in MODELS if "c" in MODELS[model].main_administrator]
        self.enter(ADMINISTRATOR)
        made = [self.make(model, **self.by_context(model)) for model in models]
        self.assertHonest(made)
        self.by_default()
        self.assertHonest([self.make(model) for model in models])

    def make(self, model, **context):
        [identity] = self.call(model, "create", [self.needed(model)], **context)
        return self.env[model].browse(identity)

    def needed(self, model):
        """What a person gives to make a record."""
        here = {"condominium_id": self.decoy.id}
        dates = {"start_date": "2031-01-01", "end_date": "2031-12-31"}
        if model == "copro.declarant.account":
            company = self.env["res.company"].create({"name": f"Neuf {uuid4()}"})
            self.administrator.company_ids |= company
            return {"company_id": company.id}
        return {
            "copro.address": {**here, "line": "2 rue du Leurre"},
            "copro.parcel": {**here, "insee_code": "35238", "section": "AB", "number": "7"},
            "copro.building": {**here, "name": "B"},
            "copro.mandate": here,
            "copro.fiscal.year": here,
            "copro.mandate.renewal": {**here, **dates, "previous_end_date": "2030-12-31"},
            "copro.successor.declaration": {**here, "address": "1 rue de l'Exemple"},
            "copro.affiliation.request": {**here, "number": "ZZ0000001", **dates},
            "copro.correction": {"fiscal_year_id": self.decoy.fiscal_year_id.id},
            "copro.registry.import": {"numbers": "ZZ0000001"},
            "copro.contract.load": {"archive": "eA=="},
            "copro.certificate.request": self.request_of(self.account),
            "copro.certificate.import": {"account_id": self.account.id},
        }.get(model) or super().needed(model)

    # -- what the addon makes, at a click ------------------------------------------------------

    def test_what_a_click_makes(self):
        self.enter(ADMINISTRATOR)
        self.check_clicks("contexte", self.by_context)

    def test_what_a_click_makes_of_ones_own_defaults(self):
        self.enter(ADMINISTRATOR)
        self.by_default()
        self.check_clicks("défaut", lambda *_models: {})

    def check_clicks(self, way, context):
        """Each model that nobody may create is made by one of these, and holds the truth."""
        reached = set()
        for click, models in self.clicks().items():
            before = {model: self.env[model].search([]) for model in models}
            with self.subTest(click=click.__name__):
                click(way, context(*models))
                for model in models:
                    made = self.env[model].search([]) - before[model]
                    self.assertTrue(made, model)
                    self.assertHonest(made)
                reached |= set(models)
        nobody = {model for model in MODELS if "c" not in MODELS[model].main_administrator}
        self.assertFalse(nobody - reached, "a click that makes one, in clicks()")

    def clicks(self):
        """{click: the models of what it makes}"""
        return {
            self.upload_one: ("copro.transmission", "copro.transmission.attempt"),
            self.upload_two: ("copro.upload.batch", "copro.upload.batch.line"),
            self.compare: ("copro.comparison", "copro.comparison.line"),
            self.import_certificate: ("copro.certificate", "copro.certificate.import"),
            self.connect: ("copro.connection.test",),
            self.open_an_account: ("copro.declarant.account", "copro.declarant.step"),
            self.load_a_profile: ("copro.contract.profile",),
            self.import_from_the_registry: ("copro.condominium",),
            self.correct: ("copro.fiscal.year.correction",),
        }

    def upload_one(self, way, context):
        condominium = self.condominium(f"1 rue du {way}")
        self.call("copro.condominium", "action_upload", condominium.ids, **context)
        self.run_cron("ir_cron_send")
        self.assertEqual(condominium.upload_state, "received", condominium.upload_message)

    def upload_two(self, way, context):
        two = self.condominium(f"2 rue du {way}") | self.condominium(f"3 rue du {way}")
        self.call("copro.condominium", "action_upload", two.ids, **context)

    def compare(self, way, context):
        condominium = self.condominium(f"4 rue du {way}")
        self.call("copro.condominium", "action_upload", condominium.ids)
        self.settle()
        self.call("copro.condominium", "action_compare", condominium.ids, **context)
        self.assertEqual(condominium.comparison_ids.state, "done")

    def import_certificate(self, way, context):
        files = {
            "account_id": self.account.id,
            "certificate_file": _b64(self.identity.certificate + self.authority.pem),
            "key_file": _b64(self.identity.key),
        }
        wizard = self.call("copro.certificate.import", "create", [files], **context)
        self.call("copro.certificate.import", "action_import", wizard, **context)

    def connect(self, way, context):
        account = "copro.declarant.account"
        self.call(account, "action_test_connection", self.account.ids, **context)

    def open_an_account(self, way, context):
        company = self.env["res.company"].create({"name": f"Cabinet du {way}"})
        self.administrator.company_ids |= company
        here = {"allowed_company_ids": company.ids}
        self.call("copro.declarant.account", "action_open_mine", **context, **here)

    def load_a_profile(self, way, context):
        archive = {"archive": _b64(_profile(f"profil-{len(way)}"))}
        wizard = self.call("copro.contract.load", "create", [archive], **context)
        self.call("copro.contract.load", "action_load", wizard, **context)

    def import_from_the_registry(self, way, context):
        condominium = self.condominium(f"5 rue du {way}")
        self.call("copro.condominium", "action_upload", condominium.ids)
        self.settle()
        number = condominium.registration_number
        condominium.write({"registration_number": False})
        wizard = self.call("copro.registry.import", "create", [{"numbers": number}], **context)
        self.call("copro.registry.import", "action_import", wizard, **context)

    def correct(self, way, context):
        condominium = self.condominium(f"6 rue du {way}")
        fiscal_year = condominium.fiscal_year_id
        fiscal_year.declared_on = "2026-01-31"
        values = {"fiscal_year_id": fiscal_year.id, "reason": f"Une erreur du {way}"}
        wizard = self.call("copro.correction", "create", [values], **context)
        self.call("copro.correction", "action_begin", wizard, **context)

    def settle(self):
        self.run_cron("ir_cron_send")
        self.run_cron("ir_cron_status")


def _plain(value):
    """As a client gives it."""
    if hasattr(value, "ids"):
        return value.id
    if isinstance(value, bytes):
        return value.decode()
    return value if isinstance(value, (dict, list, int, bool, float)) else str(value)


def _b64(content):
    return base64.b64encode(content).decode()


def _profile(name):
    """The shipped profile under another name: a zip."""
    made, folder = io.BytesIO(), contract.named(contract.DEFAULT).folder
    with zipfile.ZipFile(made, "w") as archive:
        for file in sorted(folder.iterdir()):
            content = file.read_bytes()
            if file.name == "manifest.json":
                content = json.dumps({**json.loads(content), "name": name}).encode()
            archive.writestr(file.name, content)
    return made.getvalue()
