"""The confusion page in a real browser: cells by mouse and by keyboard, and how fast another network is there."""

import re
import time
from statistics import median

import numpy as np
import pytest

from core import checkpoints
from core.config import PRESETS
from core.data import load_digits
from core.training import model_at
from tests.browser.conftest import LOOKS, within

pytestmark = pytest.mark.browser

MLP = PRESETS["MLP full"]


@pytest.fixture(scope="module")
def answered():
    """What the report's MLP answers to the test images, and what is right."""
    digits = load_digits()
    return checkpoints.load(MLP.key).model.predict_proba(digits.x_test).argmax(axis=1), digits.y_test


SHOWN = """expected => {
    const tiles = document.querySelectorAll('.st-key-gallery [class*=st-key-tile_]');
    const indices = new Set([...tiles].map(tile => Number(tile.className.match(/st-key-tile_(\\d+)/)[1])));
    return indices.size === expected.length && expected.every(index => indices.has(index));
}"""


def must_show(visitor, indices: set[int]) -> None:
    """Wait until the images in the gallery are exactly those with these MNIST indices."""
    visitor.page.wait_for_function(SHOWN, arg=sorted(indices))


def of_cell(answered, true: int, predicted: int) -> set[int]:
    answers, labels = answered
    return set(np.flatnonzero((labels == true) & (answers == predicted)).tolist())


def click_cell(visitor, true: int, predicted: int, matrix: str = "matrix") -> None:
    squares = visitor.key(matrix).locator("path[aria-roledescription='rect mark']")
    squares.nth(true * 10 + predicted).click()


def pick(visitor, key: str, option: str) -> None:
    """Choose an option of a selectbox with the keyboard alone."""
    find(visitor, key, option)
    visitor.page.keyboard.press("Enter")


def find(visitor, key: str, option: str) -> None:
    """Type an option of a selectbox until it is the one that Enter chooses."""
    box = visitor.key(key).get_by_role("combobox")
    box.focus()
    box.press("ControlOrMeta+a")
    visitor.page.keyboard.type(option)
    visitor.page.get_by_role("option", name=option, exact=True).wait_for()


def test_a_click_and_the_keyboard_open_exactly_the_images_of_a_cell(visit, answered):
    visitor = visit()
    visitor.open("/confusion")
    visitor.see("5s are taken for 3")
    click_cell(visitor, 3, 5)
    visitor.see("3s are taken for 5")
    must_show(visitor, of_cell(answered, 3, 5))
    visitor.page.wait_for_url("**true=3&predicted=5")

    pick(visitor, "confusion_true", "9")
    visitor.see("9s are taken for 5")
    pick(visitor, "confusion_predicted", "7")
    visitor.see("9s are taken for 7")
    must_show(visitor, of_cell(answered, 9, 7))

    click_cell(visitor, 3, 5)
    visitor.see("3s are taken for 5")
    must_show(visitor, of_cell(answered, 3, 5))  # the same cell as the last click's


def test_the_cell_by_keyboard_alone(visit, answered):
    visitor = visit()
    visitor.open("/confusion")
    visitor.see("5s are taken for 3")
    pick(visitor, "confusion_true", "3")
    visitor.see("3s are read right")
    pick(visitor, "confusion_predicted", "5")
    visitor.see("3s are taken for 5")
    must_show(visitor, of_cell(answered, 3, 5))


@pytest.mark.parametrize("width", [1400, 1000, 390])
def test_every_corner_of_the_matrix_is_the_cell_that_it_looks_like(visit, width, answered):
    visitor = visit(width=width)
    visitor.open("/confusion?true=1&predicted=1")
    for true, predicted in ((0, 8), (9, 0), (8, 9), (4, 4)):
        click_cell(visitor, true, predicted)
        visitor.see(f"{true}s are read right" if true == predicted else f"{true}s are taken for {predicted}")
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_click_neither_moves_the_matrix_nor_builds_it_anew(visit):
    visitor = visit()
    visitor.open("/confusion")
    chart = visitor.key("matrix").locator("svg[class*=marks]")
    chart.wait_for()
    chart.evaluate("svg => svg.setAttribute('data-seen', 'yes')")
    before = chart.bounding_box()
    click_cell(visitor, 7, 9)
    visitor.see("7s are taken for 9")
    visitor.settle()
    assert chart.get_attribute("data-seen") == "yes"
    assert chart.bounding_box() == before


