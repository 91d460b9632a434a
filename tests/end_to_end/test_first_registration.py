"""A manager creates a condominium by hand, uploads it, and reads its number."""

import re
from datetime import date, timedelta

from playwright.sync_api import expect


def french(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def type_in(widget, value: str) -> None:
    """Type in a field; a date shows its input once it is clicked."""
    widget.first.wait_for()
    if not widget.locator("input").count():
        widget.locator("button, .o_field_widget").first.click()
    box = widget.locator("input").first
    box.fill(value)
    box.press("Tab")


def add_line(desk, field_name: str, values: dict[str, str]) -> None:
    widget = desk.page.locator(f".o_field_widget[name={field_name}]")
    widget.locator(".o_field_x2many_list_row_add a").click()
    row = widget.locator(".o_selected_row")
    for name, value in values.items():
        type_in(row.locator(f"td[name={name}]"), value)
    desk.page.keyboard.press("Escape")


def fill_the_form(desk, street: str) -> None:
    page = desk.page
    desk.fill("name", "Résidence du Test")
    for name, value in {
        "street": street,
        "zip": "35000",
        "city": "Rennes",
        "lot_count": "12",
        "main_lot_count": "8",
        "housing_lot_count": "8",
        "parking_lot_count": "4",
        "bylaws_date": "18/04/1972",
    }.items():
        type_in(page.locator(f".o_field_widget[name={name}]"), value)
    desk.tab("representation")
    today = date.today()
    mandate = {
        "start_date": french(today - timedelta(days=90)),
        "end_date": french(today + timedelta(days=600)),
    }
    add_line(desk, "mandate_ids", mandate)
    desk.tab("finance")
    page.locator("[name=fiscal_year_ids] .o_field_x2many_list_row_add a").click()
    dialog = page.locator(".modal")
    for name, value in {
        "start_date": f"01/01/{today.year - 2}",
        "end_date": f"31/12/{today.year - 2}",
        "meeting_date": f"15/05/{today.year - 1}",
        "current_charges": "41250,30",
        "works_charges": "0",
        "supplier_debts": "1820",
        "unpaid_amount": "2410,55",
        "debtor_count": "2",
        "works_fund": "6000",
    }.items():
        type_in(dialog.locator(f".o_field_widget[name={name}]"), value)
    dialog.locator(".o_form_button_save").click()
    expect(dialog).to_have_count(0)
    desk.tab("technique")
    desk.fill("building_count", "1")
    desk.fill("lift_count", "0")
    desk.choose("construction_period", "De 1961 à 1974")
    desk.choose("heating_type", "Individuel")


def test_the_number_appears_on_the_form(at_desk, served, screenshots):
    manager = at_desk("manager")
    page = manager.page
    manager.open("condominiums/new", ".o_form_view [name=street] input")
    manager.picture(screenshots, "condominium-new")
    fill_the_form(manager, "77 rue de l'Exemple")
    page.locator(".o_form_button_save").click()
    expect(page.locator(".o_form_button_save")).not_to_be_visible()
    manager.picture(screenshots, "condominium-ready")
    page.get_by_role("button", name="Téléverser au registre").click()
    number = page.locator("[name=registration_number] input")
    expect(number).to_have_value(re.compile(r"^ZZ\d{7}$"), timeout=30_000)
    manager.tab("identification")
    manager.picture(screenshots, "condominium-registered")
    known = [line["number"] for line in served.control.condominiums()]
    assert number.input_value() in known
    assert not manager.errors


def test_what_is_missing_is_shown_and_nothing_leaves(at_desk, served, screenshots):
    manager = at_desk("manager")
    page = manager.page
    manager.open("condominiums/new", ".o_form_view [name=street] input")
    manager.fill("name", "Résidence incomplète")
    page.locator(".o_form_button_save").click()
    before = len(served.control.ledger())
    page.get_by_role("button", name="Téléverser au registre").click()
    notice = page.locator(".o_notification").filter(has_text="Rien n'a été téléversé")
    expect(notice).to_contain_text("Rien n'a été téléversé")
    expect(notice).to_contain_text("« Date du règlement de copropriété » est obligatoire")
    expect(notice).to_contain_text(re.compile(r"et \d+ autres"))
    manager.picture(screenshots, "condominium-incomplete")
    page.locator(".copro_findings").get_by_text("Nombre de bâtiments").click()
    expect(page.locator("[name=building_count] input")).to_be_focused()
    assert len(served.control.ledger()) == before
    assert not manager.errors


def test_each_role_sees_its_own(at_desk, screenshots):
    reader = at_desk("reader")
    reader.open("condominiums", ".o_list_view .o_data_row")
    expect(reader.page.locator(".o_list_button_add")).to_have_count(0)
    reader.picture(screenshots, "condominiums-reader")
    reader.page.locator(".o_data_row").first.click()
    reader.page.wait_for_selector(".o_form_view")
    upload = reader.page.get_by_role("button", name="Téléverser au registre")
    expect(upload).to_have_count(0)
    manager = at_desk("manager")
    manager.open("condominiums", ".o_list_view .o_data_row")
    manager.picture(screenshots, "condominiums-manager")
    expect(manager.page.get_by_role("menuitem", name="Configuration")).to_have_count(0)
    manager.open("condominium-uploads", ".o_list_view .o_data_row")
    manager.picture(screenshots, "uploads")
    manager.page.locator(".o_data_row").first.click()
    manager.page.wait_for_selector(".o_form_view [name=payload]")
    manager.picture(screenshots, "upload")
    administrator = at_desk("administrator")
    administrator.open("condominiums", ".o_list_view .o_data_row")
    administrator.page.get_by_role("button", name="Configuration").click()
    administrator.page.get_by_role("menuitem", name="Paramètres techniques").click()
    administrator.page.wait_for_selector(".o_form_view [name=number]")
    administrator.picture(screenshots, "parameters")
    assert not reader.errors + manager.errors + administrator.errors
