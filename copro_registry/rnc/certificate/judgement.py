"""Whether the registry will take a certificate, before any call.

One verdict a check at least, the good ones included, in the order of a diagnosis
sheet. The codes and their bases are those of the official memo and of the RGS profile.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from . import usage
from .holders import Bundle, is_authority
from .identity import Identity, identity_of
from .library import validity
from .names import common_name, is_self_issued, issuer_of
from .policy import Policy, identifiers_of, is_under, policy_of
from .reading import authorities

REFUSE, WARN, OK = "refuse", "warn", "ok"
SOON = timedelta(days=60)
LONGEST = timedelta(days=3 * 366)
SMALLEST_RSA, ADVISED_RSA = 2048, 3072
SMALLEST_EC = 256
OBSOLETE_HASHES = (hashes.SHA1, hashes.MD5)
# What another audience than enterprises means for the registry.
OTHER_AUDIENCES = {
    "administration": "ADMINISTRATION_ONLY",
    "person": "PERSONAL_CERTIFICATE",
    "server": "SERVER_CERTIFICATE",
    "seal": "SEAL_CERTIFICATE",
}


@dataclass(frozen=True)
class Verdict:
    """One line of the diagnosis; ``code`` is a key of MESSAGES, ``topic`` one of TOPICS."""

    code: str
    level: str
    params: tuple[tuple[str, str], ...] = ()
    topic: str = ""


@dataclass(frozen=True)
class Case:
    """A certificate, and what it is compared with. ``now`` is timezone-aware."""

    bundle: Bundle
    identity: Identity
    siren: str
    siret: str
    now: datetime
    policies: Sequence[Policy]
    authorities: Sequence[x509.Certificate]

    @property
    def leaf(self) -> x509.Certificate:
        return self.bundle.leaf

    @property
    def path(self) -> tuple[x509.Certificate, ...]:
        return (self.bundle.leaf, *self.bundle.chain)


def judge(
    bundle: Bundle,
    *,
    siren: str,
    siret: str = "",
    now: datetime,
    policies: Sequence[Policy] = (),
    authorities: Sequence[x509.Certificate] = (),
) -> list[Verdict]:
    """The diagnosis of ``bundle`` for a declarant.

    ``policies`` and ``authorities`` are those that the user has configured.
    """
    identity = identity_of(bundle.leaf)
    case = Case(bundle, identity, siren, siret, now, policies, authorities)
    return [
        replace(verdict, topic=topic)
        for topic, section in SECTIONS.items()
        for verdict in section(case)
    ]


def accept_expiry(verdicts: list[Verdict], who: str, on: date) -> list[Verdict]:
    """The same diagnosis, once somebody has answered for a certificate that has expired."""
    accepted = (("date", str(on)), ("who", who))
    return [
        replace(verdict, code="EXPIRY_ACCEPTED", level=WARN, params=accepted)
        if verdict.code == "EXPIRED"
        else verdict
        for verdict in verdicts
    ]


def _verdict(code: str, level: str, **params) -> Verdict:
    return Verdict(code, level, tuple((k, str(v)) for k, v in params.items()))


def _holder(case: Case) -> Iterator[Verdict]:
    if is_authority(case.leaf):
        yield _verdict("IS_CA", REFUSE)
    elif case.identity.personal:
        yield _verdict("PERSONAL_CERTIFICATE", REFUSE)
    elif case.identity.organisation:
        yield _verdict("HOLDER_OK", OK, organisation=case.identity.organisation)
    else:
        yield _verdict("NO_ORGANISATION", WARN)


def _siren(case: Case) -> Iterator[Verdict]:
    identity, siren = case.identity, case.siren
    if not identity.siren:
        yield _verdict("NO_SIREN", REFUSE)
    elif identity.disagreement:
        yield _verdict("TWO_SIREN", REFUSE, numbers=", ".join(identity.numbers))
    elif not identity.valid_siren:
        yield _verdict("BAD_SIREN", REFUSE, siren=identity.siren)
    elif not siren:
        yield _verdict("NO_DECLARANT_SIREN", REFUSE, siren=identity.siren)
    elif identity.siren != siren:
        yield _verdict("SIREN_MISMATCH", REFUSE, a=identity.siren, b=siren)
    else:
        yield from _right_siren(case)


def _right_siren(case: Case) -> Iterator[Verdict]:
    identity = case.identity
    place = ", ".join(identity.places)
    yield _verdict("SIREN_OK", OK, siren=identity.siren)
    if identity.unusual_place:
        yield _verdict("SIREN_UNUSUAL", WARN, place=place)
    if identity.siret and case.siret and identity.siret != case.siret:
        yield _verdict("OTHER_ESTABLISHMENT", WARN, siret=identity.siret)


def _issuer(case: Case) -> Iterator[Verdict]:
    leaf = case.leaf
    issuer = issuer_of(leaf).common
    known = policy_of(identifiers_of(leaf), case.policies)
    if is_self_issued(leaf):
        yield _verdict("SELF_SIGNED", REFUSE)
    elif known or is_under(case.path, case.authorities):
        yield _verdict("ISSUER_OK", OK, issuer=issuer)
    else:
        yield _verdict("UNTRUSTED", WARN, issuer=issuer)


def _policy(case: Case) -> Iterator[Verdict]:
    identifiers = identifiers_of(case.leaf)
    found = policy_of(identifiers, case.policies)
    shown = ", ".join(identifiers)
    if not identifiers:
        yield _verdict("NO_POLICY", WARN)
    elif found is None:
        yield _verdict("POLICY_UNKNOWN", WARN, identifiers=shown)
    elif found.audience in OTHER_AUDIENCES:
        yield _verdict(OTHER_AUDIENCES[found.audience], REFUSE)
    elif found.level:
        yield _verdict("POLICY_OK", OK, name=found.name, stars=found.level, identifiers=shown)
    else:
        yield _verdict("POLICY_LEVEL_UNKNOWN", WARN, name=found.name, identifiers=shown)


def _usage(case: Case) -> Iterator[Verdict]:
    code = usage.made_for(case.leaf)
    if code == "OTHER_USAGE":
        yield _verdict(code, REFUSE, usages=", ".join(usage.names_of(case.leaf)))
    else:
        yield _verdict(code, {"USAGE_OK": OK, "NO_EKU": WARN}.get(code, REFUSE))


def _key_usage(case: Case) -> Iterator[Verdict]:
    """The RGS client profile wants a signature or a key agreement, and not both."""
    key_usage = usage.extension(case.leaf, x509.KeyUsage)
    if key_usage is None:
        yield _verdict("NO_KEY_USAGE", WARN)
    elif key_usage.digital_signature != key_usage.key_agreement:
        yield _verdict("KEY_USAGE_OK", OK)
    else:
        yield _verdict("KEY_USAGE_UNUSUAL", WARN)


def _validity(case: Case) -> Iterator[Verdict]:
    start, end = validity(case.leaf)
    if case.now < start:
        yield _verdict("NOT_YET_VALID", REFUSE, date=start.date())
    elif case.now > end:
        yield _verdict("EXPIRED", REFUSE, date=end.date())
    elif end - case.now < SOON:
        yield _verdict("EXPIRES_SOON", WARN, date=end.date())
    else:
        yield _verdict("VALID", OK, start=start.date(), date=end.date())
    if end - start > LONGEST:
        yield _verdict("LONG_VALIDITY", WARN)


def _strength(case: Case) -> Iterator[Verdict]:
    key = case.leaf.public_key()
    try:
        algorithm = case.leaf.signature_hash_algorithm
    except UnsupportedAlgorithm:
        yield _verdict("UNKNOWN_SIGNATURE", WARN)
    else:
        if isinstance(algorithm, OBSOLETE_HASHES):
            yield _verdict("WEAK_SIGNATURE", REFUSE, algorithm=algorithm.name.upper())
    if isinstance(key, rsa.RSAPublicKey):
        yield _rsa(key.key_size)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        weak = key.key_size < SMALLEST_EC
        code, level = ("WEAK", REFUSE) if weak else ("KEY_SIZE_OK", OK)
        yield _size(code, level, "EC", key.key_size)
    else:
        yield _verdict("OTHER_KEY", WARN)


def _rsa(bits: int) -> Verdict:
    if bits < SMALLEST_RSA:
        return _size("WEAK", REFUSE, "RSA", bits)
    if bits < ADVISED_RSA:
        return _size("SMALL_KEY", WARN, "RSA", bits)
    return _size("KEY_SIZE_OK", OK, "RSA", bits)


def _size(code: str, level: str, kind: str, bits: int) -> Verdict:
    return _verdict(code, level, kind=kind, bits=bits)


def _chain(case: Case) -> Iterator[Verdict]:
    chain = case.bundle.chain
    if is_self_issued(case.leaf):
        return
    if not chain:
        yield _verdict("NO_CHAIN", WARN, issuer=issuer_of(case.leaf).common)
        return
    names = " → ".join(common_name(one) for one in chain)
    past = [one for one in chain if validity(one)[1] < case.now]
    if past:
        yield _verdict("CHAIN_EXPIRED", WARN, issuer=common_name(past[0]))
    else:
        yield _verdict("CHAIN_OK", OK, names=names)


def _key(case: Case) -> Iterator[Verdict]:
    if case.bundle.private_key is None:
        yield _verdict("KEY_MISSING", REFUSE)
    elif not case.bundle.has_its_key:
        yield _verdict("KEY_MISMATCH", REFUSE)
    else:
        yield _verdict("KEY_OK", OK)


def names_of(pem: str) -> str:
    """The authorities of a PEM text, for a reader. Raises Unreadable."""
    return ", ".join(common_name(one) for one in authorities(pem)) if pem else ""


SECTIONS = {
    "holder": _holder,
    "siren": _siren,
    "issuer": _issuer,
    "policy": _policy,
    "usage": _usage,
    "key_usage": _key_usage,
    "validity": _validity,
    "strength": _strength,
    "chain": _chain,
    "key": _key,
}
