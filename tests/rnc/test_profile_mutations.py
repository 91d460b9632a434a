"""Profiles that somebody has got wrong: each mistake is a sentence that names its place."""

import json
import random
import shutil
from functools import reduce
from pathlib import Path

import pytest

from conftest import BY_THE_BOOK, FLAT_JSON, REST, SOAP
from rnc import contract
from rnc.profile_check import problems

GONE = object()
DEFAULT = contract.named().folder
# (profile, file, path of what is changed, what it becomes, what is told)
MUTATIONS = [
    # misspelt, missing, of another type
    (REST, "manifest", "format", {}, "format is unknown: is formats meant?"),
    (REST, "manifest", "formats/decimal/units", "cents", "formats/decimal/units is unknown: is unit meant?"),
    (REST, "manifest", "formats/decimal/unit", "centimes", "formats/decimal/unit: one of euros, cents"),
    (REST, "manifest", "formats/decimals", {}, "formats: decimals is neither an item nor a type"),
    (REST, "manifest", "formats/decimal/decimals", "2", "formats/decimal/decimals: a whole number"),
    (REST, "manifest", "formats/date/format", "%Q", "formats/date: what is written so cannot be read"),
    (REST, "manifest", "formats/date/format", "%d/%m", "formats/date: what is written so cannot be read"),
    (REST, "manifest", "formats/date/format", "le jour", "formats/date: what is written so cannot be read"),
    (REST, "manifest", "formats/datetime/zone", "Europe/Pariss", "formats/datetime/zone: "),
    (REST, "manifest", "formats/datetime/zone", "../../etc/passwd", "formats/datetime/zone: "),
    (REST, "manifest", "formats/decimal/grouping", " ", "formats/decimal: what is written so cannot"),
    (REST, "manifest", "formats/bool", {"yes": 1, "no": 1}, "formats/bool: what is written so cannot"),
    (REST, "manifest", "formats/nom_usage/absent", "nil", "formats/nom_usage/absent: one of omit"),
    (REST, "manifest", "services/WS1/methode", "PUT", "services/WS1/methode is unknown: is method meant?"),
    (REST, "manifest", "services/WS1/method", GONE, "services/WS1/method is missing"),
    (REST, "manifest", "services/WS1/method", 5, "services/WS1/method: a verb in capitals"),
    (REST, "manifest", "services/WS1/groups", [], "services/WS1/groups: a list of groups, at least one"),
    (REST, "manifest", "services/WS1/groups", ["finances"], "services/WS1/groups: finances is unknown"),
    (REST, "manifest", "services/WS1/path", "declarations/{date_fin_exercice", "services/WS1/path"),
    (REST, "manifest", "services/WS1/path", "a/{}", "services/WS1/path"),
    (REST, "manifest", "services/WS1/path", "a/{0}", "services/WS1/path: {0} is not one of what may"),
    (REST, "manifest", "services/WS1/path", "a/{reference!r}", "services/WS1/path"),
    (REST, "manifest", "services/WS1/path", "a/{reference.x}", "services/WS1/path"),
    (REST, "manifest", "services/WS1/path", "a/{batiments}", "services/WS1/path: {batiments} is not one"),
    (REST, "manifest", "services/WS1/path", "a/{siret_syndicat:%Y}", "{siret_syndicat} is no date"),
    (REST, "manifest", "services/WS1/path", "a/{now:%s}", "services/WS1/path"),
    (REST, "manifest", "services/WS1/path", "a/{now:" + "%Y" * 60 + "}", "services/WS1/path"),
    (REST, "manifest", "services/WS2_STANDARD/path", "a", "services/WS2_STANDARD/path: {registration_number}"),
    (REST, "manifest", "services/WS2_ANNUAL/path", "{registration_number}/{date_fin_exercise}", "{date_fin_exercise} is not one of what may be quoted"),
    (REST, "manifest", "services/WS5/query/end", "{date_fin_mandat:%Y-%m", "services/WS5/query/end"),
    (REST, "manifest", "services/WS5/query/a b", "x", "services/WS5/query: the name of a header"),
    (REST, "manifest", "services/WS5/body", "nothing", "services/WS5/body: document, none, file"),
    (REST, "manifest", "services/WS5/headers", {"Host": "a"}, "services/WS5/headers/Host: it is written"),
    (REST, "manifest", "services/WS5/headers", {"Content-Type": "a"}, "services/WS5/headers/Content-Type"),
    (REST, "manifest", "services/WS1/headers/Idempotency-Key", "fixed", "{reference} travels nowhere"),
    (REST, "manifest", "services/WS4/body/multipart", "form", "services/WS4/body/multipart: one of form-data"),
    (REST, "manifest", "services/WS4/body/parts", [], "services/WS4/body/parts"),
    (REST, "manifest", "services/WS4/body/parts/0/documents", True, "services/WS4/body/parts/0/documents is unknown"),
    (REST, "manifest", "services/WS4/body/parts/0/name", GONE, "services/WS4/body/parts: each part of form-data"),
    (REST, "manifest", "services/WS4/body/parts/0/value", "x", "services/WS4/body/parts/0: one of document"),
    (REST, "manifest", "services/WS4/body/parts/2/item", "piece_nom", "services/WS4/body/parts/2/item"),
    (REST, "manifest", "services/WS4/body/parts/1/value", "{piece}", "services/WS4/body/parts"),
    (REST, "manifest", "services/WS4/body/parts/2/media_type", "pdf", "services/WS4/body/parts/2/media_type: a media type"),
    (REST, "manifest", "services/STATUS", GONE, "services/STATUS is missing: follow_up/by says"),
    (REST, "manifest", "services/STATUS/path", "declarations", "services/STATUS/path: {registry_reference}"),
    (REST, "manifest", "services/STATE", {}, "services/STATE is unknown: is STATUS meant?"),
    (REST, "manifest", "services/STATUS_WS3", {}, "services/STATUS_WS3 is unknown"),
    (REST, "manifest", "services/STATUS_WS4", {"method": "GET"}, "services/STATUS_WS4/path is missing"),
    (REST, "manifest", "services/LIST/pages/by", "pages", "services/LIST/pages/by: one of number"),
    (REST, "manifest", "services/LIST/pages/size", 0, "services/LIST/pages/size: a whole number"),
    (REST, "manifest", "services/LIST/pages", {"by": "cursor"}, "services/LIST/answer/next is missing"),
    (REST, "manifest", "services/LIST/query/page", "1", "services/LIST: {page} stands nowhere"),
    (REST, "manifest", "services/LIST/answer/members", GONE, "services/LIST/answer/members is missing"),
    (REST, "manifest", "services/WS1/query", {"p": "{page}"}, "services/WS1/query/p: {page} is not one"),
    (REST, "manifest", "services/WS1/constants/kind", [1], "services/WS1/constants/kind"),
    (REST, "manifest", "services/WS1/constants/a//b", "x", "services/WS1/constants: "),
    (REST, "manifest", "services/WS1/constants/identity", "x", "services/WS1"),
    (REST, "manifest", "services/WS1/names", {"nb_tours": "x"}, "services/WS1/names: nb_tours is neither"),
    (REST, "manifest", "services/WS1/not_in_body", ["nb_tours"], "services/WS1/not_in_body: nb_tours"),
    (REST, "manifest", "services/WS1/below", "a//b", "services/WS1/below: "),
    (REST, "manifest", "services/WS1/soap_action", "urn:a", "services/WS1/soap_action: wire/soap"),
    # answers
    (REST, "manifest", "answer/erors", "x", "answer/erors is unknown: is errors meant?"),
    (REST, "manifest", "answer/errors", ["a//b"], "answer/errors"),
    (REST, "manifest", "answer/errors", [], "answer/errors"),
    (REST, "manifest", "answer/error_code", {"headers": "X"}, "answer/error_code"),
    (REST, "manifest", "answer/by_status/20x", {}, "answer/by_status: a status"),
    (REST, "manifest", "answer/by_status/202/body", "empty", "answer/by_status/202/body: one of"),
    (REST, "manifest", "answer/by_status/202/registry_reference/pattern", "(((a+)+)+)", "answer/by_status/202/registry_reference"),
    (REST, "manifest", "answer/by_status/202/registry_reference/pattern", "[", "answer/by_status/202/registry_reference"),
    (REST, "manifest", "answer/by_status/202/registry_reference/pattern", "a", "answer/by_status/202/registry_reference"),
    (REST, "manifest", "answer/by_status/202/registry_reference", GONE, "answer/registry_reference is missing"),
    (REST, "manifest", "answer/by_status/4xx/media_type", "problem", "answer/by_status/4xx/media_type"),
    (REST, "manifest", "answer/by_status/4xx/schema", "absent.json", "absent.json is not a .json file"),
    (REST, "manifest", "answer/by_status/4xx/schema", "../x.json", "answer/by_status/4xx/schema"),
    (REST, "manifest", "answer/outcomes", GONE, "answer/outcomes is missing"),
    (REST, "manifest", "answer/outcomes/done", "yes", "answer/outcomes/done: one of received"),
    (REST, "manifest", "answer/registration_number", 5, "answer/registration_number"),
    (REST, "manifest", "services/WS3/answer", {}, "answer/dossier is missing"),
    (REST, "manifest", "http/outcomes/4xx", GONE, "http/outcomes: 404 is in follow_up/not_known"),
    (REST, "manifest", "http/accepted", [], "http/accepted"),
    (REST, "manifest", "http/unknown_reference", "X", "http/unknown_reference is not a code"),
    (REST, "manifest", "follow_up/by", [], "follow_up/by: a list of ways"),
    (REST, "manifest", "follow_up/by", ["status"], "follow_up/by/0: one of reference"),
    (REST, "manifest", "follow_up/by", "repeat", "follow_up/by: a list of ways"),
    (REST, "manifest", "follow_up/not_known/statuses", [401], "follow_up/not_known/statuses/0: a status"),
    (REST, "manifest", "follow_up/not_known/proves", "yes", "follow_up/not_known/proves: true or false"),
    (REST, "manifest", "follow_up/not_known/prove", True, "prove is unknown: is proves meant?"),
    # versions, environments, adapters
    (REST, "manifest", "valid_from", "2027-02-31", "valid_from: "),
    (REST, "manifest", "valid_from", "soon", "valid_from: a day"),
    (REST, "manifest", "valid_to", "2020-01-01", "valid_to is before valid_from"),
    (REST, "manifest", "environments", {}, "environments: simulator, test or production"),
    (REST, "manifest", "environments/test/url", "https://a..b/", "environments/test/url"),
    (REST, "manifest", "adapter", "nobody", "adapter: no installed addon brings nobody"),
    # names and codes
    (REST, "names", "nb_lots_total", "lots/main", "names.json: main is the name of"),
    (REST, "names", "nb_lots_total", "lots//total", "names.json: nb_lots_total: "),
    (REST, "names", "nb_lots_total", "lots/@total/x", "names.json: nb_lots_total: @ is for the last"),
    (REST, "names", "nb_lots_total", ".", "names.json: nb_lots_total: a value needs a name"),
    (REST, "names", "impayes", "amounts[kind='unpaid']", "names.json: impayes: a value needs a name"),
    (REST, "names", "impayes", "amounts[kind=unpaid]/cents", "names.json: impayes: "),
    (REST, "names", "nb_lots_total", "a/" * 400 + "b", "names.json: nb_lots_total: a path"),
    (REST, "names", "nb_lots_total", 5, "names.json: nb_lots_total: a path"),
    (REST, "names", "nb_lots_total", "location", "services/WS1"),
    (REST, "names", "parcelles", ".", "names.json: parcelles: a value needs a name"),
    (REST, "codes", "type_chauffage/collectif", {"a": 1}, "codes.json: type_chauffage/collectif: the code"),
    (REST, "codes", "type_chauffage/individuel", 1, "codes.json: type_chauffage has the same wire code twice"),
    (REST, "errors", "409/item", "nb_tours", "errors.json: 409: nb_tours is not an item"),
    (REST, "errors", "409/means", "KNOWN", "errors.json: 409: means is not a code"),
    (REST, "errors", "409/message", "{number}", "errors.json: 409: {number} is not one of"),
    # XML
    (SOAP, "manifest", "wire/soap", "2.0", "wire/soap: one of 1.1, 1.2"),
    (SOAP, "manifest", "wire/soap", GONE, "services/WS1/soap_action: wire/soap says which"),
    (SOAP, "manifest", "wire/namespaces/l", GONE, "names.json: the prefix l is not in wire/namespaces"),
    (SOAP, "manifest", "wire/namespaces", {"1": "urn:a"}, "wire/namespaces: a prefix"),
    (SOAP, "manifest", "wire/soap_header/x:Id", "{reference}", "wire/soap_header: the prefix x"),
    (SOAP, "manifest", "wire/soap_header/e:Id", "{secret}", "wire/soap_header/e:Id: {secret} is not one"),
    (SOAP, "manifest", "wire/members", GONE, "wire/members is missing"),
    (SOAP, "manifest", "wire/order", "Lieu", "wire/order: names of elements"),
    (SOAP, "manifest", "services/WS3/root", GONE, "services/WS3"),
    (SOAP, "manifest", "services/WS4/root", GONE, "services/WS4/root is missing"),
    (SOAP, "manifest", "services/WS4/root", "a b", "are not names of elements"),
    (SOAP, "manifest", "services/WS4/constants", {}, "services/WS4/path: {registration_number}"),
    (SOAP, "manifest", "answer/fault/error_codes", "@code", "answer/fault/error_codes is unknown: is error_code"),
    (SOAP, "names", "nom_usage", "@nom usage", "names"),
    (SOAP, "names", "nb_lots_total", "Lots/@principaux", "names.json: @principaux is the name of"),
    (DEFAULT, "manifest", "wire/namespaces", {"a": "urn:a", "b": 5}, "wire/namespaces/b: a text"),
    (BY_THE_BOOK, "names", "nb_lots_total", "x:Lots", "names.json: the prefix x"),
    (FLAT_JSON, "manifest", "wire/soap", "1.1", "wire/soap: in XML only"),
    (FLAT_JSON, "manifest", "wire/answer_schema", "answer.xsd", "wire/answer_schema: a .json file"),
]  # fmt: skip


