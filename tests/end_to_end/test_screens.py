"""Every screen of the addon as a syndic meets it: pictured, read, measured.

The table is ``gallery/screens.py``; the pictures and their page are in
``var/screenshots/screens``. axe-core examines the main ones, wide and narrow: nothing serious
of our making; see ``gallery/axe_report.py``.
"""

import pytest

from end_to_end.conftest import SCREENS as SIZES
from end_to_end.gallery import album, axe_report
from end_to_end.gallery.screens import SCREENS
from end_to_end.gallery.visit import Visits
from end_to_end.office import Office

# Opened by no menu and by no button of ours alone: the search view is seen above each list.
NO_SCREEN = ("search", "qweb")
PAGES = [screen for screen in SCREENS if screen.name in axe_report.MAIN]
WIDTHS = pytest.mark.parametrize("size", SIZES, ids=[tag for *_size, tag in SIZES])


@pytest.fixture(scope="module")
def folder(screenshots):
    """The pictures, and their page once all are taken."""
    made = screenshots / "screens"
    made.mkdir(exist_ok=True)
    yield made
    album.write(made, SCREENS, tuple(tag for _width, _height, tag in SIZES))


@pytest.fixture(scope="module")
def visits(desks, sample, folder, screenshots):
    """The report of axe-core is written once all are examined."""
    made = Visits(desks, sample, folder)
    yield made
    axe_report.write(screenshots / "axe.md", made.broken)


@WIDTHS
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_screen(visits, screen, size):
    seen = visits(screen, *size)
    assert not seen.faults
    assert not seen.errors


@WIDTHS
@pytest.mark.parametrize("screen", PAGES, ids=lambda screen: screen.name)
def test_a_page(visits, screen, size):
    grave = [one for one in visits(screen, *size).broken if one.is_grave]
    assert not grave, "\n".join(map(str, grave))


def test_each_main_page_has_its_row():
    assert {screen.name for screen in PAGES} == set(axe_report.MAIN)


# -- the table is whole ---------------------------------------------------------


@pytest.fixture(scope="module")
def office(served):
    return Office(served.url, "admin")


def ours(office, model: str, fields: list[str]) -> dict[str, dict]:
    """{xml id: values} of the addon's records of a model."""
    known = [("module", "=", "copro_registry"), ("model", "=", model)]
    names = office.call("ir.model.data", "search_read", known, fields=["name", "res_id"])
    ids = {row["res_id"]: row["name"] for row in names}
    read = office.call(model, "read", [*ids], fields)
    return {ids[values["id"]]: values for values in read}


def test_each_action_and_view_mode_has_its_row(office):
    seen = {(screen.action, screen.view) for screen in SCREENS}
    seen |= {(screen.dialog, "form") for screen in SCREENS if screen.dialog}
    wanted = {
        (name, mode)
        for name, values in ours(office, "ir.actions.act_window", ["view_mode"]).items()
        for mode in values["view_mode"].split(",")
    }
    assert not wanted - seen
    clients = set(ours(office, "ir.actions.client", ["name"]))
    assert not clients - {screen.action for screen in SCREENS}


def test_each_menu_has_its_row(office):
    shown = {screen.action for screen in SCREENS} | {screen.dialog for screen in SCREENS}
    for name, menu in ours(office, "ir.ui.menu", ["action"]).items():
        if not menu["action"]:
            continue
        model, _comma, record = menu["action"].partition(",")
        known = [("model", "=", model), ("res_id", "=", int(record))]
        [found] = office.call("ir.model.data", "search_read", known, fields=["name"])
        assert found["name"] in shown, name


def test_each_view_has_its_row(office):
    actions = ours(office, "ir.actions.act_window", ["res_model"])
    seen = {place for screen in SCREENS for place in screen.shows}
    for screen in SCREENS:
        if screen.action in actions:
            seen.add(f"{actions[screen.action]['res_model']}:{screen.view}")
        if screen.dialog in actions:
            seen.add(f"{actions[screen.dialog]['res_model']}:form")
    views = ours(office, "ir.ui.view", ["model", "type", "mode"])
    wanted = {
        f"{view['model']}:{view['type']}"
        for view in views.values()
        if view["mode"] == "primary" and view["type"] not in NO_SCREEN
    }
    assert not wanted - seen
