"""The scheduler and the workers of this machine as plain processes: started, looked after and ended.

Of Dask it knows the command line alone. They are started apart, not forked or spawned, since those would run the dashboard's
script again.
"""

import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import psutil

from core.runs import certificate
from core.runs.lifeline import FOLDER, folder_name, owner

log = logging.getLogger(__name__)

ROOT = Path(__file__).parent.parent.parent
LIFELINE = ROOT / "core" / "runs" / "lifeline.py"
MEGABYTES_PER_WORKER = 2_048  # of memory; with torch and MNIST a worker takes 500
SECONDS_TO_END = 5.0
BYTES_OF_LAST_WORDS = 2_000
# Of each one's port for HTTP, which cannot be switched off: it says that it is alive, and nothing else to anybody.
NO_PAGES = {
    f"DASK_DISTRIBUTED__{kind}__HTTP__ROUTES": "['distributed.http.health']" for kind in ("SCHEDULER", "WORKER")
}
ONE_THREAD = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}


class Process(NamedTuple):
    """One of Dask's processes, and the file in which it says what is wrong."""

    name: str
    handle: subprocess.Popen
    log: Path

    @property
    def alive(self) -> bool:
        return self.handle.poll() is None

    def end(self) -> None:
        """End it at once, whatever it does: what its run has learnt is with the server."""
        self.handle.kill()
        with suppress(subprocess.TimeoutExpired):
            self.handle.wait(SECONDS_TO_END)

    def bytes(self) -> int:
        """How much memory it takes; 0 once it has ended."""
        try:
            return psutil.Process(self.handle.pid).memory_info().rss
        except psutil.Error:
            return 0

    def last_words(self) -> str:
        with suppress(OSError):
            return self.log.read_text(encoding="utf-8", errors="replace")[-BYTES_OF_LAST_WORDS:].strip()
        return ""


class Processes:
    """A scheduler and its workers, in a folder for whatever they write, which goes with them."""

    def __init__(self, workers: int, megabytes: int = MEGABYTES_PER_WORKER, sparing: bool = False):
        """`megabytes` is how much memory a worker may take. `sparing` ones take little until they train a CNN, which they begin
        seconds later.
        """
        self.megabytes, self.sparing = megabytes, sparing
        remove_folders_of_the_dead()
        self.folder = Path(tempfile.mkdtemp(prefix=folder_name()))
        self.certificate = certificate.make(self.folder)
        self._description = self.folder / "scheduler.json"
        self._started = 0
        self.scheduler = self._start("scheduler", "--port", "0")
        self.workers = [self._start_worker() for _ in range(workers)]  # they wait for the scheduler

    @property
    def address(self) -> str:
        """Where the scheduler listens; empty until it does."""
        try:
            return json.loads(self._description.read_text(encoding="utf-8"))["address"]
        except (OSError, ValueError):  # not there yet, or half of it
            return ""

    def tend(self) -> int:
        """Start a worker in the place of each that has ended, or takes too much memory. Returns how many these were."""
        lost = 0
        for i, worker in enumerate(self.workers):
            if worker.bytes() > self.megabytes * 2**20:
                log.warning("%s takes more than %d MB of memory: it is ended", worker.name, self.megabytes)
                worker.end()
            if not worker.alive:
                log.warning("%s has ended (%s). %s", worker.name, worker.handle.returncode, worker.last_words())
                self.workers[i] = self._start_worker()
                lost += 1
        return lost

    def close(self) -> None:
        """End them all, and remove what they have written."""
        everyone = [*self.workers, self.scheduler]
        for process in everyone:
            process.handle.kill()
        for process in everyone:
            process.end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start_worker(self) -> Process:
        options = ("--no-nanny", "--memory-limit", "0")  # `tend` does what a nanny would
        prepared = () if self.sparing else ("--preload", "core.runs.worker")
        return self._start("worker", *options, "--nthreads", "1", *prepared)

    def _start(self, kind: str, *arguments: str) -> Process:
        self._started += 1
        name = f"{kind}-{self._started}"
        if kind == "worker":
            arguments = ("--name", name, *arguments)
        # On loopback, and only for whoever has the key: whoever is let in can run code.
        common = ["--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0", "--no-dashboard"]
        common += ["--scheduler-file", str(self._description), *self.certificate.arguments()]
        path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        ours = {FOLDER: str(self.folder), "DASK_TEMPORARY_DIRECTORY": str(self.folder), "PYTHONPATH": path}
        ours |= {"DASK_LOGGING__DISTRIBUTED": "error", **NO_PAGES}
        log_file = self.folder / f"{name}.log"
        with open(log_file, "wb") as words:
            handle = subprocess.Popen(
                [sys.executable, "-P", str(LIFELINE), f"distributed.cli.dask_{kind}", *common, *arguments],
                env={**os.environ, **ONE_THREAD, **ours},
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
                # Ctrl-C in a console is for the server, which ends them quickly; their own way takes seconds and many words.
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        return Process(name, handle, log_file)


def remove_folders_of_the_dead() -> None:
    """Remove what a server has left behind whose end nobody could tidy up after."""
    for folder in Path(tempfile.gettempdir()).glob("digit-lab-*-*-*"):
        with suppress(ValueError, psutil.Error):  # not one of ours, or somebody else's
            if owner(folder) is None:
                shutil.rmtree(folder, ignore_errors=True)
