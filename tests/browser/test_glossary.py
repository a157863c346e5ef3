"""The glossary in a real browser: a word that is pointed at says what it means, and one that is followed is in view."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

# Where a word of the glossary is in its window, once it stays there: from 0, its upper edge, to 1.
PLACE = """slug => new Promise((done) => {
    let before = null
    const look = () => {
        const top = document.getElementById(slug)?.getBoundingClientRect().top
        if (top !== undefined && top === before) return done(top / innerHeight)
        before = top
        setTimeout(look, 700)
    }
    look()
})"""


GROW = """() => {
    const more = document.createElement("div")
    more.style.height = "400px"
    document.querySelector("[data-testid=stMainBlockContainer]").append(more)
}"""


def follow(page: Page, slug: str) -> Page:
    """Click the first link to a word, and return the page that opens."""
    with page.context.expect_page() as opened:
        page.locator(f"a[href$='glossary#{slug}']").first.click()
    there = opened.value
    there.set_viewport_size(page.viewport_size)  # as tabs of one window have it
    there.locator(f"#{slug}").wait_for()
    return there


@pytest.mark.parametrize("width", [390, 1400])
def test_a_word_on_train_leads_to_what_it_means_and_the_page_stays_as_it_is(width, visit):
    reader = visit(width=width)
    page = reader.open("/train?network=mlp&train_size=2000")
    reader.quiet()
    address = page.url
    word = page.locator("a[href$='glossary#loss']").first
    assert "nats" in (word.get_attribute("title") or "")
    there = follow(page, "loss")
    assert 0 <= there.evaluate(PLACE, "loss") < 0.5
    expect(there.get_by_role("heading", name="Loss", exact=True)).to_be_in_viewport()
    assert there.evaluate("document.documentElement.scrollWidth") <= width
    there.close()
    assert page.url == address


def test_a_word_behind_a_question_mark_can_be_reached(visit):
    reader = visit()
    page = reader.open("/train")
    reader.quiet()
    reader.key("learning_rate").get_by_test_id("stTooltipIcon").hover()
    page.get_by_test_id("stTooltipContent").wait_for()
    there = follow(page, "learning-rate")
    assert 0 <= there.evaluate(PLACE, "learning-rate") < 0.5
    there.close()


def test_it_is_searched_and_fits_every_window(visit):
    reader = visit()
    page = reader.open("/glossary")
    page.get_by_role("heading", name="Weight decay").wait_for()
    reader.fits()
    page.get_by_role("textbox", name="Find a word").fill("logit")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Weight decay")).to_have_count(0)
    expect(page.get_by_role("heading", name="Logit")).to_be_visible()


def test_whoever_scrolls_is_not_taken_back(visit):
    reader = visit()
    page = reader.open("/glossary#nat")
    page.locator("#nat").wait_for()
    reader.quiet()
    page.mouse.move(700, 500)
    page.mouse.wheel(0, -2000)
    before = page.evaluate(PLACE, "nat")
    assert before > 0.5
    page.evaluate(GROW)
    page.wait_for_timeout(300)
    assert page.evaluate(PLACE, "nat") == before
