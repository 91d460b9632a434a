"""The page of all pictures: wide and narrow side by side."""

from html import escape
from pathlib import Path

STYLE = """
body { font: 16px/1.4 system-ui, sans-serif; margin: 2rem; background: #f5f5f5; }
figure { display: grid; grid-template-columns: 3.5fr 1fr; gap: 1rem; align-items: start;
  margin: 0 0 3rem; }
figcaption { grid-column: 1 / -1; font-weight: 600; font-size: 1.2rem; }
img { width: 100%; border: 1px solid #ccc; background: white; }
nav { columns: 3; margin-bottom: 3rem; }
"""


def write(folder: Path, screens, sizes: tuple[str, ...]) -> Path:
    """An index of the pictures that the folder holds."""
    shown = [screen for screen in screens if (folder / f"{screen.name}-{sizes[0]}.png").exists()]
    links = "".join(
        f'<div><a href="#{screen.name}">{escape(screen.caption)}</a></div>' for screen in shown
    )
    figures = "".join(_figure(screen, sizes) for screen in shown)
    page = folder / "index.html"
    page.write_text(
        f'<!doctype html><html lang="fr"><meta charset="utf-8"><title>Les écrans</title>'
        f"<style>{STYLE}</style><h1>{len(shown)} écrans</h1><nav>{links}</nav>{figures}</html>\n"
    )
    return page


def _figure(screen, sizes: tuple[str, ...]) -> str:
    caption = escape(screen.caption)
    images = "".join(
        f'<img loading="lazy" src="{screen.name}-{size}.png" alt="{caption}, {size}">'
        for size in sizes
    )
    return f'<figure id="{screen.name}"><figcaption>{caption}</figcaption>{images}</figure>'
