"""A user without a mouse."""

from playwright.sync_api import expect

# What an element looks like, with what surrounds it and what is drawn before and after it.
LOOKS = """
(element) => {
    const properties = [
        "outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "borderTopColor",
        "borderBottomColor", "borderBottomWidth", "backgroundColor", "color", "textDecoration",
        "opacity",
    ];
    const look = (node, part) => {
        const style = getComputedStyle(node, part);
        return properties.map((name) => style[name]).join("|");
    };
    const around = [element, element.parentElement, element.parentElement?.parentElement];
    const nodes = around.filter((node) => node && node !== document.body);
    return [...nodes.map((node) => look(node)), look(element, "::before"),
            look(element, "::after")].join("\\n");
}
"""
NAME = """
(element) => {
    const {tagName, className, innerText} = element;
    return `<${tagName.toLowerCase()} class="${className}"> ${(innerText || "").slice(0, 40)}`;
}
"""


class Hands:
    """Keys alone. Each element that had the focus must have been seen to have it."""

    def __init__(self, desk):
        self.desk = desk
        self.page = desk.page
        self.page.emulate_media(reduced_motion="reduce")  # no colour is caught half-way
        self.unseen: set[str] = set()

    @property
    def focused(self):
        return self.page.evaluate_handle("document.activeElement").as_element()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def step(self, key: str = "Tab") -> None:
        """Leave an element, and see whether it changes when the focus goes.

        The search of Odoo has its caret alone.
        """
        element = self.focused
        if element.evaluate("element => element.matches('body, textarea, .o_searchview_input')"):
            self.press(key)
            return
        name, looked = element.evaluate(NAME), element.evaluate(LOOKS)
        self.press(key)
        gone = element.evaluate("element => !element.isConnected")
        if not gone and self.focused.evaluate("(now, was) => now !== was", element):
            if element.evaluate(LOOKS) == looked:
                self.unseen.add(name)

    def reach(self, selector: str, key: str = "Tab", most: int = 120) -> None:
        """Press ``key`` until the focus is on ``selector``."""
        self.page.locator(selector).first.wait_for()
        met = []
        for _step in range(most):
            if self.focused.evaluate("(now, selector) => now.matches(selector)", selector):
                return
            self.step(key)
            met.append(self.focused.evaluate(NAME))
        raise AssertionError(f"{selector} cannot be reached; met: {met}")

    def use(self, selector: str, key: str = "Enter") -> None:
        self.reach(selector)
        self.press(key)

    def leave_dialog(self, opener: str) -> None:
        """Escape; the focus was in the dialog, and goes back to what opened it."""
        expect(self.page.locator(".modal :focus")).to_have_count(1)
        self.press("Escape")
        self.is_back_at(opener)

    def is_back_at(self, opener: str) -> None:
        """The dialog is closed, and what opened it has the focus."""
        expect(self.page.locator(".modal")).to_have_count(0)
        self.has_focus(opener)

    def search(self, text: str) -> None:
        """A list opens with the focus in its search."""
        self.reach(".o_searchview_input")
        self.type(text)
        self.page.wait_for_selector(".o_searchview_autocomplete")
        self.press("Enter")
        expect(self.page.locator(".o_searchview_facet").last).to_contain_text(text)

    def has_focus(self, selector: str) -> None:
        expect(self.page.locator(selector).first).to_be_focused()
