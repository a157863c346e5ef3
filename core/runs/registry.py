"""Every run of this server: waiting, training, or finished. One run per key, however many visitors ask for it.

Runs train on Dask workers: an embedded cluster of this machine's cores, or the one at DASK_SCHEDULER_ADDRESS. What an
order, an event or a result leads to happens on one thread here, one thing after the other.
"""

import heapq
import logging
import math
import os
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from time import monotonic, time
from typing import NamedTuple

from core import checkpoints
from core.checkpoints import FOLDER, CheckpointError, FolderError, Summary
from core.config import PRESETS, Config, to_dict
from core.training import Checkpoint, EpochEnd, Progress

log = logging.getLogger(__name__)

ROOT = Path(__file__).parent.parent.parent
COMMITTED = frozenset(config.key for config in PRESETS.values())
SECONDS_BETWEEN_FILES = 5.0
SECONDS_OF_A_LOOK = 10.0  # after which somebody who has not asked for news again is gone


class RunError(RuntimeError):
    """What was asked of a run cannot be done. The message says why."""


class Gone(RunError):
    """A saved state that is there no longer. The message is one sentence for whoever was about to look at it."""


@dataclass
class Run:
    """One training, as its visitors see it."""

    config: Config
    visitor: str = ""  # who asked first
    status: str = "queued"  # then training, then done, stopped or failed
    events: list[Progress | EpochEnd] = field(default_factory=list)  # only ever appended to
    error: str = ""  # of a failed run: what happened and what to do
    summary: Summary | None = None  # of the newest saved state
    state: bytes = b""  # of a live run: that state, a checkpoint's bytes
    states: int = 0  # how many of these there have been
    asked: float = field(default_factory=time)  # Unix time
    written: float = 0.0  # when the newest state went to its file
    watchers: dict[str, float] = field(default_factory=dict)  # when each visitor last looked, Unix time
    first_word: tuple[float, int] | None = None  # of the worker that has it: when it came, and how many steps were done

    @property
    def key(self) -> str:
        return self.config.key

    @property
    def state_id(self) -> str:
        """What names its newest saved state, and so whatever is computed from it; empty where there is none."""
        return self.summary.state_id if self.summary else ""

    @property
    def live(self) -> bool:
        """Whether more is to come."""
        return self.status in ("queued", "training")

    @property
    def committed(self) -> bool:
        """Whether it is one of the report's, which come with the project."""
        return self.key in COMMITTED

    @property
    def history(self) -> list[EpochEnd]:
        """The epochs so far. A worker that takes over from a lost one tells some of them again, in the same words."""
        return list({event.epoch: event for event in self.events[:] if isinstance(event, EpochEnd)}.values())

    @property
    def progress(self) -> Progress | None:
        """Where the run is now: the newest word of it."""
        return next((event for event in reversed(self.events[:]) if isinstance(event, Progress)), None)

    @property
    def steps_done(self) -> int:
        """Of all epochs together, config.epochs * config.steps_per_epoch in the end."""
        steps, progress, epochs = self.config.steps_per_epoch, self.progress, len(self.history)
        inside = (progress.epoch - 1) * steps + progress.step if progress else 0
        return max(epochs * steps, inside)

    @property
    def images_per_second(self) -> float | None:
        """How fast a live run learns, evaluation included, since its worker's first word; None before there is a second."""
        if self.first_word is None:
            return None
        since, steps = self.first_word
        done, seconds = self.steps_done - steps, time() - since
        return done * self.config.batch_size / seconds if done > 0 and seconds > 0 else None

    @property
    def seconds_left(self) -> float | None:
        """How long a live run will take at its present pace."""
        config, pace = self.config, self.images_per_second
        return pace and (config.epochs * config.steps_per_epoch - self.steps_done) * config.batch_size / pace


class Estimate(NamedTuple):
    """How long a run will take, and the finished run whose measured time says so."""

    seconds: float
    like: Config
    machine: str | None  # None where nobody knows


