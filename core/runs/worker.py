"""The part of a run that happens on a Dask worker: it trains, tells what happens, and leaves its state with the scheduler.

A worker needs this package and data/mnist.npz, and no folder that it shares with the server: everything it learns travels
through Dask.
"""

import time
from functools import cache

import psutil
from distributed import Event, Variable, get_worker

from core import checkpoints, description
from core.config import CNNConfig, from_dict
from core.data import Digits, load_digits
from core.history import EpochEnd, Progress
from core.host.memory import keep_memory
from core.training import Checkpoint, begin, train

NICE = 19  # the most: on two cores a page waits a tenth of a second less than with 10 while two runs train
SECONDS_BETWEEN_WORDS = 0.1
SECONDS_BETWEEN_STATES = 0.5, 2.5  # the least, for a live picture, and the most, for what a lost worker may cost
SHARE_OF_TIME_FOR_STATES = 0.02  # decides in between: a state grows with its snapshots


def train_run(settings: dict, job: str, data: bytes) -> None:
    """Train a run from a state, the bytes of a checkpoint, or from the start where there are none, until its Event is set.

    The job's Variable holds the newest state from the first one on, and the last one in the end.
    """
    be_nice()
    keep_memory()
    config = from_dict(settings)
    state, stop, worker = Variable(job), Event(job), get_worker()
    checkpoint = checkpoints.loads(data) if data else begin(config, digits())
    checkpoint.about = description.about(checkpoint.model, checkpoint.about)
    saver = Saver(checkpoint, state)
    last_word = 0.0

    worker.log_event(job, ["training"])
    for event in train(config, digits(), checkpoint):
        if isinstance(event, EpochEnd):
            worker.log_event(job, ["epoch", *event])
        if time.monotonic() - last_word > SECONDS_BETWEEN_WORDS:
            last_word = time.monotonic()
            if isinstance(event, Progress):
                worker.log_event(job, ["progress", *event])
            if stop.is_set():
                break
        if saver.due():
            saver.save()
            worker.log_event(job, ["saved"])
    checkpoint.about = description.about(checkpoint.model, checkpoint.about)
    saver.save(compress=checkpoint.done)
    worker.log_event(job, ["over"])


class Saver:
    """Puts a run's state where the next worker and the server find it, as often as is worth it."""

    def __init__(self, checkpoint: Checkpoint, state: Variable):
        self.checkpoint, self.state = checkpoint, state
        self.saved, self.pause = time.monotonic(), SECONDS_BETWEEN_STATES[0]

    def due(self) -> bool:
        return time.monotonic() - self.saved >= self.pause

    def save(self, compress: bool = False) -> None:
        start = time.monotonic()
        self.state.set(checkpoints.dumps(self.checkpoint, compress))
        self.saved = time.monotonic()
        least, most = SECONDS_BETWEEN_STATES
        self.pause = min(max((self.saved - start) / SHARE_OF_TIME_FOR_STATES, least), most)


@cache
def digits() -> Digits:
    """MNIST, read once per worker process."""
    return load_digits()


def be_nice() -> None:
    """Leave the processor to the server's process wherever that wants it."""
    process = psutil.Process()
    if psutil.WINDOWS:
        process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        process.nice(max(NICE, process.nice()))


def dask_setup(_: object) -> None:
    """Called by Dask (--preload core.runs.worker) before a worker joins: torch and MNIST in memory, and polite from then on."""
    keep_memory()
    next(train(CNNConfig(train_size=100, epochs=1), digits()))  # torch imports for two seconds until its first step
    be_nice()  # not before: on a busy machine the imports alone would take a minute
