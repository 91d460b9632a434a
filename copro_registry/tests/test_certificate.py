import base64
import logging

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SIREN, RegistryCase


@tagged("post_install", "-at_install")
class TestCertificate(RegistryCase):
    """A certificate is judged before it fails; its key is never seen again."""

    def wizard(self, certificate, key=False, passphrase=False, user=None):
        return (
            self.env["copro.certificate.import"]
            .with_user(user or self.administrator)
            .create(
                {
                    "account_id": self.account.id,
                    "certificate_file": base64.b64encode(certificate),
                    "key_file": key and base64.b64encode(key),
                    "passphrase": passphrase,
                }
            )
        )

    def test_a_good_certificate_is_installed(self):
        certificate = self.account.certificate_id
        self.assertEqual(certificate.siren, SIREN)
        self.assertEqual(certificate.name, "Cabinet Fictif")
        self.assertIn(certificate.level, ("ok", "warn"))
        self.assertNotIn("PRIVATE", certificate.pem)

    def test_a_certificate_of_another_siren_is_shown_and_not_installed(self):
        before = self.account.certificate_id
        other = self.authority.client("552100554", "Autre cabinet", bits=2048)
        wizard = self.wizard(other.certificate, other.key)
        action = wizard.action_import()
        self.assertEqual(action["res_id"], wizard.id)
        self.assertTrue(wizard.is_refused)
        refused = [line for line in wizard.diagnosis if line["level"] == "refuse"]
        self.assertEqual([line["code"] for line in refused], ["SIREN_MISMATCH"])
        self.assertEqual(self.account.certificate_id, before)

    def test_an_unreadable_file_is_told_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        wizard = self.wizard(b"Bonjour").with_context(lang="fr_FR")
        with self.assertRaisesRegex(UserError, "ni un certificat PEM"):
            wizard.action_import()

    def test_only_the_main_administrator_imports(self):
        for user in (self.reader, self.manager):
            with self.assertRaises(AccessError):
                self.wizard(b"x", user=user)

    def test_the_key_is_found_nowhere(self):
        """Not in a column, a file, a log or an answer, in any of its forms."""
        identity = self.authority.client(SIREN, "Cabinet Fictif", bits=2048)
        with self.assertLogs("odoo.addons.copro_registry", logging.DEBUG) as logs:
            logging.getLogger("odoo.addons.copro_registry").debug("start")
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

    def needles(self, key_pem):
        lines = key_pem.split(b"\n")
        body = b"".join(lines[1:-2])
        raw = base64.b64decode(body)
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

    def test_no_certificate_no_upload(self):
        account = self.account
        kept, account.certificate_id = account.certificate_id, False
        condominium = self.condominium("1 rue de l'Exemple")
        with self.assertRaisesRegex(UserError, "No client certificate"):
            condominium.with_user(self.manager).action_upload()
        account.certificate_id = kept


def _is_hex(text):
    return bool(text) and set(text) <= set("0123456789abcdef")
