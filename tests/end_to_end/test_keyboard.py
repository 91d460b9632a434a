"""The six main paths without a mouse: Tab, Enter, Space, arrows, Escape, Alt shortcuts."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from end_to_end.hands import Hands
from end_to_end.office import Office, condominium

TODAY = "condominiums-today"
SAVED = ".o_form_status_indicator_buttons.invisible"


@pytest.fixture
def hands(at_desk):
    """``hands("manager")``: at the end, no error, and the focus was always seen."""
    users = []

    def take(login: str) -> Hands:
        users.append(Hands(at_desk(login)))
        return users[-1]

    yield take
    for user in users:
        assert not user.desk.errors
        assert not user.unseen, "the focus cannot be seen on these"


@pytest.fixture(scope="module")
def office(served):
    return Office(served.url)


def create(office: Office, rank: int, **values) -> int:
    changes = {"name": f"Clavier {rank}", "street": f"{rank} rue du Clavier", **values}
    return office.call("copro.condominium", "create", [condominium(rank) | changes])[0]


def registered(office: Office, rank: int) -> int:
    record = create(office, rank)
    office.call("copro.condominium", "action_upload", [record])
    assert office.uploads([record])[0]["state"] == "accepted"
    return record


def open_from_today(user: Hands, number: str, name: str) -> None:
    """The desk, a number, the list behind it, a line."""
    user.desk.open(TODAY, ".copro_today_states")
    user.use(f".copro_today_number[data-name={number}]")
    user.page.wait_for_selector(".o_list_view .o_searchview_facet")
    user.search(name)
    expect(user.page.locator(".o_data_row")).to_have_count(1)
    user.reach(".o_data_row .o_data_cell, .o_data_row .o_list_record_selector input", "ArrowDown")
    user.press("Enter")
    user.page.wait_for_selector(".o_form_view .copro_findings")


def file_window(page):
    """``give(path)`` chooses a file in the window that the browser opens.

    Listened to from the start: asked for at the last moment, the browser may hear the key
    before it hears that somebody waits for its window.
    """
    windows = []
    page.on("filechooser", lambda window: windows.append(window))

    def give(path) -> None:
        for _tenth in range(300):
            if windows:
                break
            page.wait_for_timeout(100)
        windows.pop().set_files([path])

    return give


def test_parameters_and_certificate(hands, served):
    user = hands("administrator")
    page = user.page
    give = file_window(page)
    user.desk.open(TODAY, ".copro_today_states")
    user.use("[data-menu-xmlid='copro_registry.menu_configuration']")
    user.reach(".o-dropdown--menu [data-menu-xmlid='copro_registry.menu_account']", "ArrowDown")
    user.press("Enter")
    page.wait_for_selector(".o_form_view [name=siren]")
    button = page.get_by_role("button", name="Importer un certificat")
    importing = f".o_statusbar_buttons button[name='{button.get_attribute('name')}']"
    user.use(importing)
    user.leave_dialog(importing)
    user.press("Enter")
    user.use(".modal [name=certificate_file] button")
    give(served.state / "client.pem")
    expect(page.locator(".modal [name=certificate_file] input").first).to_have_value("client.pem")
    user.use(".modal button[name=action_diagnose]")
    page.wait_for_selector(".modal .copro_diagnosis li")
    # The sheet is another dialog, which Odoo puts in the place of the first.
    user.leave_dialog(importing)
    user.use("button[name=action_test_connection]")
    page.wait_for_selector(".modal .alert-success")
    user.use(".modal-footer button.btn-primary")
    user.is_back_at("button[name=action_test_connection]")


def test_first_registration(hands, office):
    record = create(office, 8001, lift_count=False)
    user = hands("manager")
    open_from_today(user, "not_ready", "Clavier 8001")
    user.use(".copro_findings button")
    user.has_focus("[name=lift_count] input")
    user.type("0")
    user.press("Alt+s")
    user.page.wait_for_selector(SAVED, state="attached")
    user.press("Alt+q")
    number = user.page.locator("[name=registration_number] input")
    expect(number).to_have_value(re.compile(r"^ZZ\d{7}$"), timeout=30_000)
    assert [upload["state"] for upload in office.uploads([record])] == ["accepted"]


def test_annual_update(hands, office):
    record = registered(office, 8002)
    year = date.today().year - 1
    last = condominium(8002)["fiscal_year_ids"][0][2]
    dates = {
        "start_date": f"{year}-01-01",
        "end_date": f"{year}-12-31",
        "meeting_date": f"{date.today() - timedelta(days=10)}",
    }
    fiscal_year = {**last, **dates, "condominium_id": record}
    [fiscal_year] = office.call("copro.fiscal.year", "create", [fiscal_year])
    user = hands("manager")
    open_from_today(user, "ready", "Clavier 8002")
    user.use(".o_notebook .nav-link[name=finance]")
    user.reach("[name=fiscal_year_ids] .o_field_x2many_list_row_add a")
    user.reach("[name=fiscal_year_ids] .o_data_row:has(.text-bg-info) .o_data_cell", "ArrowUp")
    user.press("Enter")
    user.page.wait_for_selector(".modal [name=unpaid_amount]")
    user.reach(".modal [name=unpaid_amount] input")
    user.type("1250")
    user.use(".modal .o_form_button_save")
    expect(user.page.locator(".modal")).to_have_count(0)
    assert not user.focused.evaluate("element => element === document.body"), "given back"
    user.press("Alt+q")
    declared = user.page.locator("[name=fiscal_year_ids] .text-bg-success")
    expect(declared).to_have_count(2, timeout=30_000)
    [kept] = office.call("copro.fiscal.year", "read", [fiscal_year], ["unpaid_amount", "state"])
    assert (kept["unpaid_amount"], kept["state"]) == (1250, "declared")


def test_refusal_and_correction(hands, office):
    record = create(office, 8003, street="Clavier sans voie")
    office.call("copro.condominium", "action_upload", [record])
    user = hands("manager")
    open_from_today(user, "refused", "Clavier 8003")
    user.page.wait_for_selector(".alert-danger")
    user.reach("[name=street] input")
    user.type("8003 rue du Clavier")
    user.press("Alt+s")
    user.page.wait_for_selector(SAVED, state="attached")
    user.use("button[name=action_open_transmissions]")
    user.page.wait_for_selector(".o_data_row .o_data_cell[name=service]")
    user.reach(".o_data_row .o_data_cell, .o_data_row .o_list_record_selector input", "ArrowDown")
    user.press("Enter")
    user.use("button[name=action_correct]")
    user.page.wait_for_selector(".o_field_widget[name=corrects_id]")
    [correction, _refused] = sorted(office.uploads([record]), key=lambda one: -one["id"])
    assert correction["state"] == "accepted"


def test_batch(hands, office):
    for rank in (8004, 8005):
        create(office, rank, name=f"Clavier à deux {rank}")
    user = hands("manager")
    page = user.page
    user.desk.open("condominiums", ".o_list_view .o_data_row")
    user.search("Clavier à deux")
    expect(page.locator(".o_data_row")).to_have_count(2)
    user.reach("thead .o_list_record_selector input", "ArrowDown")
    user.press("Space")
    user.use(".o_cp_action_menus .dropdown-toggle")
    item = page.get_by_role("menuitem", name="Téléverser au registre")
    expect(item).to_be_visible()
    for _step in range(20):
        if item.evaluate("element => element === document.activeElement"):
            break
        user.press("ArrowDown")
    user.press("Enter")
    expect(page.locator("[data-plan=ready]")).to_contain_text("2")
    user.press("Alt+q")
    progress = page.locator(".copro_batch_progress [role=status]")
    expect(progress).to_contain_text("Terminé", timeout=60_000)
    user.reach("button[name=action_export]")
    with page.expect_download():
        user.press("Enter")


def test_comparison(hands, office):
    record = registered(office, 8006)
    office.call("copro.condominium", "write", [record], {"lift_count": 9})
    user = hands("manager")
    open_from_today(user, "ready", "Clavier 8006")
    user.use("button[name=action_compare]")
    user.page.wait_for_selector("[name=line_ids] button[name=action_take]")
    user.use("[name=line_ids] button[name=action_take]", "Space")
    user.page.wait_for_selector("[name=line_ids] .text-bg-success")
    [kept] = office.call("copro.condominium", "read", [record], ["lift_count"])
    assert kept["lift_count"] == 0


def test_all_of_the_desk_is_in_reach(hands):
    user = hands("manager")
    user.desk.open(TODAY, ".copro_today_states")
    ours = user.page.locator(".copro_today").locator("a, button").count()
    user.reach(".copro_today button")
    for _one in range(ours):
        assert user.focused.evaluate("element => Boolean(element.closest('.copro_today'))")
        user.step()
    user.desk.open(TODAY, ".copro_today_states")
    user.use(".copro_today_title", "Space")
    user.page.wait_for_selector(".o_list_view .o_searchview_facet")
    user.desk.open(TODAY, ".copro_today_card")
    user.use(".copro_today_card")
    user.page.wait_for_selector(".o_form_view .copro_findings")
