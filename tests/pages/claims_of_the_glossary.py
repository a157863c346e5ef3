"""The numbers in the glossary, checked as in claims.py: against the constants, the functions and the data that it speaks of."""

import math

import numpy as np

from core.analysis.evaluation import Answers, reliability
from core.glossary.words import TERMS
from tests.pages.claims import CONSTANT, claim, count, says

CONSTANT |= {
    "F1",
    " · ".join(f"[{term.name}](#{slug})" for slug, term in TERMS.items()),
    "A small square of weights, such as 5 by 5, that is laid on every place of an image or of a map and looks for one pattern.",
    "Keeping only the strongest of each 2 by 2 places of a feature map: where exactly something is no longer matters, and the map gets "
    "smaller.",
    "Also called L2.",
    "The activation that squashes any number to one between 0 and 1.",
    "The activation that squashes any number to one between −1 and 1.",
    "At 1 it stays as it is.",
    "Of an accuracy it is Wilson's, at 95%.",
    "Whether a network is as sure as it is right: of answers that are 90% sure, 90% should be right.",
    "Said of a difference that is too large to come from which images happened to be drawn: its 95% interval leaves zero out, or where "
    "counts are compared, an exact test finds it too rare (its p is below 5%, or less where many are tested at once).",
}


def mnist(page):
    return page.shelf["MLP full"].mnist


@claim(
    "glossary",
    "The 70,000 handwritten digits that all of this is about, {a#} by {a#} pixels each: {learn#} to learn from, of which the last "
    "{val#} are for validation here, and {test#} for the test.",
)
def _mnist(page, a, learn, val, test) -> None:
    data = mnist(page)
    count(a, data.x_train.shape[1])
    count(learn, len(data.x_train) + len(data.x_val))
    count(val, len(data.x_val))
    count(test, len(data.x_test))


@claim("glossary", "MNIST's {test#} test images.")
def _test(page, test) -> None:
    count(test, len(mnist(page).x_test))


@claim("glossary", "The images that a network learns from: the first of MNIST's training images, up to {n#}.")
def _training(page, n) -> None:
    count(n, len(mnist(page).x_train))


@claim(
    "glossary",
    "{val#} images that no network learns from, and on which each is watched after every epoch: the last of MNIST's {n#} training "
    "images.",
)
def _validation(page, val, n) -> None:
    count(val, len(mnist(page).x_val))
    count(n, len(mnist(page).x_train) + len(mnist(page).x_val))


@claim(
    "glossary",
    "To give the true digit half the probability costs {half±} nats more; a tenth for every digit costs {tenth±}.",
)
def _nats(page, half, tenth) -> None:
    says(half, math.log(2))
    says(tenth, math.log(10))


@claim("glossary", "One more makes the digit {times±} times as probable beside another.")
def _logit(page, times) -> None:
    says(times, math.e)


@claim(
    "glossary",
    "The calibration error puts the answers into {n#} groups by confidence and averages how far confidence and accuracy are apart, each "
    "group counting by its size.",
)
def _groups(page, n) -> None:
    """Answers of every confidence from 0 to 1 fall into all of them."""
    probs = np.zeros((1_000, 10))
    probs[:, 0] = np.linspace(0.0005, 0.9995, 1_000)
    digits = np.zeros(1_000, np.uint8)
    count(n, len(reliability(Answers(probs, digits, digits, probs[:, 0]))))
