"""The search page in a real browser."""

import csv
import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_confusion import pick

pytestmark = pytest.mark.browser

CURVE = "[data-testid=stVegaLiteChart] svg.marks"
CELLS = "path[aria-roledescription='rect mark']"
RATES = "/search?networks=mlp&setting=learning_rate&values=0.01,0.1&seeds=2&train_size=1000&epochs=4"
MAP = f"{RATES}&second=batch_size&second_values=16,64"


def test_every_value_grows_at_the_same_time_survives_a_reload_and_is_shared_by_its_link(visit):
    teacher = visit()
    page = teacher.open("/search?networks=mlp&setting=hidden_units&values=32,64&seeds=1&train_size=50000&epochs=40")
    teacher.press("search_start")
    for number in (0, 1):
        teacher.key(f"panel_search_{number}").locator(CURVE).wait_for()
    teacher.see("2 training")
    page.reload()
    teacher.see("2 training")
    student = visit()
    student.page.goto(page.url)
    student.see("2 training")
    student.key("panel_search_1").locator(CURVE).wait_for()


def test_what_nobody_else_looks_at_is_stopped_with_one_press_and_says_how_far_it_came(visit):
    visitor = visit()
    visitor.open("/search?networks=mlp&setting=hidden_units&values=48,128&seeds=1&train_size=50000&epochs=200")
    visitor.press("search_start")
    visitor.key("panel_search_0").locator(CURVE).wait_for()
    visitor.press("search_stop")
    visitor.see("stopped after epoch")
    visitor.see("to the end")


def test_one_press_trains_every_value_and_says_what_came_of_them(visit):
    visitor = visit()
    page = visitor.open(RATES)
    visitor.see("Nothing of this is trained yet")
    visitor.press("search_start")
    visitor.see("Everything here is trained")
    visitor.see(re.compile("highest"))
    visitor.key("against_mlp").locator(CURVE).wait_for()
    visitor.quiet()
    with page.expect_download() as download:
        visitor.press("search_csv")
    with open(download.value.path(), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["Learning rate"], row["Seeds"]) for row in rows] == [("0.01", "2"), ("0.1", "2")]
    visitor.fits()


def test_a_cell_of_the_map_opens_its_runs_by_a_click_and_by_two_selectors_and_its_link_opens_it_elsewhere(visit):
    visitor = visit()
    page = visitor.open(MAP)
    if visitor.key("search_start").count():
        visitor.press("search_start")
    visitor.see("Everything here is trained")
    visitor.quiet()
    cells = visitor.key("heat_mlp").locator(CELLS)
    expect(cells).to_have_count(4)
    label = cells.nth(0).get_attribute("aria-label")
    cells.nth(0).click()
    first, second = (re.search(rf"{name}: ([\d.]+)", label)[1] for name in ("Learning rate", "Batch size"))
    page.wait_for_url(re.compile(rf"column={first}&row={second}\b"))
    visitor.see(f"MLP, rate {first} at batch {second}:")
    visitor.quiet()
    other = "16" if second == "64" else "64"
    pick(visitor, "search_cell_row", other)
    page.wait_for_url(re.compile(rf"row={other}\b"))
    visitor.see(f"MLP, rate {first} at batch {other}:")
    visitor.quiet()
    cells.nth(0).click()  # once more, which is a choice again
    page.wait_for_url(re.compile(rf"row={second}\b"))
    stranger = visit()
    stranger.page.goto(page.url)
    stranger.see(f"MLP, rate {first} at batch {second}:")
    stranger.page.get_by_role("link", name="Confusion, seed 1").click()
    stranger.page.wait_for_url("**/confusion?*run=mlp-*")
    stranger.see("What each true digit (row) is read as")
    visitor.fits()


def test_a_value_of_one_s_own_is_typed_and_is_in_the_link(visit):
    visitor = visit()
    page = visitor.open("/search?epochs=199")  # which no other test trains, on a server that is theirs, too
    visitor.see("Train 15 missing runs")
    values = visitor.key("search_values").get_by_role("combobox")
    values.click()
    values.fill("0.25")
    values.press("Enter")
    page.wait_for_url("**values=*0.25*")
    visitor.see("Train 18 missing runs")
    values.press("Escape")
    visitor.quiet()


def test_on_a_phone_the_whole_page_fits(visit):
    visitor = visit(width=390)
    visitor.open("/search?networks=mlp,cnn&setting=train_size&values=2000,50000&seeds=1&epochs=70")
    visitor.key("against_cnn").locator(CURVE).wait_for()
    visitor.fits((390, "light"), (390, "dark"))
