"""Why an answer, layers and filters in a real browser: by link, by mouse, and how fast another image is there."""

import re
import time
from statistics import median

import numpy as np
import pytest

from core import checkpoints
from core.config import PRESETS
from core.data import load_digits
from tests.browser.conftest import LOOKS, within

pytestmark = pytest.mark.browser

MLP, CNN = PRESETS["MLP full"], PRESETS["CNN full"]
PATHS = {
    "MLP why": f"/weights?view=why&run={MLP.key}&image=test-247",
    "CNN why": f"/weights?view=why&run={CNN.key}&image=test-247",
    "CNN layers": f"/weights?view=layers&run={CNN.key}&image=test-247",
    "CNN filters": f"/weights?view=filters&run={CNN.key}&layer=conv2",
}
SEEN = {
    "MLP why": "The neurons that speak for it, and against it",
    "CNN why": "What happens where it is covered",
    "CNN layers": "Softmax makes ten shares of them that sum to 1",
    "CNN filters": "test images that excite it most",
}


@pytest.mark.parametrize("name", PATHS)
def test_a_link_opens_it_and_it_fits_into_the_window(name, visit):
    visitor = visit(width=LOOKS[0][0])
    page = visitor.open(PATHS[name])
    visitor.see(SEEN[name])
    visitor.fits()
    broken = "[...document.images].filter(image => image.complete && !image.naturalWidth).length"
    assert page.evaluate(broken) == 0


def test_a_click_on_a_bar_shows_the_arithmetic_of_its_neuron(visit):
    visitor = visit()
    visitor.open(PATHS["MLP why"])
    visitor.see(SEEN["MLP why"])
    bars = visitor.key("why_neurons").locator("path[aria-roledescription='bar']")
    bars.first.wait_for()
    for place in (2, 5, 2):
        name = bars.nth(place).get_attribute("aria-label")
        neuron = name.split("neuron: ")[1].split(";")[0]
        bars.nth(place).click()
        visitor.see(f"Neuron {neuron} gives")
        visitor.page.wait_for_url(f"**unit={neuron}*")


def test_a_click_on_a_kernel_shows_what_excites_its_filter(visit):
    visitor = visit()
    page = visitor.open(PATHS["CNN filters"])
    visitor.see(SEEN["CNN filters"])
    canvas = visitor.key("film").locator("canvas.grid")
    box = canvas.bounding_box()
    canvas.click(position={"x": box["width"] * 5.5 / 16, "y": box["height"] * 2.5 / 6})
    page.wait_for_url("**unit=32*")
    page.get_by_alt_text("images that excite filter 5 most").wait_for()


def test_another_image_is_there_in_a_moment(visit, record_property):
    digits = load_digits()
    for config, view in ((MLP, "why"), (CNN, "why"), (CNN, "layers")):
        answers = checkpoints.load(config.key).model.predict_proba(digits.x_test[:40]).argmax(axis=1)
        visitor = visit()
        visitor.open(f"/weights?view={view}&run={config.key}&image=test-20")
        visitor.see(re.compile(rf"test image 20 as an? {answers[20]}\b"))
        step_up = visitor.key("weights_test_image").get_by_test_id("stNumberInputStepUp")
        seconds = []
        for index in range(21, 28):
            visitor.settle()
            started = time.monotonic()
            step_up.click()
            visitor.see(re.compile(rf"test image {index} as an? {answers[index]}\b"))
            visitor.settle()
            seconds.append(time.monotonic() - started)
        name = f"{config.network}_{view}"
        record_property(f"{name}_image_seconds_median", median(seconds))
        print(f"another image in {name}: {median(seconds):.3f} s at the median, {np.max(seconds):.3f} s at most")
        within(median(seconds[1:]), usual=0.4)
