"""Imports of certificates, as the main administrator makes them."""

import base64

from .common import SIREN, RegistryCase


class CertificateCase(RegistryCase):
    def wizard(self, certificate, key=False, passphrase=False, user=None, lang="en_US"):
        return (
            self.env["copro.certificate.import"]
            .with_user(user or self.administrator)
            .with_context(lang=lang)
            .create(
                {
                    "account_id": self.account.id,
                    "certificate_file": base64.b64encode(certificate),
                    "key_file": key and base64.b64encode(key),
                    "passphrase": passphrase,
                }
            )
        )

    def another(self, **validity):
        """Another certificate of the same declarant, not declared yet."""
        return self.authority.client(SIREN, "Cabinet Fictif", bits=2048, **validity)

    def declare(self, identity):
        self.simulator.control.declare_certificate(self.account.number, identity.certificate)

    def codes(self, wizard, level="refuse"):
        return [line["code"] for line in wizard.diagnosis if line["level"] == level]

    def log(self):
        return "\n".join(self.account.message_ids.mapped("body"))
