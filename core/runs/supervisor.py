"""Looks after everything that trains: gives runs to whoever is free, takes back those whose worker is gone, and ends them.

One thread does all of it, in turn: what it is asked to do, and every half second a look at the workers and at what they have. What
is gone is brought back by `crew`; a run goes on from its newest state.
"""

import atexit
import logging
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import monotonic, sleep
from typing import Any

from core.runs.crew import SECONDS_OF_SILENCE, Crew
from core.runs.engine import Attempt, Lost
from core.runs.job import MOST_LOSSES, Job
from core.runs.queue import line
from core.runs.registry import Registry
from core.runs.run import Run

log = logging.getLogger(__name__)

SECONDS_TO_ARRIVE = (
    3.0  # for the first page of a server, which has the processors to itself unless a run waits for workers
)
SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_TO_END = 5.0  # for what the thread is about
SECONDS_TO_HAND_IN = 4.0  # what workers have learnt, once they are asked to stop: a batch, and the time to pack it
SECONDS_UNTIL_READY = 0.1  # between looks while no worker is there
SECONDS_UNTIL_OVER = 0.02  # a worker's last word comes this much before Dask's own


class Turns:
    """A thread of its own, which does what it is asked to, and takes its turn every now and then. It outlives every error."""

    def __init__(self) -> None:
        self.rest = 0.0  # for how many seconds there may be nothing to do
        self._orders: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._closing = False
        self._thread = Thread(target=self._run, daemon=True, name="supervisor")
        self._thread.start()

    def later(self, do: Callable[..., None], *args: Any) -> None:
        """Have the thread do something."""
        self._orders.put(lambda: do(*args))

    def turn(self) -> None:
        """What is to be done again and again."""
        raise NotImplementedError

    def end(self) -> None:
        """Let it come to its end."""
        self._closing = True
        self.later(lambda: None)  # wakes it
        self._thread.join(SECONDS_TO_END)

    def _run(self) -> None:
        said = ""
        while not self._closing:
            try:
                with suppress(Empty):
                    self._orders.get(timeout=self.rest)()
                self.turn()
                said = ""
            except Exception as error:  # the next turn may do better; the same again is not said again
                self.rest = SECONDS_BETWEEN_LOOKS
                if said != (said := repr(error)):
                    log.exception("The workers could not be looked after")