class Runs:
    """The runs of this server, in memory while they live and in a folder for good."""

    def __init__(self, folder: Path = FOLDER, workers: int | None = None):
        self.folder = folder
        self.workers = workers or os.cpu_count() or 1  # of the embedded cluster
        self.damaged: dict[str, str] = {}  # by key: what was wrong with the file that was moved aside
        self._runs: dict[str, Run] = {}
        self._futures: dict[str, object] = {}
        self._cluster = self._client = None
        self._starting = Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="runs")
        self._later(self._connect)

    def find(self, key: str) -> Run | None:
        """The run of a key: live, finished, or None if this server has never trained it or its file is damaged."""
        run = self._runs.get(key)
        if run is not None:
            return run
        try:
            return self._runs.setdefault(key, self._from_file(key))
        except CheckpointError as error:
            if self.damaged.get(key) != str(error):
                log.warning("%s", error)
            self.damaged[key] = str(error)
        except FileNotFoundError:
            pass
        return None

    def all(self) -> list[Run]:
        """Every run that there is, live ones first, then the newest."""
        keys = dict.fromkeys([*self._runs, *checkpoints.keys(self.folder)])
        runs = [run for run in map(self.find, keys) if run is not None]
        return sorted(runs, key=lambda run: (not run.live, -run.asked))

    def start(self, config: Config, visitor: str = "") -> Run:
        """Train these settings, or go on where they were stopped. A run that is live or done is returned as it is."""
        with self._starting:  # two visitors may press at the same moment
            run = self.find(config.key)
            if run is not None and (run.live or run.status == "done"):
                run.watchers[visitor] = time()
                return run
            summary = run.summary if run else None
            events = list(summary.history) if summary else []
            run = self._runs[config.key] = Run(config, visitor, events=events, summary=summary)
            run.watchers[visitor] = time()
        self._later(self._dispatch)
        return run

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

    def stop(self, key: str) -> None:
        """Ask a live run to stop. It answers within a batch, and what it has learnt is kept."""
        self._later(self._stop, key)

    def delete(self, key: str) -> bytes:
        """Forget a run that is not live; `restore` takes the bytes that this returns, its file's, to undo it.

        Raises RunError, and changes nothing, for a live run, for the report's own, and where the folder cannot be written.
        """
        run = self.find(key)
        if run is not None and run.live:
            raise RunError("This run is still going on: stop it first.")
        if run is not None and run.committed and run.status != "failed":
            raise RunError("This run is one of the report's and stays.")
        path = checkpoints.path_of(key, self.folder)
        try:
            data = path.read_bytes()
            checkpoints.delete(key, self.folder)
        except (FileNotFoundError, NotADirectoryError):
            data = b""
        except OSError as error:
            raise RunError(f"The run {key} cannot be deleted ({checkpoints.reason(error, self.folder)}).") from None
        self._runs.pop(key, None)
        return data

    def restore(self, data: bytes) -> Run:
        """Put the bytes of a checkpoint's file on the shelf, unless its run is there already, and return the run.

        A finished run takes the place of one that was stopped or failed. Raises CheckpointError where the bytes are no
        checkpoint and FolderError where they cannot be kept, and changes nothing then.
        """
        brought = checkpoints.loads(data)
        key = brought.config.key
        with self._starting:
            run = self.find(key)
            if run is None or (brought.done and run.status in ("stopped", "failed")):
                checkpoints.write(key, data, self.folder)
                self._runs.pop(key, None)
                run = self.find(key)
        return run

    def load(self, key: str, state_id: str) -> Checkpoint:
        """A saved state of a run, with its network. Raises Gone where the run was deleted, trained further or damaged."""
        try:
            return checkpoints.load(key, self.folder, state_id)
        except FileNotFoundError:
            self._forget(key, state_id)
            raise Gone(f"The run {key} was deleted, or trained further, since this page was opened.") from None
        except CheckpointError as error:
            self.damaged[key] = str(error)
            self._forget(key, state_id)
            raise Gone(str(error)) from None

    def estimate(self, config: Config) -> Estimate | None:
        """How long these settings will take, scaled from the finished run that is most like them.

        A run of this machine comes before one of another. None where no run of this kind has finished.
        """
        return _estimate(config, self._finished())

    def place(self, run: Run) -> int:
        """How many runs start before this one: 0 for the next."""
        return next((i for i, waiting in enumerate(self._waiting()) if waiting is run), 0)

    def starts(self) -> dict[str, float]:
        """In how many seconds each queued run starts, by key, as far as the pace of the others tells."""
        busy = [run.seconds_left for run in list(self._runs.values()) if run.status == "training"]
        if None in busy or not busy:
            return {}
        heapq.heapify(busy)  # when each worker is free again
        finished, starts = self._finished(), {}
        for run in self._waiting():
            starts[run.key] = heapq.heappop(busy)
            estimate = _estimate(run.config, finished)
            if estimate is None:
                break
            heapq.heappush(busy, starts[run.key] + estimate.seconds)
        return starts

    def ready(self) -> bool:
        """Whether workers are there to take a run."""
        return self._client is not None

    def close(self) -> None:
        """Stop everything. Runs that were going on can be resumed from their last saved state."""
        self._thread.shutdown(wait=True, cancel_futures=True)
        if self._client is not None:
            self._client.close()
        if self._cluster is not None:
            self._cluster.close()

    def _forget(self, key: str, state_id: str) -> None:
        """Drop what is known of a run whose saved state has turned out to be gone, so that its file is asked again."""
        run = self._runs.get(key)
        if run is not None and not run.live and run.state_id == state_id:
            del self._runs[key]

    def _finished(self) -> list[Summary]:
        return [run.summary for run in self.all() if run.status == "done"]

    # From here on everything happens on the one thread.

    def _later(self, do: Callable, *args) -> None:
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

        from core.runs.worker import WarmUp

        try:
            address = str(dask_config.get("scheduler-address", None) or "").strip()
            if not address:
                self._cluster = embedded_cluster(self.workers)
            client = Client(address or self._cluster, set_as_default=False)
            client.register_plugin(WarmUp())
            client.wait_for_workers(1, timeout=60)
            self._client = client
        except Exception as error:
            log.exception("No workers")
            for run in self._waiting():
                self._fail(run, f"No worker could be started ({error}).")

    def _waiting(self) -> list[Run]:
        """The queued runs in the order in which they start: one of each visitor in turn, in the order they were asked for.

        The next is always of the visitor who has least in training and ahead in the line, so that nobody's long list holds
        up somebody else's single run.
        """
        runs = list(self._runs.values())
        queued = sorted((run for run in runs if run.status == "queued" and run.key not in self._futures), key=_asked)
        has = Counter(run.visitor for run in runs if run.key in self._futures)
        line = []
        while queued:
            run = min(queued, key=lambda run: has[run.visitor])  # the first of them asked first
            queued.remove(run)
            line.append(run)
            has[run.visitor] += 1
        return line

    def _dispatch(self) -> None:
        """Give waiting runs to free workers. More are never handed to Dask, so that the order stays ours."""
        if self._client is None:
            for run in self._waiting():
                self._fail(run, "No worker could be started; the server's log says why.")
            return
        free = sum(self._client.nthreads().values()) - len(self._futures)
        for run in self._waiting()[: max(free, 0)]:
            try:
                self._submit(run)
            except Exception as error:
                log.warning("%s could not be started: %s", run.key, error)
                self._fail(run, str(error))

    def _submit(self, run: Run) -> None:
        from distributed import Event, Variable

        from core.runs.worker import train_run

        checkpoints.require_room([run.config], self.folder)
        path = checkpoints.path_of(run.key, self.folder)
        Variable(run.key, self._client).set(path.read_bytes() if path.exists() else b"")
        Event(run.key, self._client).clear()
        self._client.subscribe_topic(run.key, lambda event: self._heard(run, event[1]))
        future = self._client.submit(train_run, to_dict(run.config), run.key, pure=False)
        self._futures[run.key] = future
        future.add_done_callback(lambda _: self._later(self._finish, run))

    def _heard(self, run: Run, words: list) -> None:
        """A word from a worker; called on Dask's own thread, so it only takes note."""
        match words:
            case ["training"]:
                run.status = "training"
            case ["progress", *values]:
                run.events.append(Progress(*values))
                run.first_word = run.first_word or (time(), run.steps_done)
            case ["epoch", *values]:
                run.events.append(EpochEnd(*values))
            case ["saved"]:
                self._later(self._keep, run)

    def _keep(self, run: Run, write: bool = False) -> None:
        """Fetch a run's newest state, and write it to its file when that is old. Raises FolderError for the last state alone:
        until then there may be room again.
        """
        from distributed import Variable

        if run.key not in self._futures:
            return
        run.state = Variable(run.key, self._client).get(timeout=30)
        run.states += 1
        if write or monotonic() - run.written > SECONDS_BETWEEN_FILES:
            run.written = monotonic()
            try:
                checkpoints.write(run.key, run.state, self.folder)
            except FolderError as error:
                log.warning("%s was not saved: %s", run.key, error)
                if write:
                    raise

    def _finish(self, run: Run) -> None:
        from distributed import Variable

        future = self._futures[run.key]
        try:
            status = future.result()
            self._keep(run, write=True)
            run.summary = checkpoints.summary(run.key, self.folder)
            run.events = list(run.summary.history)  # the words between the epochs have served
            run.status = status
        except CheckpointError as error:
            self._fail(run, self._put_aside(run, error))
        except Exception as error:
            self._know_its_file(run)
            self._fail(run, str(error))
        finally:
            del self._futures[run.key]
            run.state = b""
            Variable(run.key, self._client).delete()
            self._client.unsubscribe_topic(run.key)
            self._dispatch()

    def _stop(self, key: str) -> None:
        from distributed import Event

        run = self._runs.get(key)
        if run is None or not run.live:
            return
        if key in self._futures:
            Event(key, self._client).set()
        else:
            run.status = "stopped"
            if run.summary is None:
                del self._runs[key]  # it had not begun: there is nothing to resume

    def _fail(self, run: Run, error: str) -> None:
        run.error, run.status = error, "failed"

    def _know_its_file(self, run: Run) -> None:
        """Note which state a resumed run leaves behind that has failed: its file may have changed since it was resumed."""
        if run.summary is not None:
            with suppress(FileNotFoundError, CheckpointError):
                run.summary = checkpoints.summary(run.key, self.folder)

    def _put_aside(self, run: Run, error: CheckpointError) -> str:
        """Move the file away that a worker could not go on from, so that the next attempt begins anew."""
        run.summary, run.events = None, []
        try:
            checkpoints.load(run.key, self.folder)
        except (CheckpointError, FileNotFoundError) as found:
            return str(found)
        return str(error)

    def _from_file(self, key: str) -> Run:
        summary = checkpoints.summary(key, self.folder)
        status = "done" if summary.done else "stopped"
        asked = checkpoints.path_of(key, self.folder).stat().st_mtime
        return Run(summary.config, status=status, events=list(summary.history), summary=summary, asked=asked)


