"""Contract profiles: what is checked before one is used."""

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from unittest.mock import patch

import pytest

from conftest import BY_THE_BOOK, FLAT_JSON, REST, SHIPPED, SOAP
from rnc import contract
from rnc.codec import Invalid, codec_for
from rnc.contract import ProfileError
from rnc.contract.manifest import FORMER_OUTCOMES
from rnc.example import example_dossier
from rnc.profile_check import SERVICES, examples, problems
from workshop import paths

DEFAULT = contract.named().folder
FOLDERS = [*(contract.named(name).folder for name in SHIPPED), BY_THE_BOOK, FLAT_JSON, REST, SOAP]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_profiles_of_the_checkout_are_fit(folder):
    assert problems(folder) == []
    shown = list(examples(contract.load(folder), date.today()))
    assert {example.service for example in shown} >= set(SERVICES)
    bare = {name for name, one in contract.load(folder).services.items() if one.body == "none"}
    assert {example.service for example in shown if not example.body} == bare


def _changed(manifest: dict, path: str, value) -> None:
    *steps, last = path.split(".")
    for step in steps:
        manifest = manifest.setdefault(step, {})
    if value is None:
        del manifest[last]
    else:
        manifest[last] = value


UNSENT = ["Host", "content-length", "Transfer-Encoding", "Connection", "Keep-Alive"]
UNSENT += ["Proxy-Authorization", "Content-Encoding", "Range"]
OUTSIDE = [
    "https://evil.example/{registration_number}",
    "//evil.example/{registration_number}",
    "../../../../x/{registration_number}",
    "a/../../{registration_number}",
    "./{registration_number}",
    "%2e%2E/{registration_number}",
    "a\\..\\{registration_number}",
    "{registration_number}\n",
    "a" * 100_000 + "{registration_number}",
]
BROKEN = [
    ("environments.production.url", "http://registre.example/", "environments/production"),
    ("wire.codec", "yaml", "wire/codec"),
    ("wire.no", "oui", "wire/yes and wire/no"),
    ("wire.request_schema", "../request.xsd", "wire/request_schema"),
    ("wire.not_in_body", None, "wire/not_in_body"),
    ("services.WS6", None, "services/WS6 is missing"),
    ("services.WS6.method", "delete", "services/WS6/method"),
    ("services.WS6.path", "{registration_number.__class__}", "services/WS6/path"),
    ("services.WS6.groups", ["autre"], "services/WS6/groups"),
    ("services.WS6.path", "/mandat", "services/WS6/path"),
    ("services.WS6.root", "autre", "services/WS6: request.xsd refuses the example"),
    ("headers.X-Reference-Declarant", "fixe", "{reference} travels nowhere"),
    ("headers.X-Autre", "{secret}", "headers or query/X-Autre"),
    ("answer.dossier", None, "answer/dossier is missing"),
    ("answer.outcomes", {"ok": "accepted"}, "answer/outcomes"),
    ("http.unknown_reference", "X", "http/unknown_reference"),
    ("limits.connections", 0, "limits/connections"),
    ("limits.patience", 3, "patience"),
    ("name", None, "manifest.json: name is missing"),
    ("name", "a@b", "manifest.json: name"),
    ("name", "another", "name: another is not profile"),
    # Keys that nobody reads: a slip of the pen.
    ("wire.grouppped", False, "wire/grouppped is unknown: is grouped meant?"),
    ("services.WS6.metod", "PUT", "services/WS6/metod is unknown: is method meant?"),
    ("services.WS9", {}, "services/WS9 is unknown"),
    ("answer.error_items", "champ", "answer/error_items is unknown: is error_item meant?"),
    ("header", {}, "header is unknown: is headers meant?"),
    ("limits.read_time_out", 3, "limits/read_time_out is unknown: is read_timeout meant?"),
    ("environments.prod", {}, "environments/prod is unknown: is production meant?"),
    # Values.
    ("status", "guess", "status: one of hypothesis, verified"),
    ("contract_version", 2, "contract_version: a text"),
    ("wire.media_type", "xml", "wire/media_type: a media type"),
    ("wire.answer_schema", "answer.txt", "wire/answer_schema: a .xsd file"),
    ("wire.request_schema", "absent.xsd", "absent.xsd is not a .xsd file"),
    ("wire.yes", True, "wire/yes: a text"),
    ("wire.grouped", "no", "wire/grouped: true or false"),
    ("wire.date_format", "%m/%y", "wire/date_format"),
    ("wire.decimal_separator", ";", "wire/decimal_separator: one of"),
    ("wire.numbers", "number", "wire/numbers: in JSON only"),
    ("wire.members", None, "wire/members is missing"),
    ("wire.members.parcelles", None, "wire/members/parcelles is missing"),
    ("wire.not_in_body", ["nb_tours"], "wire/not_in_body: nb_tours"),
    ("transition.finance", "never", "transition/finance: one of"),
    ("headers.Content-Type", "text/plain", "headers/Content-Type"),
    ("headers.X Y", "1", "headers: the name of a header"),
    ("services.WS2_STANDARD.path", "fixe", "services/WS2_STANDARD/path: {registration_number}"),
    ("services.WS3.path", "?id={registration_number}", "services/WS3/path"),
    ("services.STATUS.path", "demandes", "services/STATUS/path: {reference}"),
    ("services.WS6.groups", [], "services/WS6/groups"),
    ("services.WS6.groups", "representation", "services/WS6/groups: a list"),
    ("answer.outcome", None, "answer/outcome is missing"),
    ("answer.outcomes.acceptee", "taken", "answer/outcomes/acceptee: one of"),
    ("answer.errors", "erreurs//erreur", "answer/errors: “” is no step of a path"),
    ("http.accepted", [200, "201"], "http/accepted/1: a status"),
    ("http.accepted", [404], "http/accepted/0: a status"),
    ("http.retryable", [500], "http/retryable/0: one of 429, 503"),
    ("http.outcomes", {"2": "received"}, "http/outcomes: a status"),
    ("limits.connections", 1.5, "limits/connections: a whole number"),
    ("limits.read_timeout", float("nan"), "manifest.json: it is not JSON"),
    ("limits.read_timeout", True, "limits/read_timeout: a number above 0"),
    ("environments.test.url", "https://me:secret@registre.example/", "environments/test"),
    ("environments.test.url", "https://registre.example:99999/", "environments/test"),
    ("environments.test.url", "https://registre.example/../", "environments/test/url"),
    ("environments.test.url", "https://me\\@registre.example/", "environments/test/url"),
    # What would be shown, kept or sent otherwise than it reads.
    ("name", "", "name: letters, digits"),
    ("name", "../../x", "name: letters, digits"),
    ("name", "<img src=x onerror=alert(1)>", "name: letters, digits"),
    ("name", "n" * 100_000, "name: "),
    ("name", "a\u202egnp", "name: a character that cannot be seen"),
    ("name", 5, "name: letters, digits"),
    ("status", "blessed by the minister", "status: one of"),
    ("status", "verified\n", "status: "),
    ("contract_version", {"a": 1}, "contract_version: a text"),
    ("contract_version", "2" * 100_000, "contract_version: "),
    ("contract_version", "2\u202e0", "contract_version: a character that cannot be seen"),
    ("contract_version", "2\ud800", "contract_version: a character that cannot be seen"),
    ("contract_version", " ", "contract_version: a text"),
    ("note", "a\0b", "note: a character that cannot be seen"),
    ("wire.media_type", "application/xml\n", "wire/media_type: a character"),
    ("wire.media_type", "application/xml\r\nX: y", "wire/media_type: "),
    ("headers.X-A", "{reference}\r\nX-Evil: 1", "headers/X-A: a character"),
    ("query.a\r\nb", "c", "query: "),
    ("query.a", "c\r\nd", "query/a: a character"),
    *((f"headers.{name}", "evil.example", f"headers/{name}") for name in UNSENT),
    # A path stays below the address.
    *(("services.WS3.path", path, "services/WS3/path: ") for path in OUTSIDE),
    # Beyond what one account can need of a registry.
    ("limits.connections", 10**9, "limits/connections: a whole number from 1 to"),
    ("limits.calls_per_minute", 10**9, "limits/calls_per_minute: a whole number from 1 to"),
    ("limits.connect_timeout", float("inf"), "manifest.json: it is not JSON"),
    ("limits.connect_timeout", 1e300, "limits/connect_timeout: a number"),
    ("limits.read_timeout", 10**9, "limits/read_timeout: a number"),
    ("limits.total_timeout", 10**9, "limits/total_timeout: a number"),
    ("limits.answer_bytes", 10**12, "limits/answer_bytes: a whole number"),
    ("limits.document_bytes", 10**12, "limits/document_bytes: a whole number"),
]


