"""A contract profile that comes as a zip: read with suspicion, never executed."""

import io
import lzma
import posixpath
import stat
import zipfile
import zlib

from .samples import FOLDER, SUFFIX

MOST_FILES = 99
LARGEST_ARCHIVE = 2_000_000
LARGEST_CONTENT = 10_000_000
# What the reading of a damaged zip raises.
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError),
)
KINDS = (".json", ".xsd", ".md", ".txt")


class BadArchive(ValueError):
    """The file is refused. ``code`` is a key of ``messages.MESSAGES``, ``name`` a member."""

    def __init__(self, code: str, name: str = ""):
        super().__init__(f"{code} {name}".strip())
        self.code = code
        self.name = name


def unpack(data: bytes) -> dict[str, bytes]:
    """{file name: content} of the profile in a zip. Raises BadArchive.

    The files stand at its top, or in a single folder. Nothing is written anywhere.
    """
    if len(data) > LARGEST_ARCHIVE:
        raise BadArchive("TOO_LARGE")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _files(archive)
    except BadArchive:
        raise
    except DAMAGED:
        raise BadArchive("NOT_A_ZIP") from None


def _files(archive: zipfile.ZipFile) -> dict[str, bytes]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > MOST_FILES:
        raise BadArchive("TOO_MANY")
    files: dict[str, bytes] = {}
    left = LARGEST_CONTENT
    for member in members:
        name = _name(member)
        content = _content(archive, member, left)
        left -= len(content)
        if name in files:
            raise BadArchive("TWICE", name)
        files[name] = content
    if len({_home(name) for name in files}) > 1:
        raise BadArchive("FOLDERS")
    found = {posixpath.relpath(name, _home(name) or "."): c for name, c in files.items()}
    if "manifest.json" not in found:
        raise BadArchive("NO_MANIFEST")
    return found


def _name(member: zipfile.ZipInfo) -> str:
    """The member's name, if it can only mean a file of this profile."""
    name = member.filename
    steps = name.split("/")
    deepest = 3 if _is_sample(name) else 2
    bad = {"", ".", ".."} & {*steps}
    if "\\" in name or ":" in name or bad or len(steps) > deepest:
        raise BadArchive("PATH", name[:100])
    mode = member.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise BadArchive("LINK", name[:100])
    if member.flag_bits & 0x1:
        raise BadArchive("ENCRYPTED", name[:100])
    is_known = name.endswith(KINDS) or _is_sample(name)
    if not is_known or not steps[-1].isprintable() or steps[-1].startswith("."):
        raise BadArchive("KIND", name[:100])
    return name


def _is_sample(name: str) -> bool:
    return posixpath.basename(posixpath.dirname(name)) == FOLDER and name.endswith(SUFFIX)


def _home(name: str) -> str:
    """The folder of the profile that a file belongs to."""
    folder = posixpath.dirname(name)
    return posixpath.dirname(folder) if _is_sample(name) else folder


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> bytes:
    """What is announced may lie: no more than ``left`` bytes are ever decompressed."""
    with archive.open(member) as stream:
        content = stream.read(left + 1)
    if len(content) > left:
        raise BadArchive("BOMB", member.filename[:100])
    return content
