"""axe-core on the main pages, wide and narrow: nothing serious of our making.

Whole pages are examined. What Odoo itself draws is told from ours by where it stands,
one reason a selector; the report (``var/screenshots/axe.md``) lists both.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe

from end_to_end.conftest import SCREENS as SIZES
from end_to_end.gallery import axe_report
from end_to_end.gallery.screens import SCREENS
from end_to_end.gallery.visit import come

MAIN = (
    *("today", "today-first"),
    *("condominiums-list", "condominiums-kanban"),
    *("condominium-identification", "condominium-representation", "condominium-technique"),
    *("condominium-findings", "condominium-refused", "renewal"),
    *("uploads-list", "upload-payload", "upload-timeline"),
    *("batch-preview", "batch-paused", "batch-report", "comparison"),
    *("account-path", "account-certificate", "account-connection"),
    *("certificate", "certificate-diagnosis", "registry-import"),
)
PAGES = [screen for screen in SCREENS if screen.name in MAIN]
GRAVE = ("serious", "critical")


@pytest.fixture(scope="module")
def report(screenshots):
    """What was found on each page, written once all are examined."""
    found = []
    yield found
    axe_report.write(screenshots / "axe.md", found)


@pytest.mark.parametrize(("width", "height", "tag"), SIZES, ids=[tag for *_size, tag in SIZES])
@pytest.mark.parametrize("screen", PAGES, ids=lambda screen: screen.name)
def test_a_page(desks, sample, report, screen, width, height, tag):
    desk = desks(screen.login, width, height)
    come(desk, screen, sample)
    result = Axe().run(desk.page)
    found = axe_report.findings(desk.page, result.response["violations"], f"{screen.name}-{tag}")
    report += found
    grave = [one for one in found if one.is_ours and one.impact in GRAVE]
    assert not grave, "\n".join(map(str, grave))


def test_the_table_is_whole():
    assert {screen.name for screen in PAGES} == set(MAIN)
