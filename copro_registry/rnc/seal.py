"""Sealing of secrets at rest, with a key that lives outside the database.

A copied database does not open: the sealing key is in the environment variable
``COPRO_REGISTRY_SEALING_KEY`` (comma-separated, newest first) or in a file of mode
0600, made when the first secret is sealed and never by reading. The encryption is
Fernet's (AES-128-CBC and HMAC-SHA256).
"""

import hashlib
import os
import stat
import tempfile
import time
from collections.abc import Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from .private_file import give_to_owner_of

VARIABLE = "COPRO_REGISTRY_SEALING_KEY"
FILE = "copro_registry.sealing.key"
OLD = f"{FILE}.old"  # what was dropped: other databases and backups may need it
TEMPORARY = f"{FILE}."  # begins the name of a file that is being written
LONGEST_WRITE = 3600  # seconds; a temporary file that is older was left by a killed process
DIGEST = 32


class SealBroken(Exception):
    """The secret was sealed with another key, for another use, or was altered."""


class SealingKeyError(Exception):
    """The sealing key cannot be used; ``code`` names the sentence.

    SEALING_KEY_MISSING, _MALFORMED, _EXPOSED (others can read it) or _UNREADABLE (Odoo
    cannot, or it belongs to somebody else).
    """

    def __init__(self, code: str, place: str):
        super().__init__(f"{code}: {place}")
        self.code = code
        self.place = place


class Sealer:
    """Seals and opens; the first key seals, all of them open."""

    def __init__(self, keys: list[bytes], place: str = VARIABLE):
        self.place = place
        try:
            self._newest, *_old = fernets = [Fernet(key) for key in keys]
            self._fernet = MultiFernet(fernets)
        except ValueError:
            raise SealingKeyError("SEALING_KEY_MALFORMED", place) from None

    @classmethod
    def at(
        cls, folder: Path, environ: Mapping[str, str] | None = None, *, make: bool = False
    ) -> "Sealer":
        """The sealer of this machine. Raises SealingKeyError.

        ``folder`` holds the key file when the environment holds no key; ``make`` makes it
        when it is missing, for who is about to seal.
        """
        text = (os.environ if environ is None else environ).get(VARIABLE, "")
        if text.strip():
            return cls(_keys(text.replace(",", "\n")))
        path = Path(folder) / FILE
        with _told(path):
            if make and not path.exists():
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

    def is_newest(self, sealed: bytes) -> bool:
        """Whether a secret is sealed with the newest key."""
        try:
            return bool(self._newest.decrypt(sealed))
        except (InvalidToken, TypeError):
            return False

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
    """Put a fresh key before the others in the key file; then rotate the secrets.

    Raises SealingKeyError when there is no key to rotate from.
    """
    path = Path(folder) / FILE
    with _told(path):
        _replace(path, [Fernet.generate_key(), *_read(path)])


def drop_old_keys(folder: Path) -> int:
    """Keep the newest key alone; returns how many were dropped. Raises SealingKeyError.

    They open nothing any more here, and are kept in ``OLD``: another database of this
    folder, or a backup, may be sealed with them.
    """
    path, kept = Path(folder) / FILE, Path(folder) / OLD
    with _told(path):
        newest, *old = _read(path)
        if old:
            before = _read(kept) if kept.exists() else []
            _replace(kept, list(dict.fromkeys([*old, *before])), path)
            _replace(path, [newest])
    return len(old)


@contextmanager
def _told(path: Path):
    """What the file system refuses, as the error that has a sentence."""
    try:
        yield
    except FileNotFoundError:
        raise SealingKeyError("SEALING_KEY_MISSING", str(path)) from None
    except OSError:
        raise SealingKeyError("SEALING_KEY_UNREADABLE", str(path)) from None


def _replace(path: Path, keys: list[bytes], like: Path | None = None) -> None:
    """Write a file anew, of the same owner as before, or as ``like``."""
    temporary = _private_file(path, b"\n".join(keys))
    try:
        give_to_owner_of(path if path.exists() else like or path.parent, temporary)
        os.replace(temporary, path)
    except OSError:
        os.unlink(temporary)
        raise
    _keep(path.parent)


def _keys(text: str) -> list[bytes]:
    return [line.strip().encode() for line in text.splitlines() if line.strip()]


def _read(path: Path) -> list[bytes]:
    """The keys of a file that nobody else can read nor has put there."""
    found = path.stat()
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise SealingKeyError("SEALING_KEY_EXPOSED", str(path))
    if os.geteuid() not in (0, found.st_uid):  # a command run as root treats the service's
        raise SealingKeyError("SEALING_KEY_UNREADABLE", str(path))
    return _keys(path.read_text(encoding="ascii", errors="replace"))


def _create(path: Path, key: bytes) -> None:
    """Two processes at once end with the same key: the first link wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _private_file(path, key)
    try:
        give_to_owner_of(path.parent, temporary)
        os.link(temporary, path)
    except FileExistsError:
        return
    finally:
        os.unlink(temporary)
    _keep(path.parent)


def _private_file(path: Path, content: bytes) -> Path:
    _forget_abandoned(path.parent)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=TEMPORARY, suffix=".tmp")
    with os.fdopen(descriptor, "wb") as stream:  # mode 0600
        stream.write(content + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    return Path(name)


def _forget_abandoned(folder: Path) -> None:
    """A process that was killed while it wrote has left a key behind."""
    for left in folder.glob(f"{TEMPORARY}*.tmp"):
        with suppress(FileNotFoundError):  # another process forgets it at this moment
            if left.stat().st_mtime < time.time() - LONGEST_WRITE:
                left.unlink()


def _keep(folder: Path) -> None:
    """A power cut after this does not bring the former file back."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
