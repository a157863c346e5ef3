"""Trains runs on Dask workers: an embedded cluster of this machine's cores, or the one at DASK_SCHEDULER_ADDRESS.

It submits what the queue gives it, hears what the workers say, keeps their states, and finishes. With the worker it is the only
module that imports distributed, and it does so on a thread of its own: nobody waits for it.
"""

import atexit
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event, Thread
from time import monotonic, time
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from core import checkpoints
from core.checkpoints import CheckpointError
from core.config import to_dict
from core.runs.processes import Processes
from core.runs.queue import line
from core.runs.registry import Registry
from core.runs.run import Run
from core.training import EpochEnd, Progress

if TYPE_CHECKING:
    from distributed import Client

log = logging.getLogger(__name__)

SECONDS_BETWEEN_FILES = 5.0
SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_TO_LISTEN = 0.02  # what is there soon is asked again so soon


class Engine:
    """The workers, and the jobs that they have. What an order or a result leads to happens on its one thread."""

    def __init__(self, registry: Registry, workers: int):
        self.registry, self.workers = registry, workers
        self.cluster: Processes | None = None
        self._client: Client | None = None
        self._jobs: dict[str, Job] = {}  # by the run's key
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="runs")
        self._closing = Event()
        self._later(self._connect)
        Thread(target=self._tend, daemon=True, name="processes").start()
        atexit.register(self.close)

    @property
    def ready(self) -> bool:
        """Whether workers are there to take a run."""
        return self._client is not None

    def waiting(self) -> list[Run]:
        """The queued runs in the order in which they start."""
        return line(self.registry.known(), self._jobs)

    def dispatch(self) -> None:
        """Give waiting runs to free workers, soon."""
        self._later(self._dispatch)

    def stop(self, key: str) -> None:
        """Ask a live run to stop, soon."""
        self._later(self._stop, key)

    def close(self) -> None:
        """Stop everything. Runs that were going on can be resumed from their last saved state."""
        atexit.unregister(self.close)
        self._closing.set()
        self._thread.shutdown(wait=True, cancel_futures=True)
        if self._client is not None:
            self._client.close()
        if self.cluster is not None:
            self.cluster.close()

    def _tend(self) -> None:
        """Look after the processes, where they are this server's own."""
        while not self._closing.wait(SECONDS_BETWEEN_LOOKS):
            if self.cluster is not None:
                self.cluster.tend()
            if self.ready and self.waiting():
                self.dispatch()  # a worker may have joined

    # From here on everything happens on the one thread.

    def _later(self, do: Callable[..., None], *args: Any) -> None:
        def guarded() -> None:
            try:
                do(*args)
            except Exception:
                log.exception("%s%r failed", do.__name__, args)

        with suppress(RuntimeError):  # closing: nobody waits for it any more
            self._thread.submit(guarded)

    def _connect(self) -> None:
        from dask import config as dask_config
        from distributed import Client

        try:
            address = str(dask_config.get("scheduler-address", None) or "").strip()
            if not address:
                self.cluster = Processes(self.workers)
                while not (address := self.cluster.address):
                    if self._closing.wait(SECONDS_TO_LISTEN):
                        return
            client = Client(address, set_as_default=False)
            while not client.nthreads():
                if self._closing.wait(SECONDS_TO_LISTEN):
                    return client.close()
            self._client = client
        except Exception as error:
            log.exception("No workers")
            for run in self.waiting():
                _fail(run, f"No worker could be started ({error}).")

    def _dispatch(self) -> None:
        """Give waiting runs to free workers. More are never handed to Dask, so that the order stays ours."""
        if self._client is None:
            for run in self.waiting():
                _fail(run, "No worker could be started; the server's log says why.")
            return
        free = sum(self._client.nthreads().values()) - len(self._jobs)
        for run in self.waiting()[: max(free, 0)]:
            try:
                job = Job(run, self._client, self.registry, self._later)
            except Exception as error:
                log.warning("%s could not be started: %s", run.key, error)
                _fail(run, str(error))
            else:
                self._jobs[run.key] = job
                job.when_over(self._finish)

    def _finish(self, job: "Job") -> None:
        try:
            job.finish()
        finally:
            del self._jobs[job.run.key]
            self._dispatch()

    def _stop(self, key: str) -> None:
        run = self.registry.find(key)
        if run is None or not run.live:
            return
        if key in self._jobs:
            self._jobs[key].stop()
        else:
            run.status = "stopped"
            if run.summary is None:
                self.registry.forget(key)  # it had not begun: there is nothing to resume


