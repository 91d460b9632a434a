"""What a rule says of a dossier."""

from dataclasses import dataclass

BLOCKING = "blocking"
WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One thing missing, wrong or surprising.

    ``code`` is a key of ``messages.MESSAGES``; ``item`` is a code of the catalogue;
    ``params`` are (name, value) pairs of the sentence; ``law`` is the reference.
    """

    code: str
    item: str
    severity: str = BLOCKING
    params: tuple[tuple[str, str], ...] = ()
    law: str = ""
    member: int | None = None  # rank in a list, from 1


def blocking(code: str, item: str, law: str = "", **params: object) -> Finding:
    return Finding(code, item, BLOCKING, _texts(params), law)


def warning(code: str, item: str, law: str = "", **params: object) -> Finding:
    return Finding(code, item, WARNING, _texts(params), law)


def _texts(params: dict[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for name, value in params.items())
