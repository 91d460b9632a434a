"""A few kept-alive connections to one address, with bounds on everything."""

import http.client
import math
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from ..contract.profile import Limits
from . import failure
from .failure import Failure
from .pace import Pace
from .tls import NamedContext, ended_by

CHUNK = 64 * 1024
# A server may close an idle connection while we write on it; whether it read the
# request is then unknown. Idle connections are left before they can be.
LONGEST_IDLE = 4.0
ERRORS = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
)


@dataclass(frozen=True)
class Reply:
    """A complete answer. ``body`` is raw bytes, bounded by the limits."""

    status: int
    content_type: str
    body: bytes = field(repr=False)
    milliseconds: int


class _Adapter(HTTPAdapter):
    """Gives the context and the time limits to urllib3; never retries a call."""

    def __init__(self, context: NamedContext, limits: Limits):
        self._context = context
        self._timeout = (limits.connect_timeout, limits.read_timeout)
        retries = Retry(0, read=False, redirect=False)
        super().__init__(
            pool_connections=1,
            pool_maxsize=limits.connections,
            max_retries=retries,
            pool_block=True,
        )

    def send(self, request, **options):
        self._context.host = urlsplit(request.url).hostname
        return super().send(request, **{**options, "timeout": self._timeout})

    def init_poolmanager(self, *args, **kwargs):
        return super().init_poolmanager(*args, ssl_context=self._context, **kwargs)

    def proxy_manager_for(self, *args, **kwargs):
        return super().proxy_manager_for(*args, ssl_context=self._context, **kwargs)

    def cert_verify(self, conn, url, verify, cert):
        """Leave the context alone: requests would add its own authorities to it."""
        conn.cert_reqs = "CERT_REQUIRED"

    def build_connection_pool_key_attributes(self, request, verify, cert=None):
        # requests 2.32 and newer: the same, one method earlier.
        host_params, _pool_kwargs = super().build_connection_pool_key_attributes(
            request, verify, cert
        )
        return host_params, {"cert_reqs": "CERT_REQUIRED", "ssl_context": self._context}


class Channel:
    """Calls to one HTTPS address. May be used by as many threads as connections."""

    def __init__(self, context: NamedContext, limits: Limits, pace: Pace | None = None):
        self.limits = limits
        self.context = context
        self._pace = pace or Pace(limits.calls_per_minute, burst=limits.connections)
        self._session = self._open()
        self._last_use = time.monotonic()

    def close(self) -> None:
        self._session.close()

    def call(self, method: str, url: str, headers: dict, body: bytes | None) -> Reply:
        """Make one call, in its turn. Raises Failure when there is no answer to read."""
        later = self._pace.wait(most=self.limits.total_timeout)
        if later:
            raise Failure("NOT_IN_TIME", processed=False, retry_after=math.ceil(later))
        started = time.monotonic()
        try:
            with ended_by(started + self.limits.total_timeout):
                return self._call(method, url, headers, body, started)
        except Failure as failed:
            failed.milliseconds = _since(started)
            raise
        except ERRORS as error:
            failed = failure.from_exception(error)
            failed.milliseconds = _since(started)
            # The library's text may quote the request: it goes no further.
            raise failed from None

    def _call(self, method, url, headers, body, started: float) -> Reply:
        if not url.startswith("https://"):
            raise Failure("NOT_TLS", processed=False)
        self._leave_idle_connections()
        with self._session.request(
            method,
            url,
            headers={"Accept-Encoding": "identity", **headers},
            data=body,
            allow_redirects=False,
            stream=True,
        ) as response:
            failed = failure.from_status(response.status_code, response.headers)
            if failed:
                raise failed
            content = self._read(response, started)
        self._last_use = time.monotonic()
        kind = response.headers.get("Content-Type", "")
        return Reply(response.status_code, kind, content, _since(started))

    def _read(self, response: requests.Response, started: float) -> bytes:
        """The body as it travelled: nothing is decompressed, so nothing swells."""
        content = bytearray()
        deadline = started + self.limits.total_timeout
        while chunk := _read_what_came(response.raw):
            content += chunk
            if len(content) > self.limits.answer_bytes:
                raise Failure("TOO_LARGE", processed=None, status=response.status_code)
            if time.monotonic() > deadline:
                raise Failure("TOO_SLOW", processed=None, status=response.status_code)
        expected = response.headers.get("Content-Length", "")
        if failure.is_number(expected) and len(content) != int(expected):
            raise Failure("CUT", processed=None, status=response.status_code)
        return bytes(content)

    def _open(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False  # no proxy, .netrc or authorities by surprise
        session.mount("https://", _Adapter(self.context, self.limits))
        session.mount("http://", _Refuse())
        return session

    def _leave_idle_connections(self) -> None:
        if time.monotonic() - self._last_use > LONGEST_IDLE:
            self._session.get_adapter("https://").close()
            self._last_use = time.monotonic()


class _Refuse(HTTPAdapter):
    """Nothing ever leaves in clear."""

    def send(self, *args, **kwargs):
        raise Failure("NOT_TLS", processed=False)


def _read_what_came(raw) -> bytes:
    """Bytes already there, without waiting for a full chunk from a slow server."""
    if hasattr(raw, "read1"):
        return raw.read1(CHUNK, decode_content=False)
    return raw._fp.read1(CHUNK)  # urllib3 1.26, which Odoo 19 allows


def _since(started: float) -> int:
    return int((time.monotonic() - started) * 1000)