def mutated(tmp_path: Path, folder: Path, name: str, where: str, value) -> Path:
    made = Path(shutil.copytree(folder, tmp_path / folder.name))
    content = json.loads((made / f"{name}.json").read_text())
    steps = ["services", "WS1", "constants", "a//b"] if where.endswith("a//b") else where.split("/")
    *above, last = [int(step) if step.isdigit() and len(step) < 3 else step for step in steps]
    place = reduce(lambda at, step: at[step] if isinstance(at, list) else at.setdefault(step, {}), above, content)
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    (made / f"{name}.json").write_text(json.dumps(content))
    return made


@pytest.mark.parametrize(
    ("folder", "name", "where", "value", "told"),
    MUTATIONS,
    ids=[f"{n}-{case[0].name}-{case[2][:40]}" for n, case in enumerate(MUTATIONS)],
)
def test_a_mistake_is_told_with_its_place(tmp_path, folder, name, where, value, told):
    found = problems(mutated(tmp_path, folder, name, where, value))
    assert any(told in one for one in found), found
    assert not any("it cannot be read" in one for one in found), found


SAMPLES = [
    ("WS1.http", "HTTP/1.1 200 OK\n\n", "samples/WS1.http: a sample is called"),
    ("WS1-yes.http", "HTTP/1.1 200 OK\n\n", "samples/WS1-yes.http: a sample is called"),
    ("WS9-received.http", "HTTP/1.1 202 Accepted\n\n", "samples/WS9-received.http: WS9 is no service"),
    ("WS1-received.http", "200 OK\n\n", "samples/WS1-received.http, line 1: no status line"),
    ("WS1-received.http", "", "samples/WS1-received.http, line 1: no status line"),
    ("WS1-received.http", "HTTP/1.1 202 Accepted\n{}\n", "samples/WS1-received.http, line 2: no header"),
    ("WS1-accepted.http", "HTTP/1.1 202 Accepted\n\n", "it is understood as received"),
    ("WS1-received.http", "HTTP/1.1 303 See Other\nLocation: /a\n\n", "unreadable (REDIRECTED)"),
    ("WS1-received.http", "HTTP/1.1 503 Busy\n\n", "unreadable (UNAVAILABLE)"),
    ("WS3-accepted.http", "HTTP/1.1 200 OK\n\n{\"accounts\": {\"end\": \"31.02.2025\"}}", "unreadable (UNREADABLE)"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "told"), SAMPLES)
