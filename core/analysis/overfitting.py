"""What more data buys: what the runs of a sweep came to, over their seeds, with the intervals that so many images leave."""

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from core.analysis.evaluation import difference_interval, wilson_interval
from core.analysis.verdict import LEARNT, Verdict, state_words, verdict
from core.config import NAMES
from core.data import VAL_SIZE
from core.sweep import Place
from core.training import EpochEnd
from core.words import reached


class Spread(NamedTuple):
    """The same number over several seeds."""

    mean: float
    low: float
    high: float


def spread(values: list[float]) -> Spread:
    return Spread(float(np.mean(values)), min(values), max(values))


class Attempt(NamedTuple):
    """One run of a sweep, as far as it has come: a Run's history, status and error. "missing" is one that is not there yet."""

    history: list[EpochEnd]
    status: str = "done"
    error: str = ""


class Interval(NamedTuple):
    """A number with its interval, in points."""

    value: float
    low: float
    high: float


class Outcome(NamedTuple):
    """What one network made of one size, after the same epoch of each of its seeds.

    While any seed is done, only those that are done count: an epoch of the middle is never mixed with the end.
    """

    network: str
    size: int
    epochs: int  # that its runs were asked for
    histories: tuple[list[EpochEnd], ...]  # of the seeds that count, all of them as long

    @property
    def epoch(self) -> int:
        return len(self.histories[0])

    @property
    def finished(self) -> bool:
        return self.epoch == self.epochs

    @property
    def seeds(self) -> int:
        return len(self.histories)

    @property
    def training(self) -> Spread:
        """Accuracy on its own images, from 0 to 1."""
        return spread([history[-1].train_accuracy for history in self.histories])

    @property
    def validation(self) -> Spread:
        """Accuracy on the validation images, from 0 to 1."""
        return spread([history[-1].val_accuracy for history in self.histories])

    @property
    def gap(self) -> Spread:
        """Training minus validation accuracy, in points."""
        return spread([(history[-1].train_accuracy - history[-1].val_accuracy) * 100 for history in self.histories])

    @property
    def seconds(self) -> Spread:
        return spread([sum(epoch.seconds for epoch in history) for history in self.histories])

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


def outcome(network: str, size: int, epochs: int, attempts: Sequence[Attempt]) -> Outcome | None:
    """What the seeds that are done came to; while none is, all that have begun after the last epoch that each has reached.

    None while no epoch is over. A run that failed has come to nothing.
    """
    done = [attempt.history for attempt in attempts if attempt.status == "done"]
    begun = done or [attempt.history for attempt in attempts if attempt.history and attempt.status != "failed"]
    if not begun:
        return None
    epoch = min(map(len, begun))
    return Outcome(network, size, epochs, tuple(history[:epoch] for history in begun))


def outcomes(panels: Mapping[Place, Sequence[Attempt]], epochs: int) -> list[Outcome]:
    """The outcome of each network and size that has one."""
    found = [outcome(*place, epochs, attempts) for place, attempts in panels.items()]
    return [one for one in found if one is not None]


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


def rows(outcomes: Sequence[Outcome]) -> list[dict]:
    """The same numbers as a table: accuracies in percent, the gap in points, the time in seconds.

    The ends of the gap over the seeds are there if anything has more than one.
    """
    several = any(outcome.seeds > 1 for outcome in outcomes)
    return [
        {
            "Network": NAMES[outcome.network],
            "Images": outcome.size,
            "Seeds": outcome.seeds,
            "After epoch": outcome.epoch,
            "Training %": round(outcome.training.mean * 100, 2),
            "Validation %": round(outcome.validation.mean * 100, 2),
            "Gap, points": round(outcome.gap.mean, 2),
        }
        | ({"Gap from": round(outcome.gap.low, 2), "Gap to": round(outcome.gap.high, 2)} if several else {})
        | {"Seconds": round(outcome.seconds.mean, 2)}
        for outcome in outcomes
    ]
