"""One step, number by number, without a browser."""

import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import checkpoints, mlp
from core.config import PRESETS, MLPConfig
from core.images.codes import code_of_drawing
from core.mlp import INK
from core.words import compact, percent
from tests.pages.sentences import unlinked
from tests.pages.test_weights import kept, short
from tests.pages.visit import buttons, visit

MLP, CNN = PRESETS["MLP small"], PRESETS["CNN small"]


def words(at: AppTest) -> str:
    return unlinked(" ".join(element.value for element in [*at.markdown, *at.caption, *at.warning]))


def values(at: AppTest) -> dict[str, float]:
    """The rows of the weight's arithmetic: words to number."""
    table = next(element.value for element in at.markdown if element.value.startswith("| One after the other"))
    found = {}
    for line in unlinked(table).splitlines()[2:]:
        what, _, value = (cell.strip(" *") for cell in line.strip("|").split("|"))
        mantissa, _, power = value.replace("\u2212", "-").replace("\u00a0", " ").partition(" × 10")
        found[what] = float(mantissa) * 10.0 ** int(power.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")) or 0)
    return found


@pytest.fixture
def stepped(digits):
    """The network of the run after so many steps of its own on a test image, and that image's probabilities."""

    def after(steps: int, image: int = 18, rate: float = 0.01):
        model = checkpoints.load(MLP.key).model
        x, label = digits.x_test[image : image + 1].reshape(1, -1) * INK, digits.y_test[image : image + 1]
        for _ in range(steps):
            model.sgd_step(model.backward(x, label)[1], rate, 0.0001)
        return model, model.forward(x)[1][0], int(label[0])

    return after


def test_the_button_steps_as_the_network_itself_does_and_the_link_tells(stepped):
    at = visit("weights", run=MLP.key, view="step", image="test-18")
    for steps in range(4):
        (_, before, label), (_, after, _) = stepped(steps), stepped(steps + 1)
        expected = f"The step takes the probability of the true digit, {label}, from {percent(before[label])} to {percent(after[label])}"
        assert expected in words(at)
        assert at.query_params.get("steps", "0") == str(steps)
        at.button(key="take_step").click().run()
        assert not at.exception
    again = visit("weights", **{name: at.query_params[name] for name in at.query_params})
    assert words(again) == words(at)
    at.button(key="no_steps").click().run()
    assert "steps" not in at.query_params
    assert "as they were saved" in words(at)


@pytest.mark.parametrize("layer", ["w1", "w2"])
def test_a_weights_row_is_that_of_the_network(layer, stepped, digits):
    query = {"unit": "5", "output": "7", "row": "13", "column": "15"}
    at = visit("weights", run=MLP.key, view="step", image="test-18", steps="2", weight=layer, **query)
    model, _, label = stepped(2)
    x = digits.x_test[18:19].reshape(1, -1) * INK
    place = (5, 13 * 28 + 15) if layer == "w1" else (7, 5)
    _, gradients = model.backward(x, np.array([label]))
    said = values(at)
    assert said["The weight before"] == pytest.approx(model.arrays()[layer][place], rel=1e-5)
    assert said["is the gradient"] == pytest.approx(getattr(gradients, layer)[place], rel=1e-5)
    assert said["is the weight after"] == pytest.approx(stepped(3)[0].arrays()[layer][place], rel=1e-5)
    if layer == "w2":
        assert said["The error of digit 7"] * said["times how neuron 5 fires"] == pytest.approx(
            said["is the gradient"], rel=1e-4
        )
    else:
        product = said["is the neuron's error"] * said["times the ink of the pixel"]
        assert product == pytest.approx(said["is the gradient"], rel=1e-4)


def test_the_largest_gradient_is_found(stepped, digits):
    at = visit("weights", run=MLP.key, view="step", image="test-18", weight="w1")
    at.button(key="steepest").click().run()
    model, _, label = stepped(0)
    gradient = model.backward(digits.x_test[18:19].reshape(1, -1) * INK, np.array([label]))[1].w1
    assert abs(values(at)["is the gradient"]) == pytest.approx(np.abs(gradient).max(), rel=1e-5)


def test_sum_and_mean_differ_by_the_size_of_the_batch():
    summed = visit("weights", run=MLP.key, view="step", image="test-18", batch="8")
    averaged = visit("weights", run=MLP.key, view="step", image="test-18", batch="8", gradient="mean")
    assert values(summed)["is the gradient"] == pytest.approx(8 * values(averaged)["over 8 is the gradient"], rel=1e-4)


def test_the_code_beside_each_stage_is_that_of_the_file():
    shown = [element.value for element in visit("weights", run=MLP.key, view="step").code]
    file = _squeezed(Path(mlp.__file__).read_text(encoding="utf-8"))
    assert len(shown) == 8
    for code in shown:
        for part in code.split("\n\n# and the slope:\n"):
            assert _squeezed(part) in file


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def test_a_drawing_can_be_taught_as_any_digit(digits):
    code = code_of_drawing(digits.x_test[0])
    at = visit("weights", run=MLP.key, view="step", image=code)
    assert "The true digit, 7, gets" in words(at)
    at.selectbox(key="weights_meant").set_value("3").run()
    assert "The true digit, 3, gets" in words(at)
    assert at.query_params["meant"] == "3"


def test_numbers_beyond_all_numbers_are_said_to_be_so(shelf, digits):
    checkpoint = short(MLPConfig(train_size=300, epochs=1, hidden_units=16, activation="relu", batch_size=100), digits)
    checkpoint.model.w1 *= np.float32(1e36)  # finite answers, but a gradient summed over the batch that is not
    key = kept(shelf, checkpoint)
    try:
        at = visit("weights", run=key, view="step", steps="2", batch="64", learning_rate="1.0")
        assert "too large to compute with" in words(at)
        assert "nan" not in words(at)
        assert at.button(key="take_step").disabled
        assert not at.button(key="no_steps").disabled
    finally:
        shelf.delete(key)


def test_two_hundred_steps_are_the_most():
    at = visit("weights", run=MLP.key, view="step", steps="500")
    assert at.button(key="take_step").disabled
    assert "More are not taken here." in words(at)


def test_a_cnn_leads_to_an_mlp():
    at = visit("weights", run=CNN.key, view="step")
    assert "for the MLP alone" in words(at)
    assert "take_step" not in buttons(at)
    at.button(key="step_of_mlp").click().run()
    assert at.selectbox(key="weights_run").value.startswith("mlp-")
    assert "take_step" in buttons(at)


def test_the_loss_is_that_of_the_probability(stepped):
    at = visit("weights", run=MLP.key, view="step", image="test-18")
    _, probs, label = stepped(0)
    assert f"minus its logarithm: **{compact(float(-np.log(probs[label])))}**" in words(at)
