"""What the hidden neurons of an MLP do, in numbers: their weights through training, what excites them, whether they work."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from core.data import CLASSES, PIXELS
from core.mlp import IMAGES_AT_ONCE, INK, MLP, relu

SCALE_END = 99.5  # percent of the weights are within a scale of colours, so that one large weight leaves no other pale
TINY = 1e-12  # in place of a zero that is divided by; weights at half precision are larger
CONSTANT_DEVIATION, FLAT_SLOPE, FLAT_SHARE = 0.01, 0.05, 0.95


def arguments(model: MLP, image: np.ndarray, digit: int, over: int) -> np.ndarray:
    """How much each hidden neuron argues for one digit and against another, for an image (28, 28): (hidden,) in nats.

    A neuron's activation times the difference of its two output weights. Their sum, plus the difference of the two output
    biases, is log(p(digit) / p(over)): above 0 a neuron argues for `digit`.
    """
    pixels = image.reshape(1, -1) * (INK if image.dtype == np.uint8 else np.float32(1))
    f1, _ = model.forward(pixels.astype(model.w1.dtype))
    return f1[0] * (model.w2[digit] - model.w2[over])


class Reel(NamedTuple):
    """A layer's weights through training, at one of 255 levels each: e epochs of n units, each a small picture.

    A level of 127 or -127 is the unit's largest size in that epoch, `largest`. The other three are where a scale of
    colours may end: the 99.5th percentile of the sizes of each unit, of all units of an epoch, and the largest of these.
    """

    levels: np.ndarray  # (e, n, h, w) int8
    largest: np.ndarray  # (e, n)
    own: np.ndarray  # (e, n)
    common: np.ndarray  # (e,)
    training: float


def reel(weights: np.ndarray) -> Reel:
    """Weights (e, n, h, w) of any float type, as a reel."""
    weights = weights.astype(np.float32)
    sizes = np.abs(weights)
    largest = sizes.max(axis=(2, 3))
    levels = np.rint(weights * (127 / np.maximum(largest, TINY))[:, :, None, None]).astype(np.int8)
    own = np.percentile(sizes, SCALE_END, axis=(2, 3))
    common = np.percentile(sizes, SCALE_END, axis=(1, 2, 3))
    return Reel(levels, largest, own, common, float(common.max()))


def scale_ends(reel: Reel, place: int, scale: str) -> np.ndarray:
    """Where each unit's scale of colours ends in the epoch at this place: (n,). `scale` is common, own or training."""
    ends = {"own": reel.own[place], "common": reel.common[place], "training": reel.training}
    return np.broadcast_to(ends[scale], reel.own.shape[1:])


def order(w1: np.ndarray, w2: np.ndarray, sort: str) -> np.ndarray:
    """The neurons (n,) in an order: w1 (n, 784), w2 (10, n). `sort` is number, norm, votes or similarity.

    norm: longest row of w1 first. votes: by the digit whose output weight is largest, strongest first. similarity: the
    leaves of a tree of average linkage over one minus the correlation of two templates, turned so that neighbours are as
    alike as can be (Z. Bar-Joseph, D. Gifford, T. Jaakkola, "Fast optimal leaf ordering for hierarchical clustering", 2001).
    """
    match sort:
        case "number":
            return np.arange(len(w1))
        case "norm":
            return np.argsort(-np.linalg.norm(w1, axis=1), kind="stable")
        case "votes":
            return np.lexsort((-w2.max(axis=0), w2.argmax(axis=0)))
        case "similarity":
            return _by_similarity(w1)
    raise ValueError(f"There is no order called “{sort}”.")


def _by_similarity(w1: np.ndarray) -> np.ndarray:
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import pdist

    distances = np.nan_to_num(
        pdist(w1.astype(np.float64), "correlation"), nan=1.0
    )  # a template of one value: not alike
    return leaves_list(linkage(np.maximum(distances, 0), "average", optimal_ordering=True))


def net_inputs(model: MLP, images: np.ndarray) -> np.ndarray:
    """What each hidden neuron's activation is applied to, x w1' + b1: images (n, 28, 28) uint8 -> (n, hidden) float32."""
    inputs = np.empty((len(images), len(model.w1)), np.float32)
    for start in range(0, len(images), IMAGES_AT_ONCE):
        pixels = images[start : start + IMAGES_AT_ONCE].reshape(-1, PIXELS) * INK
        inputs[start : start + IMAGES_AT_ONCE] = pixels @ model.w1.T + model.b1
    return inputs


