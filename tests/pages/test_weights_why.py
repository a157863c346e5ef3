"""Filters, layers and why an answer is given, without a browser."""

import re

import numpy as np
import pytest
from scipy.special import softmax
from streamlit.testing.v1 import AppTest

from core import checkpoints
from core.config import PRESETS
from core.images.codes import code_of_drawing
from core.words import percent
from tests.pages.sentences import unlinked
from tests.pages.visit import visit

MLP, CNN = PRESETS["MLP small"], PRESETS["CNN small"]
BLANK = code_of_drawing(np.zeros((28, 28), np.uint8))


def words(at: AppTest) -> str:
    return unlinked(" ".join(element.value for element in [*at.markdown, *at.caption, *at.info, *at.warning]))


def table_value(at: AppTest, name: str) -> float:
    """The number in the row of a table that begins with these words."""
    found = re.search(rf"\| \**{name}[^|]*\| \**([+\u2212]?[\d.,]+)", words(at))
    return float(found[1].replace("\u2212", "-").replace(",", ""))


def logits_of(model, image) -> np.ndarray:
    probs = model.predict_proba(image[None])[0].astype(np.float64)
    return np.log(probs)


@pytest.fixture(scope="module")
def mlp():
    return checkpoints.load(MLP.key).model


@pytest.fixture(scope="module")
def cnn():
    return checkpoints.load(CNN.key).model


@pytest.mark.parametrize("config", [MLP, CNN])
def test_the_attribution_adds_up_to_the_log_odds(config, digits, request):
    model = request.getfixturevalue(config.network)
    image = digits.x_test[18]
    logs = logits_of(model, image)
    second, answer = np.argsort(logs)[-2:].tolist()
    other = second if answer == digits.y_test[18] else int(digits.y_test[18])
    at = visit("weights", run=config.key, view="why", image="test-18")
    assert f"reads test image 18 as a **{answer}**" in words(at)
    assert table_value(at, f"The logit of {answer} less that of {other}") == pytest.approx(
        logs[answer] - logs[other], abs=0.02
    )
    parts = [table_value(at, start) for start in ("Ink that speaks for", "Ink that speaks the other", "Blank paper")]
    if config is CNN:
        parts.append(table_value(at, "Missed"))
    assert sum(parts) == pytest.approx(logs[answer] - logs[other], abs=0.04)


def test_another_digit_can_be_asked_about(digits, mlp):
    at = visit("weights", run=MLP.key, view="why", image="test-18", digit="5", against="2")
    logs = logits_of(mlp, digits.x_test[18])
    assert table_value(at, "The logit of 5 less that of 2") == pytest.approx(logs[5] - logs[2], abs=0.02)
    at.selectbox(key="weights_against").set_value("nothing").run()
    assert "The logit of 5** |" in words(at)
    assert at.query_params["against"] == "nothing"
    at.selectbox(key="weights_digit").set_value("answer").run()
    assert "digit" not in at.query_params


def test_a_digit_is_not_held_against_itself():
    at = visit("weights", run=MLP.key, view="why", image="test-18", digit="5", against="5")
    assert not at.exception
    assert at.selectbox(key="weights_against").value == "rival"
    at.selectbox(key="weights_against").set_value("3").run()
    at.selectbox(key="weights_digit").set_value("3").run()
    assert at.selectbox(key="weights_against").value == "rival"


@pytest.mark.parametrize("config", [MLP, CNN])
def test_one_can_walk_from_image_to_image(config):
    at = visit("weights", run=config.key, view="why", image="test-0")
    for index in range(1, 9):
        at.number_input(key="weights_test_image").set_value(index).run()
        assert not at.exception
        assert f"reads test image {index} as a" in words(at)


def test_a_mistake_is_held_against_the_true_digit(digits, mlp):
    index = int(np.flatnonzero(mlp.predict_proba(digits.x_test[:500]).argmax(axis=1) != digits.y_test[:500])[0])
    label = int(digits.y_test[index])
    at = visit("weights", run=MLP.key, image=f"test-{index}")
    assert f"but it is a **{label}**" in words(at)
    assert f"less that of {label}" in words(at)


def test_one_neuron_number_by_number(digits, mlp):
    at = visit("weights", run=MLP.key, view="why", image="test-7", digit="9", against="nothing", unit="12")
    x = digits.x_test[7].reshape(-1) / 255
    products = mlp.w1[12].astype(float) * x
    z = products.sum() + mlp.b1[12]
    f = 1 / (1 + np.exp(-z))
    expected = {
        "Ink times its red": products[products > 0].sum(),
        "Ink times its blue": products[products < 0].sum(),
        "Its bias": mlp.b1[12],
        "Sum of": z,
        "Sigmoid of": f,
        "Output weight to 9": mlp.w2[9, 12],
        "Activation times": f * mlp.w2[9, 12],
    }
    for name, value in expected.items():
        assert table_value(at, name) == pytest.approx(value, abs=0.001), name


