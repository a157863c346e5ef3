"""What the runs of the same settings came to, over their seeds, with the intervals that so many images leave."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from statistics import NormalDist, fmean
from typing import NamedTuple

from core.analysis.evaluation import difference_interval, wilson_interval
from core.analysis.verdict import LEARNT, Verdict, state_words, verdict
from core.config import Config
from core.data import VAL_SIZE
from core.history import EpochEnd, is_over
from core.words import reached


class Spread(NamedTuple):
    """The same number over several seeds."""

    mean: float
    low: float
    high: float


def spread(values: list[float]) -> Spread:
    return Spread(fmean(values), min(values), max(values))


class Attempt(NamedTuple):
    """One run of a sweep, as far as it has come: a Run's history, status and error. "missing" is one that is not there yet."""

    history: list[EpochEnd]
    status: str = "done"
    error: str = ""
    cut: int = 0  # of one that is compared at equal steps or time: the epoch that its history was cut off after


class Interval(NamedTuple):
    """A number with its interval, in points."""

    value: float
    low: float
    high: float


class Outcome(NamedTuple):
    """What one network made of some settings, at the end of each of its seeds, or after the same epoch of each.

    While any seed is done, only those that are done count: an epoch of the middle is never mixed with the end.
    """

    config: Config  # of one of its runs: the others differ in their seed alone
    histories: tuple[
        list[EpochEnd], ...
    ]  # of the seeds that count, all of them as long unless early stopping ended some

    @property
    def network(self) -> str:
        return self.config.network

    @property
    def size(self) -> int:
        """How many images it learned from."""
        return self.config.train_size

    @property
    def epochs(self) -> int:
        """How many its runs were asked for."""
        return self.config.epochs

    @property
    def epoch(self) -> int:
        """After which each of its seeds counts; where early stopping has ended some, that of the first to end."""
        return min(map(len, self.histories))

    @property
    def finished(self) -> bool:
        return all(is_over(history, self.config) for history in self.histories)

    @property
    def seeds(self) -> int:
        return len(self.histories)

    def values(self, name: str) -> list[float]:
        """A number of each seed: "training" and "validation" accuracy and the "best" validation accuracy of any of its epochs, from
        0 to 1; the "gap" in points; the "seconds" of training.
        """
        ends = [history[-1] for history in self.histories]
        match name:
            case "training":
                return [end.train_accuracy for end in ends]
            case "validation":
                return [end.val_accuracy for end in ends]
            case "best":
                return [max(epoch.val_accuracy for epoch in history) for history in self.histories]
            case "gap":
                return [(end.train_accuracy - end.val_accuracy) * 100 for end in ends]
        return [sum(epoch.seconds for epoch in history) for history in self.histories]

    @property
    def training(self) -> Spread:
        """Accuracy on its own images, from 0 to 1."""
        return spread(self.values("training"))

    @property
    def validation(self) -> Spread:
        """Accuracy on the validation images, from 0 to 1."""
        return spread(self.values("validation"))

    @property
    def best(self) -> Spread:
        """Of each seed the highest accuracy on the validation images after any of its epochs, from 0 to 1."""
        return spread(self.values("best"))

    @property
    def gap(self) -> Spread:
        """Training minus validation accuracy, in points."""
        return spread(self.values("gap"))

    @property
    def seconds(self) -> Spread:
        return spread(self.values("seconds"))

    @property
    def verdicts(self) -> list[Verdict | None]:
        """What is said of each seed that came to no result."""
        return [verdict(history, self.epochs) for history in self.histories]

    @property
    def chance(self) -> int:
        """How many of its seeds answer like chance."""
        return sum(said is not None and said.chance for said in self.verdicts)

    @property
    def learnt(self) -> bool:
        """Whether a gap says anything: every seed reads more than chance, and most of its own images."""
        return self.chance == 0 and self.training.mean >= LEARNT

    def interval(self, name: str, level: float = 0.05) -> Interval:
        """The validation accuracy or the gap, with the interval that so many images leave to it; `level` is missed by chance.

        That of the gap follows from those of its two accuracies (evaluation.difference_interval). Seeds share their images, so
        more of them make it no narrower.
        """
        z = NormalDist().inv_cdf(1 - level / 2)
        training, validation = self.training.mean, self.validation.mean
        if name == "validation":
            ends = wilson_interval(round(validation * VAL_SIZE), VAL_SIZE, z)
            return Interval(100 * validation, 100 * ends[0], 100 * ends[1])
        ends = difference_interval(training, self.size, validation, VAL_SIZE, z)
        return Interval(100 * (training - validation), 100 * ends[0], 100 * ends[1])


def outcome(config: Config, attempts: Sequence[Attempt]) -> Outcome | None:
    """What the seeds that are done came to; while none is, all that have begun after the last epoch that each has reached.

    None while no epoch is over. A run that failed has come to nothing.
    """
    done = [attempt for attempt in attempts if attempt.status == "done" and attempt.history]
    if done:
        if done[0].cut:
            config = replace(config, epochs=done[0].cut, patience=0)  # which is the end that counts
        return Outcome(config, tuple(attempt.history for attempt in done))
    begun = [attempt.history for attempt in attempts if attempt.history and attempt.status != "failed"]
    if not begun:
        return None
    epoch = min(map(len, begun))
    return Outcome(config, tuple(history[:epoch] for history in begun))


def by_epoch(histories: list[list[EpochEnd]], name: str) -> list[tuple[int, int, Spread]]:
    """A field of the epochs over the seeds, as far as any seed has come: (epoch, how many seeds, spread)."""
    values: dict[int, list[float]] = {}
    for history in histories:
        for event in history:
            values.setdefault(event.epoch, []).append(getattr(event, name))
    return [(epoch, len(values[epoch]), spread(values[epoch])) for epoch in sorted(values)]


def states(attempts: Sequence[Attempt], epochs: int) -> list[str]:
    """What the runs of a panel that are not done are at, e.g. "2 waiting", "stopped after epoch 3 of 60".

    With one run there is no number.
    """
    words = Counter(_state(attempt, epochs) for attempt in attempts if attempt.status != "done")
    return [f"{n} {word}" if len(attempts) > 1 else word for word, n in words.items()]


def _state(attempt: Attempt, epochs: int) -> str:
    if attempt.status == "missing":
        return "not trained yet"
    if attempt.status == "stopped":
        return f"stopped {reached(len(attempt.history), epochs)}"
    return state_words(attempt.status, attempt.history, epochs, attempt.error)
