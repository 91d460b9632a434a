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
# Opens the exercise, and gives the question that the registry asks about debtors.
EXERCISE = """
    const appears = async (selector) => {
        while (!document.querySelector(selector)) {
            await new Promise((done) => setTimeout(done, 50));
        }
        return document.querySelector(selector);
    };
    (async () => {
        (await appears(".o_notebook .nav-link[name=finance]")).click();
        const lines = "[name=exercise_ids] :is(tr.o_data_row td, .o_kanban_record)";
        (await appears(lines)).click();
        const label = await appears(".modal [name=debtor_label]");
        if (!label.textContent.includes("WANTED")) {
            console.error(`the question is: ${label.textContent}`);
        }
        await new Promise((done) => setTimeout(done, 600));
        console.log("test successful");
    })();
"""
FINDINGS = """
    const said = document.querySelector(".copro_findings").textContent;
    const wanted = WANTED;
    const seen = ["« Bâtiments »", "« Nature du chauffage »", "eau chaude sanitaire"].map(
        (text) => said.includes(text)
    );
    if (seen.some((one) => one !== wanted)) {
        console.error(said);
    }
    document.querySelector(".o_notebook .nav-link[name=technique]").click();
    setTimeout(() => console.log("test successful"), 600);
"""


class ReformScreens:
    """The form with the clock of the server at the eve of the reform, and at its day."""

    def test_the_eve(self):
        self.look(EVE, "300 €", asked="false")

    def test_the_day(self):
        self.look(REFORM, "deux trimestres de charges", asked="true")

    def look(self, day, question, asked):
        with freeze_time(f"{day} 12:00:00", tick=True):
            self.manager.lang = "fr_FR"
            condominium = self.condominium(
                name="Résidence de l'Exemple",
                building_ids=False,
                heating_nature=False,
                hot_water=False,
            )
            url = f"/odoo/condominiums/{condominium.id}"
            ready = "!!document.querySelector('.o_form_view .copro_findings')"
            for name, (code, wanted) in {
                "findings": (FINDINGS, asked),
                "exercise": (EXERCISE, question),
            }.items():
                with self.picture(f"reform-{day}-{name}-{self.size}"):
                    code = code.replace("WANTED", wanted)
                    self.browser_js(url, code, ready, login=self.manager.login)

    def picture(self, name):
        """Keep a picture of the page once the code has run."""
        wait = ChromeBrowser._wait_code_ok

        def wait_and_keep(browser, *arguments, **keywords):
            wait(browser, *arguments, **keywords)
            png = browser._websocket_request("Page.captureScreenshot")["data"]
            FOLDER.mkdir(parents=True, exist_ok=True)
            (FOLDER / f"{name}.png").write_bytes(base64.b64decode(png))

        return patch.object(ChromeBrowser, "_wait_code_ok", wait_and_keep)


@tagged("post_install", "-at_install")
class TestReformWide(ReformScreens, CoproCase, HttpCase):
    browser_size = "1400x1200"
    size = "wide"


@tagged("post_install", "-at_install")
class TestReformNarrow(ReformScreens, CoproCase, HttpCase):
    browser_size = "400x1000"
    size = "narrow"