@pytest.mark.parametrize(("path", "value", "told"), BROKEN)
def test_what_is_wrong_is_named(tmp_path, path, value, told):
    folder = tmp_path / "profile"
    shutil.copytree(DEFAULT, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    _changed(manifest, path, value)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert any(told in problem for problem in problems(folder)), problems(folder)


def test_the_words_of_an_earlier_version_are_understood(tmp_path):
    """A profile loaded by 19.0.1.3.0 keeps its bytes."""
    today_s, former = contract.load(DEFAULT), tmp_path / DEFAULT.name
    shutil.copytree(DEFAULT, former)
    for name in ("manifest.json", "errors.json"):
        text = (former / name).read_text()
        for new, old in (
            *((f': "{new}"', f': "{old}"') for old, new in FORMER_OUTCOMES.items()),
            ('"about": "affiliation"', '"about": "attachment"'),
        ):
            text = text.replace(new, old)
        assert text != (DEFAULT / name).read_text()
        (former / name).write_text(text)
    assert problems(former) == []
    read = contract.load(former)
    assert read.answer["outcomes"] == today_s.answer["outcomes"]
    assert [*map(read.about, read.errors)] == [*map(today_s.about, today_s.errors)]


FILES = [
    ("manifest.json", "{", "manifest.json"),
    ("manifest.json", "[" * 100_000, "manifest.json"),
    ("codes.json", '{"couleurs": {}}', "couleurs is neither a code list"),
    ("codes.json", '{"type_chauffage": {"charbon": "X"}}', "has no value charbon"),
    ("names.json", '{"nb_tours": "towers"}', "nb_tours is neither"),
    ("errors.json", '{"X": {"item": null, "message": "{item.__init__}"}}', "errors.json: X"),
    ("errors.json", '{"X": {"item": null}}', "errors.json: X/message is missing"),
    ("errors.json", '{"X": {"message": "A.", "means": "Y"}}', "errors.json: X: means"),
    ("errors.json", '{"X": {"message": "A.", "about": "me"}}', "X/about: one of file, caller"),
    ("errors.json", "[]", "errors.json"),
    ("codes.json", '{"type_chauffage": {"collectif": []}}', "codes.json: type_chauffage"),
    ("names.json", '{"nb_lots_total": ""}', "names.json: nb_lots_total: “” is no step"),
    ("names.json", '{"nb_lots_total": "a b<c"}', "are not names of elements"),
    ("manifest.json", "[]", "manifest.json: all of it"),
    ("errors.json", '{"X": {"message": ""}}', "errors.json: X/message: a text"),
    ("errors.json", '{"X": {"message": " "}}', "errors.json: X/message: a text"),
    ("errors.json", '{"X": {"message": "a\\u0000b"}}', "X/message: a character that cannot be"),
    ("errors.json", '{"X\\u202eY": {"message": "a"}}', "errors.json: a name holds a character"),
    ("codes.json", '{"type_chauffage": {"collectif": "a\\u0000"}}', "a character that cannot be"),
    ("request.xsd", "<a>", "request.xsd"),
    # The answers' too: who loads it would learn it from the first answer.
    ("answer.xsd", "<a/>", "answer.xsd: SCHEMAP_NOT_SCHEMA"),
    ("answer.xsd", "", "answer.xsd, line 1"),
    ("types.xsd", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type declaration"),
    ("other.xsd", '<a schemaLocation="/etc/passwd"/>', "schemaLocation /etc/passwd"),
    # What is included is examined too, whatever its name.
    ("other.xsd", '<a schemaLocation="codes.json"/>', "schemaLocation codes.json"),
]


@pytest.mark.parametrize(("name", "content", "told"), FILES)
def test_what_is_wrong_in_a_file_is_named(tmp_path, name, content, told):
    folder = tmp_path / "profile"
    shutil.copytree(DEFAULT, folder)
    (folder / name).write_text(content)
    assert any(told in problem for problem in problems(folder)), problems(folder)


HEAVY = ["(((((a{0,900}){0,900}){0,900})))x", "(((a+)+)+)x", "a{0,99999999}", "a" * 5000]
HEAVY += ["(a" * 500 + ")+" * 500]


def schemas_with(pattern: str = "", most: str = "1") -> str:
    return (
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="e">'
        '<xs:complexType><xs:sequence><xs:element name="a" type="t" minOccurs="0" '
        f'maxOccurs="{most}"/></xs:sequence></xs:complexType></xs:element>'
        '<xs:simpleType name="t"><xs:restriction base="xs:string">'
        f'<xs:pattern value="{pattern}"/></xs:restriction></xs:simpleType></xs:schema>'
    )


@pytest.mark.parametrize("pattern", HEAVY, ids=lambda pattern: pattern[:20])
def test_a_heavy_pattern_is_refused(tmp_path, pattern):
    """libxml2 tries every way through it, and Python's library too."""
    folder = Path(shutil.copytree(DEFAULT, tmp_path / DEFAULT.name))
    (folder / "more.xsd").write_text(schemas_with(pattern))
    assert problems(folder) == ["more.xsd: a pattern takes too long to be tried: make it simpler"]
    flat = Path(shutil.copytree(FLAT_JSON, tmp_path / FLAT_JSON.name))
    schema = json.loads((flat / "answer.schema.json").read_text())
    schema["$defs"]["heavy"] = {"pattern": pattern}
    (flat / "answer.schema.json").write_text(json.dumps(schema))
    assert "a pattern takes too long" in problems(flat)[0]


def test_the_patterns_of_a_contract_are_light(tmp_path):
    folder = Path(shutil.copytree(DEFAULT, tmp_path / DEFAULT.name))
    usual = r"[\w.+\-]+@([a-z0-9\-]+\.)+[a-z]{2,63}", r"([0-9]{3} ){2}[0-9]{3}", r"[^\[(*+]{1,1000}"
    for pattern in usual:
        (folder / "more.xsd").write_text(schemas_with(pattern, "unbounded"))
        assert problems(folder) == [], pattern


@pytest.mark.parametrize("most", ["999999999", "9" * 5000])
def test_an_element_is_not_counted_to_the_milliard(tmp_path, most):
    folder = Path(shutil.copytree(DEFAULT, tmp_path / DEFAULT.name))
    (folder / "more.xsd").write_text(schemas_with("a", most))
    assert problems(folder) == ["more.xsd: maxOccurs is too large: write unbounded"]


def test_a_pattern_on_which_libxml2_gives_up(tmp_path):
    """Such a file is refused in a sentence, as any that the schema refuses."""
    folder = Path(shutil.copytree(DEFAULT, tmp_path / DEFAULT.name))
    heavy = '<xs:pattern value="((a{0,30}){0,30}){0,30}x"/>'
    types = (folder / "types.xsd").read_text()
    (folder / "types.xsd").write_text(types.replace('<xs:pattern value="[0-9]{5}"/>', heavy))
    codec = codec_for(contract.load(folder))
    dossier = example_dossier(date(2026, 1, 1))
    dossier["adresse_reference"] = {
        **dossier["adresse_reference"],
        "adresse_reference_code_postal": "a" * 28,
    }
    with patch.object(contract.schema, "is_heavy", lambda _pattern: False):
        with pytest.raises(Invalid, match="SCHEMAV_INTERNAL"):
            codec.encode("WS1", dossier, date(2026, 1, 1))


FLAT = [
    ("names", lambda it: it.update(nom_usage="totalLots"), "names.json: totalLots"),
    ("manifest", lambda it: it["services"]["WS6"].update(root="autre"), "$defs has no autre"),
    ("manifest", lambda it: it["http"].update(accepted=[201, 204]), "204 is accepted"),
    (
        "request.schema",
        lambda it: it["$defs"]["registration"]["properties"].pop("presence_irve"),
        "services/WS1: request.schema.json refuses the example",
    ),
]


@pytest.mark.parametrize(("name", "change", "told"), FLAT, ids=[case[2] for case in FLAT])
def test_what_is_wrong_in_a_flat_json_profile_is_named(tmp_path, name, change, told):
    folder = tmp_path / "profile"
    shutil.copytree(FLAT_JSON, folder)
    content = json.loads((folder / f"{name}.json").read_text())
    change(content)
    (folder / f"{name}.json").write_text(json.dumps(content))
    assert any(told in problem for problem in problems(folder)), problems(folder)


BROKEN_SCHEMAS = {
    "type": {"type": "objet"},
    "pattern": {"type": "string", "pattern": "("},
    "pattern of properties": {"patternProperties": {"(": {}}},
    "reference": {"$ref": "#/$defs/nowhere"},
    "anchor": {"$ref": "#nowhere"},
    "reference of the root": {"$ref": "#/properties/a/~2"},
    "identifier": {"$id": "http://127.0.0.1:9/", "$ref": "#/$defs/text"},
    "number": 12,
    "list": [],
}


@pytest.mark.parametrize("which", ["request.schema.json", "answer.schema.json"])
@pytest.mark.parametrize("how", BROKEN_SCHEMAS)
def test_a_broken_json_schema_is_told_in_a_sentence(tmp_path, which, how):
    folder = Path(shutil.copytree(FLAT_JSON, tmp_path / FLAT_JSON.name))
    schema = json.loads((folder / which).read_text())
    schema["$defs"]["broken"] = BROKEN_SCHEMAS[how]
    (folder / which).write_text(json.dumps(schema))
    [told] = problems(folder)
    assert told.startswith(f"{which}: ")
    with pytest.raises(ProfileError):  # before anything leaves
        codec_for(contract.load(folder)).prepare()


NO_SCHEMAS = ["", "[]", "12", '"a"', "{", "[" * 100_000, '{"$defs": []}', '{"$defs": null}', "NaN"]


@pytest.mark.parametrize("which", ["request.schema.json", "answer.schema.json"])
@pytest.mark.parametrize("content", NO_SCHEMAS, ids=lambda content: content[:12] or "empty")
def test_what_is_no_json_schema_is_told_in_a_sentence(tmp_path, which, content):
    folder = Path(shutil.copytree(FLAT_JSON, tmp_path / FLAT_JSON.name))
    (folder / which).write_text(content)
    [told] = problems(folder)
    assert told.startswith(f"{which}: ")


def test_a_json_schema_does_not_reach_outside(tmp_path):
    folder = tmp_path / "profile"
    shutil.copytree(contract.named("hypothetical-json").folder, folder)
    schema = json.loads((folder / "answer.schema.json").read_text())
    schema["$defs"]["text"] = {"$ref": "http://127.0.0.1:9/schema.json"}
    (folder / "answer.schema.json").write_text(json.dumps(schema))
    assert any("leaves the file" in problem for problem in problems(folder))


def test_the_command(tmp_path):
    def run(*arguments):
        command = [sys.executable, "-m", "workshop.profile_command", *arguments]
        return subprocess.run(command, cwd=paths.CHECKOUT, capture_output=True, text=True)

    good = run("check", str(BY_THE_BOOK), "--service", "WS6")
    assert good.returncode == 0, good.stderr
    assert "POST https://test.atelier.example/AB1234567/mandats?" in good.stdout
    assert "<FinMandatPrecedent>" in good.stdout
    none = run("check", str(BY_THE_BOOK), "--service", "WS9")
    assert none.returncode == 2 and "'WS9'" in none.stderr
    bad = run("check", str(tmp_path))
    assert bad.returncode == 1
    assert "Next step: see docs/en/contract-profile.md" in bad.stderr
