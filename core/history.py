"""What training tells of a run, epoch by epoch, and when that makes it over."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.config import Config

MAX_SNAPSHOTS = 24


class Progress(NamedTuple):
    """Where a run is within an epoch: `step` of `steps` are done, at a mean loss so far of `loss`. Epochs count from 1.

    An epoch whose steps are all done is being evaluated.
    """

    epoch: int
    step: int
    steps: int
    loss: float


class EpochEnd(NamedTuple):
    """What an epoch led to. Losses are the mean cross-entropy per image, in nats; accuracies are from 0 to 1.

    `loss` is of the training images as they were learnt from, so with dropout on and the weights still moving; the
    accuracies and `val_loss` are of the network as it stands at the end. `seconds` is the time of this epoch alone, its
    evaluation included.
    """

    epoch: int
    loss: float
    train_accuracy: float
    val_accuracy: float
    learning_rate: float
    seconds: float
    val_loss: float


def best_epoch(history: Sequence[EpochEnd]) -> EpochEnd:
    """The epoch after which the validation accuracy was highest; the first of several."""
    return max(history, key=lambda event: event.val_accuracy)


def is_over(history: Sequence[EpochEnd], config: Config) -> bool:
    """Whether a run has come to its end: by its last epoch, or by early stopping.

    That ends it as soon as the validation accuracy of so many epochs in a row (`patience`) was no higher than the best before
    them (L. Prechelt, "Early stopping, but when?", 1998). The network is then that of the last epoch, not of the best.
    """
    return len(history) >= config.epochs or ended_early(history, config)


def ended_early(history: Sequence[EpochEnd], config: Config) -> bool:
    """Whether early stopping ends a run before its last epoch."""
    if not history or not config.patience or len(history) >= config.epochs:
        return False
    return len(history) - best_epoch(history).epoch >= config.patience


def snapshot_epochs(epochs: int) -> set[int]:
    """The epochs at which the weights are kept: 0, the last, and at most 22 between, evenly in log scale.

    A run that ends early keeps those of its end as well.
    """
    spread = np.geomspace(1, epochs, MAX_SNAPSHOTS - 1).round().astype(int)
    return {0, *spread.tolist()}
