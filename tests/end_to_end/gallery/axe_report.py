"""axe-core on the main pages: what it found, told apart by who draws the place, and a report.

Whole pages are examined. What Odoo itself draws is told from ours by where it stands,
one reason a selector; the report (``var/screenshots/axe.md``) lists both.
"""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error

MAIN = (
    *("today", "today-first"),
    *("condominiums-list", "condominiums-kanban"),
    *("condominium-identification", "condominium-representation", "condominium-technique"),
    *("condominium-findings", "condominium-refused", "renewal"),
    *("fiscal_year-form", "correction"),
    *("uploads-list", "upload-payload", "upload-timeline"),
    *("batch-preview", "batch-paused", "batch-report", "comparison"),
    *("account-path", "account-certificate", "account-connection"),
    *("certificate", "certificate-diagnosis", "registry-import"),
)
GRAVE = ("serious", "critical")
# What Odoo's own templates draw, whatever the addon: {selector: why it is not ours}.
# Whatever stands inside such a place is Odoo's too.
ODOO = {
    ".o_main_navbar": "the bar of the web client",
    ".o_control_panel": "title, search, pager and switch of views",
    ".o-mail-Chatter": "the discussion, of Odoo's mail",
    ".o_statusbar_status": "the arrows of the status bar widget",
    ".o_list_table > thead": "the headers that the list renderer makes",
    ".o_list_table > tfoot": "the totals that the list renderer makes",
    ".o_list_record_selector": "the boxes that select the lines of a list",
    ".o_notebook_headers": "the tabs of the notebook widget",
    ".modal-header": "the title bar of dialogs",
    ".o_form_label": "the colour of labels, of the form renderer",
    ".o_field_badge": "the colours of the badge widget",
    ".o_field_progressbar": "the bar of the progressbar widget",
    ".o_avatar, .o_m2o_avatar": "the picture of the avatar widget",
    ".o_field_kanban_activity, .o_field_list_activity": "the clock of the activity widgets",
    ".o_select_menu": "the box of the selection widget",
    ".o_pager_indicator": "where the pager stands, on a telephone",
    ".o-kanban-button-new": "the button of kanban lines, one access key for all",
}
# Here only the element itself is Odoo's: what stands inside may be ours.
FRAMES = {
    "html": "the page, without language and without a heading on telephones",
    "meta[name=viewport]": "the page, which forbids to zoom",
    ".modal": "the frame of dialogs, without a name",
    ".o_content, .o_navbar": "the landmarks of the web client, twice under a dialog",
    ".o_kanban_record": "the frame of cards, an article with the role of a link",
}
WHO = """([target, places, frames]) => {
    const node = document.querySelector(target);
    if (!node) {
        throw new Error("redrawn");
    }
    const holds = (selector) => node.closest(selector);
    const is = (selector) => node.matches(selector);
    return places.find(holds) || frames.find(is) || null;
}"""


@dataclass(frozen=True)
class Finding:
    """One place of one page that breaks a rule."""

    page: str
    rule: str
    impact: str
    target: str
    html: str
    drawn_by: str | None  # the selector of Odoo's that holds it

    @property
    def is_ours(self) -> bool:
        return self.drawn_by is None

    @property
    def is_grave(self) -> bool:
        return self.is_ours and self.impact in GRAVE

    def __str__(self) -> str:
        return f"{self.page}: {self.impact} {self.rule} at {self.target}: {self.html}"


def findings(desk, name: str) -> list[Finding]:
    """One a node, with who draws it; what is drawn anew meanwhile is examined again."""
    for _time in range(3):
        try:
            return _findings(desk.page, name)
        except Error as error:
            if "redrawn" not in str(error):
                raise
            desk.settle()
    raise AssertionError(f"{name} never stands still")


def _findings(page, name: str) -> list[Finding]:
    found = []
    for violation in Axe().run(page).response["violations"]:
        for node in violation["nodes"]:
            target = str(node["target"][-1])
            by = page.evaluate(WHO, [target, [*ODOO], [*FRAMES]])
            html = " ".join(node["html"].split())[:160]
            impact = violation["impact"] or "minor"
            found.append(Finding(name, violation["id"], impact, target, html, by))
    return found


def write(path: Path, found: list[Finding]) -> None:
    """Ours first, then what Odoo causes, each with the pages where it was seen."""
    ours = [one for one in found if one.is_ours]
    theirs = [one for one in found if not one.is_ours]
    parts = ["# axe-core on the main pages", "", "## Of our making", "", *_table(ours)]
    parts += ["", "## Of Odoo's own making", ""]
    parts += [f"- `{selector}`: {reason}" for selector, reason in {**ODOO, **FRAMES}.items()]
    parts += ["", *_table(theirs)]
    path.write_text("\n".join(parts) + "\n")


def _table(found: list[Finding]) -> list[str]:
    if not found:
        return ["Nothing."]
    groups = defaultdict(list)
    for one in found:
        groups[one.impact, one.rule, one.drawn_by or ""].append(one)
    rows = ["| impact | rule | drawn by | places | pages | example |", "|---|---|---|---|---|---|"]
    for (impact, rule, by), places in sorted(groups.items()):
        pages = len({one.page for one in places})
        example = places[0].html.replace("|", "\\|").replace("`", "'")
        row = f"| {impact} | {rule} | {by} | {len(places)} | {pages} | `{example}` |"
        rows.append(row)
    return rows
