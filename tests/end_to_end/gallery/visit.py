"""Coming to a screen, as its row says."""

from dataclasses import dataclass
from pathlib import Path

from end_to_end.gallery import axe_report, reading
from end_to_end.gallery.screens import ADDON, Screen
from end_to_end.office import Office

DO_ACTION = """([action, added]) => {
    const {action: service} = odoo.__WOWL_DEBUG__.root.env.services;
    service.doAction(action, {additionalContext: added});
}"""
# As by the button "back" of the browser: the page is not loaded anew.
GO = """(path) => {
    document.querySelector(".o_action_manager > *")?.setAttribute("data-left", "");
    history.pushState({}, "", path);
    window.dispatchEvent(new PopStateEvent("popstate", {state: {}}));
}"""
HIGHEST = 4000  # pixels
# What scrolls down: the page, a form beside its chatter, a dialog.
HIDDEN_BELOW = """() => Math.max(0, ...[...document.querySelectorAll(
    ".o_content, .o_form_view_container, .o_form_sheet_bg, .o_form_renderer, .o_list_renderer, "
    + ".o_kanban_renderer, .modal-body, .modal, .copro_today"
)].map((element) => element.scrollHeight - element.clientHeight))"""
DIALOG = ".modal .o_form_view"


@dataclass(frozen=True)
class Seen:
    """What a visit has brought."""

    faults: list[str]  # in words: see ``reading``
    errors: list[str]  # of the page's scripts
    broken: list[axe_report.Finding]  # of the main pages


class Visits:
    """Each screen is visited once in each width, for all that look at it."""

    def __init__(self, desks, sample: dict[str, int], folder: Path):
        self._desks, self._sample, self._folder = desks, sample, folder
        self._seen: dict[tuple[Screen, int], Seen] = {}

    def __call__(self, screen: Screen, width: int, height: int, tag: str) -> Seen:
        if (screen, width) not in self._seen:
            desk = self._desks(screen.login, width, height)
            self._seen[screen, width] = self._look(desk, screen, f"{screen.name}-{tag}")
        return self._seen[screen, width]

    def _look(self, desk, screen: Screen, name: str) -> Seen:
        desk.errors.clear()
        come(desk, screen, self._sample)
        faults = reading.faults(desk.page, desk.page.viewport_size["width"], screen.raw)
        broken = []
        if screen.name in axe_report.MAIN:
            broken = axe_report.findings(desk, name)
        picture(desk, self._folder / f"{name}.png")
        return Seen(faults, list(desk.errors), broken)

    @property
    def broken(self) -> list[axe_report.Finding]:
        return [finding for seen in self._seen.values() for finding in seen.broken]


def come(desk, screen: Screen, sample: dict[str, int]) -> None:
    """Open the screen, its tab or its dialog, and wait until all is drawn."""
    page = desk.page
    page.evaluate(GO, f"/odoo/{screen.path.format(**sample)}")
    page.wait_for_selector("[data-left]", state="detached")
    if screen.mode and not screen.record and not screen.ready:
        _show(page, screen.mode)
    else:
        page.wait_for_selector(screen.selector)
    desk.settle()
    if screen.tab:
        desk.tab(screen.tab)
    if screen.call:
        model, method = screen.call
        _open(page, Office(desk.url, screen.login).call(model, method, [sample[screen.record]]))
    if screen.dialog:
        _open(page, screen.dialog if "." in screen.dialog else f"{ADDON}.{screen.dialog}", sample)
    for move in screen.moves:
        move(page)
    desk.settle()


def picture(desk, path) -> None:
    """The whole of it: the window is made as high as what scrolls in it, then put back."""
    page = desk.page
    size = page.viewport_size
    height = min(HIGHEST, size["height"] + page.evaluate(HIDDEN_BELOW))
    page.set_viewport_size({**size, "height": height})
    desk.settle()
    page.screenshot(path=path)
    page.set_viewport_size(size)


def _show(page, mode: str) -> None:
    """The view of this mode; on a telephone Odoo opens cards in the place of lists."""
    page.wait_for_selector(".o_action_manager .o_view_controller")
    is_narrow = page.evaluate("odoo.__WOWL_DEBUG__.root.env.isSmall")
    if page.locator(f".o_{mode}_view").count() or (is_narrow and mode == "list"):
        return
    page.evaluate("mode => odoo.__WOWL_DEBUG__.root.env.services.action.switchView(mode)", mode)
    page.wait_for_selector(f".o_{mode}_view")


def _open(page, action, sample=None) -> None:
    added = {"default_account_id": sample["account"]} if sample else {}
    page.evaluate(DO_ACTION, [action, added])
    page.wait_for_selector(DIALOG)
