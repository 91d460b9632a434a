"""Whether the registry will take a certificate, before any call.

A list of checks, the good ones included, in the order of a diagnosis
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
class Check:
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


def diagnose(
    bundle: Bundle,
    *,
    siren: str,
    siret: str = "",
    now: datetime,
    policies: Sequence[Policy] = (),
    authorities: Sequence[x509.Certificate] = (),
) -> list[Check]:
    """The diagnosis of ``bundle`` for a declarant.

    ``policies`` and ``authorities`` are those that the user has configured.
    """
    identity = identity_of(bundle.leaf)
    case = Case(bundle, identity, siren, siret, now, policies, authorities)
    return [
        replace(check, topic=topic)
        for topic, section in SECTIONS.items()
        for check in section(case)
    ]


def accept_expiry(checks: list[Check], who: str, on: date) -> list[Check]:
    """The same diagnosis, once somebody has answered for a certificate that has expired."""
    accepted = (("date", str(on)), ("who", who))
    return [
        replace(check, code="EXPIRY_ACCEPTED", level=WARN, params=accepted)
        if check.code == "EXPIRED"
        else check
        for check in checks
    ]


def _check(code: str, level: str, **params) -> Check:
    return Check(code, level, tuple((k, str(v)) for k, v in params.items()))


def _holder(case: Case) -> Iterator[Check]:
    if is_authority(case.leaf):
        yield _check("IS_CA", REFUSE)
    elif case.identity.personal:
        yield _check("PERSONAL_CERTIFICATE", REFUSE)
    elif case.identity.organisation:
        yield _check("HOLDER_OK", OK, organisation=case.identity.organisation)
    else:
        yield _check("NO_ORGANISATION", WARN)


def _siren(case: Case) -> Iterator[Check]:
    identity, siren = case.identity, case.siren
    if not identity.siren:
        yield _check("NO_SIREN", REFUSE)
    elif identity.disagreement:
        yield _check("TWO_SIREN", REFUSE, numbers=", ".join(identity.numbers))
    elif not identity.valid_siren:
        yield _check("BAD_SIREN", REFUSE, siren=identity.siren)
    elif not siren:
        yield _check("NO_DECLARANT_SIREN", REFUSE, siren=identity.siren)
    elif identity.siren != siren:
        yield _check("SIREN_MISMATCH", REFUSE, a=identity.siren, b=siren)
    else:
        yield from _right_siren(case)


def _right_siren(case: Case) -> Iterator[Check]:
    identity = case.identity
    place = ", ".join(identity.places)
    yield _check("SIREN_OK", OK, siren=identity.siren)
    if identity.unusual_place:
        yield _check("SIREN_UNUSUAL", WARN, place=place)
    if identity.siret and case.siret and identity.siret != case.siret:
        yield _check("OTHER_ESTABLISHMENT", WARN, siret=identity.siret)


def _issuer(case: Case) -> Iterator[Check]:
    leaf = case.leaf
    issuer = issuer_of(leaf).common
    known = policy_of(identifiers_of(leaf), case.policies)
    if is_self_issued(leaf):
        yield _check("SELF_SIGNED", REFUSE)
    elif known or is_under(case.path, case.authorities):
        yield _check("ISSUER_OK", OK, issuer=issuer)
    else:
        yield _check("UNTRUSTED", WARN, issuer=issuer)


def _policy(case: Case) -> Iterator[Check]:
    identifiers = identifiers_of(case.leaf)
    found = policy_of(identifiers, case.policies)
    shown = ", ".join(identifiers)
    if not identifiers:
        yield _check("NO_POLICY", WARN)
    elif found is None:
        yield _check("POLICY_UNKNOWN", WARN, identifiers=shown)
    elif found.audience in OTHER_AUDIENCES:
        yield _check(OTHER_AUDIENCES[found.audience], REFUSE)
    elif found.level:
        yield _check("POLICY_OK", OK, name=found.name, stars=found.level, identifiers=shown)
    else:
        yield _check("POLICY_LEVEL_UNKNOWN", WARN, name=found.name, identifiers=shown)


def _usage(case: Case) -> Iterator[Check]:
    code = usage.made_for(case.leaf)
    if code == "OTHER_USAGE":
        yield _check(code, REFUSE, usages=", ".join(usage.names_of(case.leaf)))
    else:
        yield _check(code, {"USAGE_OK": OK, "NO_EKU": WARN}.get(code, REFUSE))


def _key_usage(case: Case) -> Iterator[Check]:
    """The RGS client profile wants a signature or a key agreement, and not both."""
    key_usage = usage.extension(case.leaf, x509.KeyUsage)
    if key_usage is None:
        yield _check("NO_KEY_USAGE", WARN)
    elif key_usage.digital_signature != key_usage.key_agreement:
        yield _check("KEY_USAGE_OK", OK)
    else:
        yield _check("KEY_USAGE_UNUSUAL", WARN)


def _validity(case: Case) -> Iterator[Check]:
    start, end = validity(case.leaf)
    if case.now < start:
        yield _check("NOT_YET_VALID", REFUSE, date=start.date())
    elif case.now > end:
        yield _check("EXPIRED", REFUSE, date=end.date())
    elif end - case.now < SOON:
        yield _check("EXPIRES_SOON", WARN, date=end.date())
    else:
        yield _check("VALID", OK, start=start.date(), date=end.date())
    if end - start > LONGEST:
        yield _check("LONG_VALIDITY", WARN)


def _strength(case: Case) -> Iterator[Check]:
    key = case.leaf.public_key()
    try:
        algorithm = case.leaf.signature_hash_algorithm
    except UnsupportedAlgorithm:
        yield _check("UNKNOWN_SIGNATURE", WARN)
    else:
        if isinstance(algorithm, OBSOLETE_HASHES):
            yield _check("WEAK_SIGNATURE", REFUSE, algorithm=algorithm.name.upper())
    if isinstance(key, rsa.RSAPublicKey):
        yield _rsa(key.key_size)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        weak = key.key_size < SMALLEST_EC
        code, level = ("WEAK", REFUSE) if weak else ("KEY_SIZE_OK", OK)
        yield _size(code, level, "EC", key.key_size)
    else:
        yield _check("OTHER_KEY", WARN)


def _rsa(bits: int) -> Check:
    if bits < SMALLEST_RSA:
        return _size("WEAK", REFUSE, "RSA", bits)
    if bits < ADVISED_RSA:
        return _size("SMALL_KEY", WARN, "RSA", bits)
    return _size("KEY_SIZE_OK", OK, "RSA", bits)


def _size(code: str, level: str, kind: str, bits: int) -> Check:
    return _check(code, level, kind=kind, bits=bits)


def _chain(case: Case) -> Iterator[Check]:
    chain = case.bundle.chain
    if is_self_issued(case.leaf):
        return
    if not chain:
        yield _check("NO_CHAIN", WARN, issuer=issuer_of(case.leaf).common)
        return
    names = " → ".join(common_name(one) for one in chain)
    past = [one for one in chain if validity(one)[1] < case.now]
    if past:
        yield _check("CHAIN_EXPIRED", WARN, issuer=common_name(past[0]))
    else:
        yield _check("CHAIN_OK", OK, names=names)


def _key(case: Case) -> Iterator[Check]:
    if case.bundle.private_key is None:
        yield _check("KEY_MISSING", REFUSE)
    elif not case.bundle.has_its_key:
        yield _check("KEY_MISMATCH", REFUSE)
    else:
        yield _check("KEY_OK", OK)


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
