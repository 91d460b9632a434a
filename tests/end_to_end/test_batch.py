"""Many condominiums in one click: preview, progress, pause, report.

40 of them in CI; ``COPRO_REGISTRY_BATCH=400`` makes the pictures of a real portfolio.
"""

import os
import re

from playwright.sync_api import expect

from end_to_end.office import Office, condominium

PORTFOLIO = int(os.environ.get("COPRO_REGISTRY_BATCH") or 40)
SCREENS = ((400, 800, "narrow"), (1400, 900, "wide"))
NAME = "Résidence du Grand Lot"
SLOW = 4  # seconds of an answer
READ = "**/copro.upload.batch/web_read"
PATIENCE = 600_000  # milliseconds, of the last answer


def portfolio(office: Office) -> None:
    """Most are ready; one in ten lacks something, and the registry refuses one in twenty."""
    records = []
    for rank in range(1, PORTFOLIO + 1):
        record = condominium(rank) | {"name": f"{NAME} {rank}", "street": f"{rank} rue du Lot"}
        if rank % 10 == 0:
            record |= {"lot_count": False} if rank % 20 else {"lift_count": False}
        elif rank % 20 == 7:
            record["street"] = f"Au Lot Sans Rue {rank}"
        records.append(record)
    office.call("copro.condominium", "create", records)


def film(desk, folder, name: str) -> None:
    """The same screen, wide and narrow."""
    for width, height, size in SCREENS:
        desk.page.set_viewport_size({"width": width, "height": height})
        desk.picture(folder, f"batch-{name}-{size}")


def search(desk, name: str):
    """The lines of the list that a person finds by a name."""
    page = desk.page
    desk.open("condominiums", ".o_list_view .o_data_row")
    page.fill(".o_searchview_input", name)
    page.wait_for_selector(".o_searchview_autocomplete")
    page.keyboard.press("Enter")
    page.wait_for_selector(".o_searchview_facet")
    lines = page.locator(".o_data_row")
    expect(lines.first).to_contain_text(name)
    return lines


def select_all_and_upload(desk) -> None:
    page = desk.page
    page.locator("thead .o_list_record_selector input").check()
    page.wait_for_selector(".o_selection_box")
    if page.locator(".o_select_domain").count():  # what is beyond the page too
        page.locator(".o_select_domain").first.click()
    page.get_by_role("button", name="Actions").click()
    page.get_by_role("menuitem", name="Téléverser au registre").click()
    page.wait_for_selector(".copro_batch_summary")


def shown(page, outcome: str) -> int:
    tile = page.locator(f"[data-outcome={outcome}] .fs-2")
    return int(tile.inner_text()) if tile.count() else 0


def test_nothing_sent_and_back_to_the_list(at_desk, served):
    office = Office(served.url)
    records = [condominium(rank) | {"name": "Sans suite"} for rank in (1, 2)]
    condominiums = office.call("copro.condominium", "create", records)
    manager = at_desk("manager")
    page = manager.page
    expect(search(manager, "Sans suite")).to_have_count(2)
    select_all_and_upload(manager)
    page.get_by_role("button", name="Ne rien téléverser").click()
    expect(page.locator(".o_data_row")).to_have_count(2)
    expect(page.locator(".o_searchview_facet")).to_contain_text("Sans suite")
    # The same screen opened by its address: back to a list all the same.
    batch = office.call("copro.condominium", "action_upload", condominiums)["res_id"]
    manager.open(f"action-copro_registry.copro_upload_batch_action/{batch}", ".o_form_view")
    page.get_by_role("button", name="Ne rien téléverser").click()
    # The name of the batch itself says "copropriétés": its screen must be gone.
    expect(page.locator(".o_form_view")).to_have_count(0)
    expect(page.locator(".o_list_view, .o_kanban_view")).to_be_visible()
    assert not manager.errors


def test_a_portfolio_in_one_click(at_desk, served, screenshots):
    office = Office(served.url)
    portfolio(office)
    before = len(served.control.ledger())
    # Slow until it is paused, however fast the engine and slow the browser.
    served.control.add_fault("latency", service="WS1", count=PORTFOLIO, seconds=SLOW)
    manager = at_desk("manager")
    page = manager.page
    search(manager, NAME)
    select_all_and_upload(manager)
    incomplete, refused = PORTFOLIO // 10, PORTFOLIO // 20
    ready = PORTFOLIO - incomplete
    expect(page.locator("[data-plan=ready] .fs-2")).to_have_text(str(ready))
    expect(page.locator("[data-plan=incomplete] .fs-2")).to_have_text(str(incomplete))
    expect(page.locator(".copro_batch_summary")).to_contain_text("À compléter")
    assert len(served.control.ledger()) == before, "a preview sends nothing"
    film(manager, screenshots, "preview")

    page.get_by_role("button", name="Téléverser ce qui est prêt").click()
    page.wait_for_selector(".copro_batch_progress[data-batch=running]")
    expect(page.locator("[data-outcome=waiting]")).to_be_visible()
    # The bar moves by itself: nothing is clicked, nothing reloaded, and what the page would
    # read of the batch meanwhile is kept waiting. Only the bus can move it.
    kept = []
    page.route(READ, lambda route: kept.append(route))
    page.wait_for_function(
        "() => Number(document.querySelector('[data-outcome=waiting] .fs-2')?.innerText || 0) < "
        f"{ready}",
        timeout=60_000,
    )
    for route in kept:
        route.continue_()
    page.unroute(READ)
    film(manager, screenshots, "running")

    page.get_by_role("button", name="Mettre en pause").click()
    page.wait_for_selector(".copro_batch_progress[data-batch=paused]")
    served.control.clear_faults()
    page.reload()
    page.wait_for_selector(".copro_batch_progress[data-batch=paused]")
    page.wait_for_timeout(1000 * (SLOW + 1))  # what was in the air lands
    waiting = shown(page, "waiting")
    assert waiting > 0
    film(manager, screenshots, "paused")
    page.wait_for_timeout(1500)
    assert shown(page, "waiting") == waiting, "nothing leaves a paused batch"

    page.get_by_role("button", name="Reprendre").click()
    expect(page.get_by_role("button", name="Exporter le rapport")).to_be_visible(timeout=PATIENCE)
    assert shown(page, "accepted") == ready - refused
    assert shown(page, "rejected") == refused
    assert shown(page, "incomplete") == incomplete
    film(manager, screenshots, "report")
    with page.expect_download() as download:
        page.get_by_role("button", name="Exporter le rapport").click()
    assert re.search(r"\.xlsx$", download.value.suggested_filename)
    calls = served.control.ledger()[before:]
    references = [line["reference"] for line in calls if line["service"] == "WS1"]
    assert len(references) == ready
    assert len(references) == len(set(references)), "each was sent once"
    assert not manager.errors
