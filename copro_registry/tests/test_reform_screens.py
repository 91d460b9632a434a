import base64
import os
from datetime import date
from pathlib import Path
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import HttpCase, tagged
from odoo.tests.common import ChromeBrowser

from .common import CoproCase

FOLDER = Path(
    os.environ.get("COPRO_REGISTRY_SCREENSHOTS")
    or Path(__file__).resolve().parents[2] / "var" / "screenshots"
)
EVE, REFORM = date(2027, 2, 20), date(2027, 2, 21)
APPEARS = """
    const appears = async (selector) => {
        while (!document.querySelector(selector)) {
            await new Promise((done) => setTimeout(done, 50));
        }
        return document.querySelector(selector);
    };
    const drawn = () => new Promise((done) => setTimeout(done, 600));
"""
# Each gives the text that a syndic reads.
FINDINGS = """
    (await appears(".o_notebook .nav-link[name=technique]")).click();
    await drawn();
    return document.querySelector(".copro_findings").textContent;
"""
FISCAL_YEAR = """
    (await appears(".o_notebook .nav-link[name=finance]")).click();
    (await appears("[name=fiscal_year_ids] :is(tr.o_data_row td, .o_kanban_record)")).click();
    const label = await appears(".modal [name=debtor_label]");
    await drawn();
    // The dialog opens on its first date, whose calendar hides the rest.
    document.querySelector(".modal-title").dispatchEvent(
        new PointerEvent("pointerdown", {bubbles: true})
    );
    label.scrollIntoView({block: "center"});
    await drawn();
    return label.textContent;
"""
ASKED = ("Bâtiments", "Nature du chauffage", "Présence d'eau chaude sanitaire")
ASKED_LATER = tuple(f"«\xa0{label}\xa0»" for label in ASKED)


class ReformScreens:
    """The form with the clock of the server at the eve of the reform, and at its day."""

    def test_the_eve(self):
        findings, question = self.look(EVE)
        for label in ASKED_LATER:
            self.assertNotIn(label, findings)
        self.assertIn("plus de 300 €", question)

    def test_the_day(self):
        findings, question = self.look(REFORM)
        for label in ASKED_LATER:
            self.assertIn(label, findings)
        self.assertIn("plus de deux trimestres de charges", question)

    def look(self, day):
        """What the form and its fiscal year say on that day; pictures are kept."""
        with freeze_time(f"{day} 12:00:00", tick=True):
            self.manager.lang = "fr_FR"
            condominium = self.condominium(
                name="Résidence de l'Exemple",
                building_ids=False,
                heating_nature=False,
                hot_water=False,
            )
            texts = []
            wait = ChromeBrowser._wait_code_ok

            def wait_and_look(browser, *arguments, **keywords):
                wait(browser, *arguments, **keywords)
                for name, code in {"findings": FINDINGS, "fiscal_year": FISCAL_YEAR}.items():
                    texts.append(self.evaluated(browser, code))
                    self.keep(browser, f"reform-{day}-{name}-{self.size}")

            with patch.object(ChromeBrowser, "_wait_code_ok", wait_and_look):
                self.browser_js(
                    f"/odoo/condominiums/{condominium.id}",
                    "console.log('test successful')",
                    "!!document.querySelector('.o_form_view .copro_findings')",
                    login=self.manager.login,
                )
            return texts

    def evaluated(self, browser, code):
        expression = f"(async () => {{ {APPEARS} {code} }})()"
        params = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        return browser._websocket_request("Runtime.evaluate", params=params)["result"]["value"]

    def keep(self, browser, name):
        png = browser._websocket_request("Page.captureScreenshot")["data"]
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / f"{name}.png").write_bytes(base64.b64decode(png))


@tagged("post_install", "-at_install")
class TestReformWide(ReformScreens, CoproCase, HttpCase):
    browser_size = "1400x1200"
    size = "wide"


@tagged("post_install", "-at_install")
class TestReformNarrow(ReformScreens, CoproCase, HttpCase):
    browser_size = "400x1000"
    size = "narrow"
