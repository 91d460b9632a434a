"""Which leaf of a document is which item: by words, labels, types and code lists."""

import math
import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache

from rnc.items import Item, nomenclature

from ..shape import merged
from .document import Leaf
from .words import meanings, plain_text, words

SURE, DOUBTFUL = 0.52, 0.34  # scores from 0 to 1
COVERED = 0.6  # share of an item's own words that a sure guess bears
MARGIN = 0.08  # a sure guess is so much better than the next one
NAME, AROUND, TEXT = 1.0, 0.45, 0.5  # what a word counts, by where it stands
PLAIN_ENUM, FITTING = 0.5, 0.6  # share of a code list that must be recognised
ABBREVIATED = 0.65  # how alike a code and its first letters are: a person has to look
# Names that say little without what is around them.
GENERIC = set(
    "name nom label libelle amount montant number numero nombre total euro type date".split()
)
GENERIC |= {"code", "kind", "nature", "statut", "debut", "fin", "start", "end", "id", "version"}
# Formats of texts that are no date and no number; suppliers have others of their own.
STANDARD = {"date-time", "time", "email", "uri", "uuid", "byte", "binary", "hostname", "ipv4"}
DIGITS = re.compile(r"\\d|\[0-9\]")


@dataclass(frozen=True)
class Guess:
    """That a leaf is an item."""

    item: str
    leaf: Leaf
    score: float
    rival: float  # the score of the next best, for this leaf or for this item

    @property
    def is_sure(self) -> bool:
        clear = self.score - self.rival >= MARGIN
        return self.score >= SURE and clear and _covered(self.item, self.leaf) >= COVERED

    @property
    def why(self) -> str:
        shared = _of_item(self.item).keys() & _of_leaf(self.leaf).keys()
        return ", ".join(sorted(shared))


def guesses(leaves: list[Leaf], codes: list[str]) -> dict[str, Guess]:
    """{item: guess} of one document; each leaf is one item at most."""
    scores = {
        (code, leaf): value
        for code in codes
        for leaf in leaves
        if (value := score(code, leaf)) >= DOUBTFUL
    }
    found: dict[str, Guess] = {}
    taken: set[Leaf] = set()
    for (code, leaf), value in sorted(scores.items(), key=lambda pair: -pair[1]):
        if code not in found and leaf not in taken:
            found[code] = Guess(code, leaf, value, 0.0)
            taken.add(leaf)
    best = {guess.leaf: guess for guess in found.values()}
    for code, guess in found.items():
        rivals = [
            value
            for (other, leaf), value in scores.items()
            if (other == code) != (leaf == guess.leaf)
            and not _is_settled(found.get(other), value)
            and not _is_settled(best.get(leaf), value)
        ]
        found[code] = replace(guess, rival=max(rivals, default=0.0))
    return found


def _is_settled(guess: Guess | None, value: float) -> bool:
    """Whether what a rival would take has a much better place already."""
    return guess is not None and guess.score >= value + MARGIN


def nearest(leaf: Leaf, codes: list[str], count: int = 3) -> list[str]:
    """The items that a leaf might be, for a person to choose."""
    ranked = sorted(codes, key=lambda code: -score(code, leaf))
    return [code for code in ranked[:count] if score(code, leaf) > DOUBTFUL / 2]


@cache
def score(code: str, leaf: Leaf) -> float:
    """How likely it is, from 0 to 1."""
    item = merged()[code]
    fits = _fits(item, leaf)
    if not fits:
        return 0.0
    theirs = _of_leaf(leaf)
    alike = max(_cosine(ours, theirs) for ours in (_of_item(code), _of_code(code)))
    return min(1.0, alike * fits + _enum_bonus(item, leaf))


def _cosine(ours: dict[str, float], theirs: dict[str, float]) -> float:
    shared = sum(ours[word] * theirs[word] * _weight(word) ** 2 for word in ours.keys() & theirs)
    return shared / (_length(ours) * _length(theirs) or 1)


def _length(vector: dict[str, float]) -> float:
    return math.sqrt(sum((value * _weight(word)) ** 2 for word, value in vector.items()))


@cache
def _rarity() -> Counter:
    return Counter(word for code in merged() for word in _of_item(code))


@cache
def _weight(word: str) -> float:
    """A word that many items have says little."""
    return math.log((len(merged()) + 1) / (_rarity().get(word, 0) + 1)) + 0.3


@cache
def _of_item(code: str) -> dict[str, float]:
    item, own = merged()[code], _own_name(code)
    return _vector(((own, NAME), (code, 0.7), (item.label_fr, 0.6), (item.label_en, 0.6)))


@cache
def _of_code(code: str) -> dict[str, float]:
    """Without its labels, some of which are long sentences."""
    return _vector(((_own_name(code), NAME), (code, 0.7)))


def _own_name(code: str) -> str:
    """Without the name of what holds it."""
    parent = merged()[code].parent
    return code.removeprefix(f"{parent}_") if parent else code


def _covered(code: str, leaf: Leaf) -> float:
    """The share of the item's own words that the leaf bears, rare words counting more."""
    item, own = merged()[code], _own_name(code)
    ours, theirs = meanings(own), _of_leaf(leaf).keys()
    held = {word for word in ours if word in theirs}
    whole = sum(_weight(word) for word in ours)
    if item.parent and not _is_member(item):  # the name alone may say little
        parent = meanings(item.parent)
        if set(words(own)) <= GENERIC and not parent & theirs:
            return 0.0
        held |= {word for word in parent if word in theirs}
        whole += sum(_weight(word) for word in parent) * 0.5
    return sum(_weight(word) for word in held) / (whole or 1)


