"""Search, palette and import of a list, as people who have just come use them."""

import re

import pytest
from playwright.sync_api import expect

from end_to_end.office import Office, condominium

OPEN = """model => odoo.__WOWL_DEBUG__.root.env.services.action.doAction(
    {type: 'ir.actions.client', tag: 'import', params: {active_model: model}})"""
HEADER = "Code;Immeuble;Adresse;CP;Ville;Nb lots;Nb lots principaux;Parkings;Date RCP;N° registre"
LINES = [
    "0701;Résidence des Tilleuls;3 rue des Tilleuls;35000;Rennes;12;8;4;18/04/1972;",
    "0702;;5 rue des Tilleuls;35000;Rennes;20;14;6;;",
]


@pytest.fixture(scope="module")
def ephemeres(served):
    office = Office(served.url)
    values = {**condominium(9_301), "name": "Résidence des Éphémères", "internal_reference": "0793"}
    return office.call("copro.condominium", "create", [values])[0]


def search(page, typed: str) -> None:
    box = page.locator(".o_searchview_input")
    box.fill(typed)
    box.press("Enter")
    page.wait_for_selector(".o_searchview_facet")


def test_a_list_is_searched_without_accents(at_desk, ephemeres, screenshots):
    desk = at_desk("manager")
    for rank, typed in enumerate(("ephemeres", "0793")):
        desk.open("condominiums", ".o_list_view")
        search(desk.page, typed)
        expect(desk.page.locator(".o_data_row")).to_have_count(1)
        expect(desk.page.locator(".o_data_row")).to_contain_text("Résidence des Éphémères")
        desk.picture(screenshots, f"search-{rank}")
    desk.open("condominiums", ".o_list_view")
    search(desk.page, "introuvable")
    expect(desk.page.locator(".o_view_nocontent")).to_contain_text("Aucune copropriété à afficher")
    expect(desk.page.locator(".o_data_row")).to_have_count(0)
    desk.picture(screenshots, "search-nothing")
    assert not desk.errors


def test_the_palette_opens_a_condominium(at_desk, ephemeres, screenshots):
    desk = at_desk("reader")
    page = desk.page
    for prefix in ("!", ""):
        desk.open("condominiums-today", ".copro_today")
        page.keyboard.press("Control+k")
        box = page.locator(".o_command_palette_search input")
        box.fill(f"{prefix}ephemeres")
        if not prefix:
            page.locator(".o_command", has_text="Chercher «").click()
        expect(page.locator(".o_command").first).to_contain_text("Résidence des Éphémères")
        desk.picture(screenshots, f"palette-{'prefix' if prefix else 'command'}")
        box.press("Enter")
        page.wait_for_selector(".o_form_view .copro_findings")
        expect(page).to_have_url(re.compile(f"/condominiums/{ephemeres}$"))
    assert not desk.errors


def test_a_manager_exports_a_selection(at_desk, ephemeres):
    desk = at_desk("manager")
    desk.open("condominiums", ".o_list_view")
    desk.page.locator(".o_data_row .o_list_record_selector input").first.check()
    desk.page.locator(".o_cp_action_menus .dropdown-toggle").first.click()
    desk.page.get_by_role("menuitem", name="Exporter").click()
    desk.page.wait_for_selector(".o_export_data_dialog, .modal:has-text('Exporter')")
    assert not desk.errors


def test_the_list_of_a_cabinet_imports_as_it_is(at_desk, served, screenshots):
    desk = at_desk("manager")
    page = desk.page
    desk.open("condominiums", ".o_list_view")
    page.evaluate(OPEN, "copro.condominium")
    content = "\r\n".join([HEADER, *LINES]).encode("cp1252")
    file = {"name": "immeubles.csv", "mimeType": "text/csv", "buffer": content}
    page.wait_for_selector(".o_import_action")
    page.set_input_files("input[type=file] >> nth=0", files=[file])
    page.wait_for_selector(".o_import_data_content")
    expect(page.get_by_text("Pour importer, sélectionnez un champ")).to_have_count(0)
    desk.picture(screenshots, "import-list")
    page.get_by_role("button", name="Tester", exact=True).first.click()
    expect(page.get_by_text("Tout semble correct")).to_be_visible()
    page.get_by_role("button", name="Importer", exact=True).first.click()
    page.wait_for_selector(".o_import_action", state="detached")
    made = Office(served.url).call(
        "copro.condominium",
        "search_read",
        [("internal_reference", "in", ("0701", "0702"))],
        fields=["name", "lot_count", "user_id"],
        order="internal_reference",
    )
    assert [one["name"] for one in made] == ["Résidence des Tilleuls", "5 rue des Tilleuls, Rennes"]
    assert all(one["lot_count"] and one["user_id"] for one in made)
    assert not desk.errors


def test_the_errors_of_an_import_are_in_sight(at_desk, screenshots):
    """Long labels leave the comments on the screen."""
    desk = at_desk("manager")
    page = desk.page
    desk.open("condominiums", ".o_list_view")
    page.evaluate(OPEN, "copro.fiscal.year")
    header = "Code immeuble;Début exercice;Clôture;Charges courantes;Nb débiteurs;Fonds travaux"
    content = "\r\n".join([header, "9999;01/01/2025;31/12/2025;1,234;2,5;0"]).encode("cp1252")
    file = {"name": "exercices.csv", "mimeType": "text/csv", "buffer": content}
    page.wait_for_selector(".o_import_action")
    page.set_input_files("input[type=file] >> nth=0", files=[file])
    page.wait_for_selector(".o_import_data_content")
    page.get_by_role("button", name="Tester", exact=True).first.click()
    error = page.locator(".o_import_report, .o_import_data_content .alert").first
    expect(error).to_be_visible()
    desk.picture(screenshots, "import-errors")
    for one in page.locator(".o_import_data_content td:nth-child(3) .alert").all():
        box = one.bounding_box()
        assert box["x"] + box["width"] <= 1400
    assert not desk.errors
