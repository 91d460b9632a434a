"""A condominium is found however it is typed: without accents, marks, nor capitals.

``search_key`` is what is stored; ``search_words`` is what is looked for in it.
"""

import re
import unicodedata
from collections.abc import Iterator

APOSTROPHES = "'\u2019\u2018\u02bc\u00b4`\u2032"
LETTERS = {"œ": "oe", "æ": "ae"}
WORD = re.compile(r"[^\W_]+")
# « l'exemple », typed « lexemple » as well; « 12bis » is « 12 bis ».
WITHIN = re.compile(rf"(?<=\w)[{APOSTROPHES}](?=\w)")
ELISION = re.compile(rf"\b(?:[cdjlmnst]|qu)[{APOSTROPHES}]\s?(?=\w)")
SUFFIX = re.compile(r"(?<=\d)(?=(?:bis|ter|quater)\b)")
NUMBERED = re.compile(r"[a-z]{2}([0-9]{7})")
SHORT = {"saint": "st", "sainte": "ste", "boulevard": "bd", "avenue": "av"}
LONG = {short: long for long, short in SHORT.items()}
# Shorter ones, and figures, begin a word: « 01 » is not found in 13001, nor « st » in « est ».
SHORTEST_ANYWHERE = 4


def folded(text: str) -> str:
    """Small letters without accents: « l'Église » is « l'eglise », « Cœur » is « coeur »."""
    text = text.casefold()
    for letter, plain in LETTERS.items():
        text = text.replace(letter, plain)
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(one for one in decomposed if not unicodedata.combining(one))


def search_key(*texts: str) -> str:
    """Each word of ``texts`` once, after a space: " zz0000020 0000020 saint st denis"."""
    words = dict.fromkeys(one for text in texts for word in _words(text) for one in _known_as(word))
    return "".join(f" {word}" for word in words)


def search_words(typed: str) -> list[list[str]]:
    """What a key holds all of, one list for each way to read what is typed; [] for no word.

    « 35 000 » is two numbers, or one that is spaced.
    """
    words = WORD.findall(SUFFIX.sub(" ", ELISION.sub(" ", folded(typed))))
    ways = [words] if words else []
    joined = _joined(words)
    if joined != words:
        ways.append(joined)
    return [[_sought(word) for word in way] for way in ways]


def _words(text: str) -> list[str]:
    text = SUFFIX.sub(" ", folded(text))
    return WORD.findall(text) + WORD.findall(WITHIN.sub("", text))


def _known_as(word: str) -> Iterator[str]:
    yield word
    for others in (SHORT, LONG):
        if word in others:
            yield others[word]
    numbered = NUMBERED.fullmatch(word)
    if numbered:
        yield numbered[1]


def _joined(words: list[str]) -> list[str]:
    joined: list[str] = []
    for word in words:
        if joined and word.isdigit() and joined[-1][-1].isdigit():
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _sought(word: str) -> str:
    is_beginning = word.isdigit() or len(word) < SHORTEST_ANYWHERE
    return f" {word}" if is_beginning else word
