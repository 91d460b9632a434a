"""Declarant accounts, and the certificates declared in "Mon établissement"."""

import hashlib
import re
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from .authority import ORGANIZATION_IDENTIFIER
from .documents import Error, Refused
from .store import Store

NUMBER = re.compile(r"(?:0002[ -]?|NTRFR-|SI:FR-)(\d{9})(?:\d{5})?")


class NotDeclared(ValueError):
    """The site refuses the file; the message says why."""


class Accounts:
    """Who may call."""

    def __init__(self, store: Store):
        self.store = store

    def open(self, *, number: str, email: str, profile: str, organisation: str, siren: str):
        """Create an account, or change it."""
        self.store.run("DELETE FROM account WHERE number = ?", number)
        self.store.insert(
            "account",
            number=number,
            email=email,
            profile=profile,
            organisation=organisation,
            siren=siren,
        )

    def declare(self, number: str, pem: bytes) -> None:
        """Declare a certificate, as the site does. Raises NotDeclared."""
        account = self.store.one("SELECT * FROM account WHERE number = ?", number)
        if account is None:
            raise NotDeclared("no such account")
        if b"PRIVATE KEY" in pem:
            raise NotDeclared("the file holds a private key")
        try:
            certificate = x509.load_pem_x509_certificate(pem)
        except ValueError:
            raise NotDeclared("not a PEM certificate") from None
        if siren_of(certificate) != account["siren"]:
            raise NotDeclared("the certificate is for another SIREN")
        sha256 = hashlib.sha256(_der(certificate)).hexdigest()
        with self.store.transaction():
            self.store.run("DELETE FROM certificate WHERE sha256 = ?", sha256)
            self.store.insert("certificate", sha256=sha256, account=number)

    def withdraw(self, number: str) -> None:
        """Forget the certificates that were declared for an account."""
        self.store.run("DELETE FROM certificate WHERE account = ?", number)

    def recognise(self, der: bytes | None, number: str | None, email: str | None) -> dict:
        """The account that calls; None: the contract does not say it. Raises Refused."""
        if not der:
            raise Refused(403, Error("CERT_MISSING"))
        sha256 = hashlib.sha256(der).hexdigest()
        account = self._account(sha256, number)
        if account is None or email is not None and not _same(account["email"], email):
            raise Refused(403, Error("ACCOUNT_UNKNOWN"))
        if _siren_of(der) != account["siren"]:
            raise Refused(403, Error("CERT_SIREN_MISMATCH"))
        declared = self.store.one(
            "SELECT 1 FROM certificate WHERE sha256 = ? AND account = ?",
            *(sha256, account["number"]),
        )
        if declared is None:
            raise Refused(403, Error("CERT_UNKNOWN"))
        return account

    def _account(self, sha256: str, number: str | None) -> dict | None:
        """By its number, or by the certificate where that alone says who calls."""
        if number is not None:
            return self.store.one("SELECT * FROM account WHERE number = ?", number)
        found = self.store.one("SELECT account FROM certificate WHERE sha256 = ?", sha256)
        if found is None:
            raise Refused(403, Error("CERT_UNKNOWN"))
        return self._account(sha256, found["account"])


def _same(known: str, told: str) -> bool:
    return known.casefold() == told.casefold()


def siren_of(certificate: x509.Certificate) -> str:
    oids = (ORGANIZATION_IDENTIFIER, NameOID.ORGANIZATIONAL_UNIT_NAME)
    for oid in oids:
        for attribute in certificate.subject.get_attributes_for_oid(oid):
            found = NUMBER.fullmatch(str(attribute.value))
            if found:
                return found[1]
    return ""


@lru_cache(maxsize=64)
def _siren_of(der: bytes) -> str:
    return siren_of(x509.load_der_x509_certificate(der))


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)
