"""The contract profile, read by the simulator for itself."""

import csv
import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

HEART = Path(__file__).resolve().parent.parent / "copro_registry" / "rnc"
DEFAULT = HEART / "contract" / "hypothetical-2.0.1"
USUAL_STATUS = {"received": 202, "accepted": 200}


@dataclass(frozen=True)
class Item:
    """A data item, as far as the simulator's rules go."""

    code: str
    group: str
    type: str
    nomenclature: str
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
        self.manifest = self._read("manifest.json")
        self.wire = self.manifest["wire"]
        self.answer = self.manifest["answer"]
        self.http = self.manifest["http"]
        self.names = self._read("names.json")
        self.codes = self._read("codes.json")
        self.errors = self._read("errors.json")
        self.not_in_body = set(self.wire["not_in_body"])

    def _read(self, name: str) -> dict:
        path = self.folder / name
        return json.loads(path.read_text("utf-8")) if path.exists() else {}

    @property
    def services(self) -> dict[str, dict]:
        return self.manifest["services"]

    @property
    def base_path(self) -> str:
        url = self.manifest["environments"]["simulator"]["url"]
        return "/" + url.split("/", 3)[3]

    # -- the catalogue -------------------------------------------------------

    @cached_property
    def items(self) -> list[Item]:
        with (HEART / "catalogue" / "items.csv").open(encoding="utf-8") as stream:
            return [_item(row) for row in csv.DictReader(stream)]

    @cached_property
    def item(self) -> dict[str, Item]:
        return {item.code: item for item in reversed(self.items)}

    @cached_property
    def groups(self) -> set[str]:
        return {item.group for item in self.items}

    # -- names ---------------------------------------------------------------

    def wire_name(self, code: str) -> str:
        return self.names.get(code, code)

    @cached_property
    def _codes_by_place(self) -> dict[tuple[str, str], str]:
        return {(item.parent, self.wire_name(item.code)): item.code for item in self.items}

    def code_at(self, parent: str, name: str) -> str | None:
        """The item that ``name`` means below ``parent`` ("" at the top)."""
        return self._codes_by_place.get((parent, name))

    def group_named(self, name: str) -> str | None:
        return next((group for group in self.groups if self.wire_name(group) == name), None)

    def error_code(self, ours: str) -> str:
        """The wire's code for a reason that the simulator calls ``ours``."""
        for code, described in self.errors.items():
            if described.get("means", code) == ours:
                return code
        return ours

    # -- identification of the caller, in headers, query or body ---------------

    @cached_property
    def headers(self) -> dict[str, str]:
        """What each header carries: {"declarant_number": "X-Numero-…", …}."""
        return _by_meaning(self.manifest.get("headers", {}))

    @cached_property
    def query(self) -> dict[str, str]:
        return _by_meaning(self.manifest.get("query", {}))

    # -- statuses ------------------------------------------------------------

    def status(self, outcome: str) -> int:
        """The HTTP status of an outcome that is not a refusal."""
        for status, means in self.http.get("outcomes", {}).items():
            if means == outcome:
                return int(status)
        return USUAL_STATUS[outcome]


def _by_meaning(templates: dict[str, str]) -> dict[str, str]:
    found = {}
    for name, template in templates.items():
        match = re.search(r"\{(\w+)\}", template)
        if match:
            found[match[1]] = name
    return found


def _item(row: dict[str, str]) -> Item:
    names = ("code", "group", "type", "nomenclature", "effective_from", "effective_to")
    picked = {name: row[name] for name in (*names, "required", "when", "parent")}
    return Item(services=frozenset(row["services"].split()), **picked)
