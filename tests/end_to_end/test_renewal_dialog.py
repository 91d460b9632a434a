"""The dialog of a renewal says what is wrong before it is declared."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from end_to_end.office import Office, condominium

VOTED = date.today() - timedelta(days=2)
ENDED = date.today() - timedelta(days=65)


@pytest.fixture(scope="module")
def lapsed(served):
    """A registered condominium whose mandate has ended before the vote of the next one."""
    values = condominium(9_201)
    [(_create, _zero, mandate)] = values["mandate_ids"]
    mandate |= {"start_date": f"{ENDED - timedelta(days=1094)}", "end_date": f"{ENDED}"}
    number = {"registration_number": "ZZ0092010", "name": "Résidence du Mandat échu"}
    return Office(served.url).call("copro.condominium", "create", [{**values, **number}])[0]


def test_a_vote_does_not_date_back(at_desk, lapsed, screenshots):
    desk = at_desk("manager")
    desk.open(f"condominiums/{lapsed}", ".o_form_view")
    desk.tab("representation")
    desk.page.get_by_role("button", name="Renouveler le mandat").first.click()
    desk.page.wait_for_selector(".modal .o_field_widget[name=meeting_date]")
    dialog = desk.page.locator(".modal")
    field = dialog.locator("[name=meeting_date]").locator("input, button").first
    field.click()
    dialog.locator("[name=meeting_date] input").first.fill(VOTED.strftime("%d/%m/%Y"))
    desk.page.keyboard.press("Tab")
    expect(dialog.get_by_text("aucun mandat ne couvre la copropriété")).to_be_visible()
    shown = dialog.locator("[name=start_date]")
    assert VOTED.strftime("%d/%m/%Y") in (shown.locator("input").first.input_value(),)
    desk.picture(screenshots, "renewal-gap")
    assert not desk.errors