class Job:
    """A run while a worker has it: its words are heard, its states are kept, and in the end it is finished.

    The worker finds the run's newest state in a Variable, stops when an Event is set, and speaks under a topic. All three have a
    name that no other job has had: Dask may carry out what was said last to an earlier job of the same run, or to another
    server's, after what is said first to this one. Raises whatever keeps the run from being submitted.
    """

    def __init__(self, run: Run, client: "Client", registry: Registry, later: Callable[..., None]):
        from distributed import Event, Variable

        from core.runs.worker import train_run

        self.run, self.client, self.registry, self.later = run, client, registry, later
        self.folder = registry.folder
        checkpoints.require_room([run.config], self.folder)
        self.name = f"{run.key}-{uuid4().hex}"
        self.state, self.stopping = Variable(self.name, client), Event(self.name, client)
        self.state.set(self.registry.newest(run))
        client.subscribe_topic(self.name, lambda event: self.heard(event[1]))
        self.over = False
        self.future = client.submit(train_run, to_dict(run.config), self.name, pure=False)

    def when_over(self, do: Callable[["Job"], None]) -> None:
        """Call this, on the engine's thread, when the worker has ended."""
        self.future.add_done_callback(lambda _: self.later(do, self))

    def stop(self) -> None:
        """Ask the worker to stop after its batch."""
        self.stopping.set()

    def heard(self, words: list) -> None:
        """A word from the worker; called on Dask's own thread, so it only takes note."""
        run = self.run
        match words:
            case ["training"]:
                run.status = "training"
            case ["progress", *values]:
                run.events.append(Progress(*values))
                run.first_word = run.first_word or (time(), run.steps_done)
            case ["epoch", *values]:
                run.events.append(EpochEnd(*values))
            case ["saved"]:
                self.later(self.keep)

    def keep(self, write: bool = False) -> None:
        """Fetch the run's newest state, and write it to its file when that is old."""
        if self.over:
            return
        run = self.run
        run.state = self.state.get(timeout=30)
        run.states += 1
        if write or monotonic() - run.written > SECONDS_BETWEEN_FILES:
            run.written = monotonic()
            self.registry.keep(run)

    def finish(self) -> None:
        """Take over what the worker has come to, and clear up after it."""
        run = self.run
        try:
            status = self.future.result()
            self.keep(write=True)
            run.summary = checkpoints.summary_of(run.state)
            run.events = [*run.summary.history]  # the words between the epochs have served
            run.status = status
        except CheckpointError as error:
            _fail(run, self._put_aside(error))
        except Exception as error:
            self._know_its_file()
            _fail(run, str(error))
        finally:
            self.over, run.state = True, run.state if run.unsaved else b""
            self.future.release()  # or Dask would train it once more when the worker that has its result is lost
            self.state.delete()
            self.client.unsubscribe_topic(self.name)
            self.stopping.clear()  # which is how Dask forgets it; last, since it alone waits for an answer

    def _know_its_file(self) -> None:
        """Note which state a resumed run leaves behind that has failed: its file may have changed since it was resumed."""
        if self.run.summary is not None:
            with suppress(FileNotFoundError, CheckpointError):
                self.run.summary = checkpoints.summary(self.run.key, self.folder)

    def _put_aside(self, error: CheckpointError) -> str:
        """Move the file away that a worker could not go on from, so that the next attempt begins anew."""
        self.run.summary, self.run.events = None, []
        try:
            checkpoints.load(self.run.key, self.folder)
        except (CheckpointError, FileNotFoundError) as found:
            return str(found)
        return str(error)


def _fail(run: Run, error: str) -> None:
    run.error, run.status = error, "failed"
