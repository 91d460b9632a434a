"""The contract profile, read by the simulator for itself."""

import csv
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import xmlschema

HEART = Path(__file__).resolve().parent.parent / "copro_registry" / "registry"
DEFAULT = HEART / "contract" / "hypothetical-2.0.1"


@dataclass(frozen=True)
class Item:
    """A data item, as far as the simulator's rules go."""

    code: str
    group: str
    services: frozenset[str]
    effective_from: str
    effective_to: str
    required: str
    when: str
    parent: str

    def in_effect(self, today: str) -> bool:
        return self.effective_from <= today <= (self.effective_to or "9999")


class Profile:
    """A profile's folder, and the catalogue that it speaks of."""

    def __init__(self, folder: Path = DEFAULT):
        self.folder = folder
        self.manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        wire = self.manifest["wire"]
        self.requests = xmlschema.XMLSchema(folder / wire["request_schema"])
        self.answers = xmlschema.XMLSchema(folder / wire["answer_schema"])
        self.version = wire["attributes"]["version"]
        self.not_in_body = set(wire["not_in_body"])

    @cached_property
    def headers(self) -> dict[str, str]:
        """What each header carries: {"declarant_number": "X-Numero-…", …}."""
        found = self.manifest["headers"].items()
        return {template.strip("{}"): name for name, template in found}

    @cached_property
    def items(self) -> list[Item]:
        with (HEART / "catalogue" / "items.csv").open(encoding="utf-8") as stream:
            return [_item(row) for row in csv.DictReader(stream)]

    @property
    def base_path(self) -> str:
        url = self.manifest["environments"]["simulator"]["url"]
        return "/" + url.split("/", 3)[3]


def _item(row: dict[str, str]) -> Item:
    names = ("code", "group", "effective_from", "effective_to", "required", "when")
    picked = {name: row[name] for name in names}
    return Item(services=frozenset(row["services"].split()), parent=row["parent"], **picked)
