"""The addon's README.rst and index.html, made from its fragments (OCA's order).

Run by pre-commit in an environment that holds pandoc: both files are committed, and a
hook that changes them says so.
"""

import ast
import sys
from pathlib import Path

import pypandoc

FRAGMENTS = (
    ("DESCRIPTION", ""),
    ("CONTEXT", "Use Cases / Context"),
    ("INSTALL", "Installation"),
    ("CONFIGURE", "Configuration"),
    ("USAGE", "Usage"),
    ("ROADMAP", "Known issues / Roadmap"),
    ("HISTORY", "Changelog"),
    ("CONTRIBUTORS", "Contributors"),
)
PICTURES = "static/description/"
NOTICE = "!! made from readme/*.md by pre-commit: change these, not this file !!"


def main(folder: str) -> int:
    addon = Path(folder)
    manifest = ast.literal_eval((addon / "__manifest__.py").read_text(encoding="utf-8"))
    text = _compose(addon, manifest)
    rst = pypandoc.convert_text(text, "rst", "gfm", extra_args=["--columns=97"])
    # The application's page is served from the folder that holds its pictures.
    page = text.replace(f"({PICTURES}", "(").replace(f'src="{PICTURES}', 'src="')
    html = pypandoc.convert_text(page, "html5", "gfm", extra_args=["--columns=97"])
    _write(addon / "README.rst", f"..\n   {NOTICE}\n\n{rst}")
    section = f'<section class="oe_container">\n{html.strip()}\n</section>\n'
    _write(addon / "static/description/index.html", f"<!-- {NOTICE} -->\n{section}")
    return 0


def _compose(addon: Path, manifest: dict) -> str:
    parts = [f"# {manifest['name']}", f"*{manifest['summary']}.* Licence: {manifest['license']}."]
    for name, title in FRAGMENTS:
        path = addon / "readme" / f"{name}.md"
        if path.exists():
            parts.append(f"## {title}" if title else "")
            parts.append(path.read_text(encoding="utf-8").strip())
    return "\n\n".join(part for part in parts if part) + "\n"


def _write(path: Path, text: str) -> None:
    text = text.replace("\r\n", "\n")
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
