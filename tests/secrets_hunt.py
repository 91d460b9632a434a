"""Looking for a private key or a passphrase, in whatever form it may have leaked."""

import base64
import json
import re
from collections.abc import Iterator

from cryptography.hazmat.primitives import serialization

RUN = 15  # bytes: far too many for chance, few enough to survive a cut
LINE_ENDS = re.compile(rb"(?:\\+r|\\+n|\r|\n|\\012|=0A)")


class Hunt:
    """Forms of secrets to look for: {what it is: bytes}."""

    def __init__(self):
        self.needles: dict[str, bytes] = {}

    def add_key(self, name: str, pem: bytes) -> None:
        """Runs of each secret number of an RSA key; its modulus is public."""
        numbers = serialization.load_pem_private_key(pem, None).private_numbers()
        for letter in ("d", "p", "q", "dmp1", "dmq1", "iqmp"):
            number = getattr(numbers, letter)
            raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
            self.needles[f"{name}.{letter}, decimal"] = str(number).encode()[20:60]
            for place in (len(raw) // 4, len(raw) // 2, len(raw) - RUN - 8):
                self._add(f"{name}.{letter}@{place}", raw[place : place + RUN])

    def add_text(self, name: str, secret: str) -> None:
        self._add(name, secret.encode())
        self.needles[f"{name}, in JSON"] = json.dumps(secret)[1:-1].encode()
        self.needles[f"{name}, escaped"] = secret.encode("unicode_escape")

    def _add(self, name: str, run: bytes) -> None:
        for form, found in _forms(run):
            self.needles[f"{name}, {form}"] = found
            # A dump shows binary columns in hexadecimal, whatever text they hold.
            self.needles[f"{name}, {form} in a binary column"] = found.hex().encode()

    def found_in(self, content: bytes) -> list[str]:
        """What was found: names of needles."""
        joined = LINE_ENDS.sub(b"", content)
        return [
            name for name, needle in self.needles.items() if needle in content or needle in joined
        ]


def _forms(run: bytes) -> Iterator[tuple[str, bytes]]:
    yield "raw", run
    yield "hexadecimal", run.hex().encode()
    yield "HEXADECIMAL", run.hex().upper().encode()
    yield "colons", run.hex(":").encode()
    for shift in range(3):
        yield f"base64+{shift}", _inside_base64(run, shift)
        yield f"base64 of base64+{shift}", _inside_base64(_inside_base64(run, shift), 1)


def _inside_base64(run: bytes, shift: int) -> bytes:
    """What is sure to be seen of ``run`` within a longer text in base64."""
    encoded = base64.b64encode(b"\0" * shift + run)
    return encoded[4 if shift else 0 : len(encoded) - 4]
