"""Regular expressions of a schema that would be tried in too many ways."""

import re

LONGEST = 1000  # characters
MOST = 10_000  # what is repeated within what is repeated, multiplied
UNBOUNDED = 50  # what * and + count for: two of them may stand in one another, not three
# Of a header's pattern: what is of any length, and what may be missing.
UNBOUNDED_WEIGHT, MOST_FREE = 3, 8

ESCAPED = re.compile(r"\\.", re.S)
BRACKETS = re.compile(r"\[[^\[\]]*\]")
OPENING = re.compile(r"\(\?(?:P<\w+>|<?[=!]|:)")
TOKEN = re.compile(r"\{(\d*)(,?)(\d*)\}|.", re.S)


def _plain(pattern: str) -> str:
    """With one letter for all that is escaped, or stands in brackets."""
    return BRACKETS.sub("a", BRACKETS.sub("a", ESCAPED.sub("a", pattern)))


def is_heavy(pattern: str) -> bool:
    """Whether a value may take for ever to be tried, whatever library tries it."""
    if len(pattern) > LONGEST:
        return True
    plain = _plain(pattern)
    groups, last = [0], 0  # what each open group weighs, and the last part of the innermost
    for token in TOKEN.finditer(plain):
        times = _times(token)
        if times:
            groups[-1] += last * (times - 1)
            last *= times
        elif token[0] == "(":
            groups.append(0)
        else:
            last = groups.pop() if token[0] == ")" and len(groups) > 1 else 1
            groups[-1] += last
        if groups[-1] > MOST:
            return True
    return False


def is_slow(pattern: str) -> bool:
    """Whether `re`, which tries one way after the other, may take long on a header of an answer.

    Nothing that may be read in several ways is repeated, and little is of any length.
    """
    plain = OPENING.sub("(", _plain(pattern))
    free, groups, was_ambiguous = 0, [False], False
    for token in TOKEN.finditer(plain):
        text, (least, comma, most) = token[0], token.groups()
        if text == "(":
            groups.append(False)
        elif text == ")" and len(groups) > 1:
            was_ambiguous = groups.pop()
            groups[-1] = groups[-1] or was_ambiguous
            continue
        elif text == "|":
            groups[-1] = True
        elif text in ("*", "+", "?") or (len(text) > 1 and comma and least != most):
            free += 1 if text == "?" else UNBOUNDED_WEIGHT
            groups[-1] = True
            if was_ambiguous and text != "?":
                return True
        elif len(text) > 1 and was_ambiguous:  # {9}
            return True
        was_ambiguous = False
    return free > MOST_FREE


def _times(token: re.Match) -> int:
    """How often a quantifier repeats, at most; 0 when the token is none."""
    text, (least, comma, most) = token[0], token.groups()
    if text == "?":
        return 1
    if text in ("*", "+") or (comma and not most):
        return max(UNBOUNDED, int(least or 0))
    return max(int(most or least or 1), 1) if len(text) > 1 else 0
