"""What training is counted in: epochs, steps of the optimiser, or seconds. Where each epoch of a run lies on such an axis."""

from collections.abc import Sequence
from itertools import accumulate
from statistics import fmean
from typing import NamedTuple

from core.history import EpochEnd
from core.search.outcome import Spread, spread

ALONG = {"epochs": "Epochs", "steps": "Steps", "seconds": "Seconds"}
TITLES = {"epochs": "Epoch", "steps": "Steps of the optimiser", "seconds": "Seconds of training"}


class Point(NamedTuple):
    """Where several seeds, or one, are after an epoch."""

    epoch: int
    x: float  # epochs, steps or seconds
    seeds: int  # that have come so far
    training: Spread
    validation: Spread


def elapsed(histories: Sequence[Sequence[EpochEnd]], steps_per_epoch: int, along: str) -> list[float]:
    """How far training is after each epoch that any of these seeds has reached, in epochs, steps or seconds.

    Seconds are those of the machine that trained a run, its evaluations included; of several seeds the mean of each epoch is summed
    up, so that it grows even where one of them ends before the others.
    """
    reached = range(max(map(len, histories), default=0))
    if along == "epochs":
        return [epoch + 1 for epoch in reached]
    if along == "steps":
        return [(epoch + 1) * steps_per_epoch for epoch in reached]
    means = [fmean(history[epoch].seconds for history in histories if len(history) > epoch) for epoch in reached]
    return [*accumulate(means)]


def points(
    histories: Sequence[Sequence[EpochEnd]], steps_per_epoch: int, along: str, training: str, validation: str
) -> list[Point]:
    """The curve of several seeds: after each epoch two fields of its end, as far as any of them has come."""
    found = []
    for epoch, x in enumerate(elapsed(histories, steps_per_epoch, along)):
        ends = [history[epoch] for history in histories if len(history) > epoch]
        of_training, of_validation = ([getattr(end, field) for end in ends] for field in (training, validation))
        found.append(Point(epoch + 1, x, len(ends), spread(of_training), spread(of_validation)))
    return found
