"""The runs of this server: what is known of them, who is next, and the workers that train them, as one thing to ask."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from core import checkpoints, labels
from core.checkpoints import FOLDER
from core.config import Config
from core.files.folder import FolderError
from core.host import visitors
from core.host.hosting import Hosting, hosting
from core.runs import queue, rules
from core.runs.crew import Crew
from core.runs.estimate import Estimate, estimate
from core.runs.replica import Replica
from core.runs.rules import Asker
from core.runs.run import Run
from core.runs.supervisor import Supervisor


class Runs(Replica):
    """Every run of this server. One run per key, however many visitors ask for it.

    Without rules of its own it has those that the host has set. Raises SettingsError where these cannot be used.
    """

    def __init__(self, folder: Path = FOLDER, workers: int | None = None, host: Hosting | None = None):
        self.hosting = host or hosting()  # before anything is started: it may not be usable
        super().__init__(folder, self.hosting.megabytes_of_runs, self.hosting.mirror)
        self.workers = workers or self.hosting.processes  # of the embedded cluster
        self.teachers: set[str] = set()  # the visitors who have said the teacher's code
        self.uploads = rules.Uploads()
        self.crew = Crew(self.workers * self.hosting.trains, self.hosting.megabytes_per_worker, self.hosting.sparing)
        self._engine = Supervisor(self, self.crew, self.hosting.minutes_per_run * 60)

    def start(self, config: Config, visitor: str = "") -> Run:
        """Train these settings, or go on where they were stopped. A run that is live or done is returned as it is.

        Raises RunError, one sentence, where the host allows no more.
        """
        return self.start_all([config], visitor)[0]

    def start_all(self, configs: Sequence[Config], visitor: str = "") -> list[Run]:
        """Start several runs, as `start` does. Those before one that is not allowed are started."""
        started, new = [], []
        try:
            for config in configs:
                there = self.find(config.key)
                if there is None or not (there.live or there.status == "done"):
                    rules.require_place(self.known(), visitor, self.hosting)
                run, asked = self.request(config, visitor)
                started.append(run)
                new += [run.key] * asked
        finally:
            if new:
                self._own(new, visitor)
                self._engine.dispatch()
        return started

    def upload(self, data: bytes, visitor: str = "") -> Run:
        """Put a run on the shelf that somebody has brought, whose it is from then on. Raises as Registry.upload does."""
        before = set(checkpoints.keys(self.folder))
        run = super().upload(data)
        if run.key not in before:
            self._own([run.key], visitor)
        return run

    def owner(self, run: Run) -> str:
        """Whose a run is, as core/host/visitors.py writes that; empty where nobody is known to have started it."""
        given = labels.read(self.folder).get(run.key)
        known = given.owner if given else ""
        return known or (visitors.owner(run.visitor) if run.visitor else "")

    def require_change(self, run: Run, asker: Asker) -> None:
        """Raise RunError, one sentence, unless somebody may stop, rename, pin and delete a run."""
        rules.require_change(self.owner(run), asker, self.hosting)

    def may_change(self, run: Run, asker: Asker) -> bool:
        """Whether somebody may stop, rename, pin and delete a run."""
        return rules.may_change(self.owner(run), asker, self.hosting)

    def check(self, key: str, visitor: str = "") -> None:
        """Train a finished upload again, in its turn, and note whether it comes to the same.

        Raises RunError, one sentence, where the host allows no more.
        """
        rules.require_place(self.known(), visitor, self.hosting)
        if self.request_check(key, visitor):
            self._engine.dispatch()

    def stop(self, key: str) -> None:
        """Ask a live run to stop. It answers within a batch, and what it has learnt is kept."""
        self._engine.stop(key)

    def leave(self, key: str, tab: str) -> None:
        """Stop a live run on behalf of somebody who looks at it in one tab: it goes on where another one is looking."""
        run = self._runs.get(key)
        if run is not None and run.live:
            run.watchers.pop(tab, None)
            if not run.others(tab):
                self.stop(key)

    def estimate(self, config: Config) -> Estimate | None:
        """How long these settings will take; None where no run of their kind has finished."""
        return estimate(config, self.finished())

    def too_long(self, config: Config) -> str | None:
        """What is to be known before these settings are trained where they take longer than a run may; None of any other."""
        expected = self.estimate(config)
        run = self.find(config.key)
        left = 1 - run.share if run else 1.0
        return rules.too_long(config, expected.seconds, left, self.hosting) if expected else None

    def place(self, run: Run) -> int:
        """How many runs start before this one: 0 for the next."""
        return next((i for i, waiting in enumerate(self._engine.waiting()) if waiting is run), 0)

    def starts(self) -> dict[str, float]:
        """In how many seconds each queued run starts, by key, as far as the pace of the others tells."""
        training = [run for run in self.known() if run.status == "training"]
        return queue.starts(self._engine.waiting(), training, self.finished())

    def _own(self, keys: Sequence[str], visitor: str) -> None:
        if visitor:
            with suppress(FolderError):  # whoever started them is known as long as this server runs
                known = {*checkpoints.keys(self.folder), *(run.key for run in self.known())}
                labels.own(keys, visitors.owner(visitor), known, self.folder)

    def ready(self) -> bool:
        """Whether workers are there to take a run, or none is needed."""
        return self._engine.ready or not self.hosting.trains

    def trouble(self) -> str:
        """While no worker is there: what happened and what is being done, in a sentence or two."""
        return self.crew.trouble

    def close(self) -> None:
        """Stop everything. Runs that were going on can be resumed from their last saved state."""
        self._engine.close()
        super().close()
