"""What the documents call the items: one table for all services, exceptions beside it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from ..shape import is_always, merged
from .document import Leaf
from .items import Guess
from .parameters import OPEN

Steps = tuple[str, ...]
MOST_OF = 0.5


@dataclass
class Named:
    """The paths of a profile. A path is relative to where the dossier stands."""

    below: dict[str, Steps]  # {service: where its dossier stands}
    names: dict[str, str] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    exceptions: dict[str, dict[str, str]] = field(default_factory=dict)  # {service: {item: path}}
    absent: list[str] = field(default_factory=list)  # items that no document has
    open: list[str] = field(default_factory=list)  # items of which a question is left


def named_items(guessed: dict[str, dict[str, Guess]], carried: dict[str, set[str]]) -> Named:
    """``guessed``: {service: {item: guess}}; ``carried``: the items that each should send."""
    base = _base(guessed)
    told = Named(_below(guessed, base))
    for service, items in guessed.items():  # a doubtful guess beside the dossier is none
        for code in [c for c, guess in items.items() if _is_beside(guess, told.below[service])]:
            del items[code]
    placed = _voted(guessed, told.below)
    for code, guess in placed.items():
        _put(told, code, guess, _relative(guess, told, guessed, code))
    _exceptions(told, guessed)
    _structs(told)
    _left(told, placed, carried)
    return told


def _base(guessed: dict[str, dict[str, Guess]]) -> dict[str, Steps]:
    """The paths of the largest document, without what all of them begin with."""
    largest = max(guessed.values(), key=len, default={})
    paths = {code: guess.leaf.steps for code, guess in largest.items()}
    sure = [guess.leaf.steps for guess in largest.values() if guess.is_sure]
    prefix = common(sure) if len(sure) > 1 else ()
    return {c: s[len(prefix) :] for c, s in paths.items() if s[: len(prefix)] == prefix}


def _below(guessed: dict[str, dict[str, Guess]], base: dict[str, Steps]) -> dict[str, Steps]:
    found, told = {}, Counter()
    for service, items in guessed.items():
        votes: Counter = Counter()
        for code, guess in items.items():
            steps, known = guess.leaf.steps, base.get(code)
            if known and steps[-len(known) :] == known:
                votes[steps[: -len(known)]] += 1
        found[service] = votes.most_common(1)[0][0] if votes else ()
        told.update({found[service]: len(items)} if votes else {})
    usual = told.most_common(1)
    prefix = usual[0][0] if usual else ()
    for service, items in guessed.items():
        inside = [guess.leaf.steps[: len(prefix)] == prefix for guess in items.values()]
        if len(found[service]) < len(prefix) and sum(inside) > MOST_OF * len(inside):
            found[service] = prefix
    return found


def _is_beside(guess: Guess, below: Steps) -> bool:
    return not guess.is_sure and guess.leaf.steps[: len(below)] != below


def _voted(guessed, below) -> dict[str, Guess]:
    """Of each item, the guess of most services, the surest of them."""
    votes: dict[str, Counter] = {}
    best: dict[tuple, Guess] = {}
    for service, items in guessed.items():
        for code, guess in items.items():
            steps = _below_of(guess.leaf.steps, below[service])
            votes.setdefault(code, Counter())[steps] += guess.score
            kept = best.get((code, steps))
            if kept is None or guess.score > kept.score:
                best[code, steps] = guess
    return {code: best[code, counted.most_common(1)[0][0]] for code, counted in votes.items()}


def _relative(guess: Guess, told: Named, guessed, code: str) -> Leaf:
    """The leaf, its path below where the dossier of its service stands."""
    service = next(name for name, items in guessed.items() if items.get(code) is guess)
    return below_leaf(guess.leaf, told.below[service])


def below_leaf(leaf: Leaf, below: Steps) -> Leaf:
    if leaf.steps[: len(below)] != below:
        return leaf
    arrays = frozenset(rank - len(below) for rank in leaf.arrays if rank > len(below))
    return Leaf(
        leaf.steps[len(below) :], arrays, leaf.schema, leaf.texts, leaf.required, leaf.switch
    )


def _below_of(steps: Steps, below: Steps) -> Steps:
    return steps[len(below) :] if steps[: len(below)] == below else steps


def _put(told: Named, code: str, guess: Guess, leaf: Leaf) -> None:
    item = merged()[code]
    holder = merged()[item.parent] if item.parent else None
    path = leaf.path
    if item.type == "list" and leaf.arrays:
        path, told.members[code] = _split(leaf, max(leaf.arrays))
    elif holder is not None and holder.type == "list" and leaf.arrays:
        rank = max(leaf.arrays)
        around = "/".join(leaf.steps[:rank])
        if guess.is_sure or holder.code not in told.names:
            told.names[holder.code] = around if guess.is_sure else f"{OPEN}{around}"
        path = "/".join(leaf.steps[rank:])
    if not told.members.get(code, "x"):
        del told.members[code]
    told.names[code] = path if guess.is_sure else f"{OPEN}{path}"
    if not guess.is_sure:
        told.open.append(code)


def _split(leaf: Leaf, rank: int) -> tuple[str, str]:
    return "/".join(leaf.steps[:rank]), "/".join(leaf.steps[rank:])


def _exceptions(told: Named, guessed) -> None:
    """Where a service has an item elsewhere than the others."""
    for service, items in guessed.items():
        for code, guess in items.items():
            usual = told.names[code].removeprefix(OPEN)
            here = below_leaf(guess.leaf, told.below[service])
            if merged()[code].parent in told.members or here.arrays:
                continue
            if here.path != usual:
                path = here.path if guess.is_sure else f"{OPEN}{here.path}"
                told.exceptions.setdefault(service, {})[code] = path


def _structs(told: Named) -> None:
    """A struct stands nowhere of its own: its items say where they are."""
    for code, item in merged().items():
        children = [one.code for one in merged().values() if one.parent == code]
        if item.type == "struct" and any(child in told.names for child in children):
            told.names.setdefault(code, ".")


def _left(told: Named, placed: dict[str, Guess], carried: dict[str, set[str]]) -> None:
    """What is compulsory is asked of a person; what is not does not travel."""
    for code in sorted(set().union(*carried.values()) - placed.keys()):
        item = merged()[code]
        children = [one.code for one in merged().values() if one.parent == code]
        if children and any(child in placed for child in children):
            continue
        if is_always(code) and item.type != "struct" and not item.parent:
            told.names[code] = OPEN
            told.open.append(code)
        else:
            told.absent.append(code)


def common(paths: Iterable[Steps]) -> Steps:
    """The steps with which all of them begin, the last of each set aside."""
    kept: Steps | None = None
    for steps in paths:
        shorter = steps[:-1]
        if kept is None:
            kept = shorter
        while kept != shorter[: len(kept)]:
            kept = kept[:-1]
    return kept or ()
