"""A learning-rate test: a short run whose learning rate grows with every step, until the loss breaks away.

While the rate is too low the loss hardly moves, then it falls, and past some rate every step overshoots and it grows: so one short
run shows which rates are worth a whole one (L. Smith, "Cyclical learning rates for training neural networks", 2017, section 3.3).
The rate grows by the same factor each time, from the lowest that the setting allows to the highest. Pure: it draws nothing.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from core.config import Config, number_words, range_of
from core.data import Digits
from core.mlp import TINY
from core.networks import build, learner_of
from core.words import significant

IMAGES = 32_000  # of a test, where that is neither too few steps nor too many
FEWEST_STEPS, MOST_STEPS = 200, 2_000
SMOOTH = 1 / 25  # of the steps: over about so many each loss is averaged, as much in a short test as in a long one
AWAY = 2.0  # times the first loss: from there on nothing more is learnt from the test
LEAST_FALL = 0.1  # of the first loss, from which on it has learnt something


class Point(NamedTuple):
    """A step of the test: its learning rate, and the mean loss of its batch before it, in nats, as it is and smoothed."""

    rate: float
    loss: float
    smoothed: float


class Suggestion(NamedTuple):
    """The learning rate that a test suggests, one significant digit, and what it rests on."""

    rate: float
    steepest: float  # where the smoothed loss falls fastest, over the logarithm of the rate
    lowest: float  # where it is lowest
    away: float | None  # where it breaks away: it is back at what it was, or no number; None where it never does


def deciding(config: Config) -> Config:
    """The settings that a test depends on, the others at their defaults: runs that differ in those alone share one."""
    defaults = type(config)()
    same = {name: getattr(defaults, name) for name in ("learning_rate", "learning_rate_decay", "epochs")}
    return replace(config, **same)


def steps_of(config: Config) -> int:
    """How many steps a test takes."""
    return min(max(IMAGES // config.batch_size, FEWEST_STEPS), MOST_STEPS)


def rate_test(config: Config, digits: Digits) -> Iterator[Point]:
    """The test of these settings, step by step; their own learning rate does not count."""
    images, labels = digits.x_train[: config.train_size], digits.y_train[: config.train_size]
    learner = learner_of(config, build(config, images), images, labels)
    batches = _batches(config)

    def step(number: int, rate: float) -> float:
        rows = next(batches)
        return float(learner.step(rows, rate, rng_key=(config.seed, 1, number))) / len(rows)

    limits = range_of(type(config), "learning_rate")
    return growing(step, float(limits.low), float(limits.high), steps_of(config))


def growing(step: Callable[[int, float], float], low: float, high: float, steps: int) -> Iterator[Point]:
    """The points of so many steps with rates from low to high, until the loss has broken away or is no number.

    `step` takes the step of a number, from 0, at a rate, and returns the loss before it.
    """
    keep = 1 - 1 / max(steps * SMOOTH, 1)
    mean, first = 0.0, math.inf
    for number, rate in enumerate(np.geomspace(low, high, steps).tolist()):
        loss = step(number, rate)
        if not math.isfinite(loss):
            return
        mean = keep * mean + (1 - keep) * math.log(max(loss, TINY))
        smoothed = math.exp(mean / (1 - keep ** (number + 1)))  # what a mean that begins at 0 lacks
        yield Point(rate, loss, smoothed)
        if number <= steps * SMOOTH:
            first = smoothed
        elif smoothed > AWAY * first:
            return


def suggestion(points: Sequence[Point], steps: int) -> Suggestion | None:
    """Which rate to take, of a test of so many steps that is over: where the loss falls fastest, but at most a tenth of the rate at which
    it broke away. None where nothing was learnt.
    """
    settled = math.ceil(steps * SMOOTH)  # losses from here on are means of many
    if len(points) <= 2 * settled:
        return None
    rates = np.array([point.rate for point in points])
    losses = np.array([point.smoothed for point in points])
    first, lowest = losses[settled], int(losses.argmin())
    if losses[lowest] > (1 - LEAST_FALL) * first:
        return None
    # Each over as many steps, and so over the same factor of the rate.
    falls = np.log(losses[settled:-settled] / losses[2 * settled :])
    steepest = float(rates[settled + falls.argmax() + settled // 2])
    back = np.flatnonzero(losses[lowest:] >= first)
    away = float(rates[lowest + back[0]]) if back.size else float(rates[-1]) if len(points) < steps else None
    rate = min(steepest, away / 10) if away else steepest
    return Suggestion(float(f"{rate:.0e}"), steepest, float(rates[lowest]), away)


def read(found: Suggestion | None, steps: int) -> list[str]:
    """What a test shows, in sentences, that suggests this after so many steps."""
    if found is None:
        return [f"The loss fell by less than a tenth in {steps} steps: this test suggests no learning rate."]
    fastest = f"The loss falls fastest at a learning rate of {significant(found.steepest, 2)}"
    taken = f"Suggested: **{number_words(found.rate)}**"
    if found.away is None:
        return [f"{fastest}, and never breaks away.", f"{taken}, where it falls fastest."]
    if found.steepest <= found.away / 10:
        why = "where it falls fastest: no more than a tenth of the rate at which it broke away"
    else:
        why = "a tenth of the rate at which it broke away, which leaves more room than where it falls fastest"
    return [f"{fastest}, and breaks away at {significant(found.away, 2)}.", f"{taken}, {why}."]


def _batches(config: Config) -> Iterator[np.ndarray]:
    """The batches of the run, epoch after epoch, without end."""
    epoch = 0
    while True:
        epoch += 1
        order = np.random.default_rng((config.seed, epoch)).permutation(config.train_size)
        yield from np.array_split(order, range(config.batch_size, config.train_size, config.batch_size))
