"""``bin/profile from-openapi``: what it recognises, what it leaves, what it refuses."""

import json
from pathlib import Path

import pytest
import yaml

from conftest import EMAIL, NUMBER, running_desk
from profile_person import profile_command, tried, with_files
from rnc.contract import load
from rnc.profile_check import problems
from workshop.console import Stop
from workshop.profiles.openapi.notes import notes, write_proposal
from workshop.profiles.openapi.propose import Proposer
from workshop.profiles.openapi.reading import faults, read_description

REST = Path(__file__).parents[1] / "data" / "openapi" / "registry-rest.yaml"


@pytest.fixture(scope="module")
def proposal():
    return Proposer(read_description(REST), "propose").proposal()


def test_each_service_is_recognised(proposal):
    found = {code: one.operation.title for code, one in proposal.found.items()}
    assert found == {
        "WS1": "POST /condominiums",
        "WS2_STANDARD": "PATCH /condominiums/{registrationNumber}",
        "WS2_ANNUAL": "PUT /condominiums/{registrationNumber}/accounts/{closingDate}",
        "WS3": "GET /condominiums/{registrationNumber}",
        "WS4": "POST /condominiums/{registrationNumber}/affiliations",
        "WS5": "DELETE /condominiums/{registrationNumber}/mandate",
        "WS6": "POST /condominiums/{registrationNumber}/mandates",
        "WS7": "PUT /condominiums/{registrationNumber}/affiliation",
        "STATUS": "GET /declarations/{declarationId}",
        "LIST": "GET /condominiums",
    }
    assert all(one.is_sure for one in proposal.found.values())


def test_addresses_headers_and_bodies(proposal):
    services = proposal.manifest["services"]
    closing = "condominiums/{registration_number}/accounts/{date_fin_exercice:%Y-%m-%d}"
    assert services["WS2_ANNUAL"]["path"] == closing
    assert services["WS5"]["body"] == "none"
    assert services["WS5"]["query"]["successorAddress"] == "{successeur_adresse}"
    assert services["WS4"]["body"]["parts"] == [
        {"name": "request", "document": True, "media_type": "application/json"},
        {"name": "documentType", "value": "{piece_type}"},
        {
            "name": "document",
            "item": "piece_contenu",
            "filename": "{piece_nom}",
            "media_type": "application/pdf",
        },
    ]
    assert services["WS1"]["constants"] == {"kind": "registration"}
    assert services["STATUS"]["path"] == "declarations/{registry_reference}"
    assert proposal.manifest["headers"] == {
        "X-Filer-Email": "{declarant_email}",
        "X-Filer-Number": "{declarant_number}",
    }
    assert set(proposal.manifest["environments"]) == {"test", "production"}
    assert any("http://old.registry.example/" in one for one in proposal.left)


def test_values_and_answers(proposal):
    manifest = proposal.manifest
    assert manifest["formats"]["decimal"] == {"as": "number", "unit": "cents"}
    assert manifest["wire"]["below"] == "dossier"
    assert manifest["answer"]["outcomes"] == {
        "pending": "received",
        "accepted": "accepted",
        "refused": "rejected",
    }
    by_status = manifest["answer"]["by_status"]
    assert by_status["202"]["registry_reference"] == {"header": "Location"}
    assert by_status["4xx"]["errors"] == ["errors", "."]
    assert manifest["follow_up"]["not_known"] == {"statuses": [404], "proves": False}
    codes = proposal.tables["codes.json"]
    assert codes["periode_construction"]["A_COMPTER_DE_2011"] == "FROM_2011"
    errors = proposal.tables["errors.json"]
    assert errors["MANDATE_OVERLAP"]["means"] == "MANDATE_OVERLAP"
    assert "means" not in errors["SOMETHING_ODD"]


# What a person who reads the description would write.
RIGHT = {
    "nom_usage": "identity/usualName",
    "adresse_reference_numero_voie": "identity/referenceAddress/street",
    "date_reglement": "identity/bylawsDate",
    "parcelles": "identity/parcels",
    "parcelles_numero": "number",
    "nb_lots_principaux": "identity/lots/principal",
    "nb_lots_stationnement": "identity/lots/parking",
    "date_debut_mandat": "mandate/startDate",
    "date_fin_exercice": "accounts/endDate",
    "date_fin_mandat_precedent": "mandate/previousMandateEndDate",
    "impayes": "accounts/unpaidAmount",
    "dettes_fournisseurs": "accounts/supplierDebts",
    "etiquette_d": "technical/energyLabels[class='D']/count",
    "nb_ascenseurs": "technical/liftCount",
}


