"""Coming to a screen, as its row says."""

from end_to_end.gallery.screens import ADDON, Screen
from end_to_end.office import Office

DO_ACTION = """([action, added]) => {
    const {action: service} = odoo.__WOWL_DEBUG__.root.env.services;
    service.doAction(action, {additionalContext: added});
}"""
QUIET = """
*, *::before, *::after {transition: none !important; animation: none !important}
.o_notification_manager {display: none}
"""
HIGHEST = 4000  # pixels
# What scrolls down: the page, a form beside its chatter, a dialog.
HIDDEN_BELOW = """() => Math.max(0, ...[...document.querySelectorAll(
    ".o_content, .o_form_view_container, .o_form_sheet_bg, .o_form_renderer, .o_list_renderer, "
    + ".o_kanban_renderer, .modal-body, .modal, .copro_today"
)].map((element) => element.scrollHeight - element.clientHeight))"""
DIALOG = ".modal .o_form_view"


def come(desk, screen: Screen, sample: dict[str, int]) -> None:
    """Open the screen, its tab or its dialog, and wait until all is drawn."""
    page = desk.page
    page.goto(f"{desk.url}/odoo/{screen.path.format(**sample)}")
    if screen.mode and not screen.record and not screen.ready:
        _show(page, screen.mode)
    else:
        page.wait_for_selector(screen.selector)
    page.add_style_tag(content=QUIET)
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
