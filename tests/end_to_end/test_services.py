"""What the registry holds beside what we hold, and the registry's own page: looked at."""

from playwright.sync_api import expect

from end_to_end.conftest import SCREENS
from end_to_end.office import Office


def registered(served) -> int:
    office = Office(served.url)
    domain = [("registration_number", "!=", False)]
    [condominium] = office.call("copro.condominium", "search", domain, limit=1)
    return condominium


def test_differences_are_seen_then_settled(served, at_desk, screenshots):
    condominium = registered(served)
    office = Office(served.url)
    office.call("copro.condominium", "write", [condominium], {"lift_count": 17})
    for width, height, name in SCREENS:
        desk = at_desk("manager", width=width, height=height)
        desk.open(f"condominiums/{condominium}", ".o_form_view")
        office.call("copro.condominium", "action_compare", [condominium])
        [comparison] = office.call(
            "copro.comparison", "search", [("condominium_id", "=", condominium)]
        )
        desk.open(f"condominium-comparisons/{comparison}", ".o_form_view .o_field_badge")
        expect(desk.page.get_by_text("Différente")).to_have_count(1)
        desk.picture(screenshots, f"comparison-{name}")
        assert not desk.errors
    desk.page.get_by_text("Prendre celle du registre").first.click()
    desk.page.wait_for_selector("text=Celle du registre est prise")
    [record] = office.call("copro.condominium", "read", [condominium], ["lift_count"])
    assert record["lift_count"] != 17


def test_what_can_be_declared_is_explained(served, at_desk, screenshots):
    condominium = registered(served)
    for width, height, name in SCREENS:
        desk = at_desk("manager", width=width, height=height)
        desk.open(f"condominiums/{condominium}", ".o_form_view")
        desk.tab("representation")
        desk.page.wait_for_selector("button[name=action_declare_successor]")
        expect(desk.page.get_by_text("L'assemblée générale l'a renouvelé")).to_be_visible()
        # It is attached already: nothing is offered that would ask for it.
        expect(desk.page.locator("button[name=action_request_affiliation]")).to_have_count(0)
        expect(desk.page.locator("button[name=action_confirm_affiliation]")).to_have_count(0)
        desk.page.click("button[name=action_renew_mandate]")
        desk.page.wait_for_selector(".modal .o_field_widget[name=start_date]")
        desk.picture(screenshots, f"renewal-{name}")
        assert not desk.errors


def test_the_registry_is_watched_and_steered(served, chromium, screenshots):
    control = served.control
    for width, height, name in SCREENS:
        page = chromium.new_page(viewport={"width": width, "height": height})
        errors = []
        page.on("pageerror", lambda error, seen=errors: seen.append(str(error)))
        page.on("console", lambda said, seen=errors: _keep_errors(said, seen))
        page.goto(control.url)
        page.wait_for_selector("[data-table=condominiums] td >> nth=0")
        page.select_option("#fault select[name=name]", "503")
        page.select_option("#fault select[name=service]", "WS3")
        page.click("#fault button >> nth=0")
        page.wait_for_selector("[data-table=faults] td >> nth=0")
        page.screenshot(path=screenshots / f"simulator-{name}.png", full_page=True)
        page.click("#clear-faults")
        page.wait_for_selector("[data-table=faults] .empty")
        assert not errors
        page.close()


def _keep_errors(said, seen: list[str]) -> None:
    if said.type == "error":
        seen.append(said.text)
