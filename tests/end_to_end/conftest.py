"""Everything as a user starts it: the README's command, a real browser."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from simulator.control import Control
from simulator.process import Simulator
from workshop import postgres, system, venv
from workshop.lock import lock
from workshop.processes import free_port

CHECKOUT = Path(__file__).resolve().parents[2]
DATABASE = "copro_demo"
WORKER = "/bus/websocket_worker"  # nobody is told when a shared worker's script has come
# Resolves when all images are there, no animation goes on, and nothing has changed for a while.
STILL = """async () => {
    const quiet = 150, longest = 5000, begun = performance.now();
    let changed = performance.now();
    const watch = new MutationObserver(() => (changed = performance.now()));
    const all = {attributes: true, characterData: true, childList: true, subtree: true};
    watch.observe(document, all);
    const ends = (animation) => animation.effect?.getComputedTiming().endTime !== Infinity;
    const moves = () =>
        [...document.images].some((image) => !image.complete) ||
        document.getAnimations().some((one) => ends(one) && one.playState === "running");
    const next = () => new Promise((resolve) => setTimeout(resolve, 30));
    do {
        await next();
    } while (
        performance.now() - begun < longest && (moves() || performance.now() - changed < quiet)
    );
    watch.disconnect();
}"""
# No picture is taken half-way.
QUIET = """
*, *::before, *::after {transition: none !important; animation: none !important}
.o_notification_manager {display: none}
"""
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
    from_nothing: bool = False  # Odoo's own modules too are installed

    @property
    def environment(self) -> dict[str, str]:
        without = ["ODOO_RC", "PYTHONPATH", *([postgres.SEED] if self.from_nothing else [])]
        kept = {k: v for k, v in os.environ.items() if k not in without}
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
        self._workshop("instance.stop_postgres(instance.prepare('demo'))")

    def begin(self, name: str) -> None:
        """A database that has Odoo's own modules, where the tests have them at hand."""
        instance = f"instance.prepare('demo', database={name!r})"
        self._workshop(f"database.begin({instance}, 'demo')")

    def make_assets(self) -> None:
        """What the first browser would wait for."""
        self._workshop(
            f"database.make_assets(instance.prepare('demo', database='{DATABASE}'))",
        )
        self.stop_postgres()

    @property
    def cluster(self) -> Path:
        """The data of its PostgreSQL: apart from its folder, when it runs as root."""
        script = "print(instance.cluster('demo', None).folder)"
        return Path(self._workshop(script).stdout.strip())

    def copy_to(self, other: "Demo") -> None:
        """All that it holds, files and cluster, while it is stopped."""
        shutil.copytree(self.folder, other.folder, symlinks=True, dirs_exist_ok=True)
        if not other.cluster.exists():
            other.cluster.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cp", "-a", self.cluster, other.cluster], check=True)

    def _workshop(self, script: str) -> subprocess.CompletedProcess:
        imports = "from workshop import database, instance; "
        return subprocess.run(
            [sys.executable, "-c", imports + script],
            cwd=CHECKOUT,
            env=self.environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )

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


# What lasts longest comes first, so that no worker begins it when the others have ended.
FIRST = (
    *("test_campaign", "test_demo", "test_screens", "test_copies", "test_wheel"),
    *("test_pace", "test_interruption", "test_upgrade", "test_restart", "test_keyboard"),
    *("test_batch", "test_busy_condominium", "test_desk"),
)


def pytest_collection_modifyitems(items):
    ranks = {name: rank for rank, name in enumerate(FIRST)}
    items.sort(key=lambda item: ranks.get(item.path.stem, len(FIRST)))


def environment_with_odoo(folder: Path) -> Path:
    """The interpreter of a new environment: Odoo's packages, no addon of ours, no pip."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    interpreter = folder / "bin" / "python"
    packages = venv.site_packages(Path(sys.executable))
    link = venv.site_packages(interpreter) / "odoo_packages.pth"
    link.write_text(f"{packages}\n")
    return interpreter


@pytest.fixture(scope="session")
def seed(tmp_path_factory, worker_id):
    """A demo whose job is done, stopped: made once, copied for each that is served."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared if worker_id == "master" else shared.parent
    made = Demo(shared / "seed")
    with lock(shared / "seed.lock", "the demo"):
        if not (shared / "seed.complete").exists():
            done = made.run("--no-serve", "--fresh")
            assert done.returncode == 0, done.stdout + done.stderr
            made.make_assets()
            (shared / "seed.complete").touch()
    return made


@pytest.fixture(scope="session")
def declared(seed, tmp_path_factory):
    """A demo of this worker's own, whose job is done."""
    if postgres.existing():  # whose databases are not ours to copy
        yield seed
        return
    made = Demo(tmp_path_factory.mktemp("demo"))
    seed.copy_to(made)
    yield made
    made.stop()
    made.stop_postgres()


@pytest.fixture(scope="session")
def served(declared):
    """The same, serving its web client."""
    declared.serve()
    return declared


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

    def __init__(self, context, demo: Demo, login: str, width: int = 1400, height: int = 900):
        self.page = context.new_page()
        self.page.set_viewport_size({"width": width, "height": height})
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self._asked = set()  # of the server, and not answered yet
        self.page.on("request", lambda one: WORKER in one.url or self._asked.add(one))
        for ended in ("requestfinished", "requestfailed"):
            self.page.on(ended, lambda one: self._asked.discard(one))
        self.url = demo.url
        if not any(cookie["name"] == "session_id" for cookie in context.cookies()):
            self._log_in(login)

    def _log_in(self, login: str) -> None:
        self.page.goto(f"{self.url}/web/login")
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

    def settle(self) -> None:
        """All is drawn: every answer has come, and nothing moves on the page any more.

        The web client never stops talking: that all is answered at one moment is enough.
        """
        deadline = time.monotonic() + 10
        self.page.evaluate(STILL)
        while self._asked and time.monotonic() < deadline:
            self.page.evaluate(STILL)

    def picture(self, folder: Path, name: str) -> Path:
        self.settle()
        path = folder / f"{name}.png"
        self.page.screenshot(path=path)
        return path


@pytest.fixture(scope="session")
def browsers(chromium):
    """A browser for each user, who is in it once and for all: what was fetched is at hand."""
    made = {}

    def browser(login: str):
        if login not in made:
            made[login] = chromium.new_context(locale="fr-FR", timezone_id="Europe/Paris")
        return made[login]

    return browser


@pytest.fixture
def at_desk(browsers, served):
    """A page of one's own: ``at_desk("manager")``."""
    made = []

    def desk(login: str, **size: int) -> Desk:
        made.append(Desk(browsers(login), served, login, **size))
        return made[-1]

    yield desk
    for one in made:
        one.page.close()


@pytest.fixture(scope="session")
def sample(served):
    """The records of the gallery; see gallery/sample.py."""
    from end_to_end.gallery.sample import Sample

    return Sample(served.url, served.control).make()


@pytest.fixture(scope="session")
def desks(browsers, served):
    """One page for each user and width."""
    made = {}

    def desk(login: str, width: int, height: int) -> Desk:
        if (login, width) not in made:
            made[login, width] = Desk(browsers(login), served, login, width, height)
            # He comes by the app: its menu stays above what has none of its own.
            made[login, width].open("action-copro_registry.copro_today_action", ".copro_today")
            made[login, width].page.add_style_tag(content=QUIET)
        return made[login, width]

    return desk
