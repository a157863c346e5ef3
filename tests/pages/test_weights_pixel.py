"""One pixel of a feature map, without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from core import checkpoints
from core.analysis import filters
from core.config import PRESETS
from core.words import compact
from tests.pages.test_weights import component
from tests.pages.visit import visit
from ui.weights.pixel import told

CNN, DEEP = PRESETS["CNN full"], PRESETS["CNN sketch"]


def table(at: AppTest) -> dict[str, str]:
    """The rows of the arithmetic: words to number."""
    lines = next(one.value for one in at.markdown if one.value.startswith("| One after the other")).splitlines()
    return dict(tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines[2:])


def maps(key: str, image, layer: str, kind: str):
    steps = filters.layers(checkpoints.load(key).model, image)
    return next(step.values for step in steps if (step.name, step.kind) == (layer, kind))


@pytest.mark.parametrize(
    ("config", "layer", "unit", "row", "column"),
    [(CNN, "conv1", 4, 0, 23), (CNN, "conv2", 5 * 6 + 2, 7, 0), (DEEP, "conv3", 40 * 32 + 31, 0, 11)],
)
def test_a_link_shows_the_pixel_that_the_network_makes(config, layer, unit, row, column, digits):
    place = {"unit": str(unit), "row": str(row), "column": str(column)}
    at = visit("weights", run=config.key, view="pixel", image="test-18", layer=layer, **place)
    found = maps(config.key, digits.x_test[18], layer, "convolution")
    inputs = checkpoints.load(config.key).model.get_submodule(layer).in_channels
    shown = float(table(at)["is the pixel of the map"].replace("\u2212", "-"))
    assert shown == pytest.approx(found[unit // inputs, row, column], rel=1e-5, abs=1e-5)
    again = visit("weights", **{name: at.query_params[name] for name in at.query_params})
    assert table(again) == table(at)


def test_controls_choose_the_map_its_input_and_the_strongest_pixel(digits):
    at = visit("weights", run=CNN.key, view="pixel", image="test-18", layer="conv2", unit="8", row="27", column="2")
    assert at.number_input(key="weights_row").value == 7, "a pixel beyond the map is moved inside"
    at.number_input(key="weights_map").set_value(15).run()
    assert at.query_params["unit"] == str(15 * 6 + 2), "the input map stays"
    at.number_input(key="weights_input").set_value(5).run()
    assert at.query_params["unit"] == str(15 * 6 + 5)
    at.button(key="strongest_pixel").click().run()
    strongest = float(maps(CNN.key, digits.x_test[18], "conv2", "convolution")[15].max())
    assert table(at)["is the pixel of the map"] == compact(strongest, 6)
    at.segmented_control(key="weights_layer").set_value("conv1").run()
    assert not at.exception
    assert (component(at, "pixel_map")["row"], component(at, "pixel_map")["side"]) == (12, 24)
    assert "The 25 products together" in table(at)


@pytest.mark.parametrize(
    "said", [None, 7, {}, {"row": 3}, {"row": "a", "column": 2}, {"row": 3, "column": 99}, {"row": [1]}]
)
def test_what_no_map_of_ours_tells_changes_nothing(said):
    assert told(said) is None
    assert told({"row": 3, "column": 4, "turn": 1}) == {"row": 3, "column": 4}
