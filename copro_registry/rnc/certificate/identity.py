"""Whose certificate it is: where the SIREN stands in the subject."""

import re
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID
from stdnum.fr import siren as siren_number

from .library import ORGANIZATION_IDENTIFIER
from .names import Name, subject_of

ORGANISATION_IDENTIFIER = re.compile(r"(NTRFR-|SI:FR-)(\d{9}|\d{14})", re.ASCII)
# ISO 6523: 0002 is the identifier scheme of SIREN and SIRET.
ORGANISATIONAL_UNIT = re.compile(r"0002[-:]?(\d{14}|\d{9})", re.ASCII)
# Spaces of every width, and the characters without width that a copy brings.
SPACES = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")


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
    """Read the subject. Raises ValueError when the certificate is damaged."""
    subject = subject_of(certificate)
    found = [*_identifiers(subject), *_units(subject)]
    sirens = {number[:9] for _place, number in found}
    sirets = [number for _place, number in found if len(number) == 14]
    return Identity(
        organisation=next(iter(subject.texts(NameOID.ORGANIZATION_NAME)), ""),
        common_name=next(iter(subject.texts(NameOID.COMMON_NAME)), ""),
        siren=found[0][1][:9] if found else "",
        siret=sirets[0] if sirets else "",
        places=tuple(place for place, _number in found),
        numbers=tuple(dict.fromkeys(number for _place, number in found)),
        disagreement=len(sirens) > 1 or len(set(sirets)) > 1,
        personal=any(subject.texts(oid) for oid in (NameOID.GIVEN_NAME, NameOID.SURNAME)),
    )


def _identifiers(subject: Name) -> list[tuple[str, str]]:
    matches = _matches(ORGANISATION_IDENTIFIER, subject.texts(ORGANIZATION_IDENTIFIER))
    return sorted((f"organizationIdentifier {m[1]}", m[2]) for m in matches)  # NTRFR- first


def _units(subject: Name) -> list[tuple[str, str]]:
    matches = _matches(ORGANISATIONAL_UNIT, subject.texts(NameOID.ORGANIZATIONAL_UNIT_NAME))
    return [("OU 0002", m[1]) for m in matches]


def _matches(shape: re.Pattern, texts: list[str]) -> list[re.Match]:
    """Of the texts, whatever their spaces: providers write SIREN in groups of three too."""
    found = [shape.fullmatch(SPACES.sub("", text)) for text in texts]
    return [match for match in found if match]
