"""How long a run will take: the measured time of the finished run that is most like it, scaled by the work. Pure."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from core import description
from core.checkpoints import Summary
from core.config import Config
from core.data import VAL_SIZE


class Estimate(NamedTuple):
    """How long a run will take, and the finished run whose measured time says so."""

    seconds: float
    like: Config
    machine: str | None  # None where nobody knows


def estimate(config: Config, finished: Sequence[Summary]) -> Estimate | None:
    """How long these settings will take, scaled from the finished run that is most like them.

    A run of this machine comes before one of another. None where no run of this kind has finished.
    """
    same = [summary for summary in finished if _kind(summary.config) == _kind(config)]
    if not same:
        return None
    here = description.machine()
    like = min(same, key=lambda summary: (summary.about["machine"] != here, _distance(config, summary.config)))
    seconds = like.seconds * _work(config, config.epochs) / _work(like.config, len(like.history))
    return Estimate(seconds, like.config, "this machine" if like.about["machine"] == here else like.about["machine"])


def _kind(config: Config) -> tuple:
    """What makes the times of two runs no measure of each other: the kind of network, and whether images are augmented."""
    return config.network, getattr(config, "architecture", None), config.augmentation > 0


def _work(config: Config, epochs: int) -> float:
    """The work of so many epochs of a run, in images learnt from. Looking at one costs a fifth of learning from it (`make bench`)."""
    images = config.train_size + 0.2 * (config.train_size + VAL_SIZE)
    return epochs * images * config.parameter_count


def _distance(config: Config, other: Config) -> tuple[float, float]:
    """How unlike two runs are in what decides the time of an image, the size of a batch and of the network; then in their work.

    A short run has taken longer over an image than a long one: what comes once to each weighs more in it.
    """
    batch = abs(math.log(config.batch_size / other.batch_size))
    network = abs(math.log(config.parameter_count / other.parameter_count))
    return batch + network, abs(math.log(_work(config, config.epochs) / _work(other, other.epochs)))
