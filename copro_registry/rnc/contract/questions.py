"""What ``bin/profile from-openapi`` could not decide, and a person has to.

It writes a doubtful guess where it belongs, as a text that begins with ``?``. Such a profile is
refused, place by place, until somebody has decided.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .manifest import FILES, OF_SEVERAL_LINES, read_json

MARK = "?"


def open_questions(folder: Path) -> list[str]:
    """The places that are still open. Raises ProfileError when a file cannot be read."""
    found = []
    for name in FILES:
        if (folder / name).exists():
            for place, text in _texts(read_json(folder, name)):
                guess = f": is it {text[1:].strip()}?" if text[1:].strip() else ""
                told = "a question is open, decide it and take away the ?"
                found.append(f"{name}: {place}: {told}{guess}"[:500])
    return found


def _texts(content: Any, place: str = "", key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(content, str):
        if content.startswith(MARK) and key not in OF_SEVERAL_LINES:
            yield place or "all of it", content
    elif isinstance(content, list):
        for rank, one in enumerate(content):
            yield from _texts(one, f"{place}/{rank}".lstrip("/"), key)
    elif isinstance(content, dict):
        for name, one in content.items():
            yield from _texts(one, f"{place}/{name}".lstrip("/"), name)
