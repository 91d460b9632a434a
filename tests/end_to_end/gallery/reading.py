"""What must never be read on a screen."""

import re
from functools import cache
from pathlib import Path

import polib

from rnc.items import all_items

READER = Path(__file__).with_suffix(".js").read_text()
FRENCH = Path(__file__).resolve().parents[3] / "copro_registry" / "i18n" / "fr.po"

# Odoo's own parts that scroll sideways on a telephone, and that no view can narrow.
SCROLLING = (
    ".o_pivot",  # a table of as many columns as the data has
    ".o_graph_canvas_container",  # its legend
    ".o_graph_renderer *",
    ".o_form_statusbar *",  # the arrows of a status bar
    ".o_kanban_renderer.o_kanban_grouped",  # one column a screen, swiped
    ".o_notebook_headers",  # tabs, swiped
    ".o-mail-Chatter-topbar",
    ".o-mail-Thread",  # a followed address, one word that mail does not cut
    ".settings_tab",  # the applications of the settings, swiped
    ".copro_raw",  # a file as it was sent
    ".o_control_panel *",
    ".o_import_data_content *",  # Odoo's preview of an imported sheet
)
ENGLISH = re.compile(
    r"\b(the|and|with|your|this|of|has|have|been|which|not|registry|upload(ed|s)?|"
    r"enterprises?|policy|condominiums?|settings|unknown|draft)\b",
    re.IGNORECASE,
)
TECHNICAL = re.compile(
    r"\bcopro\.\w|hypothetical|\bWS\d_\w|\bundefined\b|\bNaN\b|\bfalse\b|\btrue\b|\bnull\b|"
    r"\[object|%\(\w+\)s|(?<!\d )%s|\{\{|\w+_(ids?|count|date)\b|ir\.\w+\.\w+"
)
PLURALS = re.compile(r"\w\(s\)|\b[01] (?!ou )[a-zà-ÿ]{3,}[^s\W]s\b|(?<![\d,])1 \w{3,}s\b")
NOT_PLURALS = re.compile(r"\b1 (jours|mois|fois|ans|sous|dans|pas|plus|vers|puis|cours)\b")


@cache
def untranslated() -> frozenset[str]:
    """The English of our terms, but for the words that are French too."""
    entries = polib.pofile(str(FRENCH))
    french = {entry.msgstr for entry in entries}
    return frozenset(
        entry.msgid
        for entry in entries
        if entry.msgid != entry.msgstr and entry.msgid not in french
    )


def faults(page, width: int, raw: tuple[str, ...] = ()) -> list[str]:
    """What a person would stumble on, in words."""
    read = page.evaluate(READER, {"forgiven": [*raw], "allowed": [*SCROLLING]})
    found = [f"sticks out: {read['width']} px"] if read["width"] > width else []
    if width < 768:
        found += [f"scrolls sideways: {what}" for what in read["sticking"]]
    for text in dict.fromkeys(read["words"]):
        found += [f"{why}: {text!r}" for why in _why_not(text)]
    found += [f"error dialog: {text}" for text in page.locator(".o_error_dialog").all_inner_texts()]
    return found


@cache
def exact() -> tuple[str, ...]:
    """The registry's own labels: « personnel(s) employé(s) » is its spelling."""
    return tuple(item.label_fr for item in all_items() if "(s)" in item.label_fr)


def _why_not(text: str):
    for label in exact():
        text = text.replace(label, "")
    if text in untranslated() or ENGLISH.search(_without_names(text)):
        yield "English"
    if TECHNICAL.search(text):
        yield "technical"
    if PLURALS.search(NOT_PLURALS.sub("", text)):
        yield "plural"


def _without_names(text: str) -> str:
    """Addresses of sites and of mail are no words."""
    return re.sub(r"\S+(@|://|\.)\S+", "", text)
