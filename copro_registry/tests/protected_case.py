"""What a client forges, and how it calls: of the tests of protected fields."""

from odoo.models import MAGIC_COLUMNS
from odoo.tests import HttpCase
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from .access_samples import Samples
from .access_table import ADMINISTRATOR, MANAGER, MODELS
from .common import SIREN, RegistryCase

ADDON = "copro_registry"
ACCESS_ERROR = "odoo.exceptions.AccessError"
BY_TYPE = {
    "boolean": True,
    "integer": 424242,
    "float": 424242.0,
    "char": "forged",
    "text": "forged",
    "date": "2001-02-03",
    "datetime": "2001-02-03 04:05:06",
    "json": {"forged": True},
    "binary": "Zm9yZ2Vk",
}
# Where the truth of a click would be the forgery of the table above.
OTHERWISE = {
    "copro.connection.test.is_proven": False,
    "copro.transmission.attempt.kind": "ask",
    "copro.comparison.line.state": "taken",
}


class ProtectedCase(RegistryCase, Samples, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.env["res.company"].create({"name": "Ailleurs"})
        cls.administrator.company_ids |= cls.elsewhere
        cls.decoy = cls.condominium("1 rue du Leurre")
        cls.decoys = cls.made_up()

    @classmethod
    def made_up(cls):
        """{model: a record that nobody means}, for what points at a record."""
        env, decoy = cls.env, cls.decoy
        upload = env["copro.transmission"]._queue(decoy, "WS1", decoy.mandate_id.start_date)
        upload.next_attempt = "2100-01-01"
        certificate = env["copro.certificate"].create(
            {"name": "Leurre", "company_id": cls.company.id, "state": "replaced"}
        )
        account = env["copro.declarant.account"].create({"company_id": cls.elsewhere.id})
        batch = env["copro.upload.batch"].create({"company_id": cls.company.id})
        records = (
            cls.elsewhere,
            cls.reader,
            cls.reader.partner_id,
            decoy,
            decoy.mandate_id,
            decoy.fiscal_year_id,
            upload,
            certificate,
            account,
            batch,
            env["copro.comparison"]._of(decoy),
            env["copro.certificate.request"].create(cls.request_of(account)),
            env["ir.attachment"].create({"name": "leurre.pdf", "raw": b"%PDF-"}),
        )
        return {record._name: record for record in records}

    @classmethod
    def request_of(cls, account):
        named = {"organisation": "Leurre", "number": SIREN, "common_name": "leurre"}
        return {"account_id": account.id, "bits": "2048", **named}

    def run_cron(self, name):
        self.env.ref(f"copro_registry.{name}").method_direct_trigger()
        self.env.invalidate_all()

    # -- the calls ----------------------------------------------------------------------

    def enter(self, role):
        user = {ADMINISTRATOR: self.administrator, MANAGER: self.manager}.get(role, self.reader)
        self.authenticate(user.login, user.login + "x" * (8 - len(user.login)))
        return user

    def call(self, model, method, *arguments, **context):
        self.env.flush_all()
        params = {"model": model, "method": method, "args": arguments}
        params["kwargs"] = {"context": context}
        try:
            return self.make_jsonrpc_request(
                f"/web/dataset/call_kw/{model}/{method}", params, timeout=60
            )
        finally:
            self.env.invalidate_all()

    def assertDenied(self, model, method, *arguments):
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException) as denied:
            self.call(model, method, *arguments)
        self.assertIn(ACCESS_ERROR, str(denied.exception))

    # -- what the models declare ---------------------------------------------------------

    def stored(self, model):
        """Of the addon itself; what other addons add is theirs."""
        held = self.env[model]._fields.values()
        own = [field for field in held if field.store and field._module == ADDON]
        return [field for field in own if field.name not in MAGIC_COLUMNS]

    def protected(self, model):
        return [field for field in self.stored(model) if getattr(field, "protected", False)]

    def not_for(self, role, model):
        """The fields that a role may not write: one a call, where it may write others."""
        if "w" in getattr(MODELS[model], role):
            return [[field] for field in self.protected(model)]
        return [self.stored(model)]

    def values(self, fields_):
        return {field.name: self.forged(field) for field in fields_}

    def forged(self, field):
        path = f"{field.model_name}.{field.name}"
        if path in OTHERWISE:
            return OTHERWISE[path]
        if field.type == "selection":
            return field.get_values(self.env)[-1]
        if field.type == "many2one":
            return self.decoys[field.comodel_name].id
        if field.type == "one2many":
            comodel = self.env[field.comodel_name]
            needed = [f for f in comodel._fields.values() if f.required and not f.related]
            needed = [f for f in needed if f.name != field.inverse_name]
            return [[0, 0, {f.name: self.forged(f) for f in needed}]]
        return BY_TYPE[field.type]
