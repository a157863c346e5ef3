"""What the view of one step claims, held against a step in double precision of its own: checked as in claims.py."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from core.images.codes import chosen
from tests.pages.claims import CONSTANT, claim, count, percent
from tests.pages.walk import Page

CONSTANT |= {
    "With 7 others",
    "With 63 others",
    "L2",
    "Backward: the error of each digit, delta2",
    "Backward: the gradient of the output weights, grad_w2",
    "Backward: the error of each hidden neuron, delta1",
    "Backward: the gradient of the first weights, grad_w1",
}
POWER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
SLACK, LEAST = 2e-4, 1e-6  # single precision, over as many as two hundred steps: of a number, and of nothing
GREEN = re.compile(
    r"Green and ticked is the true digit, (\d)(?:; orange is the answer, (\d)|, which is the answer too)\."
)


class Stepped(NamedTuple):
    """A step, in double precision; a row for each image of the batch."""

    x: np.ndarray
    label: int
    f1: np.ndarray
    probs: np.ndarray
    delta2: np.ndarray
    back: np.ndarray
    slope: np.ndarray
    delta1: np.ndarray
    grad_w2: np.ndarray
    grad_w1: np.ndarray
    w1: np.ndarray
    w2: np.ndarray
    rate: float
    decay: float


ACTIVATIONS = {
    "sigmoid": (lambda z: 1 / (1 + np.exp(-np.clip(z, -500, 500))), lambda f: f * (1 - f)),
    "tanh": (np.tanh, lambda f: 1 - f**2),
    "relu": (lambda z: np.maximum(z, 0), lambda f: (f > 0) * 1.0),
}


def _steps(page: Page) -> Iterator[Stepped]:
    """The step that the page shows, and the one after it."""
    facts, network, query = page.looks[0].facts, page.looks[0].model, page.query
    n, mean = int(query.get("batch", "1")), query.get("gradient") == "mean"
    rate, decay = float(query.get("learning_rate", "0.01")), float(query.get("weight_decay", "0.0001"))
    image = chosen(query.get("image", "test-0"), facts.mnist.part)
    read = network.predict_proba(image.image[None]).argmax()
    meant = read if query.get("meant", "answer") == "answer" else query["meant"]
    label = int(meant) if image.label is None else image.label
    x = np.stack([image.image, *facts.mnist.x_train[: n - 1]]).reshape(n, -1) / 255.0
    truth = np.eye(10)[[label, *facts.mnist.y_train[: n - 1]]]
    w1, b1, w2, b2 = (network.arrays()[name].astype(float) for name in ("w1", "b1", "w2", "b2"))
    fire, slope_of = ACTIVATIONS[facts.config.activation]
    for place in range(int(query.get("steps", "0")) + 2):
        f1 = fire(np.einsum("np,hp->nh", x, w1) + b1)
        logits = np.einsum("nh,dh->nd", f1, w2) + b2
        probs = np.exp(logits - logits.max(axis=1)[:, None])
        probs /= probs.sum(axis=1)[:, None]
        delta2 = probs - truth
        back, slope = np.einsum("nd,dh->nh", delta2, w2), slope_of(f1)
        delta1, parts = back * slope, n if mean else 1
        grad_w2 = np.einsum("nd,nh->dh", delta2, f1) / parts
        grad_w1 = np.einsum("nh,np->hp", delta1, x) / parts
        found = Stepped(x, label, f1, probs, delta2, back, slope, delta1, grad_w2, grad_w1, w1, w2, rate, decay)
        if place >= int(query.get("steps", "0")):
            yield found
        w1, w2 = w1 - rate * (grad_w1 + decay * w1), w2 - rate * (grad_w2 + decay * w2)
        b1, b2 = b1 - rate * delta1.sum(axis=0) / parts, b2 - rate * delta2.sum(axis=0) / parts


def _number(text: str) -> float:
    """A number as `compact` writes it."""
    mantissa, _, power = text.replace("−", "-").replace(",", "").partition(" × 10")
    return float(mantissa) * 10.0 ** int(power.translate(POWER) or 0)


def _is(text: str, value: float, what: str, digits: int = 3) -> None:
    """Hold a number, written to so many digits, against what it has to be, as far as single precision goes."""
    assert np.isfinite(value)
    last = 10.0 ** (np.floor(np.log10(abs(value))) - digits + 1) if value else 0.0
    slack = 0.51 * last + SLACK * abs(value) + LEAST
    assert abs(_number(text) - value) <= slack, f"{what}: {text}, but it is {value:.6g}"


@claim("weights", "These are the weights of {one&} as they were saved.")
def _saved(page, one) -> None:
    assert one.key == page.looks[0].facts.key
    assert page.query.get("steps", "0") == "0"


@claim(
    "weights",
    "Green and ticked is the true digit, {true#}; orange is the answer, {read#}.",
    "Green and ticked is the true digit, {true#}, which is the answer too.",
)
def _bars(page, true, read=None) -> None:
    """Below each picture of the ten probabilities: before the step, after it, and on the way forward."""
    assert page.query.get("view") == "step"
    said = [(int(t), int(r or t)) for t, r in GREEN.findall(page.words)]
    before, after = ((found.label, int(found.probs[0].argmax())) for found in _steps(page))
    assert said == [before, after, before], f"{said}, but it is {before}, and {after} after the step"
    assert (int(true), int(read or true)) in said


@claim("weights", "{n#} steps from the saved weights, each on this batch with these settings.")
def _taken(page, n) -> None:
    count(n, int(page.query["steps"]))


@claim("weights", "The true digit, {label#}, gets a probability of {p%}.")
def _true_digit(page, label, p) -> None:
    found = next(iter(_steps(page)))
    count(label, found.label)
    _share(p, found.probs[0, found.label])


def _loss_of(found: Stepped) -> float:
    """The loss of the image, cut off where single precision ends."""
    return float(-np.log(max(found.probs[0, found.label], np.finfo(np.float32).tiny)))


@claim(
    "weights",
    "The loss of this image is minus its logarithm: {loss@}.",
    "Minus the logarithm of so little is cut off at {most@}, the largest loss that is counted here.",
)
def _loss(page, loss=None, most=None) -> None:
    found = next(iter(_steps(page)))
    assert (most is None) == (found.probs[0, found.label] >= np.finfo(np.float32).tiny)
    loss = loss or most
    _is(loss, _loss_of(found), "loss")


@claim(
    "weights",
    "The step takes the probability of the true digit, {label#}, from {p%} to {q%}, and the loss of this image from {loss@} to {then@}.",
)
def _changes(page, label, p, q, loss, then) -> None:
    for found, share, text in zip(_steps(page), (p, q), (loss, then), strict=True):
        count(label, found.label)
        _share(share, found.probs[0, found.label])
        _is(text, _loss_of(found), "loss")


@claim(
    "weights",
    "The step changes less than these digits show: the true digit, {label#}, keeps its probability of {p%}, and this image its loss of "
    "{loss@}.",
)
def _changes_little(page, label, p, loss) -> None:
    _changes(page, label, p, p, loss, loss)


def _share(text: str, share: float) -> None:
    """A probability, which single precision may have rounded the other way."""
    for near in (share, share * (1 - SLACK), min(share * (1 + SLACK), 1.0)):
        try:
            return percent(text, near)
        except AssertionError as error:
            last = error
    raise last


ABOUT = {
    "How strongly each neuron fires": lambda found: found.f1[0],
    "What each digit got": lambda found: found.delta2[0],
    "A row for each digit": lambda found: found.grad_w2,
    "What the digits send back": lambda found: found.delta1[0],
    "A square for each neuron": lambda found: found.grad_w1,
}


@claim("weights", "The fullest colour stands for {largest@}.")
def _scale(page, largest) -> None:
    values = next(of for start, of in ABOUT.items() if page.around.startswith(start))(next(iter(_steps(page))))
    _is(largest, float(np.abs(values).max()), "the end of a scale")


@claim("weights", "It is over {n#} images.", "The step is for the losses of {n#} images together.")
def _batch(page, n) -> None:
    count(n, int(page.query["batch"]))


@claim("weights", "| {what@} | {code@} | {value@} |")
def _row(page, what, code, value) -> None:
    """A row of the arithmetic of one weight."""
    found, query = next(iter(_steps(page))), page.query
    layer, unit = query.get("weight", "w2"), min(int(query.get("unit", "0")), len(found.w1) - 1)
    pixel = int(query.get("row", "14")) * 28 + int(query.get("column", "14"))
    row, column = (unit, pixel) if layer == "w1" else (int(query.get("output", "0")), unit)
    delta, inputs = (found.delta1, found.x) if layer == "w1" else (found.delta2, found.f1)
    gradient, weight = getattr(found, f"grad_{layer}")[row, column], getattr(found, layer)[row, column]
    products = delta[:, row] * inputs[:, column]
    expected = {
        f"The error of digit {row}": delta[0, row],
        f"times how neuron {column} fires": inputs[0, column],
        f"What the digits send back to neuron {row}": found.back[0, row],
        "times the slope of its activation": found.slope[0, row],
        "is the neuron's error": delta[0, row],
        "times the ink of the pixel": inputs[0, column],
        "is the product of this image": products[0],
        f"plus that of {len(products) - 1} others": products[1:].sum(),
        "in all": products.sum(),
        f"over {len(products)} is the gradient": gradient,
        "is the gradient": gradient,
        "The weight before": weight,
        "less what L2 takes": found.rate * found.decay * weight,
        "less the rate times the gradient": found.rate * gradient,
        "is the weight after": weight - found.rate * (gradient + found.decay * weight),
    }
    assert what in expected, f"{what} is no part of this weight's arithmetic"
    _is(value, float(expected[what]), what, digits=6)
    places = [tuple(map(int, place)) for place in re.findall(r"\[(\d+), (\d+)]", code)]
    assert set(places) <= {(0, row), (0, column), (row, column)}, f"{code} is not about {layer}[{row}, {column}]"
