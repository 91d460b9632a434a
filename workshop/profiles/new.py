"""A whole profile, from the catalogue: the words of the contract are then put in its place.

It says what the hypotheses of the shipped profiles say, in one plain form; everything that an
integrator may change stands in it, even where it is the catalogue's own word.
"""

import json
from pathlib import Path
from typing import Any

from rnc.contract import named, read
from rnc.items import all_items, nomenclature

from ..console import Stop
from .json_schema import JsonSchemas
from .samples import write_samples
from .shape import merged
from .xml_schema import XmlSchemas

ALL = ("representation", "identification", "procedures", "finance", "technique", "bati_2027")
UPDATED = tuple(group for group in ALL if group not in ("representation", "finance"))
ANNUAL = tuple(group for group in ALL if group != "representation")
WHO = ("representation",)
# {service: (verb, path, root, groups)}; "" is no document.
SERVICES = {
    "WS1": ("POST", "", "immatriculation", ALL),
    "WS2_STANDARD": ("PUT", "{registration_number}", "mise_a_jour_standard", UPDATED),
    "WS2_ANNUAL": ("PUT", "{registration_number}/exercice", "mise_a_jour_annuelle", ANNUAL),
    "WS3": ("GET", "{registration_number}", "", ALL),
    "WS4": ("POST", "{registration_number}/rattachement", "rattachement", WHO),
    "WS5": ("POST", "{registration_number}/successeur", "successeur_declare", WHO),
    "WS6": ("PUT", "{registration_number}/mandat", "renouvellement", WHO),
    "WS7": ("POST", "{registration_number}/confirmation", "confirmation", WHO),
    "STATUS": ("GET", "demandes/{reference}", "", ()),
}
MEMBERS = {
    "adresses_complementaires": "adresse_complementaire",
    "parcelles": "parcelle",
    "batiments": "batiment",
    "decisions_habitat_indigne": "decision",
}
ANSWER = {
    "outcome": "statut",
    "outcomes": {"recue": "received", "acceptee": "accepted", "refusee": "rejected"},
    "reference": "reference",
    "registration_number": "numero_immatriculation",
    "date": "date",
    "errors": "erreurs",
    "error_code": "code",
    "error_item": "item",
    "error_value": "valeur",
    "error_detail": "detail",
    "attestation": "attestation",
    "dossier": "copropriete",
}
NOTE = (
    "Written by bin/profile new. Everything here is a hypothesis until the contract has been "
    "read: go through docs/en/an-afternoon.md, file by file."
)
NUMBERS = {"int": {"as": "number"}, "decimal": {"as": "number"}}
LIMITS = {
    "connections": 4,
    "calls_per_minute": 600,
    "connect_timeout": 10,
    "read_timeout": 60,
    "total_timeout": 120,
    "answer_bytes": 2_000_000,
    "document_bytes": 5_000_000,
}


def write_new(folder: Path, codec: str) -> list[Path]:
    """Write the profile that is called as its folder; its files. Raises Stop."""
    if folder.exists():
        raise Stop(f"{folder} exists already", "choose another name, or remove it")
    folder.mkdir(parents=True)
    for name, content in _tables(folder.name, codec).items():
        write_json(folder / name, content)
    write_schemas(folder)
    write_samples(folder)
    return sorted(path for path in folder.rglob("*") if path.is_file())


def write_json(path: Path, content: Any) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")


def write_schemas(folder: Path) -> None:
    """Those that the manifest, the names and the codes of a profile call for."""
    profile = read(folder)
    wire = profile.wire
    if wire["codec"] == "json":
        schemas = JsonSchemas(profile)
        write_json(folder / wire["request_schema"], schemas.request())
        write_json(folder / wire["answer_schema"], schemas.answer())
    else:
        documents = XmlSchemas(profile)
        (folder / wire["request_schema"]).write_bytes(documents.request())
        (folder / wire["answer_schema"]).write_bytes(documents.answer())


def _tables(name: str, codec: str) -> dict[str, Any]:
    return {
        "manifest.json": _manifest(name, codec),
        "names.json": _names(),
        "codes.json": _codes(),
        "errors.json": _errors(),
    }


def _manifest(name: str, codec: str) -> dict[str, Any]:
    shipped = named()
    environments = {key: {"url": url} for key, url in shipped.environments.items()}
    # One answers list each: XML repeats an element, JSON has an array.
    xml = {"root": "reponse", "errors": "erreurs/erreur"} if codec == "xml" else {}
    return {
        "name": name,
        "contract_version": "0",
        "status": "hypothesis",
        "note": NOTE,
        "environments": environments,
        "wire": _wire(codec),
        **({"formats": NUMBERS} if codec == "json" else {}),
        "transition": {"finance": "declaration"},
        "headers": dict(shipped.headers),
        "services": {code: _service(*told) for code, told in SERVICES.items()},
        "answer": {**xml, **{k: v for k, v in ANSWER.items() if k not in xml}},
        "http": {"accepted": [200, 201, 202], "unknown_reference": "REQUEST_UNKNOWN"},
        "limits": LIMITS,
    }


def _service(method: str, path: str, root: str, groups: tuple[str, ...]) -> dict[str, Any]:
    document = {"root": root} if root else {}
    return {"method": method, "path": path, **document, "groups": list(groups)}


def _wire(codec: str) -> dict[str, Any]:
    shared = {"attributes": {}, "not_in_body": ["numero_teledeclarant", "email_teledeclarant"]}
    if codec == "json":
        return {
            "codec": "json",
            "media_type": "application/json; charset=utf-8",
            "request_schema": "request.schema.json",
            "answer_schema": "answer.schema.json",
            "yes": True,
            "no": False,
            **shared,
        }
    return {
        "codec": "xml",
        "media_type": "application/xml; charset=utf-8",
        "request_schema": "request.xsd",
        "answer_schema": "answer.xsd",
        "yes": "oui",
        "no": "non",
        **shared,
        "members": MEMBERS,
    }


def _names() -> dict[str, str]:
    """Each group and item that a service carries, by its own word."""
    carried = [code for code, item in merged().items() if item.services - {"WEB"}]
    return {code: code for code in (*ALL, *carried)}


def _codes() -> dict[str, dict[str, str]]:
    carried = [item for item in all_items() if item.services - {"WEB"} and item.type == "enum"]
    lists = dict.fromkeys(item.nomenclature for item in carried)
    return {name: {entry.code: entry.code for entry in nomenclature(name)} for name in lists}


def _errors() -> dict[str, dict[str, Any]]:
    """Those of the default profile: their keys become the contract's codes."""
    return {code: {"means": code, **told} for code, told in named().errors.items()}
