"""What a search over all settings has come to: its runs in the order in which they were asked for. Pure: no files, no Optuna."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from core.analysis.evaluation import wilson_interval
from core.analysis.verdict import like_chance
from core.config import Config
from core.data import VAL_SIZE
from core.kinds import label
from core.search.study import Study

STATES = {
    "open": "not at its end",
    "done": "finished",
    "pruned": "stopped early",
    "stopped": "stopped by hand",
    "diverged": "diverged",
    "failed": "failed",
}
TOP = 10  # runs that are shown


class Trial(NamedTuple):
    """A run of a search, as the search has counted it."""

    number: int  # from 1, in the order in which they were asked for
    config: Config
    state: str  # one of STATES
    accuracies: tuple[float, ...] = ()  # on the validation images after each epoch, from 0 to 1

    @property
    def accuracy(self) -> float | None:
        """The validation accuracy after its last epoch so far."""
        return self.accuracies[-1] if self.accuracies else None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval (Wilson's) that 10,000 images leave to that accuracy, from 0 to 1."""
        return wilson_interval(round((self.accuracy or 0.0) * VAL_SIZE), VAL_SIZE)


class Found(NamedTuple):
    """A search as far as it has come."""

    trials: tuple[Trial, ...] = ()
    # How it was left: "" while it goes on, or where its process was killed; "runs" when all are there, "space" when no other settings
    # are left to try; "time" when its minutes were over; "stopped" when somebody stopped it.
    ended: str = ""

    @property
    def done(self) -> bool:
        """Whether there is nothing more to come."""
        return self.ended in ("runs", "space")

    def of(self, *states: str) -> list[Trial]:
        return [trial for trial in self.trials if trial.state in states]

    def ranked(self) -> list[Trial]:
        """The finished runs, the highest validation accuracy first; of equals the earlier one."""
        return sorted(self.of("done"), key=lambda trial: -(trial.accuracy or 0.0))

    @property
    def best(self) -> Trial | None:
        """The finished run with the highest validation accuracy, where it has learnt anything."""
        ranked = self.ranked()
        return ranked[0] if ranked and not like_chance(ranked[0].accuracy or 0.0) else None


def best_so_far(trials: Sequence[Trial]) -> list[tuple[int, float]]:
    """After which run the highest accuracy of the finished ones was what: (number, accuracy), one for each run that is over."""
    found: list[tuple[int, float]] = []
    for trial in trials:
        highest = found[-1][1] if found else None
        if trial.state == "done" and (highest is None or (trial.accuracy or 0.0) > highest):
            highest = trial.accuracy
        if highest is not None:
            found.append((trial.number, highest))
    return found


def rows(study: Study, trials: Sequence[Trial]) -> list[dict[str, Any]]:
    """Runs as the rows of a table: accuracies and the ends of their interval in percent, and the settings that are searched."""
    return [
        {
            "Run": trial.number,
            "State": STATES[trial.state],
            "Validation %": None if trial.accuracy is None else round(100 * trial.accuracy, 2),
            **dict(zip(("From %", "To %"), _ends(trial), strict=True)),
            "Epochs": len(trial.accuracies),
            **{label(name): getattr(trial.config, name) for name in study.searched},
            "Key": trial.config.key,
        }
        for trial in trials
    ]


def _ends(trial: Trial) -> tuple[float | None, float | None]:
    if trial.accuracy is None:
        return None, None
    low, high = trial.interval
    return round(100 * low, 2), round(100 * high, 2)
