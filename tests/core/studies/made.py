"""Runs that learn at once, as far as one looks at them: for what asks for runs and counts them."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from core.config import Config
from core.host.hosting import Hosting
from core.runs import Run
from core.training import EpochEnd


def accuracy(config: Config, epoch: int) -> float:
    """A learning curve: the higher the nearer the rate is to 0.02."""
    return round(0.95 - 0.4 / epoch - 2 * abs(config.learning_rate - 0.02), 6)


@dataclass
class Growing(Run):
    """A run that is one epoch further whenever its history is asked for."""

    @property
    def history(self) -> list[EpochEnd]:
        if self.status == "training" and self.config.learning_rate > Made.TOO_FAST:
            self.status, self.error = "failed", "Diverged in epoch 1: the loss is no number."
        if self.status == "training" and len(self.events) < self.config.epochs:
            epoch = len(self.events) + 1
            self.events.append(EpochEnd(epoch, 0.3, 0.9, accuracy(self.config, epoch), 0.01, 0.1, 0.3))
            if epoch == self.config.epochs:
                self.status = "done"
        return list(self.events)


class Made:
    """What a driver knows of the runs of a server."""

    TOO_FAST: ClassVar[float] = 0.09

    def __init__(self, folder: Path, workers: int = 1):
        self.folder, self.workers, self.closing, self.hosting = folder, workers, False, Hosting()
        self.runs: dict[str, Run] = {}
        self.started: list[str] = []
        self.most = 0  # that were live at once

    def find(self, key: str) -> Run | None:
        return self.runs.get(key)

    def start(self, config: Config, visitor: str = "") -> Run:
        self.started.append(config.key)
        before = self.runs.get(config.key)
        run = self.runs[config.key] = Growing(config, status="training", events=list(before.events) if before else [])
        self.most = max(self.most, sum(one.live for one in self.runs.values()))
        return run

    def stop(self, key: str) -> None:
        if self.runs[key].live:
            self.runs[key].status = "stopped"