def test_a_sample_that_is_understood_otherwise(tmp_path, name, content, told):
    made = Path(shutil.copytree(REST, tmp_path / REST.name))
    (made / "samples" / name).write_text(content)
    [found] = problems(made)
    assert told in found


@pytest.mark.parametrize("folder", [DEFAULT, REST, SOAP, FLAT_JSON], ids=lambda one: one.name)
def test_whatever_a_key_becomes_a_sentence_is_told(tmp_path, folder):
    """Any scalar, list or object in the place of any other: never a traceback."""
    draw, text = random.Random(folder.name), (folder / "manifest.json").read_text()
    made = Path(shutil.copytree(folder, tmp_path / folder.name))
    values = [None, "", "x", 0, -1, 1e30, True, [], {}, ["x"], {"x": "x"}, "a" * 5000, "{", "%", "/"]
    for _rank in range(25):
        content = json.loads(text)
        at, steps = content, 0
        while isinstance(at, dict | list) and at and steps < draw.randint(1, 5):
            place, steps = at, steps + 1
            key = draw.choice(list(at) if isinstance(at, dict) else range(len(at)))
            at = at[key]
        place[key] = draw.choice(values)
        (made / "manifest.json").write_text(json.dumps(content))
        contract.load.cache_clear()
        found = problems(made)
        assert all(isinstance(one, str) and one for one in found)
        assert not any("it cannot be read" in one for one in found), (key, place[key], found)
