"""The home page's first screen: what one does there within ten seconds."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_phone import PHONE
from tests.browser.test_sketch import touch
from tests.strokes import STROKES, placed

pytestmark = pytest.mark.browser


def digit(visitor, network: str):
    """What a network answers."""
    return visitor.key(f"home_{network}").locator(".digit")


def test_on_a_phone_a_visitor_taps_and_draws_and_sees_answers_and_a_network_that_learns_without_scrolling(visit):
    phone = visit(**PHONE)
    page = phone.open("/")
    expect(digit(phone, "mlp")).to_have_text("6")  # on arrival, and wrong: it is a 5
    expect(digit(phone, "cnn")).to_have_text("5", timeout=30_000)  # as soon as torch is there
    page.get_by_role("button", name="A 4 that somebody wrote").tap()
    for network in ("mlp", "cnn"):
        expect(digit(phone, network)).to_have_text("4")
        expect(phone.key(f"home_{network}").locator(".answer")).to_be_in_viewport(ratio=1)
    sheet = phone.key("home_pad").locator("canvas")
    expect(sheet).to_be_in_viewport(ratio=1)
    phone.session = phone.context.new_cdp_session(page)
    touch(phone, placed(STROKES[3], 40, 25, 140), "home_pad")
    expect(digit(phone, "cnn")).to_have_text("3")
    expect(phone.key("forming").locator("canvas")).to_be_in_viewport(ratio=1)
    for link in phone.key("home_ways").get_by_role("link").all():
        expect(link).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0
    expect(phone.key("forming").locator("output b")).to_have_text("Epoch 70")  # it has played by itself


def test_with_a_mouse_a_digit_is_drawn_taken_back_and_asked_of_the_tray_by_the_keyboard(visit):
    visitor = visit()
    page = visitor.open("/")
    sheet = visitor.key("home_pad").locator("canvas")
    expect(sheet).to_be_in_viewport(ratio=1)
    box = sheet.bounding_box()
    page.mouse.move(box["x"] + 140, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 140, box["y"] + 230, steps=12)
    page.mouse.up()
    expect(digit(visitor, "cnn")).to_have_text("1")
    page.get_by_role("button", name="Clear").click()
    expect(digit(visitor, "cnn")).to_have_text("–")
    chosen = page.get_by_role("button", name="An 8 that somebody wrote")
    chosen.focus()
    page.keyboard.press("Enter")
    expect(digit(visitor, "mlp")).to_have_text("8")
    expect(chosen).to_have_attribute("aria-pressed", "true")


def test_who_wants_nothing_to_move_sees_the_end_of_the_film_at_once(visit):
    page = visit(reduced_motion="reduce").open("/")
    expect(page.locator(".st-key-forming output b")).to_have_text("Epoch 70", timeout=5_000)
    expect(page.locator(".st-key-forming").get_by_role("button", name="Play")).to_be_visible()
