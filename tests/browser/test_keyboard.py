"""Without a mouse: every step from the first page to the inside of a network of one's own, and a focus that can be seen."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

# What has the focus, inside components, too: its kind, its name, and what marks it.
FOCUS = """() => {
    let at = document.activeElement
    while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
    const { outlineStyle, outlineColor } = getComputedStyle(at)
    const name = at.getAttribute("aria-label") || at.innerText || ""
    return { kind: at.type === "range" ? "range" : at.tagName, name, style: outlineStyle, colour: outlineColor }
}"""
PAPER = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
MOST = 80  # stops on the way to anything


def luminance(colour: str) -> float:
    """Relative luminance of an opaque “rgb(r, g, b)”, as WCAG 2 defines it."""
    shares = [int(value) / 255 for value in re.findall(r"\d+", colour)[:3]]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def tab(visitor: Visitor) -> dict[str, str]:
    visitor.page.keyboard.press("Tab")
    return visitor.page.evaluate(FOCUS)


def tab_to(visitor: Visitor, there: Locator) -> None:
    """Press Tab until the focus is there."""
    visitor.quiet()
    passed = []
    while len(passed) < MOST:
        passed.append(tab(visitor)["name"])
        if there.evaluate("element => element.matches(':focus')"):
            return
    raise AssertionError(f"Tab never came to {there}: {passed}")


def test_from_home_to_a_run_of_one_s_own_to_one_of_its_mistakes_to_its_inside(visit):
    visitor = visit()
    page, keyboard = visitor.open("/"), visitor.page.keyboard
    tab_to(visitor, page.get_by_test_id("stSkipToContent"))
    keyboard.press("Enter")
    expect(page.get_by_test_id("stMain")).to_be_focused()
    tab_to(visitor, page.get_by_role("link", name="Train one of your own"))
    keyboard.press("Enter")
    page.wait_for_url("**/train?*hidden_units=32*")
    tab_to(visitor, visitor.key("train").get_by_role("button"))
    keyboard.press("Enter")
    visitor.key("scores").get_by_text("Test accuracy").wait_for()

    tab_to(visitor, visitor.key("further").get_by_role("link", name="Confusion"))
    keyboard.press("Enter")
    page.wait_for_url("**/confusion*")
    tiles = visitor.key("gallery").locator("[class*=st-key-open_] button")
    tiles.first.wait_for()
    tab_to(visitor, tiles.first)
    keyboard.press("ArrowRight")
    expect(tiles.nth(1)).to_be_focused()
    keyboard.press("Enter")
    page.wait_for_url(re.compile(r"image=\d+"))
    index = re.search(r"image=(\d+)", page.url)[1]
    tab_to(visitor, visitor.key("opened").get_by_role("link", name="See inside the network"))
    keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/weights.*image=test-{index}\b"))
    visitor.see("The ink that speaks")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_stops_of_confusion_are_few_and_each_is_marked(scheme, visit):
    visitor = visit(scheme=scheme)
    visitor.open("/confusion")
    visitor.quiet()
    paper = visitor.page.evaluate(PAPER)
    stops = []
    while (stop := tab(visitor))["kind"] != "BODY":
        stops.append(stop)
        assert len(stops) <= 26, [stop["name"] for stop in stops]
    marked = [stop for stop in stops if stop["kind"] in ("A", "BUTTON", "range")]
    assert len(marked) > 15
    for stop in marked:
        assert_is_marked(stop, paper)


def assert_is_marked(stop: dict[str, str], paper: str) -> None:
    """What has the focus has a frame that can be seen on this paper."""
    assert stop["style"] == "solid", stop
    assert contrast(stop["colour"], paper) >= 3, stop


def test_the_pages_in_the_sidebar_are_one_stop_and_arrows_come_to_each(visit):
    visitor = visit()
    page = visitor.open("/confusion")
    visitor.quiet()
    paper = page.evaluate(PAPER)
    links = visitor.key("pages").get_by_role("link").all()
    tab_to(visitor, links[0])
    for link in links[1:]:
        page.keyboard.press("ArrowDown")
        expect(link).to_be_focused()
        assert_is_marked(page.evaluate(FOCUS), paper)
    tab(visitor)
    expect(visitor.key("share").get_by_role("button")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(links[-1]).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/train*")


def test_pages_of_images_are_turned_by_arrow_keys_and_enter_and_the_row_is_left_by_tab(visit):
    visitor = visit()
    page = visitor.open("/confusion")
    pagination = page.get_by_test_id("stPagination")
    tab_to(visitor, pagination.get_by_role("button", name="Page 1", exact=True))
    page.keyboard.press("End")
    onward = pagination.get_by_role("button", name="Next page")
    expect(onward).to_be_focused()
    page.keyboard.press("Enter")
    expect(pagination.locator("[aria-current=page]")).to_have_text("2")
    visitor.quiet()
    page.keyboard.press("Shift+Tab")  # the last page has no next one: its stop is gone
    assert page.evaluate("document.activeElement.closest('[data-testid=stPagination]') !== null")
    assert pagination.locator("button:enabled:not([tabindex='-1'])").count() == 1
    tab(visitor)
    assert page.evaluate("document.activeElement.closest('.st-key-gallery') !== null")


def test_the_stops_of_a_result_are_few(visit):
    visitor = visit()
    visitor.open("/train")
    visitor.quiet()
    passed = []
    while (stop := tab(visitor))["kind"] != "BODY":
        passed.append(stop["name"])
        assert len(passed) <= 44, passed
    assert sum(name.startswith("Help for") for name in passed) < 12
    assert any(name.startswith("Show data: Accuracy") for name in passed)


def test_films_are_wound_by_arrow_keys(visit):
    visitor = visit(reduced_motion="reduce")
    page = visitor.open("/")
    said = visitor.key("forming").locator("output b")
    expect(said).to_have_text("Epoch 70")
    page.get_by_role("slider", name="After epoch").focus()
    page.keyboard.press("Home")
    expect(said).to_have_text("Before learning")

    visitor.open("/weights")
    visitor.quiet()
    scrub = visitor.key("film").get_by_role("slider", name="After epoch")
    scrub.focus()
    for _ in range(2):  # the focus stays where it was when the page has followed
        before = scrub.get_attribute("aria-valuetext")
        page.keyboard.press("ArrowLeft")
        expect(scrub).not_to_have_attribute("aria-valuetext", before)
        epoch = scrub.get_attribute("aria-valuetext").removeprefix("epoch ")
        page.wait_for_url(re.compile(rf"epoch={epoch}\b"))
        visitor.quiet()
        expect(scrub).to_be_focused()


def test_the_words_of_a_passage_are_one_stop_in_which_arrows_lead_from_one_to_the_next(visit):
    visitor = visit()
    page = visitor.open("/train")
    visitor.quiet()
    words = page.locator("p").filter(has_text="After every epoch, on the images").locator("a[href*='glossary#']")
    tab_to(visitor, words.first)
    page.keyboard.press("ArrowRight")
    expect(words.nth(1)).to_be_focused()
    page.keyboard.press("End")
    expect(words.last).to_be_focused()
    tab(visitor)
    for word in words.all():
        expect(word).not_to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(words.last).to_be_focused()
