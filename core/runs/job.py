"""A run from the moment that a worker is found for it until it is over, through however many workers that takes."""

import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from time import monotonic, time

from core import checkpoints
from core.files.archive import CheckpointError
from core.history import EpochEnd, Progress
from core.runs import rules
from core.runs.engine import Attempt, Connection, Lost
from core.runs.registry import Registry
from core.runs.run import Run
from core.runs.timer import Timer

log = logging.getLogger(__name__)

SECONDS_BETWEEN_FILES = 2.0
MOST_LOSSES = 4  # of workers, without a new state between: then it is the run that ends them


class Job:
    """A run in the hands of the workers. Its words are heard, its states kept, and in the end it is finished."""

    def __init__(self, run: Run, registry: Registry, later: Callable[..., None], longest: float):
        checkpoints.require_room([run.config], registry.folder)
        self.run, self.registry, self.later = run, registry, later
        run.state = registry.newest(run)
        self.attempt: Attempt | None = None
        self.stopping = self.ending = False  # it was asked to; its worker has said its last word
        self.losses = self.tries = 0
        self.lost = ""  # what was, of its workers
        self.timer = Timer(longest)  # which the supervisor moves on

    def begin(self, connection: Connection, worker: str) -> None:
        """Have a worker go on from the newest state. Raises Lost."""
        self.tries += 1
        self.timer.begin()
        hear = partial(self.hear, self.tries)
        self.attempt = Attempt(connection, self.run.config, self.run.state, worker, hear)

    def hear(self, which: int, words: list) -> None:
        """A word from the worker of a try; said on Dask's own thread, so it only takes note."""
        run = self.run
        if which != self.tries:
            return  # its run was taken back
        self.timer.hear()
        match words:
            case ["training"]:
                run.status = "training"
                if run.notice:
                    run.notice = f"{self.lost} The run went on in epoch {_epoch(run)}."
            case ["progress", *values]:
                run.events.append(Progress(*values))
                run.first_word = run.first_word or (time(), run.steps_done)
            case ["epoch", *values]:
                run.events.append(EpochEnd(*values))
            case ["saved"]:
                self.later(self.keep)
            case ["over"]:
                self.ending = True
                self.later(lambda: None)  # look at once

    def stop(self) -> None:
        """Ask the worker to stop after its batch; a run that has none at the moment does not get another one."""
        self.stopping = True
        if self.attempt is not None:
            with suppress(Lost):
                self.attempt.stop()

    def lose(self, what: str, again: str, counts: bool = True) -> None:
        """Take note that the worker is gone: in two sentences, what was lost, and what is being done."""
        if self.attempt is None:
            return
        self.attempt.abandon()
        self.attempt, self.ending = None, False
        self.tries += 1  # what it may still say is not heard
        self.losses += counts
        self.lost = what
        run = self.run
        run.status, run.first_word = "queued", None
        run.notice = f"{what} {again}, and the run goes on in epoch {_epoch(run)}."
        log.warning("%s: %s", run.key, run.notice)

    def keep(self, last: bool = False) -> None:
        """Fetch the newest state, and write it to its file when that is old. Raises Lost for the last one alone."""
        if self.attempt is None:
            return
        try:
            self.run.state = self.attempt.state()
        except Lost:
            if last:
                raise
            return
        self.run.states += 1
        self.losses = 0
        if last or monotonic() - self.run.written > SECONDS_BETWEEN_FILES:
            self.write()

    def write(self) -> None:
        """Put what a worker has learnt into its file; where there is no room, the run says so."""
        if self.run.states:
            self.run.written = monotonic()
            self.registry.keep(self.run)

    def finish(self) -> None:
        """Take over what the worker has come to. Raises Lost where that is not known; whatever else goes wrong fails the run."""
        run, status, error = self.run, "stopped", ""
        try:
            if self.attempt is not None:
                self.attempt.require_result()
                self.keep(last=True)
            else:
                self.write()
            if run.state:
                run.summary = checkpoints.summary_of(run.state)
                run.events = [*run.summary.history]  # the words between the epochs have served
                status = "done" if run.summary.done else "stopped"
        except Lost:
            raise
        except CheckpointError as found:
            status, error = "failed", _put_aside(run, self.registry, found)
        except Exception as found:
            status, error = "failed", str(found) or type(found).__name__
        long = self.timer.over and status == "stopped"
        self.end(status, error, rules.stopped_words(run, self.timer.longest) if long else "")

    def end(self, status: str, error: str = "", notice: str = "") -> None:
        """The run is over, and all of it that can be kept is. Raises nothing."""
        run = self.run
        if status == "failed":
            with suppress(Exception):  # the next attempt goes on from what is kept, with that history
                self.write()
                if not run.check:  # its key's file is that of the upload
                    run.summary = checkpoints.summary(run.key, self.registry.folder)
        if self.attempt is not None:
            (self.attempt.forget if self.attempt.over else self.attempt.abandon)()
        if not run.unsaved:
            run.state = b""
        run.notice = notice
        self.registry.conclude(run, status, error)


def _epoch(run: Run) -> int:
    """Where a run goes on: the epoch that its newest state is in."""
    return min(len(checkpoints.summary_of(run.state).history) + 1, run.config.epochs) if run.state else 1


def _put_aside(run: Run, registry: Registry, error: CheckpointError) -> str:
    """Move the file away that a worker could not go on from, so that the next attempt begins anew. Returns what is said of it."""
    run.summary, run.events = None, []
    try:
        checkpoints.load(run.key, registry.folder)
    except (CheckpointError, FileNotFoundError) as found:
        return str(found)
    return str(error)
