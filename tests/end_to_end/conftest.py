"""Everything as a user starts it: the README's command, a real browser."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from simulator.control import Control
from simulator.process import Simulator
from workshop import system, venv
from workshop.processes import free_port

CHECKOUT = Path(__file__).resolve().parents[2]
SCREENS = ((1400, 900, "wide"), (400, 800, "narrow"))


@dataclass
class Demo:
    """A demo of its own, apart from the one of the checkout."""

    folder: Path
    server: subprocess.Popen | None = None
    url: str = ""
    output: list[str] = field(default_factory=list)
    successor: Simulator | None = None  # started by a test in the place of a killed one
    installed: Path | None = None  # the interpreter of an environment that holds the addon

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if k not in ("ODOO_RC", "PYTHONPATH")}
        if self.installed:
            kept["COPRO_REGISTRY_INSTALLED"] = str(self.installed)
        return {**kept, "COPRO_REGISTRY_VAR": str(self.folder)}

    @property
    def state(self) -> Path:
        return self.folder / "demo" / "simulator"

    @property
    def control(self) -> Control:
        memory = json.loads((self.state / "process.json").read_text())
        return Control(f"http://127.0.0.1:{memory['control']}")

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [CHECKOUT / "bin" / "demo", *arguments],
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=900,
        )

    def odoo(self, *arguments: str, script: str = "") -> subprocess.CompletedProcess:
        """``bin/odoo`` on the demo's database; ``script`` is its standard input."""
        return subprocess.run(
            [CHECKOUT / "bin" / "odoo", *arguments],
            env=self.environment,
            input=script,
            capture_output=True,
            text=True,
            timeout=1800,
        )

    def stop_postgres(self) -> None:
        """``bin/odoo`` leaves the private PostgreSQL running."""
        script = "from workshop import instance; instance.stop_postgres(instance.prepare('demo'))"
        command = [sys.executable, "-c", script]
        subprocess.run(command, cwd=CHECKOUT, env=self.environment, check=True)

    def serve(self) -> None:
        """Start the web client, and wait until it is announced."""
        self.server = subprocess.Popen(
            [CHECKOUT / "bin" / "demo", "--port", str(free_port(8269))],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for line in self.server.stdout:
            self.output.append(line)
            found = re.search(r"Open (http://127\.0\.0\.1:\d+)", line)
            if found:
                self.url = found[1]
            if "Ctrl-C" in line:
                return
        raise AssertionError("".join(self.output))

    def stop(self) -> None:
        if self.server and self.server.poll() is None:
            self.server.send_signal(signal.SIGINT)
            self.server.wait(60)
        if self.successor:
            self.successor.stop()


def pytest_collection_modifyitems(items):
    """What runs the demo's command comes before what serves the same demo."""
    items.sort(key=lambda item: item.path.stem != "test_demo")


def environment_with_odoo(folder: Path) -> Path:
    """The interpreter of a new environment: Odoo's packages, no addon of ours, no pip."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    interpreter = folder / "bin" / "python"
    packages = venv.site_packages(Path(sys.executable))
    link = venv.site_packages(interpreter) / "odoo_packages.pth"
    link.write_text(f"{packages}\n")
    return interpreter


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The demo's job, done once; see test_demo for what it must have printed."""
    made = Demo(tmp_path_factory.mktemp("demo"))
    yield made
    made.stop()


@pytest.fixture(scope="session")
def declared(demo):
    """The demo, whose job is done, whichever tests came before."""
    if not demo.url and not (demo.state / "registry.sqlite").exists():
        done = demo.run("--no-serve")
        assert done.returncode == 0, done.stdout + done.stderr
    return demo


@pytest.fixture(scope="session")
def served(demo):
    """The demo, serving its web client."""
    if not demo.url:
        demo.serve()
    return demo


@pytest.fixture(scope="session")
def chromium():
    if lacking := system.missing():
        pytest.skip(f"missing: {system.command(lacking)}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=system.browser(), args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def screenshots():
    """Where the pictures of this run are kept."""
    folder = Path(os.environ.get("COPRO_REGISTRY_SCREENSHOTS") or CHECKOUT / "var" / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Desk:
    """A user in front of the web client."""

    def __init__(self, browser, demo: Demo, login: str, width: int = 1400, height: int = 900):
        place = {"locale": "fr-FR", "timezone_id": "Europe/Paris"}
        context = browser.new_context(viewport={"width": width, "height": height}, **place)
        self.page = context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.url = demo.url
        self.page.goto(f"{demo.url}/web/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", login)
        self.page.click("button[type=submit]")
        self.page.wait_for_selector(".o_web_client .o_main_navbar")

    def open(self, path: str, selector: str) -> None:
        self.page.goto(f"{self.url}/odoo/{path}")
        self.page.wait_for_selector(selector)

    def fill(self, field_name: str, value: str) -> None:
        box = (
            self.page.locator(f".o_field_widget[name={field_name}]")
            .locator("input, textarea")
            .first
        )
        box.fill(value)
        box.blur()

    def choose(self, field_name: str, label: str) -> None:
        """Choose in a selection by its label."""
        widget = self.page.locator(f".o_field_widget[name={field_name}]").first
        widget.locator("input, select").first.click()
        self.page.get_by_role("menuitem", name=label, exact=True).first.click()

    def tab(self, name: str) -> None:
        self.page.click(f".o_notebook .nav-link[name={name}]")

    def picture(self, folder: Path, name: str) -> Path:
        time.sleep(0.6)  # end of the animations
        path = folder / f"{name}.png"
        self.page.screenshot(path=path)
        return path


@pytest.fixture
def at_desk(chromium, served):
    """Log in: ``at_desk("manager")``."""
    return lambda login, **size: Desk(chromium, served, login, **size)


@pytest.fixture(scope="session")
def sample(served):
    """The records of the gallery; see gallery/sample.py."""
    from end_to_end.gallery.sample import Sample

    return Sample(served.url, served.control).make()


@pytest.fixture(scope="session")
def desks(chromium, served):
    """One browser for each user and width."""
    made = {}

    def desk(login: str, width: int, height: int) -> Desk:
        if (login, width) not in made:
            made[login, width] = Desk(chromium, served, login, width, height)
            # He comes by the app: its menu stays above what has none of its own.
            made[login, width].open("action-copro_registry.copro_today_action", ".copro_today")
        return made[login, width]

    return desk
