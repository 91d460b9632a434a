"""A schema is read inside its profile, nowhere else; nothing of a file is ever told.

Run with the lxml at hand here, and with those that Odoo 19 pins in ``test_lxml_versions``.
"""

import json
import shutil
import threading
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from conftest import BY_THE_BOOK, FLAT_JSON
from rnc import contract
from rnc.codec import Invalid, codec_for
from rnc.contract import ProfileError
from rnc.contract.schema import xml_schema
from rnc.example import example_dossier
from rnc.profile_check import problems

SECRET = "kqX0-THE-SEALING-KEY-Zm9vYmFy="
DEFAULT = contract.named().folder
XSD = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"'


@pytest.fixture
def secret(tmp_path) -> Path:
    path = tmp_path / "sealing.key"
    path.write_text(SECRET)
    return path


@pytest.fixture
def folder(tmp_path) -> Path:
    """A fit profile: the shipped one under its own name."""
    return Path(shutil.copytree(DEFAULT, tmp_path / "profiles" / DEFAULT.name))


def change(folder: Path, **wire) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["wire"].update(wire)
    path.write_text(json.dumps(manifest))


def including(location: str, more: str = "") -> str:
    return f'<xs:schema {XSD}><xs:include schemaLocation="{location}" {more}/></xs:schema>'


def quoting(secret: Path) -> str:
    """A schema whose set of values is the content of a file."""
    return (
        f'<!DOCTYPE xs:schema [<!ENTITY key SYSTEM "{secret.as_uri()}">]>'
        f'<xs:schema {XSD}><xs:element name="immatriculation"><xs:simpleType>'
        '<xs:restriction base="xs:string"><xs:enumeration value="a"/>'
        "</xs:restriction></xs:simpleType></xs:element><xs:annotation><xs:documentation>"
        "&key;</xs:documentation></xs:annotation></xs:schema>"
    )


@contextmanager
def eavesdropper():
    """(address, what was asked of it) of a server that nobody may call."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(including("more.xsd").encode())

        def log_message(self, *_args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def test_a_clean_copy_is_fit(folder):
    assert problems(folder) == []


def test_a_schema_of_another_kind_is_not_compiled(folder, secret):
    """What is no .xsd was never examined, and compiled all the same."""
    (folder / "request.txt").write_text(including(secret.as_uri()))
    change(folder, request_schema="request.txt")
    told = problems(folder)
    assert any("wire/request_schema" in one for one in told), told
    assert not any(SECRET in one for one in told)


def test_a_document_type_is_refused_in_every_member(folder, secret):
    for name in ("notes.txt", "notes.md", "more.json", "utf16.txt"):
        text = quoting(secret)
        code = "utf-16" if name.startswith("utf16") else "utf-8"
        (folder / name).write_bytes(text.encode(code))
        assert any(name in one and "document type" in one for one in problems(folder)), name
        (folder / name).unlink()


def hostile(folder: Path, how: str, place: str) -> None:
    """Another file than the profile's, or an address, brought in by a schema of the profile."""
    path = folder / "request.xsd"
    if how == "include":
        path.write_text(including(f"{place}/types.xsd"))
    elif how == "base":
        path.write_text(including("types.xsd", f'xml:base="{place}/"'))
    elif how == "base of the root":
        path.write_text(including("types.xsd").replace(XSD, f'{XSD} xml:base="{place}/"'))
    elif how == "by another member":
        path.write_text(including("types.xsd"))
        (folder / "types.xsd").write_text(including(f"{place}/types.xsd"))
    elif how == "by a file of another kind":
        path.write_text(including("more.txt"))
        (folder / "more.txt").write_text(including(f"{place}/types.xsd"))
    elif how == "document type":
        path.write_text(
            f'<!DOCTYPE a [<!ENTITY % b SYSTEM "{place}/a.dtd"> %b;]>{including("types.xsd")}'
        )


WAYS = (
    "include",
    "base",
    "base of the root",
    "by another member",
    "by a file of another kind",
    "document type",
)


@pytest.mark.parametrize("how", WAYS)
def test_no_address_is_called(folder, how):
    with eavesdropper() as (address, asked):
        hostile(folder, how, address)
        told = problems(folder)
        with pytest.raises(ProfileError):
            # Loaded before the check, or put by hand in COPRO_REGISTRY_CONTRACTS.
            xml_schema(folder / "request.xsd")
    assert not asked
    assert told


@pytest.mark.parametrize("how", WAYS)
def test_no_other_file_is_read(folder, secret, how, tmp_path):
    """Neither its content, nor whether it is there, nor what it is."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "types.xsd").write_text(quoting(secret))
    (outside / "a.dtd").write_text(f'<!ENTITY c "{SECRET}">')
    hostile(folder, how, outside.as_uri())
    there = problems(folder)
    shutil.rmtree(outside)
    assert there == problems(folder), "whether a file is there shows"
    assert there
    assert not any(SECRET in one or "no such file" in one.lower() for one in there)
    with pytest.raises(ProfileError) as caught:
        xml_schema(folder / "request.xsd")
    assert SECRET not in str(caught.value)


def test_a_namespace_is_no_address(folder):
    with eavesdropper() as (address, asked):
        (folder / "more.xsd").write_text(
            f'<xs:schema {XSD}><xs:import namespace="{address}/types.xsd"/></xs:schema>'
        )
        xml_schema(folder / "more.xsd")
    assert not asked


def test_a_link_leads_nowhere(folder, secret):
    (folder / "types.xsd").unlink()
    (folder / "types.xsd").symlink_to(secret)
    told = problems(folder)
    assert any("types.xsd" in one for one in told)
    assert not any(SECRET in one for one in told)


def test_nothing_is_compiled_after_a_refusal(folder, monkeypatch):
    compiled = []
    monkeypatch.setattr("rnc.codec.xml.schema_at", compiled.append)
    hostile(folder, "base", "http://127.0.0.1:9")
    assert problems(folder)
    assert not compiled


def test_a_folder_with_blanks_and_signs(tmp_path):
    odd = Path(shutil.copytree(DEFAULT, tmp_path / "a b%20c é" / DEFAULT.name))
    assert problems(odd) == []


def test_what_a_facet_says_is_not_quoted(folder):
    """libxml2 quotes the schema's own set of values: here it could be a file's content."""
    path = folder / "types.xsd"
    path.write_text(path.read_text("utf-8").replace('"non"', f'"{SECRET}"'), "utf-8")
    told = problems(folder)
    assert told
    assert not any(SECRET in one for one in told), told
    codec = codec_for(contract.load(folder))
    with pytest.raises(Invalid) as caught:
        codec.encode("WS1", example_dossier(date.today()), date.today())
    assert SECRET not in str(caught.value)


def test_what_a_json_schema_says_is_not_quoted(tmp_path):
    folder = Path(shutil.copytree(FLAT_JSON, tmp_path / FLAT_JSON.name))
    path = folder / "request.schema.json"
    schema = json.loads(path.read_text("utf-8"))
    schema["$defs"]["registration"]["properties"]["presence_irve"] = {"const": SECRET}
    path.write_text(json.dumps(schema))
    told = problems(folder)
    assert any("services/WS1" in one and "presence_irve" in one for one in told), told
    assert not any(SECRET in one for one in told), told


def test_a_profile_with_a_namespace_compiles():
    assert problems(BY_THE_BOOK) == []
