"""What travelled, without what must not be shown."""

import re
from dataclasses import dataclass, field

from rnc.transport import Channel, Failure, Reply

LARGEST = 20_000  # characters of a body in the report
SECRET_NAMES = re.compile(r"auth|token|secret|cookie|password|api-?key|signature", re.I)
# Members and elements of an answer that hold a secret, such as a token's.
SECRETS = re.compile(
    r"""("?\b[\w:-]*(?:token|secret|password|assertion)[\w:-]*"?\s*[:=>]\s*)("[^"]*"|[^\s<&,}]+)""",
    re.I,
)
BASE64 = re.compile(r"[A-Za-z0-9+/]{200,}={0,2}")


@dataclass(frozen=True)
class Exchange:
    """One call; ``failed`` is the code of a failure, where there is no reply."""

    method: str
    url: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    reply: Reply | None = field(default=None, repr=False)
    failed: str = ""


class Recorded(Channel):
    """A channel that remembers what it carried."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.exchanges: list[Exchange] = []

    def call(self, method, url, headers, body, read=()):
        told = (method, url, dict(headers), body or b"")
        try:
            reply = super().call(method, url, headers, body, read)
        except Failure as failed:
            self.exchanges.append(Exchange(*told, failed=failed.code))
            raise
        self.exchanges.append(Exchange(*told, reply=reply))
        return reply


class Redactor:
    """Takes out of a text who calls, and what is secret."""

    def __init__(self, number: str, email: str):
        ours = {email: "[e-mail]", number: "[numéro]"}
        ours |= {one.replace("@", "%40"): told for one, told in ours.items()}
        self.ours = {one: told for one, told in ours.items() if one}

    def text(self, text: str) -> str:
        for ours, told in self.ours.items():
            text = re.sub(re.escape(ours), told, text, flags=re.I)
        return SECRETS.sub(r"\1[secret]", text)

    def headers(self, headers: dict[str, str]) -> dict[str, str]:
        return {
            name: "[secret]" if SECRET_NAMES.search(name) else self.text(value)
            for name, value in headers.items()
        }

    def body(self, body: bytes) -> str:
        """As a text; files as their size."""
        if b"%PDF" in body[:1024] and b"\n--" not in body:
            return f"[{len(body)} octets]"
        text = body.decode("utf-8", "replace")
        text = re.sub(r"%PDF.*?(?=\r?\n--|\Z)", "[PDF]", text, flags=re.S)
        text = BASE64.sub(lambda found: f"[{len(found[0])} caractères en Base64]", text)
        text = "".join(c if c.isprintable() or c in "\n\t" else "·" for c in text.replace("\r", ""))
        return self.text(text[:LARGEST] + ("\n[…]" if len(text) > LARGEST else ""))
