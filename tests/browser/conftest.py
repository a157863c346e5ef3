"""A dashboard of its own for the browser tests, and a real Chromium in front of it."""

import re
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import BrowserContext, Error, Page, Request, TimeoutError, WebSocket, sync_playwright

from tests import studies
from tests.browser.chromium import executable
from tests.server import Server

SETTLED = "[data-testid=stApp][data-test-script-state=notRunning][data-test-connection-state=CONNECTED]"
STATE = "() => JSON.stringify(document.querySelector('[data-testid=stApp]').dataset)"
PAGES = (
    "/",
    "/train",
    "/train?network=cnn",
    "/overfitting",
    "/search",
    "/runs",
    "/confusion",
    "/weights",
    "/sketch",
    "/lessons",
    "/report",
    "/glossary",
)
VISITORS = pytest.StashKey[list]()  # of a test, in the order in which they came
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
FLAGS += ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]  # nobody else is there
LOOKS = ((390, "light"), (1400, "light"), (1400, "dark"))  # a window's width in pixels, and the theme
# A deep link makes the browser ask for the server's health below the page's path first, and Chromium reports the 404.
HARMLESS = re.compile(r"status of 404")


class Dashboard(Server):
    """A server that answers, and where its pages are."""

    def __init__(self, folder: Path, script: str = "app.py", **environment: str):
        super().__init__(folder, script, **environment)
        self.url = f"http://127.0.0.1:{self.port}"
        self.wait()

    def memory(self) -> tuple[float, float]:
        """Resident megabytes: of the server's process, and of its largest child, which is a worker."""
        children = [child.memory_info().rss for child in psutil.Process(self.process.pid).children(recursive=True)]
        return self.megabytes(), max(children, default=0) / 2**20

    def close(self) -> None:
        children = psutil.Process(self.process.pid).children(recursive=True)
        super().close()
        psutil.wait_procs(children, timeout=10)


@pytest.fixture(scope="package")
def chromium():
    """How to start one."""
    assert executable(), "No Chromium: python -m tests.browser.chromium installs one."
    with sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture(scope="package")
def dashboard(tmp_path_factory):
    dashboard = Dashboard(tmp_path_factory.mktemp("weights"))
    studies.show(dashboard.weights)
    yield dashboard
    dashboard.close()


@pytest.fixture
def fresh_dashboard(tmp_path):
    """A server that nobody has asked anything yet."""
    dashboard = Dashboard(tmp_path)
    yield dashboard
    dashboard.close()


def within(seconds: float, usual: float) -> None:
    """What takes ten times as long as usual is broken; what takes longer on a busy machine is not. `make bench` shows speed."""
    assert seconds < 10 * usual, f"{seconds:.2f} s, and usually {usual} s"


