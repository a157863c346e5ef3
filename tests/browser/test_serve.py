"""Every page through `make serve`: nothing is broken by what a browser is told to refuse, and nothing is refused."""

from urllib.parse import urlsplit

import pytest

from core.config import PRESETS
from serving.card import PAGES as PAGES_SENT
from tests.browser.conftest import PAGES, Dashboard

pytestmark = [pytest.mark.slow, pytest.mark.browser]

LISTEN = """
document.addEventListener("securitypolicyviolation", event =>
  console.error("refused", event.effectiveDirective, event.blockedURI, event.sourceFile))
"""
MLP, CNN = PRESETS["MLP full"].key, PRESETS["CNN full"].key
PLACES = (
    *PAGES,
    f"/train?run={CNN}",
    f"/runs?run={MLP}&run={CNN}",
    f"/confusion?run={MLP}&cell=35",
    f"/weights?run={MLP}",
    f"/weights?run={CNN}",
)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    dashboard = Dashboard(tmp_path_factory.mktemp("served"), "serve.py", DIGIT_LAB_WORKERS="1")
    yield dashboard
    dashboard.close()


@pytest.fixture
def guarded(visit, served):
    """A visitor who hears of everything that the browser refuses."""
    visitor = visit(served, alone=True)
    visitor.context.add_init_script(LISTEN)
    return visitor


@pytest.mark.parametrize("place", PLACES)
def test_nothing_of_a_page_is_refused(place, guarded):
    guarded.open(place)
    guarded.quiet()
    assert guarded.page.locator("[data-testid=stException]").count() == 0
    assert guarded.page.title() == PAGES_SENT[urlsplit(place).path.strip("/")].title, (
        "as it was sent, and as it is then"
    )


def test_what_an_attacker_would_bring_does_not_run(guarded):
    page = guarded.open("/")
    page.evaluate(
        "() => { const s = document.createElement('script'); s.text = 'window.taken = 1'; document.body.append(s) }"
    )
    page.evaluate(
        "() => { const i = new Image(); i.setAttribute('onerror', 'window.taken = 2'); i.src = '/x.png?'; document.body.append(i) }"
    )
    page.wait_for_timeout(500)
    assert page.evaluate("() => window.taken") is None
    assert page.evaluate("() => fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')") == "refused"
    page.wait_for_timeout(500)
    refused = " ".join(guarded.errors)
    assert "script-src" in refused
    assert "connect-src" in refused
    guarded.quiet()
    guarded.errors.clear()  # they were what was asked for


def test_no_other_page_shows_it_in_a_frame(guarded, served):
    page = guarded.open("/")
    page.evaluate("() => { const f = document.createElement('iframe'); f.src = '/train'; document.body.append(f) }")
    page.wait_for_timeout(1000)
    assert guarded.errors, "the browser says that it was refused"
    guarded.errors.clear()


def test_a_digit_is_drawn_and_read(guarded):
    page = guarded.open("/sketch")
    pad = guarded.key("pad").locator("canvas").first
    box = pad.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 4
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + box["height"] / 2, steps=10)
    page.mouse.up()
    guarded.quiet()


def test_a_run_is_downloaded_and_another_uploaded(guarded, served):
    page = guarded.open(f"/train?run={MLP}")
    with page.expect_download() as loading:
        page.get_by_test_id("stDownloadButton").get_by_role("button").first.click()
    assert loading.value.path().stat().st_size > 1000
    guarded.open("/runs")
    guarded.press("upload_popover")
    page.locator("input[type=file]").first.set_input_files(served.weights / f"{MLP}.npz")
    guarded.quiet()
