"""The last resort: Python, for what no profile says of a contract.

A body that is signed, a token that is fetched first. An addon of its own registers a class under
the name that the manifest gives as ``adapter``: see docs/en/adapter.md. Whatever an adapter does,
a file leaves at most once: it never makes the file's own call.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from .errors import ProfileError

_logger = logging.getLogger(__name__)

# Keys of transport.MESSAGES.
REFUSED, FAILED, UNANSWERED = "ADAPTER", "NOT_ADAPTED", "ADAPTER_UNANSWERED"
UNREADABLE, NO_CERTIFICATE = "UNREADABLE", "CLIENT_CERTIFICATE_MISSING"
ADAPTERS: dict[str, type["Adapter"]] = {}


@dataclass(frozen=True)
class Request:
    """What is about to leave. ``body`` is None where there is none."""

    service: str
    method: str
    url: str
    headers: dict[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)

    def with_headers(self, **headers: str) -> "Request":
        """With others beside; ``_`` of a name is ``-`` on the wire."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **named})


@dataclass(frozen=True)
class Way:
    """What an adapter has at hand: the account's own connection, its certificate, who calls."""

    channel: Any = field(repr=False)  # a transport.Channel
    url: str  # the address of the environment, which ends with /
    declarant: Any  # its number and its email
    _others: dict[str, Any] = field(default_factory=dict, repr=False)

    def call(self, method: str, url: str, headers: dict | None = None, body=None) -> Any:
        """Another call than the file's, with the same certificate, limits and proxy.

        Returns a transport.Reply; raises transport.Failure when there is none to read.
        """
        return self._channel(url).call(method, url, headers or {}, body)

    def __call__(self, request: Request) -> Any:
        """The same, of a whole request."""
        return self.call(request.method, request.url, request.headers, request.body)

    def _channel(self, url: str) -> Any:
        host, own = urlsplit(url).netloc, self.channel
        if host == urlsplit(self.url).netloc:
            return own
        # One that keeps its connections to that host.
        return self._others.setdefault(host, type(own)(own.context, own.limits, own.proxy))

    @property
    def certificate(self) -> bytes:
        """Ours and its chain, PEM. Raises transport.Failure when the call has none."""
        return self._signer.certificate

    def sign(self, content: bytes, algorithm: str = "sha256") -> bytes:
        """The signature of ``content`` by the certificate's key, which is not given.

        RSA with PKCS#1 v1.5, or ECDSA, DER; ``algorithm``: sha256, sha384 or sha512. Raises
        transport.Failure when the call has no certificate.
        """
        return self._signer.sign(content, algorithm)

    @property
    def _signer(self) -> Any:
        signer = self.channel.context.signer
        if signer is None:
            raise _failure(NO_CERTIFICATE)
        return signer


class Adapter:
    """Stands between the profile and the wire; this one changes nothing.

    It is made once for a client, and used by several threads at the same time.
    """

    def __init__(self, profile: Any):
        self.profile = profile

    def outgoing(self, request: Request, way: Way) -> Request:
        """The request that leaves in place of ``request``.

        Nothing has left yet: whatever is raised here, the upload is tried again later. What the
        database keeps of it is what the profile wrote.
        """
        return request

    def incoming(self, reply: Any) -> Any:
        """The reply (a transport.Reply) as the profile describes it: deciphered, for instance.

        The file has left: whatever is raised here, the registry is asked what became of it.
        """
        return reply


def register(name: str) -> Callable[[type[Adapter]], type[Adapter]]:
    """A decorator: what a manifest calls ``name``."""

    def registered(made: type[Adapter]) -> type[Adapter]:
        ADAPTERS[name] = made
        return made

    return registered


def refuse(sentence: str) -> Exception:
    """What ``outgoing`` raises to say, in French, why nothing is sent and what to do.

    ``sentence`` goes on after « Rien n'a été envoyé : », and ends with a full stop.
    """
    return _failure(REFUSED, detail=sentence)


def fault_of(profile: Any) -> Iterator[str]:
    """That the adapter of a profile is not on this server."""
    if profile.adapter and profile.adapter not in ADAPTERS:
        yield f"manifest.json: adapter: no installed addon brings {profile.adapter}"


def adapter_for(profile: Any) -> Adapter:
    """The adapter of a profile. Raises ProfileError when its addon is not installed."""
    for fault in fault_of(profile):
        raise ProfileError(fault)
    return ADAPTERS[profile.adapter](profile) if profile.adapter else Adapter(profile)


def prepared(adapter: Adapter, request: Request, way: Way) -> Request:
    """What leaves. Raises transport.Failure, by which nothing of ``request`` has left."""
    from ..transport import Failure

    try:
        return adapter.outgoing(request, way)
    except Failure as failed:
        if failed.processed is False:
            raise
        # Nobody knows what became of what was asked first; of the file, nothing has left.
        raise replace(failed, code=UNANSWERED, params=(), processed=False) from None
    except Exception:
        _logger.exception("The adapter %s failed before a call", adapter.profile.adapter)
        raise _failure(FAILED) from None


def received(adapter: Adapter, reply: Any) -> Any:
    """The reply that is read. Raises transport.Failure, by which nobody knows what it said."""
    from ..transport import Failure

    try:
        return adapter.incoming(reply)
    except Exception:
        _logger.exception("The adapter %s failed on an answer", adapter.profile.adapter)
        raise Failure(UNREADABLE, processed=None, status=reply.status) from None


def _failure(code: str, **params: str) -> Exception:
    from ..transport import Failure  # which knows the profile's limits, from this package

    return Failure(code, processed=False, params=tuple(params.items()))