class Rounds(Turns):
    """The runs that workers have, each for as long in one go as the host allows, and what is done about them in turn.

    All of it happens on the one thread.
    """

    def __init__(self, registry: Registry, crew: Crew, longest: float):
        self.registry, self.crew, self.longest = registry, crew, longest
        self._jobs: dict[str, Job] = {}  # by the run's key
        self._looked = -SECONDS_BETWEEN_LOOKS
        self._parting = False
        self._first = monotonic() + SECONDS_TO_ARRIVE
        super().__init__()

    @property
    def ready(self) -> bool:
        """Whether workers are there to take a run."""
        return bool(self.crew.workers)

    def waiting(self) -> list[Run]:
        """The queued runs in the order in which they start."""
        return line(self.registry.known(), [*self._jobs])

    def turn(self) -> None:
        """Do what is due, and say for how many seconds there may be nothing to do."""
        self.rest = self._first - monotonic()
        if self.rest > 0 and not self.waiting():
            return
        self._first = 0.0
        self._finish_what_is_over()
        usual = SECONDS_BETWEEN_LOOKS if self.ready else SECONDS_UNTIL_READY
        if monotonic() - self._looked >= usual:
            self._look()
        self.rest = SECONDS_UNTIL_OVER if any(job.ending for job in self._jobs.values()) else usual

    def _part(self) -> None:
        """Give nobody work any more, and have everybody stop who is at work."""
        self._parting = self.registry.closing = True
        for job in [*self._jobs.values()]:
            job.stop()

    def _look(self) -> None:
        """See who is there, take back the runs of those who are not, and give work to whoever is free."""
        if self._parting:
            return
        passed = min(monotonic() - self._looked, 2 * SECONDS_BETWEEN_LOOKS)  # while the machine slept nobody was silent
        self._looked = monotonic()
        self.crew.muster(passed)
        for job in [*self._jobs.values()]:
            if job.timer.count(passed, job.run.status == "training" and not job.stopping):
                job.stop()
            if job.attempt is not None:
                self._take_back(job, job.attempt)
        self._dispatch()

    def _take_back(self, job: Job, attempt: Attempt) -> None:
        """Take a run back from a worker that is gone, or says no more; fail it when it is the run that ends its workers."""
        worker = self.crew.find(attempt.worker)
        if attempt.connection is not self.crew.connection:
            job.lose("The scheduler of the workers was lost.", "It is started again", counts=False)
        elif worker is None:
            job.lose("Its worker was lost.", "Another one is started")
        elif min(job.timer.silent, self.crew.silent[worker.address]) > SECONDS_OF_SILENCE or job.timer.stuck:
            self.crew.end(worker)
            job.lose("Its worker no longer answered.", "Another one is started")
        if job.losses >= MOST_LOSSES:
            self._end(job, f"{MOST_LOSSES} workers in a row were lost before this run came any further.")

    def _dispatch(self) -> None:
        """Give runs to free workers: first those that have lost theirs. No worker has more, so that the order stays ours."""
        if self._parting:
            return
        has = [job.attempt.worker for job in self._jobs.values() if job.attempt is not None]
        free = [w.address for w in self.crew.well() for _ in range(w.threads - has.count(w.address))]
        for job in self._jobs.values():
            if free and job.attempt is None and not job.stopping:
                self._begin(job, free.pop(0))
        for run in self.waiting()[: len(free)]:
            try:
                job = self._jobs[run.key] = Job(run, self.registry, self.later, self.longest)
            except Exception as error:
                log.warning("%s could not be started: %s", run.key, error)
                self.registry.conclude(run, "failed", str(error))
            else:
                self._begin(job, free.pop(0))

    def _begin(self, job: Job, worker: str) -> None:
        with suppress(Lost):  # the next look sees what is wrong, and the run waits meanwhile
            if self.crew.connection is not None:
                job.begin(self.crew.connection, worker)

    def _finish_what_is_over(self) -> None:
        for job in [*self._jobs.values()]:
            if job.attempt.over if job.attempt is not None else job.stopping:
                try:
                    job.finish()
                except Lost:
                    self._look()  # which says what is gone, unless it is this one try alone
                    job.lose("Its worker was lost.", "Another one is started")
                else:
                    self._end(job)

    def _end(self, job: Job, error: str = "") -> None:
        del self._jobs[job.run.key]
        if error:
            job.end("failed", error)
        if job.run.status == "stopped" and job.run.summary is None:
            self.registry.forget(job.run.key)  # there is nothing to resume
        self._dispatch()

    def _stop(self, key: str) -> None:
        run = self.registry.find(key)
        if key in self._jobs:
            self._jobs[key].stop()
        elif run is not None and run.live:
            self.registry.conclude(run, "stopped")
            if run.summary is None:
                self.registry.forget(key)  # it had not begun: there is nothing to resume


class Supervisor(Rounds):
    """The one who looks after everything that trains, and whom everybody else asks."""

    def __init__(self, registry: Registry, crew: Crew, longest: float):
        super().__init__(registry, crew, longest)
        self._ending = Lock()  # whoever asks second waits until it is done
        atexit.register(self.close)

    def dispatch(self) -> None:
        """Give waiting runs to free workers, soon."""
        self.later(self._dispatch)

    def stop(self, key: str) -> None:
        """Ask a live run to stop, soon."""
        self.later(self._stop, key)

    def close(self) -> None:
        """Stop everything. Workers hand in what they have learnt, and whoever asks again goes on from there."""
        atexit.unregister(self.close)
        with self._ending:
            if not self._closing:
                self._close()

    def _close(self) -> None:
        self.later(self._part)
        last = monotonic() + SECONDS_TO_HAND_IN
        while monotonic() < last and any(job.attempt is not None for job in [*self._jobs.values()]):
            sleep(SECONDS_UNTIL_OVER)
        self.end()
        for job in self._jobs.values():
            with suppress(Exception):  # the next one's may be kept
                job.write()  # the newest of its states that came here
            if self.crew.own is None and job.attempt is not None:
                job.attempt.abandon()  # on a cluster it would go on for nobody
        self.crew.close()
