"""Files -> identities: by their content, whatever their names, labels and wrappings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from . import der, keys, kinds, pem, store
from .holders import Bundle, assemble
from .library import PrivateKey, validity
from .names import subject_of
from .unreadable import Unreadable

LARGEST_FILE = 256 * 1024
MOST_CERTIFICATES, MOST_KEYS = 300, 8
KEY_LABEL, CERTIFICATE_LABELS = "PRIVATE KEY", ("CERTIFICATE", "PKCS", "CMS")
DAMAGES = ("UNREADABLE", "MALFORMED")
OTHER_TOOLS = ("PGP ", "SSH2 ")
DAMAGED = (ValueError, TypeError, IndexError, UnsupportedAlgorithm, x509.DuplicateExtension)
DAMAGED += (x509.UnsupportedGeneralNameType, x509.InvalidVersion)


@dataclass(frozen=True)
class Useless:
    """What is neither certificate nor key; told when nothing better is found."""

    code: str


Item = x509.Certificate | PrivateKey | Useless


def read(
    files: Sequence[bytes], passphrase: str | None = None, now: datetime | None = None
) -> Bundle:
    """The identity of one or several files. Raises Unreadable, and nothing else."""
    found = identities(files, passphrase, now)
    if len(found) > 1:
        raise Unreadable("SEVERAL_CERTIFICATES")
    return found[0]


def identities(
    files: Sequence[bytes], passphrase: str | None = None, now: datetime | None = None
) -> list[Bundle]:
    """Those of one or several files: one at least. Raises Unreadable, and nothing else.

    Of two certificates of one key, and of two paths, what is valid ``now`` (aware) is kept.
    """
    files = [content for content in files if content]
    if not files:
        raise Unreadable("EMPTY")
    if any(len(content) > LARGEST_FILE for content in files):
        raise Unreadable("TOO_LARGE")
    items = [item for content in files for item in _read_file(content, passphrase)]
    return _identities(items, now or datetime.now(timezone.utc))


def _identities(items: list[Item], now: datetime) -> list[Bundle]:
    certificates = [item for item in items if isinstance(item, x509.Certificate)]
    useless = [item.code for item in items if isinstance(item, Useless)]
    private = [item for item in items if not isinstance(item, x509.Certificate | Useless)]
    if len(certificates) > MOST_CERTIFICATES:
        raise Unreadable("TOO_LARGE")
    if not all(isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) for key in private):
        raise Unreadable("UNSUPPORTED_KEY")
    if useless and not certificates:
        raise Unreadable(useless[0])
    found = assemble(certificates, private, now)
    damaged = [code for code in useless if code in DAMAGES]
    if damaged and not any(bundle.has_its_key for bundle in found):
        raise Unreadable(damaged[0])  # the holder's own may be the one that is damaged
    return found


def authorities(pem_text: str) -> list[x509.Certificate]:
    """The certificates of a PEM text. Raises Unreadable when there is none."""
    if len(pem_text) > LARGEST_FILE:
        raise Unreadable("TOO_LARGE")
    found = list(_read_blocks(pem_text.encode("ascii", "replace"), None))
    certificates = [one for one in found if isinstance(one, x509.Certificate)]
    if not certificates:
        raise Unreadable("UNREADABLE")
    return certificates


def _read_file(content: bytes, secret: str | None) -> list[Item]:
    content = pem.plain(content)
    if pem.BEGIN in content:
        found = list(_few_keys(_read_blocks(content, secret)))
    elif content[:1] == b"\x30":
        found = list(_few_keys(_read_documents(content, secret)))
    elif pem.bare(content)[:1] == b"\x30":
        found = list(_few_keys(_read_documents(pem.bare(content), secret)))
    else:
        raise Unreadable(kinds.stranger(content))
    if not found:
        raise Unreadable("UNREADABLE")
    return found


def _few_keys(items: Iterator[Item]) -> Iterator[Item]:
    """Each key takes a while to open: a file of hundreds would hold a worker for long."""
    count = 0
    for item in items:
        count += not isinstance(item, x509.Certificate | Useless)
        if count > MOST_KEYS:
            raise Unreadable("TWO_KEYS")
        yield item


def _read_blocks(content: bytes, secret: str | None) -> Iterator[Item]:
    for block in pem.blocks(content):
        if not block.is_whole:
            raise Unreadable("TRUNCATED")
        if block.content.startswith(kinds.SSH):
            yield keys.of_ssh(block, secret)
        elif block.cipher:
            yield keys.old(block, secret)
        else:
            yield from _read_block(block, secret)


def _read_block(block: pem.Block, secret: str | None) -> Iterator[Item]:
    """By content; the label only tells what was meant by what cannot be read."""
    try:
        document = der.elements(block.content)[0]
    except (ValueError, IndexError):
        document = None
    known = kinds.kind(document) if document else ""
    if known in READERS:
        yield from READERS[known](document, secret)
    elif block.label.startswith(OTHER_TOOLS):
        raise Unreadable("OTHER_TOOL_KEY")
    elif block.label.endswith(KEY_LABEL):
        raise Unreadable("KEY_UNREADABLE")
    elif block.label.startswith(CERTIFICATE_LABELS) or "CERTIFICATE" in block.label:
        yield Useless("UNREADABLE")


def _read_documents(content: bytes, secret: str | None) -> Iterator[Item]:
    """DER: one document, or several one after the other."""
    try:
        documents = der.elements(content)
    except der.Cut:
        raise Unreadable("TRUNCATED") from None
    except ValueError:
        raise Unreadable("UNREADABLE") from None
    for document in documents:
        known = kinds.kind(document)
        if known in READERS:
            yield from READERS[known](document, secret)


# -- by kind -----------------------------------------------------------------------


def _signed(document: der.Element, _secret) -> list[Item]:
    """A certificate; else what it is that an authority, or somebody, has signed."""
    try:
        return [_usable(x509.load_der_x509_certificate(document.whole))]
    except DAMAGED:
        return [Useless(_signed_otherwise(document.whole))]


def _signed_otherwise(content: bytes) -> str:
    loaders = (x509.load_der_x509_csr, "REQUEST"), (x509.load_der_x509_crl, "REVOKED_LIST")
    for load, code in loaders:
        try:
            load(content)
        except DAMAGED:
            continue
        return code
    return "MALFORMED"


def _usable(certificate: x509.Certificate) -> x509.Certificate:
    """Read lazily by the library: make it fail here rather than later."""
    _everything = (
        subject_of(certificate),
        certificate.extensions,
        validity(certificate),
        certificate.public_key(),
    )
    return certificate


def _pkcs7(document: der.Element, secret) -> Iterator[Item]:
    """A .p7b: the certificate and its chain, as providers like to send them."""
    try:
        signed = document.inside[1].inside[0].inside
        held = [one for part in signed if part.tag == der.ZERO for one in part.inside]
    except (ValueError, IndexError):
        raise Unreadable("UNREADABLE") from None
    for one in held:
        yield from _signed(one, secret)


def _netscape(document: der.Element, secret) -> Iterator[Item]:
    try:
        held = document.inside[1].inside[0].inside
    except (ValueError, IndexError):
        raise Unreadable("UNREADABLE") from None
    for one in held:
        yield from _signed(one, secret)


def _store(document: der.Element, secret: str | None) -> Iterator[Item]:
    certificates, private = store.read(document.whole, secret)
    for one in certificates:
        yield from _signed(der.elements(one)[0], secret)
    yield from private


def _key(document: der.Element, _secret) -> list[Item]:
    return [keys.clear(document.whole)]


def _locked_key(document: der.Element, secret: str | None) -> list[Item]:
    return [keys.locked(document.whole, secret)]


def _nothing_to_read(code: str):
    return lambda _document, _secret: [Useless(code)]


READERS = {
    kinds.CERTIFICATE: _signed,
    kinds.PKCS7: _pkcs7,
    kinds.NETSCAPE_LIST: _netscape,
    kinds.STORE: _store,
    kinds.KEY: _key,
    kinds.LOCKED_KEY: _locked_key,
    kinds.PUBLIC_KEY: _nothing_to_read("PUBLIC_KEY"),
    kinds.MESSAGE: _nothing_to_read("ENVELOPED"),
}
