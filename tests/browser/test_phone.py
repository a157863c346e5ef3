"""On a phone, by touch: whatever somebody asks for is seen without scrolling to it."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_sketch import draw, sheet
from tests.browser.views import MLP
from tests.strokes import STROKES, placed

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def phone(visit):
    return visit(**PHONE)


def test_the_sidebar_makes_way_for_the_page_that_was_chosen_there(phone):
    page = phone.open("/")
    page.get_by_test_id("stExpandSidebarButton").tap()
    link = page.get_by_test_id("stSidebar").get_by_role("link", name="Sketch")
    link.tap()
    page.wait_for_url("**/sketch*")
    expect(link).not_to_be_in_viewport()
    expect(page.get_by_role("heading", name="Sketch a digit")).to_be_in_viewport()


def test_a_preset_is_trained_in_three_taps_and_the_sliders_are_folded_until_they_are_asked_for(phone):
    page = phone.open("/train?network=mlp&train_size=500&epochs=2&seed=77")
    slider = phone.key("epochs")
    expect(slider).to_be_hidden()
    button = phone.key("train").get_by_role("button")
    expect(button).to_be_in_viewport()
    button.tap()
    phone.see("Test accuracy")
    expect(page.get_by_text("Test accuracy").first).to_be_in_viewport()
    page.get_by_text("Settings", exact=True).tap()
    expect(slider).to_be_visible()
    phone.choose("preset", "MLP small")
    phone.see("2,000 images, batch 64")
    expect(slider).to_be_visible()


def test_a_step_brings_the_button_that_trains_it_onto_the_screen(phone):
    page = phone.open("/train?network=mlp&train_size=2000")
    phone.key("try_0_1").get_by_role("button").first.tap()
    phone.see("Not trained yet")
    expect(phone.key("train").get_by_role("button")).to_be_in_viewport()
    page.wait_for_url("**weight_decay=0.01*")


def test_the_answers_are_seen_while_one_draws(phone):
    phone.open("/sketch")
    sheet(phone).wait_for()
    phone.session = phone.context.new_cdp_session(phone.page)
    draw(phone, placed(STROKES[3], 60, 40, 200))
    cards = phone.page.locator("[data-voice] .digit")
    expect(cards.first).not_to_have_text("–")
    assert phone.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0
    for card in cards.all():
        expect(card).to_be_in_viewport()
    expect(sheet(phone)).to_be_in_viewport(ratio=1)


def test_the_images_of_a_cell_that_is_tapped_come_into_view(phone):
    phone.open("/confusion")
    cells = phone.key("matrix").locator("path[aria-roledescription='rect mark']")
    gallery = phone.key("gallery")
    gallery.wait_for()
    expect(gallery).not_to_be_in_viewport()
    cells.nth(4 * 10 + 9).tap()  # brought into view first, as a hand would
    phone.see("4s are taken for 9")
    expect(gallery).to_be_in_viewport(ratio=0.99)


def test_the_images_behind_a_cell_of_two_runs_that_is_tapped_come_into_view(phone):
    phone.open("/confusion?view=compare")
    gallery = phone.key("gallery_first")
    gallery.wait_for()
    expect(gallery).not_to_be_in_viewport()
    phone.key("difference").locator("path[aria-roledescription='rect mark']").nth(4 * 10 + 9).tap()
    phone.see("Taken for 9 by MLP full alone")
    expect(gallery).to_be_in_viewport()


def test_what_breaking_a_network_does_is_in_sight_while_it_is_done(phone):
    phone.open(f"/weights?run={MLP}&view=break")
    now = phone.key("broken_scores").get_by_test_id("stMetricValue").first
    before = now.inner_text()
    for control in ("weights_weakest", "weights_prune", "weights_noise"):
        slider = phone.key(control)
        slider.scroll_into_view_if_needed()
        phone.key(control).locator("input[type=range]").press("End")
        phone.quiet()
        expect(slider).to_be_in_viewport()
        expect(now).to_be_in_viewport(ratio=1)
    assert now.inner_text() != before
