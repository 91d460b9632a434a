"""Whose certificate it is: where the SIREN stands in the subject."""

import re
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID
from stdnum.fr import siren as siren_number

ORGANISATION_IDENTIFIER = re.compile(r"(NTRFR-|SI:FR-)(\d{9}|\d{14})")
# ISO 6523: 0002 is the identifier scheme of SIREN and SIRET.
ORGANISATIONAL_UNIT = re.compile(r"0002[ -]?(\d{14}|\d{9})")


@dataclass(frozen=True)
class Identity:
    """What the subject says of the organisation. Empty texts where it is silent."""

    organisation: str
    common_name: str
    siren: str
    siret: str
    places: tuple[str, ...]  # e.g. ("organizationIdentifier NTRFR-", "OU 0002")
    numbers: tuple[str, ...]  # as they stand there, each once
    disagreement: bool
    personal: bool

    @property
    def unusual_place(self) -> bool:
        """The form SI:FR- is provided for, and seen in no known certificate."""
        return all("SI:FR-" in place for place in self.places)

    @property
    def valid_siren(self) -> bool:
        return siren_number.is_valid(self.siren)


def identity_of(certificate: x509.Certificate) -> Identity:
    """Read the subject. Never raises."""
    found = [*_identifiers(certificate), *_units(certificate)]
    sirens = {number[:9] for _place, number in found}
    sirets = [number for _place, number in found if len(number) == 14]
    return Identity(
        organisation=_text(certificate, NameOID.ORGANIZATION_NAME),
        common_name=_text(certificate, NameOID.COMMON_NAME),
        siren=found[0][1][:9] if found else "",
        siret=sirets[0] if sirets else "",
        places=tuple(place for place, _number in found),
        numbers=tuple(dict.fromkeys(number for _place, number in found)),
        disagreement=len(sirens) > 1 or len(set(sirets)) > 1,
        personal=any(
            certificate.subject.get_attributes_for_oid(oid)
            for oid in (NameOID.GIVEN_NAME, NameOID.SURNAME)
        ),
    )


def _identifiers(certificate: x509.Certificate) -> list[tuple[str, str]]:
    texts = _texts(certificate, NameOID.ORGANIZATION_IDENTIFIER)
    matches = [ORGANISATION_IDENTIFIER.fullmatch(text) for text in texts]
    found = [(f"organizationIdentifier {m[1]}", m[2]) for m in matches if m]
    return sorted(found)  # NTRFR- before SI:FR-


def _units(certificate: x509.Certificate) -> list[tuple[str, str]]:
    texts = _texts(certificate, NameOID.ORGANIZATIONAL_UNIT_NAME)
    matches = [ORGANISATIONAL_UNIT.fullmatch(text) for text in texts]
    return [("OU 0002", m[1]) for m in matches if m]


def _text(certificate: x509.Certificate, oid) -> str:
    return next(iter(_texts(certificate, oid)), "")


def _texts(certificate: x509.Certificate, oid) -> list[str]:
    attributes = certificate.subject.get_attributes_for_oid(oid)
    values = [a.value for a in attributes if isinstance(a.value, str)]
    return [value.replace("\x00", "").strip() for value in values]
