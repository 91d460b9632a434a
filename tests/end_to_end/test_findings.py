"""Each finding opens its very field: of the condominium, or of a line below it."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from end_to_end.office import Office, condominium


@pytest.fixture(scope="module")
def incomplete(served):
    """A registered condominium with a fault in each kind of place."""
    today = date.today()
    values = condominium(9_001)
    [(_create, _zero, mandate)] = values["mandate_ids"]
    [(_create, _zero, fiscal_year)] = values["fiscal_year_ids"]
    changes = {
        "name": "Résidence aux cinq fautes",
        "zip": False,
        "insee_code": "35O38",
        "mandate_ids": [(0, 0, {**mandate, "end_date": f"{today - timedelta(days=1)}"})],
        "fiscal_year_ids": [(0, 0, {**fiscal_year, "debtor_count": False, "unpaid_amount": False})],
        "parcel_ids": [
            (0, 0, {"insee_code": "35238", "section": "AB", "number": "12"}),
            (0, 0, {"insee_code": "35238", "section": "AB", "number": "12 bis"}),
        ],
    }
    return Office(served.url).call("copro.condominium", "create", [{**values, **changes}])[0]


@pytest.mark.parametrize(("width", "height", "size"), [(1400, 1200, "wide"), (400, 1000, "narrow")])
def test_a_finding_opens_its_field(at_desk, incomplete, screenshots, width, height, size):
    manager = at_desk("manager", width=width, height=height)
    manager.open(f"condominiums/{incomplete}", ".o_form_view .copro_findings")
    manager.picture(screenshots, f"findings-{size}")
    page = manager.page
    # The robot's greeting covers the screen of a telephone.
    page.add_style_tag(content=".o-mail-ChatHub, .o-mail-ChatWindow {display: none !important}")
    findings = page.locator(".copro_findings")
    expect(findings.get_by_role("progressbar")).to_be_visible()
    findings.get_by_text("« Code postal").click()
    expect(page.locator("[name=zip] input")).to_be_focused()
    if size == "narrow":
        return  # lines are cards on a telephone: they open as forms
    findings.get_by_text("Le mandat s'est terminé").click()
    expect(page.locator("[name=mandate_ids] .o_selected_row [name=end_date] input")).to_be_focused()
    findings.get_by_text("« Numéro parcelle »").click()
    rows = page.locator("[name=parcel_ids] tr.o_data_row")
    expect(rows.nth(1).locator("[name=number] input")).to_be_focused()
    # As a hand does it: a button stays down for a moment.
    findings.get_by_text("sommes restant dues").click(delay=100)
    expect(page.locator(".modal [name=unpaid_amount] input")).to_be_focused()
    manager.picture(screenshots, f"findings-fiscal-year-{size}")
    page.click(".modal .btn-close")
    # The same while the form is being changed, and for a line that is not saved yet.
    manager.tab("identification")
    manager.fill("zip", "35000")
    expect(findings.get_by_text("« Code postal")).to_have_count(0)
    findings.get_by_text("sommes restant dues").click(delay=100)
    expect(page.locator(".modal [name=unpaid_amount] input")).to_be_focused()
    expect(page.locator(".modal .o_field_widget[name=current_charges] input")).not_to_have_value("")
    page.click(".modal .btn-close")
    page.click("[name=fiscal_year_ids] .o_field_x2many_list_row_add a")
    year = date.today().year
    dates = {"start_date": f"01/01/{year - 1}", "end_date": f"31/12/{year - 1}"}
    for name, day in {**dates, "meeting_date": f"02/01/{year}"}.items():
        page.locator(f".modal [name={name}] .o_input").focus()  # a proposed date is a button
        box = page.locator(f".modal [name={name}] input")
        box.fill(day)
        box.blur()
    page.click(".modal .o_form_button_save")
    findings.get_by_text("« Charges pour opérations courantes").click(delay=100)
    expect(page.locator(".modal [name=current_charges] input")).to_be_focused()
    page.locator(".modal [name=start_date] .o_input").focus()
    expect(page.locator(".modal [name=start_date] input")).to_have_value(dates["start_date"])
    assert not manager.errors
