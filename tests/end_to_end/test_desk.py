"""The first screen, at the desk of each group: every number leads to what it counts."""

import pytest
from playwright.sync_api import expect

from .conftest import SCREENS

TODAY = "condominiums-today"


@pytest.mark.parametrize("login", ["reader", "manager", "administrator"])
def test_the_app_opens_on_what_is_to_be_done(at_desk, login):
    desk = at_desk(login)
    desk.open("", ".o_main_navbar")
    desk.page.click(".o_navbar_apps_menu button, .o_menu_toggle")
    desk.page.get_by_role("menuitem", name="Registre des copropriétés").click()
    desk.page.wait_for_selector(".copro_today_states")
    assert desk.page.locator(".o_menu_sections").inner_text().startswith("Aujourd'hui")
    has_configuration = "Configuration" in desk.page.locator(".o_menu_sections").inner_text()
    assert has_configuration == (login == "administrator")
    assert not desk.errors


def test_each_number_leads_to_what_it_counts(at_desk):
    desk = at_desk("manager")
    desk.open(TODAY, ".copro_today_states")
    shown = {
        box.get_attribute("data-name"): int(box.locator(".copro_today_count").inner_text())
        for box in desk.page.locator("[data-name]").all()
    }
    assert shown["refused"] and shown["in_order"]
    for name in ("refused", "not_ready", "to_register", "soon", "in_order"):
        desk.open(TODAY, ".copro_today_states")
        box = desk.page.locator(f"[data-name={name}]")
        box.locator("button").first.click() if box.locator("button").count() else box.click()
        desk.page.wait_for_selector(".o_searchview_facet")
        # Odoo shows what it kept of the last visit, then what is there.
        expect(desk.page.locator(".o_data_row"), name).to_have_count(shown[name])
    assert not desk.errors


def test_a_line_opens_its_condominium(at_desk):
    desk = at_desk("reader")
    desk.open(TODAY, ".copro_today_card")
    card = desk.page.locator(".copro_today_card").first
    name = card.locator("span").first.inner_text()
    card.click()
    desk.page.locator(".o_form_view h1").filter(has_text=name).wait_for()
    assert not desk.errors


@pytest.mark.parametrize(("width", "height", "tag"), SCREENS)
def test_pictures(at_desk, screenshots, width, height, tag):
    desk = at_desk("manager", width=width, height=height)
    for name, path, selector in (
        ("today", TODAY, ".copro_today_states"),
        ("condominiums", "condominiums", ".o_data_row, .o_kanban_record"),
        ("mandates", "condominium-mandates", ".o_data_row, .o_kanban_record"),
        ("fiscal_years", "condominium-fiscal-years", ".o_data_row, .o_kanban_record"),
    ):
        desk.open(path, selector)
        desk.picture(screenshots, f"{name}-{tag}")
    width_of_page = desk.page.evaluate("document.documentElement.scrollWidth")
    assert width_of_page <= width, "nothing sticks out"
    assert not desk.errors