def test_items_are_named_and_doubts_are_marked(proposal):
    names = proposal.tables["names.json"]
    assert {code: names[code].removeprefix("?") for code in RIGHT} == RIGHT
    assert names["nb_coproprietaires_debiteurs"] == "?accounts/debtorCoOwners"
    assert len(proposal.named.open) < len(proposal.sure) / 5


def decided(folder: Path, **others) -> None:
    """As a person would: each guess is right, but ``others``; None takes one away."""
    for path in folder.glob("*.json"):
        path.write_text(path.read_text(encoding="utf-8").replace('"?', '"'), encoding="utf-8")
    names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
    names = {code: path for code, path in {**names, **others}.items() if path is not None}
    (folder / "names.json").write_text(json.dumps(names), encoding="utf-8")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["wire"]["not_in_body"] += [code for code, path in others.items() if path is None]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


@pytest.fixture(scope="module")
def fitted(proposal, tmp_path_factory):
    """The profile, once a person has decided."""
    folder = tmp_path_factory.mktemp("openapi") / "propose"
    write_proposal(folder, proposal, notes(proposal, read_description(REST), [], REST.name))
    found = problems(folder)
    assert found and all("a question is open" in one for one in found)
    decided(folder, piece_nom=None, piece=None)
    return folder


def test_what_was_decided_is_fit(fitted):
    assert problems(fitted) == []


def test_it_runs_end_to_end(fitted, tmp_path_factory):
    """The simulator reads the same profile, with code of its own."""
    with running_desk(tmp_path_factory.mktemp("simulator"), load(fitted)) as desk:
        folder = with_files(desk, tmp_path_factory.mktemp("person"))
        code, said = tried(desk, fitted, folder, "--declarant", NUMBER, "--email", EMAIL)
    assert code == 0, said


def test_notes_say_how_sure_each_guess_is(proposal):
    text = notes(proposal, read_description(REST), ["paths: odd"], REST.name)
    assert "| WS1 | `POST /condominiums` | 100% |" in text
    assert "| nb_coproprietaires_debiteurs | `accounts/debtorCoOwners` | **to decide** (" in text
    assert "token (oauth2): a token that is fetched first needs an adapter" in text
    assert "Identity holds itself" in text and "- paths: odd" in text


# -- what suppliers also write --------------------------------------------------------

TINY = {
    "openapi": "3.0.3",
    "info": {"title": "Registre", "version": "1"},
    "paths": {
        "/immatriculations": {
            "post": {
                "summary": "Immatriculation initiale",
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/D"}}}
                },
                "responses": {"201": {"description": "Créée"}},
            }
        }
    },
    "components": {
        "schemas": {
            "D": {
                "type": "object",
                "properties": {
                    "nomUsage": {"type": "string", "nullable": True},
                    "dateReglement": {"type": "string", "pattern": r"^\d{2}/\d{2}/\d{4}$"},
                    "residenceService": {"type": "string", "enum": ["O", "N"]},
                    "nombreLotsTotal": {"type": "string", "pattern": "^[0-9]+$"},
                    "montantImpayes": {"type": "string", "example": "1 820,00"},
                    "montantFondsTravaux": {"type": "string", "example": "1 820,00"},
                    "suite": {"$ref": "#/components/schemas/D"},
                    "lettres": {"type": "string", "pattern": r"^\p{L}+$"},
                    "autre": {"$ref": "#/components/schemas/Absent"},
                },
            }
        }
    },
}


def written(tmp_path: Path, content, name: str = "registre.yaml") -> Path:
    path = tmp_path / name
    path.write_text(
        content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True),
        encoding="utf-8",
    )
    return path


def test_french_texts_dates_and_amounts(tmp_path):
    made = Proposer(read_description(written(tmp_path, TINY)), "tiny").proposal()
    formats = made.manifest["formats"]
    assert formats["date"] == {"format": "%d/%m/%Y"}
    assert formats["decimal"] == {"separator": ",", "grouping": " "}
    assert (made.manifest["wire"]["yes"], made.manifest["wire"]["no"]) == ("O", "N")
    left = " ".join(made.left)
    assert "holds itself" in left and "#/components/schemas/Absent leads nowhere" in left
    assert r"^\p{L}+$" in left and "WS6: no operation was recognised" in left
    assert made.manifest["services"]["WS6"]["path"] == "?"
    assert made.manifest["environments"] == {"test": {"url": "?"}}
    assert made.schema["$defs"]["D"]["properties"]["nomUsage"]["type"] == ["string", "null"]


