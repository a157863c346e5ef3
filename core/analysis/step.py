"""One step of an MLP's training, opened: what `MLP.backward` and `MLP.sgd_step` compute, array by array and weight by weight.

The network's own methods compute; here their results are kept, which the next call overwrites. What they do not hand out
follows from what they do: of a single image the gradient of the biases is delta,

    grad_b2 = sum over the batch of delta2,   grad_b1 = sum over the batch of delta1,

so `backward` of each image alone gives both.
"""

from copy import deepcopy
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from core.mlp import INK, MLP, PIXELS, Gradients

Layer = Literal["w1", "w2"]


class Rule(NamedTuple):
    """How a batch's gradient becomes a step. The gradient is the sum over the batch, or with `mean` its mean."""

    learning_rate: float
    weight_decay: float
    mean: bool = False


class Batch(NamedTuple):
    """What a step is taken on: pixels x (n, 784) from 0 to 1, labels (n,). The first is the image that is looked at."""

    x: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class Step:
    """One step, from the weights before it to those after it. Arrays have a row for each image of the batch."""

    batch: Batch
    f1: np.ndarray  # (n, hidden)
    probs: np.ndarray  # (n, 10), before the step
    delta2: np.ndarray  # (n, 10)
    delta1: np.ndarray  # (n, hidden)
    sent_back: np.ndarray  # (n, hidden): delta2 w2, which times the slope is delta1
    slope: np.ndarray  # (n, hidden)
    gradients: Gradients  # as the rule has them: summed or averaged over the batch
    before: dict[str, np.ndarray]  # w1, b1, w2, b2
    after: dict[str, np.ndarray]
    loss: float  # of the image that is looked at, in nats,
    loss_after: float
    probs_after: np.ndarray  # (10,), and its probabilities

    @property
    def finite(self) -> bool:
        """Whether all of it is a number: a step that is too long may go beyond those."""
        arrays = (*self.before.values(), *self.gradients, *self.after.values(), self.probs, self.probs_after)
        return all(bool(np.isfinite(array).all()) for array in arrays)


class Factors(NamedTuple):
    """A weight's gradient as a product for each image, (n,): the error behind it times the input before it."""

    delta: np.ndarray
    inputs: np.ndarray
    gradient: float  # the products' sum, or their mean: the weight's entry of the gradient

    @property
    def products(self) -> np.ndarray:
        return self.delta * self.inputs


def batch_of(image: np.ndarray, label: int, images: np.ndarray, labels: np.ndarray, dtype: type = np.float32) -> Batch:
    """An image (28, 28) uint8 of a digit, and after it others (n - 1, 28, 28) uint8 with their labels (n - 1,)."""
    pixels = np.concatenate([image[None], images]).reshape(-1, PIXELS) * INK
    return Batch(pixels.astype(dtype, copy=False), np.concatenate([[label], labels]).astype(np.intp))


def take(model: MLP, batch: Batch, rule: Rule) -> None:
    """Take one step: the model's arrays change."""
    _, gradients = model.backward(*batch)
    model.sgd_step(_by_rule(gradients, rule, len(batch.labels)), rule.learning_rate, rule.weight_decay)


def after(model: MLP, batch: Batch, rule: Rule, steps: int) -> MLP:
    """A copy of the network that so many steps were taken with, all of them on this batch."""
    copy = deepcopy(model)
    with np.errstate(over="ignore", invalid="ignore"):  # what went beyond all numbers says so itself
        for _ in range(steps):
            take(copy, batch, rule)
    return copy


def step(model: MLP, batch: Batch, rule: Rule) -> Step:
    """The next step of a network, which stays as it is."""
    copy, (x, labels) = deepcopy(model), batch
    with np.errstate(over="ignore", invalid="ignore"):
        f1, probs = copy.forward(x)
        loss = copy.backward(x[:1], labels[:1])[0]
        delta1, delta2 = np.empty_like(f1), np.empty_like(probs)
        for i in range(len(labels)):
            alone = copy.backward(x[i : i + 1], labels[i : i + 1])[1]
            delta1[i], delta2[i] = alone.b1, alone.b2
        gradients = _by_rule(copy.backward(x, labels)[1], rule, len(labels))
        gradients = Gradients(*(gradient.copy() for gradient in gradients))
        before = {name: array.copy() for name, array in copy.arrays().items()}
        take(copy, batch, rule)
        loss_after = copy.backward(x[:1], labels[:1])[0]
        return Step(
            batch,
            f1,
            probs,
            delta2,
            delta1,
            delta2 @ model.w2,
            np.asarray(model.slope(f1), f1.dtype),  # that of a ReLU is yes or no
            gradients,
            before,
            copy.arrays(),
            loss,
            loss_after,
            copy.forward(x[:1])[1][0],
        )


def factors(found: Step, layer: Layer, row: int, column: int) -> Factors:
    """The product behind the gradient of one weight: of `w2[digit, neuron]`, or of `w1[neuron, pixel]`."""
    delta, inputs = (found.delta2, found.f1) if layer == "w2" else (found.delta1, found.batch.x)
    gradient = float(getattr(found.gradients, layer)[row, column])
    return Factors(delta[:, row], inputs[:, column], gradient)


def steepest(found: Step, layer: Layer) -> tuple[int, int]:
    """Where a layer's gradient is largest: the weight that the step changes most, but for weight decay."""
    gradient = np.abs(getattr(found.gradients, layer))
    row, column = np.unravel_index(int(gradient.argmax()), gradient.shape)
    return int(row), int(column)


def _by_rule(gradients: Gradients, rule: Rule, n: int) -> Gradients:
    """The gradients as a rule has them. The sum is what `backward` gives, to the bit."""
    return Gradients(*(gradient / n for gradient in gradients)) if rule.mean else gradients
