"""Odoo's import screen as a cabinet uses it: its own files, the options as proposed."""

import re

import pytest
from playwright.sync_api import expect

from end_to_end.office import Office, condominium

YEARS = [
    ("2019", "41250,30", "17,00"),
    ("2020", "41 250,30 €", "-1250,30"),
    ("2021", "41.250,30 €", "0,99"),
]
HEADER = "Copropriété;Début;Fin;current_charges;unpaid_amount"
OPEN = """model => odoo.__WOWL_DEBUG__.root.env.services.action.doAction(
    {type: 'ir.actions.client', tag: 'import', params: {active_model: model}})"""


@pytest.fixture(scope="module")
def twins(served):
    """Two condominiums of one name, beside another: (office, their identifiers)."""
    office = Office(served.url)
    values = [
        {**condominium(9_101 + rank), "name": name, "fiscal_year_ids": []}
        for rank, name in enumerate(("Les Jumelles", "Les Jumelles", "Résidence des Virgules"))
    ]
    return office, office.call("copro.condominium", "create", values)


def line(name: str, year: str, charges: str, unpaid: str) -> str:
    return f"{name};01/01/{year};31/12/{year};{charges};{unpaid}"


class Screen:
    """The import screen of the fiscal years, with a file in it."""

    def __init__(self, desk, lines: list[str]):
        self.page = desk.page
        desk.open("condominiums", ".o_list_view, .o_kanban_view")
        self.page.evaluate(OPEN, "copro.fiscal.year")
        content = "\n".join([HEADER, *lines]).encode()
        file = {"name": "exercices.csv", "mimeType": "text/csv", "buffer": content}
        self.page.wait_for_selector(".o_import_action")
        self.page.set_input_files("input[type=file] >> nth=0", files=[file])
        self.page.wait_for_selector(".o_import_data_content")

    def press(self, label: str) -> None:
        self.page.get_by_role("button", name=label, exact=True).first.click()


def held(office, ids: list[int]) -> list[tuple]:
    years = office.call(
        "copro.fiscal.year",
        "search_read",
        [("condominium_id", "in", ids)],
        fields=["end_date", "current_charges", "unpaid_amount"],
        order="end_date",
    )
    return [(one["end_date"][:4], one["current_charges"], one["unpaid_amount"]) for one in years]


def test_amounts_are_what_is_written(at_desk, twins, screenshots):
    """41250,30 is 41 250,30 €, whatever the screen proposes; a doubtful figure stops the file."""
    office, ids = twins
    desk = at_desk("manager")
    lines = [line("Résidence des Virgules", *year) for year in YEARS]
    screen = Screen(desk, [*lines, line("Résidence des Virgules", "2022", "1,234", "2,00")])
    screen.press("Tester")
    expect(desk.page.locator(".o_import_report, .alert").first).to_be_visible()
    expect(desk.page.get_by_text("1,234").first).to_be_visible()
    desk.picture(screenshots, "import-doubtful")
    screen.press("Importer")
    expect(desk.page.get_by_text("1,234").first).to_be_visible()
    assert held(office, ids) == []
    screen = Screen(desk, lines)
    screen.press("Tester")
    expect(desk.page.get_by_text("Tout semble correct")).to_be_visible()
    desk.picture(screenshots, "import-amounts")
    screen.press("Importer")
    desk.page.wait_for_selector(".o_import_action", state="detached")
    assert held(office, ids[2:]) == [
        ("2019", 41250.30, 17.00),
        ("2020", 41250.30, -1250.30),
        ("2021", 41250.30, 0.99),
    ]
    assert not desk.errors


def test_a_name_of_two_is_of_none(at_desk, twins, screenshots):
    """Neither of two condominiums of one name takes the line, nor one whose town it names."""
    office, ids = twins
    before = office.call("copro.fiscal.year", "search_count", [])
    desk = at_desk("manager")
    lines = [line(name, "2018", "950,40", "0,00") for name in ("Les Jumelles", "Rennes")]
    screen = Screen(desk, lines)
    screen.press("Tester")
    expect(desk.page.get_by_text("Les Jumelles").first).to_be_visible()
    expect(desk.page.locator(".o_import_report, .alert").first).to_be_visible()
    faults = desk.page.locator(".o_import_report li")
    expect(faults.nth(0)).to_have_text(re.compile(r"^\s*Ligne 2\s: [^0-9]*2 fiches[^0-9]*$"))
    expect(faults.nth(1)).to_have_text(re.compile(r"^\s*Ligne 3\s: [^0-9]*$"))
    desk.picture(screenshots, "import-two-of-a-name")
    screen.press("Importer")
    expect(desk.page.locator(".o_import_report, .alert").first).to_be_visible()
    assert office.call("copro.fiscal.year", "search_count", []) == before
    assert not desk.errors
