"""The last resort: Python, for what no profile says of a contract.

A body that is signed, a token that is fetched first. An addon of its own brings an adapter,
and a profile names it (``"adapter": "name"``): see docs/en/contract-profile.md. Whatever an
adapter does, a file leaves at most once: it never makes the file's own call.
"""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from ..transport import Channel, Failure, Reply, ended_by
from .errors import ProfileError

_logger = logging.getLogger(__name__)

# Keys of transport.MESSAGES.
REFUSED, FAILED, UNANSWERED = "ADAPTER", "ADAPTER_FAILED", "ADAPTER_UNANSWERED"
UNREADABLE = "UNREADABLE"
_brought: dict[str, type["Adapter"]] = {}


@dataclass(frozen=True)
class Request:
    """A call that is about to leave, as the profile describes it."""

    method: str
    url: str
    headers: dict[str, str] = field(repr=False)
    body: bytes | None = field(repr=False)

    def with_headers(self, **headers: str) -> "Request":
        """With others beside; ``_`` of a name is ``-`` on the wire."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **named})


@dataclass(frozen=True)
class Way:
    """What an adapter has at hand: the account's own connection, its certificate, who calls."""

    channel: Channel = field(repr=False)
    url: str  # the address of the environment, which ends with /
    declarant: Any  # a client.Declarant: number, email
    _others: dict[str, Channel] = field(default_factory=dict, repr=False)

    def call(self, method: str, url: str, headers: dict | None = None, body=None) -> Reply:
        """Another call than the file's, with the same certificate, limits and proxy.

        Raises Failure when there is no answer to read.
        """
        return self._channel(url).call(method, url, headers or {}, body)

    def _channel(self, url: str) -> Channel:
        host = urlsplit(url).netloc
        if host == urlsplit(self.url).netloc:
            return self.channel
        own = self.channel  # one that keeps its connections to that host
        return self._others.setdefault(host, Channel(own.context, own.limits, own.proxy))

    @property
    def certificate(self) -> bytes:
        """Ours and its chain, PEM. Raises Failure when the call has none."""
        return self._signer.certificate

    def sign(self, content: bytes, algorithm: str = "sha256") -> bytes:
        """The signature of ``content`` by the certificate's key, which is not given.

        RSA with PKCS#1 v1.5, or ECDSA, DER; ``algorithm``: sha256, sha384 or sha512. Raises
        Failure when the call has no certificate.
        """
        return self._signer.sign(content, algorithm)

    @property
    def _signer(self):
        signer = self.channel.context.signer
        if signer is None:
            raise Failure("CLIENT_CERTIFICATE_MISSING", processed=False)
        return signer

    def close(self) -> None:
        for channel in self._others.values():
            channel.close()


class Adapter:
    """One is made for each connected account, and called by its threads at the same time."""

    def prepare(self, request: Request, way: Way) -> Request:
        """The call as it leaves. What the database keeps of it is what the profile wrote.

        Nothing has left yet: whatever is raised here, the upload is tried again later.
        """
        return request

    def read(self, reply: Reply) -> Reply:
        """The answer, as the profile describes it.

        The file has left: whatever is raised here, the registry is asked what became of it.
        """
        return reply


def adapter(name: str) -> Callable[[type[Adapter]], type[Adapter]]:
    """Bring the decorated class under the name by which profiles ask for it."""

    def bring(made: type[Adapter]) -> type[Adapter]:
        _brought[name] = made
        return made

    return bring


def refuse(sentence: str) -> Failure:
    """What ``prepare`` raises to say why nothing is sent, and what to do, in French."""
    return Failure(REFUSED, processed=False, params=(("detail", sentence),))


def fault_of(profile) -> Iterator[str]:
    """That the adapter of a profile is not on this server."""
    if profile.adapter and profile.adapter not in _brought:
        yield f"adapter: {profile.adapter} is not on this server: install the addon that brings it"


def adapted(profile, channel: Channel, url: str, declarant) -> "Channel | AdaptedChannel":
    """``channel``, by the adapter of ``profile`` if it names one. Raises ProfileError."""
    for fault in fault_of(profile):
        raise ProfileError(fault)
    if not profile.adapter:
        return channel
    return AdaptedChannel(
        profile.adapter, _brought[profile.adapter](), Way(channel, url, declarant)
    )


class AdaptedChannel:
    """A channel all of whose calls go by an adapter."""

    def __init__(self, name: str, made: Adapter, way: Way):
        self.name = name
        self.adapter = made
        self.way = way
        own = way.channel
        self.limits, self.context, self.proxy = own.limits, own.context, own.proxy

    def close(self) -> None:
        self.way.close()
        self.way.channel.close()

    def call(self, method: str, url: str, headers: dict, body: bytes | None) -> Reply:
        """Make one call, what the adapter does included in its time. Raises Failure."""
        with ended_by(time.monotonic() + self.limits.total_timeout):
            request = self._prepared(Request(method, url, dict(headers), body))
            reply = self.way.channel.call(
                request.method, request.url, request.headers, request.body
            )
            return self._read(reply)

    def _prepared(self, request: Request) -> Request:
        try:
            return self.adapter.prepare(request, self.way)
        except Failure as failed:
            if failed.processed is False:
                raise
            # Nobody knows what became of what was asked first; of the file, nothing has left.
            raise replace(failed, code=UNANSWERED, params=(), processed=False) from None
        except Exception:
            _logger.exception("The adapter %s failed before a call", self.name)
            params = (("name", self.name),)
            raise Failure(FAILED, processed=False, params=params) from None

    def _read(self, reply: Reply) -> Reply:
        try:
            return self.adapter.read(reply)
        except Exception:
            _logger.exception("The adapter %s failed on an answer", self.name)
            raise Failure(UNREADABLE, processed=None, status=reply.status) from None
