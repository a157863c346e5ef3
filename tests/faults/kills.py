"""Kills processes of a server while it trains, and looks at what comes of it."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import psutil

from core import checkpoints
from core.config import Config
from core.runs import Run, Runs
from tests.outcome import outcome
from tests.waiting import wait_until

ROOT = Path(__file__).parent.parent.parent
SECONDS_TO_TRAIN_AGAIN = 30.0

SERVER = """
import sys
from pathlib import Path
from core.config import from_query
from core.runs import Runs
runs = Runs(Path(sys.argv[1]), workers=1)
run = runs.start(from_query(dict(word.split("=") for word in sys.argv[2:]))[0])
for line in sys.stdin:
    print(run.status, len(run.history), sum(epoch.seconds for epoch in run.history), run.states, flush=True)
"""


class Fate(NamedTuple):
    """What came of one run that was interrupted."""

    trained_again: float  # after so many seconds
    status: str
    same: bool  # as the run that nobody interrupted, bit for bit
    notice: str  # what the page said


def kill(*processes: subprocess.Popen) -> None:
    for process in processes:
        process.kill()


def worker_of(runs: Runs, run: Run) -> subprocess.Popen:
    """The process that trains a run."""
    crew = runs._engine.crew
    address = runs._engine._jobs[run.key].attempt.worker
    name = next(worker.name for worker in crew.workers if worker.address == address)
    return next(process.handle for process in crew.own.workers if process.name == name)


def kill_worker(runs: Runs, run: Run) -> None:
    kill(worker_of(runs, run))


def kill_every_worker(runs: Runs, run: Run) -> None:
    kill(*(process.handle for process in runs._engine.crew.own.workers))


def kill_scheduler(runs: Runs, run: Run) -> None:
    kill(runs._engine.crew.own.scheduler.handle)


def kill_everybody(runs: Runs, run: Run) -> None:
    kill_scheduler(runs, run)
    kill_every_worker(runs, run)


def freeze_worker(runs: Runs, run: Run) -> None:
    worker_of(runs, run).send_signal(signal.SIGSTOP)


def freeze_scheduler(runs: Runs, run: Run) -> None:
    runs._engine.crew.own.scheduler.handle.send_signal(signal.SIGSTOP)


def close_client(runs: Runs, run: Run) -> None:
    runs._engine.crew.connection.client.close()


KILLS = {
    "worker": kill_worker,
    "every worker": kill_every_worker,
    "scheduler": kill_scheduler,
    "scheduler and every worker": kill_everybody,
}
FAULTS = {"a frozen worker": freeze_worker, "a frozen scheduler": freeze_scheduler, "a closed client": close_client}


def interrupted(
    runs: Runs, config: Config, fault: Callable[[Runs, Run], None], expected: dict, epochs: int = 1
) -> Fate:
    """What comes of a run whose system suffers a fault after some epochs."""
    runs.delete(config.key)
    run = runs.start(config)
    wait_until(lambda: len(run.history) >= epochs and runs._engine._jobs[run.key].attempt)
    fault(runs, run)
    started, notices = time.monotonic(), set()

    def seen() -> str:
        notices.add(run.notice)
        return run.notice

    wait_until(lambda: seen() or not run.live)
    told = len(run.events)
    wait_until(lambda: seen() is None or not run.live or (run.status == "training" and len(run.events) > told))
    again = time.monotonic() - started
    wait_until(lambda: not run.live)
    saved = checkpoints.load(config.key, runs.folder)
    epochs_told = [event.epoch for event in run.history]
    same = outcome(saved) == expected and epochs_told == list(range(1, config.epochs + 1))
    return Fate(again, run.status, same, max(notices, key=len))


class Server:
    """A server's process, which trains one run in a folder."""

    def __init__(self, folder: Path, scratch: Path, config: Config, settings: dict[str, str]):
        self.folder, self.scratch, self.config = folder, scratch, config
        words = [f"{name}={value}" for name, value in settings.items()]
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(folder), *words],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": str(scratch)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def asked(self) -> tuple[str, int, float, int]:
        """The run's status, its epochs, how many seconds these took, and how many states have been kept."""
        self.process.stdin.write("?\n")
        self.process.stdin.flush()
        status, epochs, seconds, states = self.process.stdout.readline().split()
        return status, int(epochs), float(seconds), int(states)

    def kill(self) -> list[str]:
        """Kill it, and say what stays behind after a few seconds: processes and files."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.process.kill()
        self.process.wait()
        end = time.monotonic() + 30
        left = ["not looked yet"]
        while left and time.monotonic() < end:
            time.sleep(0.1)
            alive = [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
            left = [str(child) for child in alive] + [str(path) for path in self.scratch.glob("digit-lab-*")]
        return left


def scratch_folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="scratch-of-faults-"))
