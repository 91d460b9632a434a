"""Regular expressions of a schema that would be tried in too many ways."""

import re

LONGEST = 1000  # characters
MOST = 10_000  # what is repeated within what is repeated, multiplied
UNBOUNDED = 50  # what * and + count for: two of them may stand in one another, not three

ESCAPED = re.compile(r"\\.", re.S)
BRACKETS = re.compile(r"\[[^\[\]]*\]")
TOKEN = re.compile(r"\{(\d*)(,?)(\d*)\}|.", re.S)


def is_heavy(pattern: str) -> bool:
    """Whether a value may take for ever to be tried, whatever library tries it."""
    if len(pattern) > LONGEST:
        return True
    plain = BRACKETS.sub("a", BRACKETS.sub("a", ESCAPED.sub("a", pattern)))
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


def _times(token: re.Match) -> int:
    """How often a quantifier repeats, at most; 0 when the token is none."""
    text, (least, comma, most) = token[0], token.groups()
    if text == "?":
        return 1
    if text in ("*", "+") or (comma and not most):
        return max(UNBOUNDED, int(least or 0))
    return max(int(most or least or 1), 1) if len(text) > 1 else 0