def test_a_neuron_that_is_chosen_is_in_the_link():
    at = visit("weights", run=MLP.key, view="why", image="test-7")
    at.selectbox(key="weights_unit").set_value(3).run()
    assert "Neuron 3 gives" in words(at)
    assert at.query_params["unit"] == "3"


@pytest.mark.parametrize("config", [MLP, CNN])
def test_softmax_ends_at_the_networks_probabilities(config, digits, request):
    model = request.getfixturevalue(config.network)
    at = visit("weights", run=config.key, view="why", image="test-247")
    probs = model.predict_proba(digits.x_test[247:248])[0]
    table = next(element.value for element in at.markdown if element.value.startswith("| Digit"))
    rows = [[cell.strip(" *") for cell in line.split("|")[1:-1]] for line in table.splitlines()[2:12]]
    logits = np.array([float(row[1].replace("\u2212", "-")) for row in rows])
    np.testing.assert_allclose(softmax(logits), probs, atol=0.02)
    for row, p in zip(rows, probs, strict=True):
        assert row[4] == percent(p)


def test_a_square_without_a_side_changes_nothing():
    at = visit("weights", run=CNN.key, view="why", image="test-18", square="0")
    assert "covers nothing" in words(at)
    at.slider(key="weights_square").set_value(7).run()
    assert "hurts most" in words(at) or "No place lowers" in words(at)
    assert at.query_params["square"] == "7"


def test_the_place_that_hurts_most_is_as_bad_as_it_says(digits, cnn):
    at = visit("weights", run=CNN.key, view="why", image="test-18", square="6")
    row, column = map(int, re.search(r"Covering row (\d+), column (\d+) hurts most", words(at)).groups())
    image = digits.x_test[18].copy()
    image[max(row - 3, 0) : row + 3, max(column - 3, 0) : column + 3] = 0
    before = cnn.predict_proba(digits.x_test[18:19])[0]
    after = cnn.predict_proba(image[None])[0]
    assert after[before.argmax()] < before.max()
    if after.argmax() != before.argmax():
        assert f"the answer is {after.argmax()}" in words(at)


@pytest.mark.parametrize("view", ["why", "layers"])
@pytest.mark.parametrize("config", [MLP, CNN])
@pytest.mark.parametrize("epoch", ["0", "1", "70"])
def test_an_empty_drawing_can_be_asked_about_at_any_epoch(view, config, epoch):
    at = visit("weights", run=config.key, view=view, image=BLANK, epoch=epoch)
    assert not at.exception
    assert "reads your drawing as a" in words(at) or view == "layers"


def test_the_layers_are_named_in_their_order_with_their_shapes():
    at = visit("weights", run=CNN.key, view="layers", image="test-3")
    heads = [element.value for element in at.markdown if re.search(r"\*\* · ", element.value)]
    assert [head.split("** · ")[1] for head in heads] == [
        "28 × 28",
        "28 × 28",
        "6 × 24 × 24",
        "6 × 24 × 24",
        "6 × 12 × 12",
        "16 × 8 × 8",
        "16 × 8 × 8",
        "16 × 4 × 4",
        "120 units",
        "84 units",
    ]
    assert not at.warning


def test_a_filter_is_chosen_by_the_selector_and_by_the_link():
    at = visit("weights", run=CNN.key, view="filters", layer="conv2", unit="31")
    assert at.selectbox(key="weights_filter_of_16").value == 5, "its second input's kernel"
    assert "14 × 14 pixels" in words(at)
    at.selectbox(key="weights_filter_of_16").set_value(9).run()
    assert at.query_params["unit"] == "54"
    at.button_group(key="weights_layer").set_value("conv1").run()
    assert at.selectbox(key="weights_filter_of_6").value == 0
    assert "5 × 5 pixels" in words(at)


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ({"digit": "12"}, "Digit must be one of"),
        ({"against": "x"}, "Against must be one of"),
        ({"square": "99"}, None),
        ({"layer": "conv9"}, "Layer must be one of"),
        ({"sum": "<b>"}, "Sum must be one of"),
    ],
)
def test_what_a_link_cannot_mean_is_said_and_left_out(query, notice):
    at = visit("weights", run=CNN.key, view="why", image="test-1", **query)
    assert not at.exception
    if notice is None:
        assert at.slider(key="weights_square").value == 10
    else:
        assert notice in words(at)


def test_a_layer_that_this_network_has_not_got_makes_way_for_the_first():
    at = visit("weights", run=CNN.key, view="filters", layer="conv4", unit="4000")
    assert not at.exception
    assert at.selectbox(key="weights_filter_of_6").value == 0
    assert len(at.selectbox(key="weights_filter_of_6").options) == 6
