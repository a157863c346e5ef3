"""The learning-rate test in a real browser: it opens, is taken over or put away, by mouse and by keyboard, and fits a phone."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def tested(visit):
    """Somebody before a test that is over."""

    def open_(address: str = "/train?train_size=2000&rates=True", **window):
        visitor = visit(**window)
        visitor.open(address)
        visitor.page.get_by_role("dialog").get_by_role("button", name="Download the test").wait_for()
        return visitor

    return open_


def test_it_is_opened_by_a_press_and_a_press_takes_its_rate_over(visit):
    visitor = visit()
    visitor.open("/train?train_size=2000")
    visitor.page.get_by_role("button", name="Which rate?").click()
    dialog = visitor.page.get_by_role("dialog")
    take = dialog.get_by_role("button", name=re.compile("^Take 0"))
    take.wait_for()
    visitor.page.wait_for_url(re.compile("rates=True"))
    rate = re.search(r"Take ([\d.]+)", take.inner_text())[1]
    take.click()
    dialog.wait_for(state="detached")
    visitor.page.wait_for_url(re.compile(f"learning_rate={rate}"))
    expect(visitor.page.get_by_role("slider", name="Learning rate").first).to_have_attribute("aria-valuetext", rate)
    visitor.quiet()
    assert f"learning_rate={rate}" in visitor.page.url


def test_escape_puts_it_away_and_it_stays_away(tested):
    visitor = tested()
    visitor.page.keyboard.press("Escape")
    visitor.page.get_by_role("dialog").wait_for(state="detached")
    visitor.page.wait_for_url(lambda address: "rates" not in address)
    visitor.page.get_by_text("MLP full", exact=True).first.click()
    visitor.quiet()
    assert visitor.page.get_by_role("dialog").count() == 0


def test_it_has_the_theme_of_the_page_also_when_that_changes(tested):
    visitor = tested(color_scheme="dark")
    caption = visitor.page.get_by_test_id("stCaptionContainer")
    below, above = caption.first, visitor.page.get_by_role("dialog").get_by_test_id("stCaptionContainer")
    for scheme in ("dark", "light"):
        visitor.show(1400, scheme)
        colours = [one.evaluate("one => getComputedStyle(one).color") for one in (below, above)]
        assert colours[0] == colours[1]


def test_no_words_lie_under_the_line_of_another_rate(tested):
    visitor = tested(viewport={"width": 390, "height": 844})
    chart = visitor.page.get_by_role("dialog").locator("svg.marks")
    boxes = [chart.get_by_text(re.compile(word)).last.bounding_box() for word in ("^take ", "^breaks away ")]
    lines = [line.bounding_box() for line in chart.locator(".mark-rule line:not(.role-axis-grid line)").all()]
    assert len(lines) == 2
    for box in boxes:
        for line in lines:
            beside = line["x"] >= box["x"] + box["width"] or line["x"] + line["width"] <= box["x"]
            assert beside or line["y"] >= box["y"] + box["height"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone(tested, scheme):
    visitor = tested(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    box = visitor.page.get_by_role("dialog").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    take = visitor.page.get_by_role("button", name=re.compile("^Take 0"))
    take.scroll_into_view_if_needed()
    assert take.is_visible()
