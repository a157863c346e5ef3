"""A second engine: every page in Firefox, and a drawing there."""

import pytest

from tests.browser.conftest import PAGES, SETTLED
from tests.browser.firefox import executable, firefox

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        executable() is None, reason="No Firefox is here: python -m tests.browser.chromium looks for one."
    ),
]

# Finds what Streamlit's components draw, each of which has a document of its own in the page's.
DEEP = """(function deep(root, selector) {
  return root && (root.querySelector(selector) ??
    [...root.querySelectorAll("*")].map((part) => part.shadowRoot && deep(part.shadowRoot, selector)).find(Boolean))
})"""

# A page that is left while it still fetches a part of Streamlit's front end calls that an error.
FETCHED = """(!document.querySelector('[data-testid=stSkeleton]') &&
  performance.now() - Math.max(...performance.getEntriesByType('resource').map((one) => one.responseEnd)) > 500)"""


def within(key: str, selector: str) -> str:
    """The expression that finds an element below the one with a Streamlit key."""
    return f"{DEEP}(document.querySelector('.st-key-{key}'), '{selector}')"


def draw_a_one(browser, key: str) -> None:
    """A stroke from the top of a pad to its bottom."""
    canvas = within(key, "canvas")
    browser.wait(f"{canvas}?.getBoundingClientRect().width > 200")
    x, y, side = (browser.value(f"{canvas}.getBoundingClientRect().{name}") for name in ("x", "y", "width"))
    browser.draw([(x + side / 2, y + side * (2 + step) / 12) for step in range(9)])


def test_every_page_opens_without_an_error_and_a_drawing_is_answered(dashboard, tmp_path):
    with firefox(tmp_path) as browser:
        browser.size(1400, 1000)
        for path in PAGES:
            browser.open(dashboard.url + path)
            browser.wait(f"document.querySelector('{SETTLED}') && document.querySelector('h1') && {FETCHED}")
            assert browser.value("document.querySelector('[data-testid=stException]')?.innerText ?? ''") == "", path
            assert browser.value("document.title").endswith("Digit Lab")
            if path == "/":
                draw_a_one(browser, "home_pad")
                for network in ("mlp", "cnn"):
                    browser.wait(f"{within(f'home_{network}', '.digit')}?.textContent === '1'")
            if path == "/sketch":
                draw_a_one(browser, "pad")
                browser.wait(f"{within('sketch_answers', '.said')}?.textContent.includes('CNN full: 1 ')")
            assert browser.errors == [], (path, browser.errors)
        browser.value("console.error('heard')")
        browser.value("1")
        assert browser.errors == ["heard"], "or it would have been deaf before"