def embedded_cluster(workers: int):
    """A Dask cluster of this machine's own, on loopback: whoever reaches a scheduler can run code on it.

    Its processes are started apart, not forked or spawned, since those would run the dashboard's script again.
    """
    from distributed.deploy.subprocess import SubprocessCluster

    from core.runs.lifeline import SERVER

    # Scheduler and nannies inherit these: whose end is theirs, and where `core` is, whatever folder they start in.
    os.environ[SERVER] = str(os.getpid())
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    lifeline = [str(ROOT / "core" / "runs" / "lifeline.py")]
    one_thread = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
    return SubprocessCluster(
        host="127.0.0.1",
        n_workers=workers,
        threads_per_worker=1,
        dashboard_address=None,
        scheduler_kwargs={"preload": lifeline},
        worker_kwargs={
            "env": one_thread,
            "memory_limit": "2 GiB",
            "preload_nanny": lifeline,
        },
    )


def _asked(run: Run) -> float:
    return run.asked


def _estimate(config: Config, finished: list[Summary]) -> Estimate | None:
    same = [summary for summary in finished if _kind(summary.config) == _kind(config)]
    if not same:
        return None
    here = checkpoints.machine()
    like = min(same, key=lambda summary: (summary.about["machine"] != here, _distance(config, summary.config)))
    seconds = like.seconds * _work(config) / _work(like.config)
    return Estimate(seconds, like.config, "this machine" if like.about["machine"] == here else like.about["machine"])


def _kind(config: Config) -> tuple:
    """What makes the times of two runs no measure of each other: the kind of network, and whether images are augmented."""
    return config.network, getattr(config, "architecture", None), config.augmentation > 0


def _work(config: Config) -> float:
    """The work of a run, in images learnt from. Looking at one costs a fifth of learning from it (`make bench`)."""
    images = config.train_size + 0.2 * (config.train_size + 10_000)
    return config.epochs * images * config.parameter_count


def _distance(config: Config, other: Config) -> float:
    """How unlike two runs are in what decides the time of an image: the size of a batch and of the network."""
    batch = math.log(config.batch_size / other.batch_size)
    return abs(batch) + abs(math.log(config.parameter_count / other.parameter_count))
