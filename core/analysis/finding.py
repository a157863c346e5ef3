"""What the reading of a run goes by: its numbers so far, and the steps from its settings that change exactly one of them."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import fmean
from typing import Any, NamedTuple

from core.analysis.evaluation import accuracy_interval, difference_interval
from core.analysis.neurons import Tally
from core.config import Config, range_of
from core.data import VAL_SIZE
from core.history import EpochEnd, ended_early
from core.words import share_words

STEADY = 5  # falls one after the other: where ups and downs were as likely, these would come once in 32 times
UNUSUAL = 3  # times as far as a loss usually moves in an epoch


class Step(NamedTuple):
    """One setting to change, and what to watch for."""

    setting: str
    config: Config
    watch: str


class Finding(NamedTuple):
    """What a history shows. `name` is the rule's."""

    name: str
    sentence: str
    steps: tuple[Step, ...] = ()


class Reading(NamedTuple):
    """What the rules go by: a run's settings, its epochs, its status and error, and what its hidden neurons do, if known."""

    config: Config
    history: Sequence[EpochEnd]
    status: str = "done"
    error: str = ""
    neurons: Tally | None = None

    @property
    def end(self) -> EpochEnd:
        return self.history[-1]

    @property
    def live(self) -> bool:
        return self.status in ("queued", "training")

    @property
    def since(self) -> EpochEnd:
        """The epoch with which the last third of the history is compared, which is where it stands when it ends."""
        return self.history[-1 - len(self.history) // 3]

    @property
    def recent(self) -> Sequence[EpochEnd]:
        """The epochs from that one on."""
        return self.history[self.since.epoch - self.history[0].epoch :]

    @property
    def change(self) -> tuple[float, float]:
        """The 95% interval of the change of the validation accuracy since then, from -1 to 1.

        As for two sets of images, though they are the same ones: a change that it finds is one (difference_interval).
        """
        return difference_interval(self.end.val_accuracy, VAL_SIZE, self.since.val_accuracy, VAL_SIZE)

    @property
    def own(self) -> tuple[float, float]:
        """The 95% interval of its accuracy on the images that it learns from."""
        return accuracy_interval(self.end.train_accuracy, self.config.train_size)

    @property
    def own_words(self) -> str:
        """Its accuracy on the images that it learns from."""
        return share_words(self.end.train_accuracy, self.config.train_size)

    def step(self, setting: str, value: Any, watch: str) -> tuple[Step, ...]:
        """The step to a value, brought inside its limits; none where that is what it was, or the network has no such setting.

        More epochs are none for a run that early stopping has ended, which would end where it did; nor is another decay for one whose
        rate does not fall by it.
        """
        if not hasattr(self.config, setting):
            return ()
        if setting == "epochs" and value > len(self.history) and ended_early(self.history, self.config):
            return ()
        if setting == "learning_rate_decay" and self.config.schedule != "exponential":
            return ()
        if not isinstance(value, str):
            limits = range_of(type(self.config), setting)
            value = limits.checked(limits.kind(min(max(value, limits.low), limits.high)))
        if value == getattr(self.config, setting):
            return ()
        return (Step(setting, replace(self.config, **{setting: value}), watch),)

    def rate(self, times: float, watch: str) -> tuple[Step, ...]:
        """The step to so many times the learning rate, to two digits."""
        return self.step("learning_rate", float(f"{self.config.learning_rate * times:.2g}"), watch)


def falls(history: Sequence[EpochEnd]) -> int:
    """In how many epochs the training loss was lower than in the one before."""
    return sum(after.loss < before.loss for before, after in pairwise(history))


def turned(history: Sequence[EpochEnd]) -> EpochEnd | None:
    """The epoch of the lowest validation loss, where that has risen since, for five epochs and unusually far; else None."""
    best = min(history, key=lambda event: event.val_loss)
    later = [event.val_loss for event in history if event.epoch >= best.epoch]
    if len(later) <= STEADY:
        return None
    usual = math.sqrt(fmean((b - a) ** 2 for a, b in pairwise(later)))
    return best if fmean(later[-3:]) - best.val_loss > UNUSUAL * usual else None
