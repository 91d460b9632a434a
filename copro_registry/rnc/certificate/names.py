"""The names in a certificate, as the world writes them.

The library refuses a name whose bytes are not those that its type announces; providers
have put Latin-1 in every type of text.
"""

from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

from . import der

ENCODINGS = {0x1E: "utf-16-be", 0x1C: "utf-32-be"}  # BMPString, UniversalString
SHORT = {
    NameOID.COMMON_NAME: "CN",
    NameOID.ORGANIZATION_NAME: "O",
    NameOID.ORGANIZATIONAL_UNIT_NAME: "OU",
    NameOID.COUNTRY_NAME: "C",
    NameOID.LOCALITY_NAME: "L",
    NameOID.STATE_OR_PROVINCE_NAME: "ST",
}
SHORT = {oid.dotted_string: short for oid, short in SHORT.items()}


@dataclass(frozen=True)
class Name:
    """``attributes`` are (dotted identifier, text); two names are one if their DER is."""

    whole: bytes
    attributes: tuple[tuple[str, str], ...]

    def texts(self, oid: x509.ObjectIdentifier) -> list[str]:
        return [text for dotted, text in self.attributes if dotted == oid.dotted_string]

    @property
    def common(self) -> str:
        """What a person calls the bearer."""
        person = [*self.texts(NameOID.GIVEN_NAME), *self.texts(NameOID.SURNAME)]
        found = [*self.texts(NameOID.COMMON_NAME), " ".join(person)]
        found += self.texts(NameOID.ORGANIZATION_NAME)
        return next(filter(None, found), str(self))

    def __str__(self) -> str:
        """As in RFC 4514, the last attribute first."""
        shown = [f"{SHORT.get(oid, oid)}={_escaped(text)}" for oid, text in self.attributes]
        return ",".join(reversed(shown))


def subject_of(certificate: x509.Certificate) -> Name:
    """Raises ValueError when the certificate is damaged."""
    return _names(certificate)[1]


def issuer_of(certificate: x509.Certificate) -> Name:
    """Raises ValueError when the certificate is damaged."""
    return _names(certificate)[0]


def common_name(certificate: x509.Certificate) -> str:
    """What a person calls the bearer of a certificate."""
    return subject_of(certificate).common


def is_self_issued(certificate: x509.Certificate) -> bool:
    issuer, subject = _names(certificate)
    return issuer.whole == subject.whole


def _names(certificate: x509.Certificate) -> tuple[Name, Name]:
    """(issuer, subject): the third and the fifth element, after a version if there is one."""
    parts = der.elements(certificate.tbs_certificate_bytes)[0].inside
    parts = parts[1:] if parts[0].tag == der.ZERO else parts
    return _name(parts[2]), _name(parts[4])


def _name(element: der.Element) -> Name:
    pairs = [pair.inside for group in element.inside for pair in group.inside]
    return Name(element.whole, tuple((pair[0].oid, _text(pair[1])) for pair in pairs))


def _text(value: der.Element) -> str:
    encoding = ENCODINGS.get(value.tag)
    if encoding:
        text = value.content.decode(encoding, "replace")
    else:
        text = _guessed(value.content)
    return text.replace("\x00", "").strip()


def _guessed(content: bytes) -> str:
    """UTF-8 holds ASCII; Latin-1, as Windows extends it, is what else is met."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _escaped(text: str) -> str:
    return "".join(f"\\{one}" if one in ',+"\\<>;' else one for one in text)
