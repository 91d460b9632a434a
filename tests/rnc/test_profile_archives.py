"""An archive that a person loads as a contract profile."""

import io
import stat
import zipfile

import pytest

from rnc import contract
from rnc.contract import MESSAGES, BadArchive, unpack
from rnc.contract.archive import LARGEST_ARCHIVE

DEFAULT = contract.named().folder


def zipped(files: dict[str, bytes], compression=zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def link() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        member = zipfile.ZipInfo("manifest.json")
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(member, "/etc/passwd")
    return stream.getvalue()


def damaged(archive: bytes) -> bytes:
    """A good zip, the deflated bytes of its first member overwritten."""
    start = archive.index(b"manifest.json") + len("manifest.json")
    return archive[:start] + b"\xff" * 4 + archive[start + 4 :]


MANIFEST = {"manifest.json": b"{}"}
BAD_ARCHIVES = {
    "empty": (b"", "NOT_A_ZIP"),
    "text": (b"hello", "NOT_A_ZIP"),
    "cut": (zipped(MANIFEST)[:-30], "NOT_A_ZIP"),
    "climbs": (zipped({"../manifest.json": b"{}"}), "PATH"),
    "absolute": (zipped({"/etc/manifest.json": b"{}"}), "PATH"),
    "drive": (zipped({"C:/manifest.json": b"{}"}), "PATH"),
    "deep": (zipped({"a/b/manifest.json": b"{}"}), "PATH"),
    "link": (link(), "LINK"),
    "program": (zipped({**MANIFEST, "setup.py": b"import os"}), "KIND"),
    "hidden": (zipped({**MANIFEST, ".a.json": b"{}"}), "KIND"),
    "two folders": (zipped({"a/manifest.json": b"{}", "b/codes.json": b"{}"}), "FOLDERS"),
    "no manifest": (zipped({"codes.json": b"{}"}), "NO_MANIFEST"),
    "many": (zipped({f"{n}.json": b"{}" for n in range(100)}), "TOO_MANY"),
    "bomb": (zipped({"manifest.json": b" " * 30_000_000}), "BOMB"),
    "damaged": (damaged(zipped({"manifest.json": b"{}" * 500})), "NOT_A_ZIP"),
    "heavy": (b"PK" * LARGEST_ARCHIVE, "TOO_LARGE"),
}


@pytest.mark.parametrize("name", BAD_ARCHIVES)
def test_a_hostile_archive_is_refused(name):
    data, code = BAD_ARCHIVES[name]
    with pytest.raises(BadArchive) as caught:
        unpack(data)
    assert caught.value.code == code
    assert code in MESSAGES


def test_a_good_archive_is_read():
    files = {f"registre/{path.name}": path.read_bytes() for path in DEFAULT.iterdir()}
    assert unpack(zipped(files)).keys() == {path.name for path in DEFAULT.iterdir()}
