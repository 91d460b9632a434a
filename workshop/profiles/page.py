"""The examples of ``docs/en/an-afternoon.md``: what ``bin/profile new --json`` writes.

``python -m workshop.profiles.page`` writes them into the page.
"""

import re
import tempfile
from datetime import date
from pathlib import Path

from rnc.contract import load
from rnc.profile_check import examples

from ..paths import CHECKOUT
from .new import write_new

PAGE = CHECKOUT / "docs" / "en" / "an-afternoon.md"
BLOCK = re.compile(r"```http (\S+)\n.*?```", re.S)
ON = date(2026, 11, 30)  # so that the page does not change from day to day


def filled(text: str) -> str:
    """The page, each ``http`` block that bears a name filled with what has that name."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "registre"
        write_new(made, "json")
        return BLOCK.sub(lambda found: f"```http {found[1]}\n{_content(made, found[1])}```", text)


def _content(folder: Path, name: str) -> str:
    sample = folder / "samples" / f"{name}.http"
    text = sample.read_text("utf-8") if sample.exists() else _request(folder, name)
    return text.rstrip("\n") + "\n"


def _request(folder: Path, service: str) -> str:
    one = next(one for one in examples(load(folder), ON) if one.service == service)
    lines = [f"{one.method} {one.url}", *(f"{n}: {v}" for n, v in one.headers.items()), ""]
    return "\n".join([*lines, one.body.decode("utf-8")])


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text("utf-8")), "utf-8")