def test_an_image_opens_and_its_link_opens_the_same(visit):
    visitor = visit()
    visitor.open("/confusion?true=3&predicted=5")
    visitor.see("3s are taken for 5")
    last = visitor.key("gallery").get_by_role("button").last
    index = re.search(
        r"st-key-open_(\d+)", last.locator("xpath=ancestor::*[contains(@class, 'st-key-open_')]").get_attribute("class")
    )[1]
    last.click()
    visitor.see(f"Test image {int(index):,}")
    visitor.see("argue most for 5 and against 3")
    visitor.page.wait_for_url(f"**image={index}*")
    student = visit()
    student.page.goto(visitor.page.url)
    student.see(f"Test image {int(index):,}")


def test_a_cell_of_two_runs_opens_by_a_click_and_its_tiles_open_images(visit):
    visitor = visit()
    page = visitor.open("/confusion?view=compare")
    visitor.see("images that only MLP full reads right")
    for true, predicted in ((5, 3), (9, 9), (5, 3)):
        click_cell(visitor, true, predicted, "difference")
        visitor.see("Read right by MLP full alone" if true == predicted else f"Taken for {predicted} by MLP full alone")
        page.wait_for_url(f"**pair_true={true}&pair_predicted={predicted}*")
    visitor.key("gallery_first").get_by_role("button").first.click()
    visitor.see("How probable MLP full finds each digit")
    visitor.see("How probable CNN full finds each digit")
    visitor.key("opened").get_by_role("link", name="See inside CNN full").click()
    page.wait_for_url(re.compile(rf"/weights.*run={PRESETS['CNN full'].key}.*image=test-\d+"))
    page.go_back()
    visitor.see("Taken for 3 by MLP full alone")
    visitor.press("every_cell")
    visitor.see("images that only MLP full reads right")


def test_another_epoch_and_another_run_are_there_in_a_moment(visit, record_property):
    digits = load_digits()
    saved = checkpoints.load(MLP.key)
    epochs = sorted(saved.snapshots)[-6:]
    accuracy = {
        epoch: f"{(model_at(saved, epoch).predict_proba(digits.x_test).argmax(axis=1) == digits.y_test).mean():.2%}"
        for epoch in epochs[:-1]
    }
    visitor = visit()
    visitor.open(f"/confusion?epoch={epochs[-1]}")
    visitor.see("of 10,000 test images are read right")
    slider = visitor.key("confusion_epoch").locator("input[type=range]")
    reading = visitor.key("reading")
    seconds = []
    for turn in range(2):  # the first computes the predictions
        for epoch in reversed(epochs[:-1]):
            visitor.settle()
            started = time.monotonic()
            slider.press("ArrowLeft")
            visitor.page.wait_for_url(f"**epoch={epoch}*")
            reading.get_by_text(accuracy[epoch]).first.wait_for()
            visitor.settle()
            if turn == 1:
                seconds.append(time.monotonic() - started)
        slider.press("End")
        visitor.page.wait_for_url(lambda url: "epoch=" not in url)  # the last one need not be said
    runs = []
    for turn in range(2):
        for name in ("CNN full", "MLP small", "CNN small", "MLP full"):
            title = f"{checkpoints.summary(PRESETS[name].key).test_accuracy:.2%}"
            visitor.settle()
            find(visitor, "confusion_run", name)
            started = time.monotonic()
            visitor.page.keyboard.press("Enter")
            reading.get_by_text(title).first.wait_for()
            visitor.settle()
            if turn:
                runs.append(time.monotonic() - started)
    record_property("epoch_seconds_median", median(seconds))
    record_property("run_seconds_median", median(runs))
    print(f"another epoch is there in {median(seconds):.3f} s, another run in {median(runs):.3f} s, at the median")
    within(median(seconds), usual=0.7)
    within(median(runs), usual=0.7)


@pytest.mark.parametrize("view", ["matrix", "digits", "certainty", "compare", "damage"])
def test_no_view_is_wider_than_the_window(view, visit):
    visitor = visit(width=LOOKS[0][0])
    page = visitor.open(f"/confusion?view={view}&run={PRESETS['MLP small'].key}&other={MLP.key}")
    page.locator("[data-testid=stVegaLiteChart] svg[class*=marks]").first.wait_for()
    visitor.fits()


def test_the_files_can_be_downloaded(visit):
    visitor = visit()
    page = visitor.open("/confusion")
    visitor.see("of 10,000 test images are read right")
    page.get_by_role("button", name="Download", exact=True).click()
    for label, start in (
        ("Matrix (CSV)", b"true digit,0,1"),
        ("Picture (SVG)", b"<svg"),
        ("Mistakes (CSV)", b"file,index"),
    ):
        with page.expect_download() as download:
            page.get_by_role("button", name=label).click()
        assert download.value.path().read_bytes().startswith(start)