@cache
def _of_leaf(leaf: Leaf) -> dict[str, float]:
    *around, own = [step.lstrip("@") for step in leaf.steps]
    told = [(own, NAME), (leaf.switch[1], NAME), (leaf.texts[-1] if leaf.texts else "", TEXT)]
    # "town/name" is the town, rather than a name.
    near = NAME if set(words(own)) <= GENERIC or leaf.switch[0] else AROUND
    told += [(step, near / distance) for distance, step in enumerate(reversed(around), 1)]
    return _vector(told)


def _vector(told) -> dict[str, float]:
    found: dict[str, float] = {}
    for text, weight in told:
        for word in meanings(text):
            found[word] = max(found.get(word, 0.0), weight)
    return found


# -- types ------------------------------------------------------------------------


def _fits(item: Item, leaf: Leaf) -> float:
    """What the types say of it: 0 when it cannot be, 1 when nothing is against it."""
    is_list = item.type == "list"
    is_switched = bool(leaf.switch[0])
    if is_list and (not leaf.arrays or is_switched):
        return 0.0
    if not is_list and len(leaf.steps) in leaf.arrays and not is_switched:
        return 0.0
    if not is_list and not is_switched and bool(leaf.arrays) != _is_member(item):
        return 0.0
    if is_list or item.type == "struct":
        is_text = leaf.type == "string" and (not is_list or _is_text_member(leaf))
        return 0.9 if is_text and not leaf.schema.get("enum") else 0.0
    return _FITS.get(item.type, _fits_text)(leaf)


def _is_text_member(leaf: Leaf) -> bool:
    """A list of texts, or of objects that hold one text each."""
    return len(leaf.steps) in leaf.arrays or leaf.is_alone


def _is_member(item: Item) -> bool:
    return bool(item.parent) and merged()[item.parent].type == "list"


def _fits_text(leaf: Leaf) -> float:
    if leaf.type == "string" and leaf.schema.get("format") not in ("date", "date-time", "binary"):
        return 0.8 if leaf.schema.get("enum") else 1.0
    return 0.6 if leaf.type == "integer" else 0.0


def _fits_bool(leaf: Leaf) -> float:
    if leaf.type == "boolean":
        return 1.0
    return 0.9 if len(leaf.schema.get("enum") or ()) == 2 else 0.0


def _fits_enum(leaf: Leaf) -> float:
    if leaf.type == "boolean":
        return 0.4
    return 1.0 if leaf.schema.get("enum") else 0.6


def _fits_date(leaf: Leaf) -> float:
    form = leaf.schema.get("format")
    if form in ("date", "date-time"):
        return 1.0
    if leaf.type == "string" and form not in STANDARD and not leaf.schema.get("enum"):
        return 0.9 if "date" in meanings(leaf.steps[-1]) or leaf.schema.get("pattern") else 0.5
    return 0.4 if leaf.type == "integer" and "date" in meanings(leaf.steps[-1]) else 0.0


def _fits_number(leaf: Leaf) -> float:
    if leaf.type in ("integer", "number"):
        return 1.0
    is_text = leaf.type == "string" and leaf.schema.get("format") not in {*STANDARD, "date"}
    if not is_text or leaf.schema.get("enum"):
        return 0.0
    return 0.9 if DIGITS.search(str(leaf.schema.get("pattern", ""))) else 0.6


def _fits_file(leaf: Leaf) -> float:
    is_file = leaf.schema.get("format") in ("byte", "binary") or "contentEncoding" in leaf.schema
    return 1.0 if is_file else 0.4 if leaf.type == "string" else 0.0


_FITS = {
    "bool": _fits_bool,
    "enum": _fits_enum,
    "date": _fits_date,
    "datetime": _fits_date,
    "int": _fits_number,
    "decimal": _fits_number,
    "file": _fits_file,
}


# -- code lists ---------------------------------------------------------------------


def codes_of(name: str, leaf: Leaf) -> dict[str, object]:
    """{our code: theirs} of a code list, for those that are recognised."""
    return {ours: one for ours, (one, _alike) in likely_codes(name, leaf).items()}


def likely_codes(name: str, leaf: Leaf) -> dict[str, tuple[object, float]]:
    """{our code: (theirs, how alike they are)}."""
    theirs = [one for one in leaf.schema.get("enum") or () if one is not None]
    pairs = [
        (_alike(entry, one), entry.code, one) for entry in nomenclature(name) for one in theirs
    ]
    found: dict[str, tuple[object, float]] = {}
    for value, ours, one in sorted(pairs, key=lambda pair: -pair[0]):
        if value >= FITTING and ours not in found and one not in {o for o, _v in found.values()}:
            found[ours] = (one, value)
    return found


def _alike(entry, told: object) -> float:
    """How alike a code of ours and one of theirs are: by their words, 0 to 1."""
    theirs, short = meanings(str(told)), str(told).casefold()
    best = 0.0
    for text in (entry.code, entry.label_fr, entry.label_en):
        ours = meanings(text)
        parts = plain_text(text).split()
        if len(short) >= 2 and any(part.startswith(short) for part in parts):
            best = max(best, ABBREVIATED)
        if len(short) >= 2 and "".join(part[0] for part in parts).startswith(short):
            best = max(best, ABBREVIATED)
        if ours and theirs:
            best = max(best, len(ours & theirs) / len(ours | theirs))
        best = max(best, 1.0 if str(told).casefold() == text.casefold() else 0.0)
    return best


def _enum_bonus(item: Item, leaf: Leaf) -> float:
    values = leaf.schema.get("enum")
    if item.type != "enum" or not values:
        return 0.0
    share = len(codes_of(item.nomenclature, leaf)) / len(values)
    return 0.35 * share if share >= PLAIN_ENUM else 0.0
