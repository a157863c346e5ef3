"""A run that a search has asked for and that is not over: what is told of it, and when it is hopeless."""

from dataclasses import dataclass
from typing import Any

from core.analysis.verdict import diverged
from core.config import Config
from core.runs import Run, Runs
from core.search import journal


@dataclass
class Tried:
    """A run of a search that is not over."""

    study: Any  # Optuna's
    trial: Any  # Optuna's
    config: Config
    run: Run | None = None  # None while it has no place in the line
    own: bool = False  # whether it trains for this search alone, which may stop it
    told: int = 0  # epochs

    def begin(self, runs: Runs, visitor: str) -> None:
        """Have it trained, unless it is there already: done, failed, or going on for somebody else. Raises RunError as `start` does."""
        there = runs.find(self.config.key)
        if there is not None and (there.live or there.status in ("done", "failed")):
            self.run = there
        else:
            self.run, self.own = runs.start(self.config, visitor), True

    def is_over(self, runs: Runs, stopping: bool) -> bool:
        """Tell what it has learnt since, and whether it is over for the search, which may be `stopping` all its runs."""
        if self.run is None:
            return False
        status, error = (
            self.run.status,
            self.run.error,
        )  # before its epochs: there may be more than it says, but not fewer
        values = [event.val_accuracy for event in self.run.history]
        if self._is_hopeless(values, status in ("queued", "training")):
            if self.own:
                runs.stop(self.config.key)
            self.tell("PRUNED")
        elif status == "done":
            self.tell("COMPLETE", values[-1])
        elif status == "failed":
            self.tell("FAIL", why="diverged" if diverged(error) else "failed")
        else:
            return status == "stopped" and not (stopping or runs.closing) and self._was_stopped(runs)
        return True

    def tell(self, state: str, value: float | None = None, why: str = "") -> None:
        """Tell Optuna how it ended; why, where that is not for Optuna."""
        if why:
            self.trial.set_user_attr(journal.WHY, why)
        self.study.tell(self.trial, value, state=journal.library().trial.TrialState[state])

    def _is_hopeless(self, values: list[float], live: bool) -> bool:
        """Report the epochs that were not told yet, and ask the pruner after each, unless it is the last."""
        for epoch in range(self.told, len(values)):
            self.trial.report(values[epoch], epoch)
            self.told = epoch + 1
            if live and self.told < self.config.epochs and self.trial.should_prune():
                return True
        return False

    def _was_stopped(self, runs: Runs) -> bool:
        """Somebody else has stopped it, or the host's minutes did. Whoever resumed it goes on for us as well."""
        newer = runs.find(self.config.key)
        if newer is not None and newer is not self.run and (newer.live or newer.status == "done"):
            self.run, self.own = newer, False
            return False
        self.tell("PRUNED", why="stopped")
        return True