class Activation(NamedTuple):
    """The activation of a hidden neuron over many images."""

    mean: float
    deviation: float  # its standard deviation
    active: float  # the share of images with a net input above 0: a sigmoid above 1/2, a tanh or ReLU above 0
    flat: float  # the share of images on which its slope is below 5 % of its steepest: from them it hardly learns
    verdict: str  # dead, saturated, constant or working


def activation_over(model: MLP, inputs: np.ndarray) -> Activation:
    """One neuron's behaviour from its net inputs (n,) to n images.

    Constant: its activation deviates by less than 0.01, so it says the same whatever it is shown. Dead: constant, and flat
    on at least 95 % of the images, so that it will hardly learn to say anything else. Saturated: as flat, but not constant;
    a ReLU, flat by design where it does not fire, is never called so.
    """
    f = model.activation(inputs.astype(np.float64))
    steepest = model.slope(model.activation(np.full(1, 1e-6)))[0]  # of all three activations, just above 0
    flat = float((model.slope(f) < FLAT_SLOPE * steepest).mean())
    deviation, active = float(f.std()), float((inputs > 0).mean())
    if deviation < CONSTANT_DEVIATION:
        verdict = "dead" if flat >= FLAT_SHARE else "constant"
    elif flat >= FLAT_SHARE and model.activation is not relu:
        verdict = "saturated"
    else:
        verdict = "working"
    return Activation(float(f.mean()), deviation, active, flat, verdict)


def votes(weights: np.ndarray) -> tuple[int | None, int | None]:
    """The digit that a neuron votes for most by its output weights (10,), and the one that it votes against most.

    None where no weight is above zero, or below.
    """
    most, least = int(weights.argmax()), int(weights.argmin())
    return most if weights[most] > 0 else None, least if weights[least] < 0 else None


def votes_words(weights: np.ndarray) -> str:
    """The same in words: "votes for 3, against 5"."""
    most, least = votes(weights)
    if most is None and least is None:
        return "votes for no digit and against none"
    return f"votes for {'no digit' if most is None else most}, against {'none' if least is None else least}"


class Tally(NamedTuple):
    """How many of an MLP's hidden neurons there are, and how many of them are dead or saturated (activation_over)."""

    units: int
    dead: int
    saturated: int

    @property
    def idle(self) -> int:
        return self.dead + self.saturated


def tally(model: MLP, inputs: np.ndarray) -> Tally:
    """Count what the hidden neurons do, from their net inputs to n images: (n, hidden)."""
    verdicts = [activation_over(model, column).verdict for column in inputs.T]
    return Tally(len(verdicts), verdicts.count("dead"), verdicts.count("saturated"))


def extremes(inputs: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """The places of the n images that excite a neuron most, and of those that do least, each the most extreme first.

    From its net inputs, which still differ where its activation has come to its end.
    """
    ranked = np.argsort(inputs, kind="stable")
    return ranked[::-1][:n], ranked[:n]


def spread(activations: np.ndarray, labels: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """How a neuron's activation (n,) is distributed for each digit: shares (10, bins) whose rows sum to 1.

    Labels (n,); values beyond the outer edges count in the outer bins.
    """
    bins = np.clip(np.searchsorted(edges, activations, side="right") - 1, 0, len(edges) - 2)
    counts = np.zeros((CLASSES, len(edges) - 1))
    np.add.at(counts, (labels, bins), 1)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def neuron_table(model: MLP, inputs: np.ndarray) -> pd.DataFrame:
    """Every hidden neuron as a row: its weights in numbers, and what it does on n images: net inputs (n, hidden)."""
    rows = []
    for neuron in range(len(model.w1)):
        to_outputs, does = model.w2[:, neuron], activation_over(model, inputs[:, neuron])
        rows.append(
            {
                "neuron": neuron,
                "norm": float(np.linalg.norm(model.w1[neuron])),
                "bias": float(model.b1[neuron]),
                **{f"to {digit}": float(weight) for digit, weight in enumerate(to_outputs)},
                **dict(zip(("votes for", "votes against"), votes(to_outputs), strict=True)),
                "mean activation": does.mean,
                "standard deviation": does.deviation,
                "fires on": does.active,
                "flat on": does.flat,
                "verdict": does.verdict,
            }
        )
    return pd.DataFrame(rows).astype({"votes for": "Int64", "votes against": "Int64"})  # which have a value for none
