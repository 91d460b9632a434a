"""Of several identities, the one of an account."""

from collections.abc import Callable, Sequence

from .diagnosis import REFUSE, WARN, Check
from .holders import Bundle
from .identity import identity_of
from .names import common_name

Diagnosed = tuple[Bundle, list[Check]]


def fitting(diagnosed: Sequence[Diagnosed]) -> int | None:
    """Which of them is meant, beyond doubt; None: it is to be asked.

    The only one that may be used. If none may: the only one of the organisation, else
    the only one that came with its key.
    """
    if len(diagnosed) == 1:
        return 0
    usable = _which(diagnosed, lambda _bundle, checks: all(v.level != REFUSE for v in checks))
    if usable:
        return _only(usable)
    ours = _which(diagnosed, _is_of_the_organisation)
    keyed = _which(diagnosed, lambda bundle, _checks: bundle.has_its_key)
    found = [_only(ours), _only([i for i in ours if i in keyed])]
    found += [] if ours else [_only(keyed)]
    return next((index for index in found if index is not None), None)


def others_left(bundles: Sequence[Bundle]) -> list[Check]:
    """What is said of those that were not taken: nothing when there are none."""
    if not bundles:
        return []
    names = ", ".join(_described(bundle) for bundle in bundles)
    return [Check("OTHERS_LEFT", WARN, (("others", names),), "file")]


def _which(diagnosed: Sequence[Diagnosed], test: Callable) -> list[int]:
    return [index for index, one in enumerate(diagnosed) if test(*one)]


def _only(found: list[int]) -> int | None:
    return found[0] if len(found) == 1 else None


def _is_of_the_organisation(_bundle: Bundle, checks: list[Check]) -> bool:
    codes = {check.code for check in checks}
    return "SIREN_OK" in codes and "PERSONAL_CERTIFICATE" not in codes


def _described(bundle: Bundle) -> str:
    name, siren = common_name(bundle.leaf), identity_of(bundle.leaf).siren
    return f"{name} ({siren})" if siren else name