def test_yaml_is_read_as_json_has_it(tmp_path):
    text = yaml.safe_dump(TINY) + "x-no: no\nx-day: 2026-11-28\n"
    read = read_description(written(tmp_path, text))
    assert (read["x-no"], read["x-day"]) == ("no", "2026-11-28")


def test_faults_of_the_description_are_told(tmp_path):
    content = {**TINY, "info": {"title": "Registre"}}
    assert any("version" in fault for fault in faults(read_description(written(tmp_path, content))))


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
CYCLE = "openapi: 3.0.0\nx: &x {paths: *x}\n"
BAD = {
    "broken YAML": ("openapi: [3.0", "line 2: it is not YAML"),
    "a tag": ("openapi: !!python/object/apply:os.system ['true']", "it is not YAML"),
    "broken JSON": ('{"openapi": "3.0.0",', "line 2: it is not YAML"),
    "nothing": ("", "it holds no object"),
    "a list": ("- openapi", "it holds no object"),
    "another thing": ("name: registre", "no OpenAPI 3 description"),
    "Swagger": ("swagger: '2.0'\npaths: {}", "convert it to OpenAPI 3"),
    "AsyncAPI": ("asyncapi: 2.0.0", "AsyncAPI"),
    "no path": ("openapi: 3.0.0\npaths: {}", "describes no path"),
    "OpenAPI 4": ("openapi: 4.0.0\npaths: {/a: {}}", "no OpenAPI 3 description"),
    "a bomb": (f"openapi: 3.0.0\n{BOMB}", "too large once its aliases are followed"),
    "a cycle": (CYCLE, "too large once its aliases are followed"),
    "deep": ("openapi: 3.0.0\nx: " + "[" * 5000 + "]" * 5000, "nesting depth"),
    "deep JSON": ('{"openapi": ' + "[" * 200_000, "nested too deep"),
    "an address": (
        "openapi: 3.0.0\npaths: {/a: {$ref: 'https://evil.example/a.yaml'}}",
        "nothing is fetched",
    ),
    "a file": ("openapi: 3.0.0\npaths: {/a: {$ref: '/etc/passwd#/x'}}", "nothing is fetched"),
    "no service": ("openapi: 3.0.0\npaths: {/meteo: {get: {summary: Temps}}}", "no service"),
    "odd shapes": ("openapi: 3.0.0\npaths: {/a: 3, /b: [x], /c: {get: 5}}", "no service"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_told_in_one_sentence(tmp_path, name):
    text, told = BAD[name]
    with pytest.raises(Stop) as stop:
        Proposer(read_description(written(tmp_path, text)), "bad").proposal()
    assert told in f"{stop.value} {stop.value.next_step}"


def test_a_huge_file_and_one_that_is_not_there(tmp_path):
    huge = written(tmp_path, "x: " + "y" * 6_000_000)
    with pytest.raises(Stop, match="larger than 5 MB"):
        read_description(huge)
    with pytest.raises(Stop, match="cannot be read"):
        read_description(tmp_path / "absent.yaml")
    (tmp_path / "latin.yaml").write_bytes("openapi: é".encode("latin-1"))
    with pytest.raises(Stop, match="UTF-8"):
        read_description(tmp_path / "latin.yaml")


def test_the_command_never_ends_in_a_trace(tmp_path):
    code, said = profile_command("from-openapi", "absent.yaml", folder=tmp_path)
    assert code == 1 and "Error: " in said and "Traceback" not in said
    written(tmp_path, TINY)
    code, said = profile_command("from-openapi", "registre.yaml", folder=tmp_path)
    assert code == 0 and (tmp_path / "registre" / "NOTES.md").exists(), said
    code, said = profile_command("from-openapi", "registre.yaml", folder=tmp_path)
    assert code == 1 and "exists already" in said


# -- anything that a description may hold ----------------------------------------------

ODD = [None, 3, "x", [], {}, [None], {"x": None}, True, "$ref", {"$ref": "#/paths"}]


@pytest.mark.parametrize("key", ["parameters", "requestBody", "responses", "summary", "tags"])
@pytest.mark.parametrize("value", ODD, ids=repr)
def test_an_operation_of_any_shape(tmp_path, key, value):
    content = json.loads(json.dumps(TINY))
    content["paths"]["/immatriculations"]["post"][key] = value
    made = Proposer(read_description(written(tmp_path, content)), "odd").proposal()
    assert made.manifest["services"]["WS1"]["method"] == "POST"
