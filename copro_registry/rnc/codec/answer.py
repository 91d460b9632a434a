"""What the registry answered, whatever the wire format."""

from dataclasses import dataclass, field
from typing import Any

BY_DOCUMENT, BY_STATUS, BY_FAULT = "document", "status", "fault"


class Unreadable(ValueError):
    """The answer is not a document of the contract.

    The message names the place, never the content: an answer from outside is
    hostile until proven otherwise.
    """


class Invalid(ValueError):
    """The encoded dossier breaks the profile's schema: a rule is missing."""


@dataclass(frozen=True)
class Refusal:
    """One reason of a refusal, in the registry's terms."""

    code: str
    item: str | None = None
    value: str | None = None
    detail: str | None = None


@dataclass(frozen=True)
class Answer:
    """A well-formed answer.

    ``status`` is ``received`` (examined later), ``accepted`` (done) or
    ``rejected``.
    """

    status: str
    reference: str | None = None
    registration_number: str | None = None
    date: str | None = None
    refusals: tuple[Refusal, ...] = ()
    attestation: bytes | None = field(default=None, repr=False)
    dossier: dict[str, Any] | None = field(default=None, repr=False)
    registry_reference: str | None = None  # the registry's own
    members: tuple[str, ...] = ()  # LIST: the registration numbers of a page
    next: str | None = None  # LIST: the cursor or the address of the next page
    told_by: str = BY_DOCUMENT  # what told the outcome
