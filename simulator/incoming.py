"""What comes over HTTP, before the contract is asked what it means."""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from werkzeug.wrappers import Request

from .documents import malformed

PEER = "copro.peer_certificate"
LARGEST_BODY = 20_000_000


@dataclass(frozen=True)
class Incoming:
    """One call; ``path`` is as it travels, percent-encoded, below the base path."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    too_large: bool
    peer: bytes | None = field(repr=False, default=None)

    @classmethod
    def of(cls, environ: dict, base_path: str) -> "Incoming | None":
        """None when the address is not below the base path."""
        request = Request(environ)
        path, _mark, query = environ["REQUEST_URI"].partition("?")
        if "://" in path:  # an absolute form is the same address
            path = "/" + path.split("/", 3)[3]
        if not path.startswith(base_path):
            return None
        too_large = (request.content_length or 0) > LARGEST_BODY
        body = b"" if too_large else request.get_data()
        headers = {name.lower(): _utf8(value) for name, value in request.headers.items()}
        path = path[len(base_path) :]
        peer = environ.get(PEER)
        return cls(request.method, path, query, headers, body, too_large, peer)

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")

    def arguments(self) -> dict[str, str]:
        """The query. Raises Refused: a name that comes twice says nothing."""
        pairs = parse_qsl(self.query, keep_blank_values=True)
        if len(dict(pairs)) != len(pairs):
            raise malformed("a parameter comes twice")
        return dict(pairs)


def _utf8(value: str) -> str:
    """The text of a header: what is not ASCII is believed to be UTF-8."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value
