"""The path from a certificate up to its root: of several, the one that is valid now."""

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509

from .library import validity, was_issued_by
from .names import is_self_issued, issuer_of, subject_of

LONGEST_PATH = 8
MOST_CANDIDATES = 24  # of one name: providers have two or three

Path = tuple[x509.Certificate, ...]


def path_of(
    leaf: x509.Certificate, certificates: Sequence[x509.Certificate], now: datetime
) -> Path:
    """The issuers of ``leaf``, the nearest first; what is no part of the path is left out.

    Two certificates of one authority (renewed, or signed by two roots) make two paths. The
    best is valid now from end to end, then leads to a root, then lasts longest.
    """
    named: dict[bytes, list[x509.Certificate]] = {}
    for one in sorted(certificates, key=lambda c: validity(c)[1], reverse=True):
        same = named.setdefault(subject_of(one).whole, [])
        if len(same) < MOST_CANDIDATES and one not in same:
            same.append(one)
    issuers = {}

    def issuers_of(certificate) -> list[x509.Certificate]:
        if certificate not in issuers:
            candidates = named.get(issuer_of(certificate).whole, [])
            issuers[certificate] = [c for c in candidates if was_issued_by(certificate, c)]
        return issuers[certificate]

    return _best(leaf, issuers_of, now)


def _best(leaf, issuers_of, now) -> Path:
    """The best path of each certificate with one step more, so many times.

    The time is in proportion to the number of issues, not of paths.
    """
    reached, front = [leaf], [leaf]
    for _step in range(LONGEST_PATH):
        met = dict.fromkeys(i for one in front if not is_self_issued(one) for i in issuers_of(one))
        front = [one for one in met if one not in reached]
        reached += front
    paths: dict[x509.Certificate, Path] = dict.fromkeys(reached, ())
    for _step in range(LONGEST_PATH):
        paths = {one: _longer(one, paths, issuers_of, now) for one in reached}
    return paths[leaf]


def _longer(one, paths, issuers_of, now) -> Path:
    if is_self_issued(one):
        return ()
    ways = [
        (issuer, *paths[issuer])
        for issuer in issuers_of(one)
        if issuer in paths and one not in paths[issuer] and issuer != one
    ]
    return max(ways, key=lambda way: _worth(way, now), default=())


def _worth(way: Path, now: datetime) -> tuple:
    periods = [validity(one) for one in way]
    valid = all(start <= now <= end for start, end in periods)
    return valid, is_self_issued(way[-1]), min(end for _start, end in periods), -len(way)
