"""The home page in a real browser, in both themes and on a phone."""

import pytest

from tests.browser.conftest import PAGES

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (1400, "dark"), (390, "light")])
def test_nothing_is_wider_than_the_window(width, scheme, visit):
    visitor = visit(width=width, scheme=scheme)
    for path in (*PAGES, "/train?network=cnn&epochs=3"):
        page = visitor.open(path)
        page.get_by_role("heading").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_other_digits_are_shown_on_demand(visit):
    visitor = visit()
    page = visitor.open("/")
    wall = page.get_by_alt_text("A wall of handwritten digits")
    first = wall.get_attribute("src")
    visitor.press("shuffle")
    page.wait_for_function(
        "src => document.querySelector('img[alt^=\"A wall\"]').getAttribute('src') !== src", arg=first
    )


def test_a_row_of_the_table_opens_its_run(visit):
    visitor = visit()
    page = visitor.open("/")
    table = page.get_by_test_id("stDataFrameResizable")
    table.wait_for()
    page.wait_for_timeout(1000)  # the table is a canvas: it tells nobody when it has been painted
    box = table.bounding_box()
    page.mouse.click(box["x"] + 90, box["y"] + 55)  # the first row, below the header
    page.wait_for_url("**/train?run=*")
    page.get_by_role("heading", name="MLP baseline").wait_for()
