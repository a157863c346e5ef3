"""Whoever is quicker than a slow line: a page that is drawn anew before its controls have come keeps what its link has set."""

import re

import pytest

from core.config import PRESETS, MLPConfig
from tests.browser.test_sketch import PLACES, draw, must_read
from tests.strokes import STROKES, placed

pytestmark = pytest.mark.browser

# Streamlit fetches the script of each kind of control when the first of them is to be drawn.
CONTROLS = re.compile(r"/(Slider|NumberInput|ButtonGroup|Selectbox|Multiselect|Checkbox|Radio|TextInput)\.")
SLIDERS = re.compile(r"/(Slider|NumberInput)\.")
MLP, CNN = PRESETS["MLP full"].key, PRESETS["CNN full"].key
LINKS = (
    "/train?network=mlp&train_size=500&epochs=7&hidden_units=96&activation=relu&seed=602",
    "/train?network=cnn&train_size=500&epochs=7&architecture=deep&momentum=0.5&seed=602",
    "/overfitting?networks=cnn&sizes=500%2C2000&epochs=7&seed=602",
    "/search?setting=hidden_units&values=16%2C48&seeds=2&train_size=500&epochs=3",
    "/search?networks=cnn&setting=learning_rate&second=batch_size&seeds=1&epochs=3&train_size=500",
    "/search?all=yes&runs=9&minutes=7&seed=602",
    "/runs?network=cnn&status=done&sort=seconds",
    f"/confusion?view=digits&run={CNN}&part=validation&epoch=3",
    f"/confusion?view=damage&run={CNN}&noise=0.3&rotation=10",
    f"/weights?view=why&run={MLP}&epoch=5&image=test-18&unit=3",
    f"/weights?view=break&run={MLP}&prune=30&noise=0.2&noise_seed=5",
    f"/weights?view=pixel&run={CNN}&image=test-18&row=3&column=4",
    "/sketch?source=draw&pen=8",
    "/sketch?image=test-18&view=why",
    "/lessons?lesson=shift&shift=80",
)


def held_back(visitor, scripts):
    """The scripts that the browser asks for, and does not get until they are let go."""
    late, asked = [], []

    def hold(route):
        asked.append(route.request.url)
        if late is not None:
            late.append(route)
        else:
            route.continue_()

    def let_go():
        nonlocal late
        held, late = late, None
        for route in held:
            route.continue_()
        visitor.quiet()

    visitor.page.route(scripts, hold)
    return asked, let_go


def draw_anew(visitor):
    """What every press of a button does, and whatever somebody else does that the page shows: the whole page is drawn once more."""
    visitor.page.keyboard.press("r")
    visitor.quiet()


@pytest.mark.parametrize("link", LINKS)
def test_a_page_that_is_drawn_anew_before_its_controls_have_come_stays_at_its_link(link, visit):
    visitor = visit(alone=True)
    visitor.open(link)
    visitor.quiet()
    address = visitor.page.url

    visitor = visit(alone=True)
    asked, let_go = held_back(visitor, CONTROLS)
    visitor.open(link)
    visitor.quiet()
    assert asked, "a page without any control tells nothing"
    draw_anew(visitor)
    let_go()
    draw_anew(visitor)
    assert visitor.page.url == address


def test_whoever_presses_train_before_the_sliders_have_come_trains_what_the_link_says(visit):
    visitor = visit(alone=True)
    asked, let_go = held_back(visitor, SLIDERS)
    config = MLPConfig(train_size=300, epochs=2, seed=603)
    visitor.open("/train?network=mlp&train_size=300&epochs=2&seed=603")
    visitor.press("train")
    visitor.key("stop").or_(visitor.key("delete")).first.wait_for()
    assert asked
    let_go()
    visitor.key("delete").wait_for()
    assert f"run={config.key}" in visitor.page.url
    assert "seed=603" in visitor.page.url


def test_a_stroke_before_the_controls_have_come_is_answered_by_the_networks_of_the_link(visit):
    visitor = visit(alone=True)
    asked, let_go = held_back(visitor, CONTROLS)
    visitor.open(f"/sketch?run={CNN}&pen=8&view=doubt")
    draw(visitor, placed(STROKES[0], *PLACES[0]))
    must_read(visitor, "0", PRESETS["CNN full"])
    assert asked
    let_go()
    draw(visitor, placed(STROKES[0], *PLACES[1]))
    visitor.quiet()
    assert f"/sketch?run={CNN}&view=doubt&pen=8&image=" in visitor.page.url
    assert "CNN full" in visitor.key("sketch_run").inner_text()


def test_a_pen_that_is_looked_at_after_a_stroke_is_the_one_of_the_link(visit):
    visitor = visit(alone=True)
    visitor.open("/sketch?pen=8")
    draw(visitor, placed(STROKES[0], *PLACES[0]))
    must_read(visitor, "0")
    visitor.page.get_by_test_id("stPopoverButton").filter(has_text="Pen").click()
    assert visitor.key("sketch_pen").locator("input[type=range]").input_value() == "8"
    visitor.quiet()
    assert "pen=8" in visitor.page.url
