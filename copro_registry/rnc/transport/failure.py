"""Why a call brought no readable answer, and whether it may be sent again."""

import errno
import http.client
import re
import socket
import ssl
from dataclasses import dataclass

import urllib3

# urllib3 1.26, which Odoo 19 allows, has no name of its own for it.
UNKNOWN_NAME = (
    socket.gaierror,
    getattr(urllib3.exceptions, "NameResolutionError", socket.gaierror),
)
# An address that names no server, such as https://a..b/: nothing has left.
NO_ADDRESS = (
    urllib3.exceptions.LocationValueError,
    http.client.InvalidURL,
)
LATE = (TimeoutError, urllib3.exceptions.TimeoutError, urllib3.exceptions.EmptyPoolError)
LONGEST_WAIT = 24 * 3600
RETRY = urllib3.Retry()
RETRY.retry_after_max = LONGEST_WAIT  # urllib3 1.26 knows no bound, the newest one six hours
# OpenSSL's names of the alerts that a server sends about our certificate. Under
# TLS 1.3 they arrive after our request has left, yet nothing of it was read.
ALERTS = {
    "CERTIFICATE_REQUIRED": "CLIENT_CERTIFICATE_MISSING",
    "UNKNOWN_CA": "CLIENT_CERTIFICATE_UNKNOWN_AUTHORITY",
    "CERTIFICATE_EXPIRED": "CLIENT_CERTIFICATE_EXPIRED",
    "CERTIFICATE_REVOKED": "CLIENT_CERTIFICATE_REVOKED",
    "BAD_CERTIFICATE": "CLIENT_CERTIFICATE_REFUSED",
    "UNSUPPORTED_CERTIFICATE": "CLIENT_CERTIFICATE_REFUSED",
    "CERTIFICATE_UNKNOWN": "CLIENT_CERTIFICATE_REFUSED",
    "ACCESS_DENIED": "CLIENT_CERTIFICATE_REFUSED",
    "HANDSHAKE_FAILURE": "TLS_HANDSHAKE",
    "PROTOCOL_VERSION": "TLS_VERSION",
    "UNSUPPORTED_PROTOCOL": "TLS_VERSION",
    "WRONG_VERSION_NUMBER": "NOT_TLS",
}
# X509_V_ERR_* of OpenSSL, about the server's certificate.
VERIFICATION = {
    9: "SERVER_CERTIFICATE_EXPIRED",
    10: "SERVER_CERTIFICATE_EXPIRED",
    62: "SERVER_CERTIFICATE_OTHER_NAME",
    64: "SERVER_CERTIFICATE_OTHER_NAME",
}


@dataclass
class Failure(Exception):
    """No readable answer.

    ``code`` is a key of ``messages.MESSAGES``. ``processed`` is False when it is
    certain that the registry has read nothing (the call may be made again), None
    when nobody knows (the registry must be asked). ``retry_after`` is in seconds.
    """

    code: str
    processed: bool | None
    params: tuple[tuple[str, str], ...] = ()
    retry_after: int | None = None
    status: int | None = None
    milliseconds: int = 0

    def __str__(self) -> str:
        return self.code


def from_exception(error: Exception, *, sent: bool = False, fresh: bool = True) -> Failure:
    """Read an exception of urllib3, http.client, ssl or socket.

    ``sent``: a byte of the request may have left; ``fresh``: no byte of an answer has come
    by this connection. Once something has left, one thing alone proves that it was not
    read: the alert about our certificate, by which TLS 1.3 ends a handshake.
    """
    causes = list(_causes(error))
    alerts = [_from_ssl(cause) for cause in causes if isinstance(cause, ssl.SSLError)]
    if sent:
        about_us = bool(alerts) and alerts[0].startswith("CLIENT_CERTIFICATE")
        if about_us and fresh:
            return Failure(alerts[0], processed=False)
        return Failure("NO_ANSWER" if _is_late(causes) else "CUT", processed=None)
    return Failure(alerts[0] if alerts else _on_the_way(causes), processed=False)


def _is_late(causes) -> bool:
    return any(isinstance(one, LATE) for one in causes)


def _on_the_way(causes) -> str:
    """The code of what failed before anything has left."""
    if isinstance(causes[0], NO_ADDRESS):
        return "NAME_UNKNOWN"
    for cause in causes:
        if isinstance(cause, UNKNOWN_NAME):
            return "NAME_UNKNOWN"
        if isinstance(cause, ConnectionRefusedError):
            return "CONNECTION_REFUSED"
        if isinstance(cause, OSError) and cause.errno in _UNREACHABLE:
            return "UNREACHABLE"
    return "CONNECT_TIMEOUT" if _is_late(causes) else "TLS_HANDSHAKE"


_UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL}


def _causes(error: BaseException | None, depth: int = 0):
    """The exception, its causes, and the exceptions that libraries wrap in args."""
    if error is None or depth > 12:
        return
    yield error
    inner = [getattr(error, "reason", None), error.__cause__ or error.__context__]
    inner += [arg for arg in error.args if isinstance(arg, BaseException)]
    for one in inner:
        if isinstance(one, BaseException) and one is not error:
            yield from _causes(one, depth + 1)


def _from_ssl(error: ssl.SSLError) -> str:
    """The code of what failed in a handshake."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return VERIFICATION.get(error.verify_code, "SERVER_CERTIFICATE_UNTRUSTED")
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return "TLS_HANDSHAKE"
    reason = re.sub(r"^.*ALERT_", "", error.reason or "")
    return ALERTS.get(reason, "TLS_FAILURE")


def from_status(status: int, headers) -> Failure | None:
    """What a status alone says; None when the body must be read."""
    if status in (429, 503):
        code = "TOO_MANY_CALLS" if status == 429 else "UNAVAILABLE"
        wait = _retry_after(headers.get("Retry-After", ""))
        return Failure(code, processed=False, retry_after=wait, status=status)
    if 300 <= status < 400:  # "done, look there" is written so too
        return Failure("REDIRECTED", processed=None, status=status)
    if status >= 500:
        return Failure("SERVER_ERROR", processed=None, status=status)
    return None


def is_number(text: str) -> bool:
    """Digits, as a header writes them: "²" is one for Python, and no number."""
    return text.isascii() and text.isdigit()


def _retry_after(text: str) -> int | None:
    """Seconds to wait, from a number or a date (RFC 9110, 10.2.3); None of anything else."""
    try:
        seconds = RETRY.parse_retry_after(text)
    except (urllib3.exceptions.InvalidHeader, OverflowError, ValueError):
        return None
    return min(int(seconds), LONGEST_WAIT)
