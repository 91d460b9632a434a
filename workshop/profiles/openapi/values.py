"""How the values of recognised items are written: ``formats`` and ``codes.json``."""

import re
from collections import Counter
from datetime import datetime
from typing import Any

from rnc.items import nomenclature

from ..shape import merged
from .document import Leaf
from .items import ABBREVIATED, likely_codes
from .words import plain_text

YES = {"oui", "o", "yes", "y", "true", "1", "vrai", "t"}
NO = {"non", "n", "no", "false", "0", "faux", "f"}
CENTS = r"\bcents?\b|centimes?|minor units?"
# Words of dates, as suppliers write them, and their form.
WRITTEN = (
    (r"jj/mm/aaaa|dd/mm/yyyy|jj/mm/yyyy", "%d/%m/%Y"),
    (r"jj-mm-aaaa|dd-mm-yyyy", "%d-%m-%Y"),
    (r"jj\.mm\.aaaa|dd\.mm\.yyyy", "%d.%m.%Y"),
    (r"aaaa/mm/jj|yyyy/mm/dd", "%Y/%m/%d"),
    (r"aaaammjj|yyyymmdd", "%Y%m%d"),
    (r"jjmmaaaa|ddmmyyyy", "%d%m%Y"),
    (r"aaaa-mm-jj|yyyy-mm-dd|iso ?8601", "%Y-%m-%d"),
)
FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d", "%Y%m%d", "%d%m%Y")
MOMENTS = ("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M")
ISO = "%Y-%m-%d"


class Values:
    """What the leaves of recognised items say, gathered."""

    def __init__(self, leaves: dict[str, Leaf], is_xml: bool):
        self.leaves = leaves
        self.is_xml = is_xml
        self.doubts: list[str] = []

    def formats(self) -> dict[str, dict[str, Any]]:
        """Of each type what most of its items say; of an item what it says otherwise."""
        found: dict[str, dict[str, Any]] = {}
        for kind, form in (
            ("int", self._number),
            ("decimal", self._number),
            ("date", self._date),
            ("datetime", self._date),
            ("bool", self._bool),
        ):
            told = {c: form(c, leaf) for c, leaf in self.leaves.items() if merged()[c].type == kind}
            if told:
                found |= _shared(kind, told)
        return {key: value for key, value in found.items() if value}

    def _number(self, code: str, leaf: Leaf) -> dict[str, Any]:
        form: dict[str, Any] = {}
        if leaf.type in ("integer", "number") and not self.is_xml:
            form["as"] = "number"
        if merged()[code].unit == "EUR" and _is_cents(leaf):
            form["unit"] = "cents"
            if not re.search(CENTS, _told(leaf)):
                self.doubts.append(f"{code}: an integer, so read as cents: or are they euros?")
        elif merged()[code].type == "decimal" and leaf.type == "string":
            form |= _of_text(leaf)
        return form

    def _date(self, code: str, leaf: Leaf) -> dict[str, Any]:
        if leaf.type in ("integer", "number"):
            milli = re.search(r"milli", _told(leaf)) is not None
            return {"format": "epoch_ms" if milli else "epoch", "zone": "Europe/Paris"}
        if leaf.schema.get("format") == "date-time":
            is_day = merged()[code].type == "date"
            return {"format": "%Y-%m-%dT%H:%M:%S%z", "zone": "Europe/Paris"} if is_day else {}
        form = date_form(leaf)
        if not form and leaf.schema.get("format") != "date":
            self.doubts.append(f"{code}: nothing says how a date is written: ISO 8601 is assumed")
        return {"format": form} if form and form != ISO else {}

    def _bool(self, code: str, leaf: Leaf) -> dict[str, Any]:
        if leaf.type == "boolean":
            return {"yes": "true", "no": "false"} if self.is_xml else {"yes": True, "no": False}
        values = [one for one in leaf.schema.get("enum") or () if one is not None]
        yes = [one for one in values if plain_text(str(one)) in YES]
        no = [one for one in values if plain_text(str(one)) in NO]
        if len(yes) == len(no) == 1:
            return {"yes": yes[0], "no": no[0]}
        self.doubts.append(f"{code}: nothing says how yes and no are written")
        return {}

    def codes(self) -> dict[str, dict[str, Any]]:
        """{code list: {ours: theirs}}; a code that nobody recognised is a question."""
        found: dict[str, dict[str, Any]] = {}
        most: dict[str, int] = {}
        for code, leaf in self.leaves.items():
            item, values = merged()[code], leaf.schema.get("enum")
            if item.type == "enum" and isinstance(values, list):
                likely = likely_codes(item.nomenclature, leaf)
                table = {c: one if v > ABBREVIATED else f"?{one}" for c, (one, v) in likely.items()}
                if len(table) >= most.get(item.nomenclature, 0):
                    most[item.nomenclature] = len(table) + 1
                    found[item.nomenclature] = self._told(item.nomenclature, table, values)
            elif item.type == "enum" and leaf.type == "boolean":
                found.setdefault(item.nomenclature, {"oui": True, "non": False})
        return {name: {k: v for k, v in table.items() if k != v} for name, table in found.items()}

    def _told(self, name: str, table: dict[str, Any], values: list) -> dict[str, Any]:
        """The table, with a question for each of ours while some of theirs are left."""
        found = {str(one).removeprefix("?") for one in table.values()}
        left = [one for one in values if str(one) not in found and one is not None]
        missing = [entry.code for entry in nomenclature(name) if entry.code not in table]
        if missing:
            told = f"codes.json: {name}: nothing found for {', '.join(missing)}"
            self.doubts.append(f"{told}; theirs that are left: {', '.join(map(str, left)) or '-'}")
        return {**table, **dict.fromkeys(missing if left else [], "?")}


