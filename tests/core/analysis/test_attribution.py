"""Why an MLP gives its answer, against PyTorch, numerical integration and worked examples."""

import numpy as np
import pytest
import torch
from scipy.integrate import quad
from scipy.special import softmax

from core import checkpoints
from core.analysis import attribution
from core.config import ACTIVATIONS, PRESETS
from core.mlp import MLP

FUNCTIONS = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}


def network(activation: str) -> MLP:
    """A network with weights of about the size that training gives them."""
    model = MLP(hidden_units=32, activation=activation, seed=4)
    rng = np.random.default_rng(5)
    model.w1 *= 30
    model.w2 *= 50
    model.b1[:] = rng.normal(0, 0.5, 32)
    model.b2[:] = rng.normal(0, 0.5, 10)
    return model


def torch_logits(model: MLP, activation: str, image: np.ndarray) -> np.ndarray:
    """The logits (10,) by PyTorch, in float64."""
    w1, b1, w2, b2 = (torch.from_numpy(np.ascontiguousarray(a)).double() for a in model.arrays().values())
    x = torch.from_numpy(image.reshape(-1) / 255)
    return (FUNCTIONS[activation](x @ w1.T + b1) @ w2.T + b2).numpy()


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("over", [None, 8])
def test_the_attribution_sums_to_the_logit(activation, over, digits):
    model = network(activation)
    for image in digits.x_test[:30]:
        logits = torch_logits(model, activation, image)
        expected = logits[3] - (0 if over is None else logits[over])
        found = attribution.attribute(model, image, 3, over)
        assert found.total == pytest.approx(expected, abs=1e-5)
        assert found.pixels.sum() + found.blank == pytest.approx(expected, abs=1e-5)
        through = attribution.forward(model, image)
        given = attribution.given_by_neurons(model, through, 3, over)
        assert given.sum() + attribution.output_weights(model, 3, over)[1] == pytest.approx(expected, abs=1e-5)


def test_it_does_so_for_the_reports_network(digits):
    model = checkpoints.load(PRESETS["MLP full"].key).model
    for image in digits.x_test[:30]:
        logits = torch_logits(model, "sigmoid", image)
        for digit in range(10):
            found = attribution.attribute(model, image, digit)
            assert found.pixels.sum() + found.blank == pytest.approx(logits[digit], abs=1e-5)
        np.testing.assert_allclose(attribution.forward(model, image).probs, softmax(logits), atol=1e-9)


SLOPES = {
    "sigmoid": lambda z: np.exp(-abs(z)) / (1 + np.exp(-abs(z))) ** 2,
    "tanh": lambda z: 1 - np.tanh(z) ** 2,
    "relu": lambda z: float(z > 0),
}


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_neurons_slope_is_its_mean_slope_on_the_way_from_blank_paper(activation, digits):
    model, image = network(activation), digits.x_test[7]
    x = image.reshape(-1) / 255
    expected = np.zeros(784)
    for j in range(32):
        start = float(model.b1[j])
        way = float(model.w1[j].astype(float) @ x)
        mean, _ = quad(lambda t: SLOPES[activation](start + t * way), 0, 1, points=[np.clip(-start / way, 0, 1)])  # noqa: B023
        expected += model.w2[3, j] * mean * model.w1[j] * x
    np.testing.assert_allclose(attribution.attribute(model, image, 3).pixels.reshape(-1), expected, atol=1e-6)


def test_without_biases_relu_gives_gradient_times_ink(digits):
    model, image = MLP(hidden_units=32, activation="relu", seed=1), digits.x_test[11]
    x = torch.from_numpy(image.reshape(-1) / 255).requires_grad_()
    w1, w2 = (torch.from_numpy(np.ascontiguousarray(w)).double() for w in (model.w1, model.w2))
    (gradient,) = torch.autograd.grad((torch.relu(x @ w1.T) @ w2.T)[6], x)
    found = attribution.attribute(model, image, 6)
    np.testing.assert_allclose(found.pixels.reshape(-1), (gradient * x).detach(), atol=1e-12)
    assert found.blank == 0


def test_the_neurons_parts_make_the_whole(digits):
    model, image = network("sigmoid"), digits.x_test[3]
    whole = attribution.attribute(model, image, 0, 6)
    parts = [attribution.attribute(model, image, 0, 6, np.array(some)) for some in (range(5), range(5, 30), [30, 31])]
    np.testing.assert_allclose(sum(part.pixels for part in parts), whole.pixels, atol=1e-12)
    bias = float(model.b2[0]) - float(model.b2[6])
    assert sum(part.total for part in parts) + bias == pytest.approx(whole.total)
    assert sum(part.blank for part in parts) + bias == pytest.approx(whole.blank)


def test_one_neuron_number_by_number():
    model = MLP(hidden_units=16, activation="relu")
    model.w1[:] = 0
    model.w1[2, :3] = 2, -3, 5
    model.b1[2], model.w2[4, 2], model.w2[9, 2] = 0.25, 3, 1
    image = np.zeros((28, 28))
    image[0, :4] = 1, 0.5, 0.2, 1
    numbers = attribution.neuron_sum(model, attribution.forward(model, image), 2, 4, over=9)
    assert numbers == pytest.approx((3.0, -1.5, 0.25, 1.75, 1.75, 2.0, 3.5))


def test_ink_that_a_neuron_does_not_see_gets_nothing():
    model = network("tanh")
    model.w1[:, 100] = 0
    image = np.zeros((28, 28), np.uint8)
    image.flat[100] = 255
    found = attribution.attribute(model, image, 5)
    assert (found.pixels == 0).all()
    assert found.total == pytest.approx(found.blank)


def test_blank_paper_is_all_that_an_empty_drawing_says():
    model = network("sigmoid")
    found = attribution.attribute(model, np.zeros((28, 28), np.uint8), 5, 1)
    assert (found.pixels == 0).all()
    assert found.total == found.blank


def test_pixels_from_0_to_1_and_from_0_to_255_are_the_same(digits):
    model, image = network("sigmoid"), digits.x_test[2]
    one, other = attribution.attribute(model, image, 1), attribution.attribute(model, image / 255, 1)
    np.testing.assert_allclose(one.pixels, other.pixels, atol=1e-6)


def test_softmax_step_by_step_is_scipys():
    logits = np.array([-3.5, 900.0, 899.0, 0, 12, -700, 4, 5, 6, 7])
    steps = attribution.softmax_steps(logits)
    np.testing.assert_allclose(steps.probs, softmax(logits), atol=1e-12)
    np.testing.assert_allclose(steps.probs, steps.exps / steps.exps.sum())
    assert steps.shifted.max() == 0
    assert steps.shifted[2] == -1


def test_the_answer_is_held_against_the_truth_or_the_next_guess():
    logits = np.array([0.0, 5, 4, 3, 0, 0, 0, 0, 0, 0])
    assert attribution.rival(logits, 1, label=1) == 2, "right: the runner-up"
    assert attribution.rival(logits, 1, label=None) == 2, "nobody knows: the runner-up"
    assert attribution.rival(logits, 1, label=3) == 3, "wrong: the true digit"
    assert attribution.rival(logits, 3, label=3) == 1, "any other digit: the answer"
