"""The runs of this server: what is known of them, who is next, and the workers that train them, as one thing to ask."""

import os
from pathlib import Path
from time import time

from core.checkpoints import FOLDER
from core.config import Config
from core.runs import queue
from core.runs.engine import Engine
from core.runs.estimate import Estimate, estimate
from core.runs.registry import Registry
from core.runs.run import Run

SECONDS_OF_A_LOOK = 10.0  # after which somebody who has not asked for news again is gone


class Runs(Registry):
    """Every run of this server. One run per key, however many visitors ask for it."""

    def __init__(self, folder: Path = FOLDER, workers: int | None = None):
        super().__init__(folder)
        self.workers = workers or os.cpu_count() or 1  # of the embedded cluster
        self._engine = Engine(self, self.workers)

    def start(self, config: Config, visitor: str = "") -> Run:
        """Train these settings, or go on where they were stopped. A run that is live or done is returned as it is."""
        run, new = self.request(config, visitor)
        if new:
            self._engine.dispatch()
        return run

    def check(self, key: str, visitor: str = "") -> None:
        """Train a finished upload again, in its turn, and note whether it comes to the same."""
        if self.request_check(key, visitor):
            self._engine.dispatch()

    def stop(self, key: str) -> None:
        """Ask a live run to stop. It answers within a batch, and what it has learnt is kept."""
        self._engine.stop(key)

    def watch(self, run: Run, visitor: str) -> None:
        """Take note that somebody looks at a live run, so that nobody else's `leave` stops it."""
        run.watchers[visitor] = time()

    def leave(self, key: str, visitor: str) -> None:
        """Stop a live run on behalf of one visitor: it goes on where another one is looking."""
        run = self._runs.get(key)
        if run is None or not run.live:
            return
        run.watchers.pop(visitor, None)
        if not any(time() - seen < SECONDS_OF_A_LOOK for seen in list(run.watchers.values())):
            self.stop(key)

    def estimate(self, config: Config) -> Estimate | None:
        """How long these settings will take; None where no run of their kind has finished."""
        return estimate(config, self.finished())

    def place(self, run: Run) -> int:
        """How many runs start before this one: 0 for the next."""
        return next((i for i, waiting in enumerate(self._engine.waiting()) if waiting is run), 0)

    def starts(self) -> dict[str, float]:
        """In how many seconds each queued run starts, by key, as far as the pace of the others tells."""
        training = [run for run in self.known() if run.status == "training"]
        return queue.starts(self._engine.waiting(), training, self.finished())

    def ready(self) -> bool:
        """Whether workers are there to take a run."""
        return self._engine.ready

    def close(self) -> None:
        """Stop everything. Runs that were going on can be resumed from their last saved state."""
        self._engine.close()