def _shared(kind: str, told: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    usual = Counter(repr(sorted(form.items(), key=str)) for form in told.values())
    most = usual.most_common(1)[0][0]
    found = {}
    for code, form in told.items():
        if repr(sorted(form.items(), key=str)) == most:
            found[kind] = form
        else:
            found[code] = form
    # What an item does not say is taken from its type: it has to be said again.
    for code in found.keys() - {kind}:
        found[code] = {**_neutral(found[kind]), **found[code]}
    return found


def _neutral(form: dict[str, Any]) -> dict[str, Any]:
    usual = {"as": "text", "unit": "euros", "format": ISO, "separator": "."}
    return {key: usual[key] for key in form if key in usual}


def _is_cents(leaf: Leaf) -> bool:
    return bool(re.search(CENTS, _told(leaf))) or leaf.type == "integer"


def _told(leaf: Leaf) -> str:
    return plain_text(" ".join((*leaf.steps, leaf.texts[-1] if leaf.texts else "")))


def _of_text(leaf: Leaf) -> dict[str, Any]:
    """The separator and the decimals of an amount in a text, by its pattern or example."""
    samples = _examples(leaf)
    pattern = str(leaf.schema.get("pattern", ""))
    form: dict[str, Any] = {}
    comma = any(re.search(r"\d,\d", one) for one in samples)
    if comma or (re.search(r"(?<!\{\d)(?<!\{\d\d),(?!\d*\})", pattern) and "." not in pattern):
        form["separator"] = ","
    if re.search(r"[.,]\)?(\\d|\[0-9\])\{2\}\)?\$?$", pattern):
        form["decimals"] = 2
    if any(re.search(r"\d[ \u00a0\u202f]\d{3}", one) for one in samples):
        form["grouping"] = next(
            c for one in samples for c in re.findall(r"\d([ \u00a0\u202f])\d{3}", one)
        )
    return form


def date_form(leaf: Leaf) -> str:
    """The form of a date, by an example, by words, or by its pattern; "" when nothing says it."""
    forms = MOMENTS if leaf.schema.get("format") == "date-time" else FORMS
    for sample in _examples(leaf):
        for form in forms:
            try:
                datetime.strptime(sample, form)
            except ValueError:
                continue
            return form
    if leaf.schema.get("format") == "date":
        return ISO
    texts = " ".join((*leaf.texts[-1:], str(leaf.schema.get("format", "")))).lower()
    for form, meant in WRITTEN:
        if re.search(form, texts):
            return meant
    return _of_pattern(str(leaf.schema.get("pattern", "")))


def _of_pattern(pattern: str) -> str:
    try:
        compiled = re.compile(pattern)
    except re.error:
        return ""
    day = datetime(2026, 11, 28)
    fitting = [form for form in FORMS if pattern and compiled.fullmatch(day.strftime(form))]
    return fitting[0] if len(fitting) == 1 else ""


def _examples(leaf: Leaf) -> list[str]:
    told = [leaf.schema.get("example"), leaf.schema.get("default")]
    many = leaf.schema.get("examples")
    told += (
        many if isinstance(many, list) else list(many.values()) if isinstance(many, dict) else []
    )
    return [str(one) for one in told if isinstance(one, str | int | float)]
