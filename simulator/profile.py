"""The contract profile, read by the simulator for itself."""

import csv
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .paths import parse
from .service import Service

HEART = Path(__file__).resolve().parent.parent / "copro_registry" / "rnc"
DEFAULT = HEART / "contract" / "hypothetical-2.0.1"
ENVIRONMENTS = ("simulator", "test", "production")
SCALARS = ("str", "int", "decimal", "date", "datetime", "bool", "enum")
NUMBERS = ("int", "decimal")
SEE_OTHER = "303"  # of a question alone
USUAL_STATUS = {"received": 202, "accepted": 200}


@dataclass(frozen=True)
class Item:
    """A data item, as far as the simulator's rules go."""

    code: str
    group: str
    type: str
    unit: str
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
        self.not_in_body = set(self.wire.get("not_in_body", ()))
        self._formats: dict[str, dict] = {}

    def _read(self, name: str) -> dict:
        path = self.folder / name
        return json.loads(path.read_text("utf-8")) if path.exists() else {}

    @cached_property
    def services(self) -> dict[str, Service]:
        return {name: Service(name, self) for name in self.manifest["services"]}

    def check(self) -> None:
        """Raises ValueError, KeyError or TypeError when it cannot be spoken."""
        for service in self.services.values():
            for path in service.names.values():
                parse(path)
            _ = service.body, service.items, service.channels

    @property
    def base_path(self) -> str:
        """Of the first environment that is given: the simulator answers below it."""
        given = self.manifest["environments"]
        first = next(name for name in ENVIRONMENTS if name in given)
        return "/" + given[first]["url"].split("/", 3)[3]

    @property
    def soap(self) -> str:
        return self.wire.get("soap", "")

    @property
    def ways(self) -> list[str]:
        """How one asks what became of an upload."""
        return self.manifest.get("follow_up", {}).get("by", ["reference"])

    @property
    def not_known(self) -> list[int]:
        """The statuses by which STATUS says that it does not know an upload."""
        return self.manifest.get("follow_up", {}).get("not_known", {}).get("statuses", [])

    # -- the catalogue -------------------------------------------------------

    @cached_property
    def items(self) -> list[Item]:
        with (HEART / "catalogue" / "items.csv").open(encoding="utf-8") as stream:
            return [_item(row) for row in csv.DictReader(stream)]

    @cached_property
    def item(self) -> dict[str, Item]:
        found: dict[str, Item] = {}
        for item in self.items:
            found.setdefault(item.code, item)  # of two in turn, the first
        return found

    @cached_property
    def groups(self) -> set[str]:
        return {item.group for item in self.items}

    @cached_property
    def nomenclatures(self) -> dict[str, set[str]]:
        with (HEART / "catalogue" / "nomenclatures.csv").open(encoding="utf-8") as stream:
            found: dict[str, set[str]] = {}
            for row in csv.DictReader(stream):
                found.setdefault(row["nomenclature"], set()).add(row["code"])
            return found

    # -- names ---------------------------------------------------------------

    def codes_named(self, name: str) -> list[str]:
        """The items and groups whose path ends with ``name``."""
        codes = [*self.item, *sorted(self.groups)]
        return [code for code in codes if _last(self.names.get(code, code)) == name]

    def error_code(self, ours: str) -> str:
        """The wire's code for a reason that the simulator calls ``ours``.

        "" where the status alone tells it.
        """
        codes = self._codes_of(ours)
        return next((code for code in codes if not _is_status(code)), "" if codes else ours)

    def error_status(self, ours: str) -> int | None:
        """The status that ``errors.json`` lists for a reason."""
        found = [code for code in self._codes_of(ours) if _is_status(code)]
        return int(found[0]) if found else None

    def _codes_of(self, ours: str) -> list[str]:
        return [code for code, one in self.errors.items() if one.get("means", code) == ours]

    # -- values --------------------------------------------------------------

    def format(self, item: Item) -> dict:
        """How the values of an item are written: ``formats``, then what was said before it."""
        if item.code not in self._formats:
            self._formats[item.code] = self._format(item)
        return self._formats[item.code]

    def _format(self, item: Item) -> dict:
        kind = item.type if item.type in SCALARS else "str"
        formats, wire = self.manifest.get("formats", {}), self.wire
        numbers = "number" if wire.get("numbers") == "number" and kind in NUMBERS else "text"
        former = {"type": kind, "as": numbers, "unit": "euros", "absent": "omit"}
        former |= {"yes": wire.get("yes", True), "no": wire.get("no", False)}
        former["separator"] = wire.get("decimal_separator", ".")
        if kind == "date" and "date_format" in wire:
            former["format"] = wire["date_format"]
        found = {**former, **formats.get(kind, {}), **formats.get(item.code, {})}
        return found if item.unit == "EUR" else {**found, "unit": "euros"}

    # -- statuses and answers --------------------------------------------------

    def description(self, service: str, status: int) -> dict:
        """What an answer of this status holds, and where: the last one who says it wins."""
        found: dict = {}
        for said in (self.answer, self.services[service].answer):
            by_status = said.get("by_status", {})
            found |= said
            found |= by_status.get(str(status)) or by_status.get(f"{status // 100}xx") or {}
        return {key: value for key, value in found.items() if value is not None}

    def status(self, outcome: str, service: str) -> int:
        """The HTTP status of an outcome that is not a refusal."""
        usual = USUAL_STATUS[outcome]
        table = self.http.get("outcomes", {})
        told = [status for status, means in table.items() if means == outcome]
        if SEE_OTHER in told and self.services[service].kind == "STATUS":
            return int(SEE_OTHER)
        told = [status for status in told if not status.startswith("3")]
        if told:
            return _one_of(told, usual)
        accepted = [str(status) for status in self.http.get("accepted", [usual])]
        return _one_of(accepted, usual)

    def refusal_status(self, proposed: int, *ours: str) -> int:
        """The status of a refusal: of its reason, or one that means a refusal here."""
        table = self.http.get("outcomes", {})
        told = [status for status, means in table.items() if means == "rejected"]
        found = next((s for code in ours if (s := self.error_status(code))), proposed)
        return _one_of(told, found) if told else found


def _one_of(statuses: list[str], wanted: int) -> int:
    """``wanted``, if these statuses or classes take it; else the first of them."""
    if str(wanted) in statuses or f"{wanted // 100}xx" in statuses:
        return wanted
    return int(statuses[0].replace("xx", "00"))


def _is_status(code: str) -> bool:
    return len(code) == 3 and code.isdecimal() and code[0] in "45"


def _last(path: str) -> str:
    return path.rpartition("/")[2].partition("[")[0].lstrip("@").rpartition(":")[2]


def _item(row: dict[str, str]) -> Item:
    names = ("code", "group", "type", "unit", "nomenclature", "effective_from", "effective_to")
    picked = {name: row[name] for name in (*names, "required", "when", "parent")}
    return Item(services=frozenset(row["services"].split()), **picked)
