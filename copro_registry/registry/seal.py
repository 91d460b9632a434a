"""Sealing of secrets at rest, with a key that lives outside the database.

A copied database does not open: the sealing key is in the environment variable
``COPRO_REGISTRY_SEALING_KEY`` (comma-separated, newest first) or in a file of mode
0600, made at first use. The encryption is Fernet's (AES-128-CBC and HMAC-SHA256).
"""

import hashlib
import os
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

VARIABLE = "COPRO_REGISTRY_SEALING_KEY"
FILE = "copro_registry.sealing.key"
DIGEST = 32


class SealBroken(Exception):
    """The secret was sealed with another key, for another use, or was altered."""


class SealingKeyError(Exception):
    """The sealing key cannot be used; ``code`` names the sentence."""

    def __init__(self, code: str, place: str):
        super().__init__(f"{code}: {place}")
        self.code = code
        self.place = place


class Sealer:
    """Seals and opens; the first key seals, all of them open."""

    def __init__(self, keys: list[bytes], place: str = VARIABLE):
        self.place = place
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise SealingKeyError("SEALING_KEY_MALFORMED", place) from None

    @classmethod
    def at(cls, folder: Path, environ: Mapping[str, str] | None = None) -> "Sealer":
        """The sealer of this machine. Raises SealingKeyError.

        ``folder`` receives the key file when the environment holds no key.
        """
        text = (os.environ if environ is None else environ).get(VARIABLE, "")
        if text.strip():
            return cls(_keys(text.replace(",", "\n")))
        path = Path(folder) / FILE
        if not path.exists():
            _create(path, Fernet.generate_key())
        return cls(_read(path), str(path))

    def seal(self, secret: bytes, use: bytes) -> bytes:
        """Seal ``secret`` for one ``use``: it will not open for another."""
        return self._fernet.encrypt(hashlib.sha256(use).digest() + secret)

    def open(self, sealed: bytes, use: bytes) -> bytes:
        """The secret. Raises SealBroken."""
        try:
            opened = self._fernet.decrypt(sealed)
        except (InvalidToken, TypeError):
            raise SealBroken() from None
        if opened[:DIGEST] != hashlib.sha256(use).digest():
            raise SealBroken()
        return opened[DIGEST:]

    def rotate(self, sealed: bytes) -> bytes:
        """The same secret under the newest key. Raises SealBroken."""
        try:
            return self._fernet.rotate(sealed)
        except (InvalidToken, TypeError):
            raise SealBroken() from None


def is_in_environment(environ: Mapping[str, str] | None = None) -> bool:
    """Whether the keys are the environment's: a command cannot change them there."""
    return bool((os.environ if environ is None else environ).get(VARIABLE, "").strip())


def add_key(folder: Path) -> None:
    """Put a fresh key before the others in the key file; then rotate the secrets."""
    path = Path(folder) / FILE
    _replace(path, [Fernet.generate_key(), *(_read(path) if path.exists() else [])])


def drop_old_keys(folder: Path) -> int:
    """Keep the newest key alone; returns how many were dropped.

    What was not rotated does not open any more.
    """
    path = Path(folder) / FILE
    newest, *old = _read(path)
    _replace(path, [newest])
    return len(old)


def _replace(path: Path, keys: list[bytes]) -> None:
    temporary = _private_file(path, b"\n".join(keys))
    os.replace(temporary, path)


def _keys(text: str) -> list[bytes]:
    return [line.strip().encode() for line in text.splitlines() if line.strip()]


def _read(path: Path) -> list[bytes]:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SealingKeyError("SEALING_KEY_EXPOSED", str(path))
    return _keys(path.read_text(encoding="ascii", errors="replace"))


def _create(path: Path, key: bytes) -> None:
    """Two processes at once end with the same key: the first link wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _private_file(path, key)
    try:
        os.link(temporary, path)
    except FileExistsError:
        return
    finally:
        os.unlink(temporary)


def _private_file(path: Path, content: bytes) -> str:
    descriptor, name = tempfile.mkstemp(dir=path.parent)  # mode 0600
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    return name
