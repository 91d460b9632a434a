"""The last resort: what no profile says, in Python, brought by an addon of its own.

An addon registers a class under the name that the manifest gives as ``adapter``:

```python
from odoo.addons.copro_registry.rnc.contract import adapter

@adapter.register("signed-body")
class SignedBody(adapter.Adapter):
    def outgoing(self, request, call):
        signature = base64.b64encode(sign(request.body))
        return replace(request, headers={**request.headers, "X-Signature": signature.decode()})
```
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .errors import ProfileError

ADAPTERS: dict[str, type["Adapter"]] = {}


@dataclass(frozen=True)
class Request:
    """What is about to leave. ``body`` is None where there is none."""

    service: str
    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None = field(default=None, repr=False)


class Adapter:
    """Stands between the profile and the wire; this one changes nothing.

    It is made once for a client and used by several threads. ``call`` makes another call to the
    registry first, a token's for instance: it takes a Request and returns a
    ``transport.Reply``, or raises ``transport.Failure``, which is the outcome of the whole. What
    an adapter raises before anything has left keeps the upload queued; nothing of it is shown.
    """

    def __init__(self, profile: Any):
        self.profile = profile

    def outgoing(self, request: Request, call: Callable[[Request], Any]) -> Request:
        """The request that leaves in place of ``request``. A repeated one must stay the same."""
        return request

    def incoming(self, reply: Any) -> Any:
        """The reply that is read in place of ``reply``: its body deciphered, for instance."""
        return reply


def register(name: str) -> Callable[[type[Adapter]], type[Adapter]]:
    """A decorator: what a manifest calls ``name``."""

    def registered(made: type[Adapter]) -> type[Adapter]:
        ADAPTERS[name] = made
        return made

    return registered


def adapter_for(profile: Any) -> Adapter:
    """The adapter of a profile. Raises ProfileError when its addon is not installed."""
    if not profile.adapter:
        return Adapter(profile)
    if profile.adapter not in ADAPTERS:
        raise ProfileError(f"manifest.json: adapter: no installed addon brings {profile.adapter}")
    return ADAPTERS[profile.adapter](profile)
