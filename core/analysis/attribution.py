"""Why an MLP gives its answer, in numbers that add up. NumPy alone, in float64 of the network's own weights.

For an image x, with the blank paper x = 0 to compare with:

    z     = w1 x + b1,   f = activation(z)                what each hidden neuron sees, and how it fires
    logit = w2 f + b2,   probs = softmax(logit)           what each digit gets

The logit is a sum over the neurons, exactly: each gives its activation times its output weight. To spread it over the pixels,
each neuron's difference from blank paper is shared out in proportion to weight times pixel, which is the rescale rule of
A. Shrikumar, P. Greenside and A. Kundaje, "Learning important features through propagating activation differences"
(DeepLIFT), 2017, section 3.5.1:

    slope_j = (f_j(x) - f_j(0)) / (z_j(x) - z_j(0))
    pixel_i = x_i sum over j of w2_j slope_j w1_ji,       sum over i of pixel_i = logit(x) - logit(0)
"""

from typing import NamedTuple

import numpy as np

from core.data import SIDE
from core.mlp import MLP

SAME = 1e-9  # a difference of z below which the slope is the tangent's: the secant's would be rounding alone


class Pass(NamedTuple):
    """One image on its way through the network, all float64."""

    x: np.ndarray  # (784,) ink from 0 to 1
    z: np.ndarray  # (hidden,) weights times pixels, plus bias
    f: np.ndarray  # (hidden,) activation
    logits: np.ndarray  # (10,)

    @property
    def probs(self) -> np.ndarray:
        return softmax_steps(self.logits).probs


class Attribution(NamedTuple):
    """What speaks for a digit: pixels.sum() + blank is its logit, or how far it is above another digit's."""

    pixels: np.ndarray  # (28, 28), above zero where ink speaks for the digit
    blank: float  # what the network says to blank paper
    total: float  # the logit, computed forward


class NeuronSum(NamedTuple):
    """How one hidden neuron comes to what it gives a digit."""

    positive: float  # the sum of pixels times weights where that is above zero
    negative: float
    bias: float
    z: float  # the sum of the three above
    f: float  # its activation
    weight: float  # to the digit, less the one to the other digit
    given: float  # f times weight


class Softmax(NamedTuple):
    """From logits to probabilities, each (10,)."""

    logits: np.ndarray
    shifted: np.ndarray  # minus the largest: the probabilities stay the same, and exp() cannot overflow
    exps: np.ndarray
    probs: np.ndarray  # exps over their sum


def forward(model: MLP, image: np.ndarray) -> Pass:
    """An image (28, 28), uint8 or float from 0 to 1, on its way through the network."""
    x = image.reshape(-1).astype(np.float64) / (255 if image.dtype == np.uint8 else 1)
    z = model.w1.astype(np.float64) @ x + model.b1
    f = model.activation(z.copy())
    return Pass(x, z, f, model.w2.astype(np.float64) @ f + model.b2)


def output_weights(model: MLP, digit: int, over: int | None = None) -> tuple[np.ndarray, float]:
    """Weights (hidden,) and bias whose sum with the activations is the digit's logit, less that of the digit `over`."""
    w2, b2 = model.w2.astype(np.float64), model.b2.astype(np.float64)
    return (w2[digit], float(b2[digit])) if over is None else (w2[digit] - w2[over], float(b2[digit] - b2[over]))


def given_by_neurons(model: MLP, through: Pass, digit: int, over: int | None = None) -> np.ndarray:
    """What each neuron gives the digit, (hidden,): with the output bias they sum to its logit, less that of `over`."""
    return through.f * output_weights(model, digit, over)[0]


def attribute(
    model: MLP, image: np.ndarray, digit: int, over: int | None = None, neurons: np.ndarray | None = None
) -> Attribution:
    """What the ink of an image (28, 28) says for a digit, and against another one.

    `neurons` (k,) are the ones that may speak, and the total is then theirs. Without it all of them do, and the output bias,
    which is part of what the network says to blank paper.
    """
    chosen = slice(None) if neurons is None else neurons
    there, blank = forward(model, image), forward(model, np.zeros((SIDE, SIDE)))
    weights, bias = output_weights(model, digit, over)
    bias = bias if neurons is None else 0.0
    dz, df = there.z - blank.z, there.f - blank.f
    far = np.abs(dz) > SAME
    slope = np.where(far, df / np.where(far, dz, 1.0), model.slope(there.f))
    pixels = there.x * ((weights * slope)[chosen] @ model.w1.astype(np.float64)[chosen])
    return Attribution(
        pixels.reshape(SIDE, SIDE),
        float(weights[chosen] @ blank.f[chosen]) + bias,
        float(weights[chosen] @ there.f[chosen]) + bias,
    )


def neuron_sum(model: MLP, through: Pass, neuron: int, digit: int, over: int | None = None) -> NeuronSum:
    """The arithmetic of one neuron for the digit, number by number."""
    products = model.w1[neuron].astype(np.float64) * through.x
    weight = float(output_weights(model, digit, over)[0][neuron])
    return NeuronSum(
        float(products[products > 0].sum()),
        float(products[products < 0].sum()),
        float(model.b1[neuron]),
        float(through.z[neuron]),
        float(through.f[neuron]),
        weight,
        float(through.f[neuron]) * weight,
    )


def softmax_steps(logits: np.ndarray) -> Softmax:
    """Logits (10,) as probabilities, step by step."""
    shifted = logits - logits.max()
    exps = np.exp(shifted)
    return Softmax(logits, shifted, exps, exps / exps.sum())


def rival(logits: np.ndarray, digit: int, label: int | None = None) -> int:
    """Against which digit another one is best held, for logits (10,) of an image of the digit `label`, where that is known.

    Against the answer, unless it is the answer itself; then against the true digit if it is wrong, else the runner-up.
    """
    second, answer = np.argsort(logits, kind="stable")[-2:].tolist()
    if digit != answer:
        return answer
    return second if label is None or label == digit else label