class Visitor:
    """Somebody with a browser window, who notices errors in its console."""

    def __init__(self, context: BrowserContext, dashboard: Dashboard):
        self.context = context
        self.page: Page = context.new_page()
        self.url, self.log = dashboard.url, dashboard.log
        self.errors: list[str] = []
        self._heard = time.monotonic()
        self.page.on("console", lambda message: self._note(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self._note(str(error)))
        for word in ("request", "requestfinished", "requestfailed"):
            self.page.on(word, self._hear)
        self.page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        for word in ("framesent", "framereceived"):
            socket.on(word, self._hear)

    def _hear(self, _: Request | str | bytes) -> None:
        self._heard = time.monotonic()

    def _note(self, text: str) -> None:
        if not HARMLESS.search(text):
            self.errors.append(text)

    def sight(self) -> str:
        """The words on the page, the state of its script, and the last lines of the dashboard's log."""
        with suppress(Error):
            state = self.page.evaluate(STATE)
            words = self.page.get_by_test_id("stMain").inner_text(timeout=5_000)
            return f"{words[:2000]}\n{state}\n{self.log.read_text()[-1000:]}"
        return "It does not answer any more."

    def open(self, path: str) -> Page:
        """Go to a page and wait until it has been drawn."""
        self.page.goto(self.url + path)
        self.settle()
        return self.page

    def settle(self) -> None:
        self.page.wait_for_selector(SETTLED)

    def quiet(self, seconds: float = 0.5) -> None:
        """Wait until browser and server have said nothing to each other for a while, and all that they said is drawn."""
        self.settle()
        while (silent := time.monotonic() - self._heard) < seconds:
            self.page.wait_for_timeout(1000 * (seconds - silent))
        # A browser that has nothing to draw at all may never call itself idle.
        self.page.evaluate("() => new Promise(done => requestIdleCallback(done, { timeout: 2000 }))")
        self.settle()

    def show(self, width: int, scheme: str, height: int = 1000) -> None:
        """Change the window's size and theme in place, and wait until the page has followed."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(color_scheme=scheme)
        self.quiet(0.2)

    def fits(self, *looks: tuple[int, str]) -> None:
        """The page is no wider than its window, whose widths and themes these are, one after the other."""
        for width, scheme in looks or LOOKS:
            self.show(width, scheme)
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width, (self.page.url, width, scheme)

    def see(self, text: str | re.Pattern) -> None:
        """Wait until a text is on the page; where it does not come, what stands there instead is told."""
        try:
            self.page.get_by_text(text).first.wait_for()
        except TimeoutError as error:
            there = self.page.get_by_test_id("stMain").inner_text()
            raise AssertionError(f"No {text!r} at {self.page.url}, but:\n{there[:3000]}") from error

    def key(self, key: str):
        """The element or container with a Streamlit key."""
        return self.page.locator(f".st-key-{key}")

    def press(self, key: str) -> None:
        self.key(key).get_by_role("button").first.click()

    def choose(self, key: str, text: str) -> None:
        """Click an option of a row of pills or segments."""
        self.key(key).get_by_text(text, exact=True).click()

    def nudge(self, key: str, stops: int = 1) -> None:
        """Move a slider to the right with the keyboard."""
        slider = self.key(key).locator("input[type=range]")
        for _ in range(stops):
            slider.press("ArrowRight")
            self.page.wait_for_timeout(50)  # as a key that is held down


@pytest.fixture(scope="package")
def context(chromium, tmp_path_factory):
    """The browser that all have in common, with its files and what it has made of scripts, as a person's; or one without any.

    A browser that has compiled Streamlit's scripts before opens a page in half the time.
    """
    settings = {"executable_path": executable(), "args": FLAGS}
    window = {"viewport": {"width": 1400, "height": 1000}}
    common = chromium.launch_persistent_context(tmp_path_factory.mktemp("profile"), **settings, **window)
    private = chromium.launch(**settings)
    common.set_default_timeout(60_000)

    def make(**options) -> BrowserContext:
        if not options:
            return common
        made = private.new_context(**options)
        made.set_default_timeout(60_000)
        return made

    yield make
    common.close()
    private.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """Beside a failure stands what its visitors saw then, and what their dashboards said last."""
    report = yield
    if report.when == "call" and report.failed:
        for number, visitor in enumerate(item.stash.get(VISITORS, []), 1):
            report.sections.append((f"Visitor {number} at {visitor.page.url}", visitor.sight()))
    return report


@pytest.fixture
def visit(request, context, dashboard):
    """Make a visitor; no visitor may have seen an error in the console by the end.

    Each has a tab of its own, which is all that the dashboard tells visitors apart by. The browser around it, with the files
    that it keeps, is shared, unless somebody wants to be `alone` or with other options of a browser's, or visits another
    dashboard: Streamlit's own server waits, when it is to end, for connections that a browser has opened and has no use for any more.
    """
    visitors: list[tuple[Visitor, bool]] = []
    seen = request.node.stash.setdefault(VISITORS, [])

    def make(
        to: Dashboard = dashboard, width: int = 1400, scheme: str = "light", alone: bool = False, **options
    ) -> Visitor:
        alone = alone or to is not dashboard or bool(options)
        size = {"width": width, "height": 1000}
        visitor = Visitor(context(**{"viewport": size} | options) if alone else context(), to)
        visitors.append((visitor, alone))
        seen.append(visitor)
        if not alone:
            visitor.page.set_viewport_size(size)
        visitor.page.emulate_media(color_scheme=scheme)
        return visitor

    yield make
    for visitor, alone in visitors:
        if alone:
            visitor.context.close()
        else:
            visitor.page.close()
    assert [visitor.errors for visitor, _ in visitors] == [[] for _ in visitors]
