import base64
import logging
import os
import tempfile
from pathlib import Path
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo.exceptions import UserError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.service.model import call_kw
from odoo.tests import tagged

from ..rnc.seal import FILE, VARIABLE
from ..tools import sealing
from ..tools.sealing import private_key_of
from .certificate_case import CertificateCase
from .common import SIREN


@tagged("post_install", "-at_install")
class TestSeal(CertificateCase):
    """The key is found nowhere, and opens only where its sealing key is."""

    def test_the_key_is_found_nowhere(self):
        """Not in a column, a file, a log or an answer, in any of its forms.

        The whole hunt, with a dump, debug logs and RPC, is tests/end_to_end/test_leaks.
        """
        identity = self.another()
        with self.assertLogs("odoo", logging.DEBUG) as logs:
            wizard = self.wizard(
                identity.certificate + self.authority.pem, identity.key, "passe-partout"
            )
            wizard.action_import()
            self.env.flush_all()
        secrets = self.needles(identity.key) + [b"passe-partout"]
        seen = "\n".join(logs.output).encode() + self.whole_database()
        for secret in secrets:
            self.assertNotIn(secret, seen)
        self.assertIn(b"Cabinet Fictif", seen, "the search does search")

    def test_odoos_log_of_calls_is_silent_about_it(self):
        imports = self.env["copro.certificate.import"].with_user(self.administrator)
        file = base64.b64encode(self.identity.key).decode()
        given = {"account_id": self.account.id, "key_file": file, "passphrase": "passe-partout"}
        with self.assertLogs("odoo.service.model", logging.DEBUG) as logs:
            call_kw(imports, "create", [given], {})
        self.assertIn("call copro.certificate.import().create(…)", logs.output[0])
        self.assertNotIn("passe-partout", "".join(logs.output))

    def needles(self, key_pem):
        lines = key_pem.split(b"\n")
        raw = base64.b64decode(b"".join(lines[1:-2]))
        middle = len(raw) // 2
        return [
            lines[5],
            base64.b64encode(key_pem)[100:160],
            raw[middle : middle + 24].hex().encode(),
            base64.b64encode(raw[middle : middle + 24])[:28],
        ]

    def whole_database(self):
        """Every value of our tables and of the attachments, as text."""
        self.cr.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = "
            "'public' AND (table_name LIKE 'copro%' OR table_name IN "
            "('ir_attachment', 'mail_message', 'ir_logging', 'mail_tracking_value'))"
        )
        found = []
        for (table,) in self.cr.fetchall():
            self.cr.execute(f'SELECT t::text FROM "{table}" t')
            found += [row[0] for row in self.cr.fetchall()]
        text = "\n".join(found)
        return text.encode() + b"\n" + self.unescaped(text)

    def unescaped(self, text):
        """What the bytes of the columns say once decoded."""
        chunks = [part.split('"')[0].split(",")[0] for part in text.split("\\\\x")[1:]]
        return b"\n".join(bytes.fromhex(c) for c in chunks if len(c) % 2 == 0 and _is_hex(c))

    def test_a_database_without_its_sealing_key_says_how_to_go_on(self):
        with self.another_machine(), self.assertRaisesRegex(UserError, "without its sealing key"):
            self.account._client()

    def test_the_technical_parameters_say_why_the_key_stays_closed(self):
        self.assertFalse(self.account.problem)
        with self.another_machine():
            self.env.invalidate_all()
            self.assertIn("without its sealing key", self.account.problem)
        with tempfile.TemporaryDirectory() as folder, self.data_folder(folder):
            self.env.invalidate_all()
            self.assertIn("is missing: put it back", self.account.problem)
            self.assertFalse(list(Path(folder).iterdir()), "reading makes no key")
            (Path(folder) / FILE).mkdir(mode=0o700)
            self.env.invalidate_all()
            self.assertIn("cannot be read or written", self.account.problem)

    def data_folder(self, folder):
        return patch.object(sealing, "config", {"data_dir": folder})

    def test_files_that_do_not_open_any_more_are_asked_for_again(self):
        identity = self.another()
        wizard = self.wizard(identity.certificate + self.authority.pem, identity.key)
        with self.another_machine(), self.assertRaisesRegex(UserError, "Choose the files again"):
            wizard.action_import()

    def test_the_request_of_a_neutralised_copy_says_how_to_go_on(self):
        values = {"organisation": "Cabinet Fictif", "number": SIREN, "common_name": "x"}
        request = self.env["copro.certificate.request"].create(
            {"account_id": self.account.id, "bits": "2048", **values}
        )
        answer = self.authority.answer(request.csr.encode())
        request.sudo().sealed_key = False
        with self.assertRaisesRegex(UserError, "make another request"):
            self.wizard(answer)

    def test_what_was_sealed_during_a_rotation_is_seen(self):
        sealed = self.env["copro.sealed.mixin"]
        with self.another_machine():
            certificate = self.account.certificate_id.sudo()
            certificate._seal("sealed_key", b"a private key")
            late = os.environ[VARIABLE]
        keys = f"{Fernet.generate_key().decode()},{late}"
        with patch.dict("os.environ", {VARIABLE: keys}):
            self.assertGreaterEqual(sealed._count_under_old_keys(), 1)
            sealed._rotate_all("root")
            self.assertTrue(certificate._opens("sealed_key"))

    def test_a_certificate_that_does_not_open_is_replaced_at_once(self):
        identity = self.another()
        with self.another_machine():
            wizard = self.wizard(identity.certificate, identity.key)
            wizard.action_import()
            self.assertFalse(self.account.next_certificate_id)
            self.assertTrue(self.account._client())

    def another_machine(self):
        return patch.dict("os.environ", {VARIABLE: Fernet.generate_key().decode()})

    def test_rotation_is_logged_and_loses_nothing(self):
        before = private_key_of(self.account.certificate_id)
        sealed = self.account.certificate_id.sudo().sealed_key
        done, closed = self.env["copro.sealed.mixin"]._rotate_all("root")
        self.assertGreaterEqual(done, 1)
        self.assertFalse(closed)
        self.assertNotEqual(self.account.certificate_id.sudo().sealed_key, sealed)
        self.assertEqual(private_key_of(self.account.certificate_id), before)
        self.assertIn("(root)", self.log())

    def test_what_does_not_open_is_told_by_name(self):
        with self.another_machine():
            done, closed = self.env["copro.sealed.mixin"]._check_all()
        self.assertEqual(done, 0)
        self.assertIn("Cabinet Fictif", closed[0])

    def test_a_copy_cannot_reach_the_registry(self):
        self.account.environment = "production"
        self.env.flush_all()
        for query in get_neutralization_queries(["copro_registry"]):
            self.cr.execute(query)
        self.env.invalidate_all()
        self.assertFalse(self.account.certificate_id.sudo().sealed_key)
        self.assertTrue(self.account.used_url.startswith("https://neutralized.invalid"))
        with self.assertRaises(UserError):
            self.account._client()


def _is_hex(text):
    return bool(text) and set(text) <= set("0123456789abcdef")
