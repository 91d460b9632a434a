"""A few kept-alive connections to one address, with bounds on everything."""

import http.client
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import urllib3
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool

from ..contract.profile import Limits
from . import failure
from .failure import Failure
from .timing import called, current, is_over, seconds_left
from .tls import NamedContext
from .way import Proxy, opened

CHUNK = 64 * 1024
# A server may close an idle connection while we write on it; whether it read the
# request is then unknown. Idle connections are left before they can be.
LONGEST_IDLE = 4.0
ERRORS = (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError)


@dataclass(frozen=True)
class Reply:
    """A complete answer. ``body`` is raw bytes, bounded by the limits."""

    status: int
    content_type: str
    body: bytes = field(repr=False)
    milliseconds: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)  # names in lower case


class _Connection(HTTPSConnection):
    """Connects within the time, and by the proxy, of the call that its thread is making."""

    def _new_conn(self):
        return opened(self._dns_host, self.port, current.proxy)


class _Pool(HTTPSConnectionPool):
    ConnectionCls = _Connection


class Channel:
    """Calls to one HTTPS address. May be used by as many threads as connections.

    No proxy but ``proxy``, no .netrc and no authorities by surprise: urllib3 alone reads
    nothing of the environment.
    """

    def __init__(self, context: NamedContext, limits: Limits, proxy: Proxy | None = None):
        self.limits = limits
        self.context = context
        self.proxy = proxy
        self._pools = urllib3.PoolManager(
            num_pools=1,
            maxsize=limits.connections,
            block=True,
            retries=False,
            ssl_context=context,
            cert_reqs="CERT_REQUIRED",
        )
        # Nothing ever leaves in clear.
        self._pools.pool_classes_by_scheme = {"https": _Pool}
        self._last_use = time.monotonic()

    def close(self) -> None:
        self._pools.clear()

    def call(
        self,
        method: str,
        url: str,
        headers: dict,
        body: bytes | None,
        read: Collection[int] = (),
    ) -> Reply:
        """Make one call. Raises Failure when there is no answer to read.

        ``read``: statuses to which the contract gives a meaning, beside those that have one.
        """
        started = time.monotonic()
        with called(self.limits, self.proxy) as this:
            try:
                return self._call(method, url, headers, body, started, read)
            except Failure as failed:
                failed.milliseconds = _since(started)
                raise
            except ERRORS as error:
                failed = failure.from_exception(error, sent=this.sent, fresh=this.fresh)
                failed.milliseconds = _since(started)
                # The library's text may quote the request: it goes no further.
                raise failed from None

    def _call(self, method, url, headers, body, started: float, read) -> Reply:
        if not url.startswith("https://"):
            raise Failure("NOT_TLS", processed=False)
        if is_over():
            raise Failure("NOT_IN_TIME", processed=False)
        self._leave_idle_connections()
        self.context.host = urlsplit(url).hostname
        response = self._pools.urlopen(
            method,
            url,
            headers={"Accept-Encoding": "identity", **headers},
            body=body,
            redirect=False,
            preload_content=False,
            decode_content=False,
            pool_timeout=seconds_left(),
        )
        try:
            failed = failure.from_status(response.status, response.headers)
            if failed and response.status not in read:
                raise failed
            content = self._read(response)
        except BaseException:
            response.close()
            raise
        finally:  # closed or not: else no other call would ever have its place
            response.release_conn()
        self._last_use = time.monotonic()
        kind = response.headers.get("Content-Type", "")
        said = {name.lower(): text for name, text in response.headers.items()}
        return Reply(response.status, kind, content, _since(started), said)

    def _read(self, response) -> bytes:
        """The body as it travelled: nothing is decompressed, so nothing swells."""
        content = bytearray()
        while chunk := response.read(CHUNK, decode_content=False):
            content += chunk
            if len(content) > self.limits.answer_bytes:
                raise Failure("TOO_LARGE", processed=None, status=response.status)
        expected = response.headers.get("Content-Length", "")
        # As texts: so many digits make no number that Python would read.
        if failure.is_number(expected) and expected.lstrip("0") != str(len(content) or ""):
            raise Failure("CUT", processed=None, status=response.status)
        return bytes(content)

    def _leave_idle_connections(self) -> None:
        if time.monotonic() - self._last_use > LONGEST_IDLE:
            self._pools.clear()
            self._last_use = time.monotonic()


def _since(started: float) -> int:
    return int((time.monotonic() - started) * 1000)
