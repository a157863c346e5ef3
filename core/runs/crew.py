"""The workers that there are: this server's own, or those of the cluster at DASK_SCHEDULER_ADDRESS; and whatever it takes to
have them. What is gone is brought back, and a slow start is waited for, however long it takes.
"""

import logging
from time import monotonic

from core.runs.engine import Connection, Lost, Worker, cluster_address
from core.runs.processes import Processes

log = logging.getLogger(__name__)

STARTING = "Starting the workers …"
SECONDS_OF_SILENCE = 15.0  # of a worker, which says twice a second that it is there; a busy machine takes a few seconds
MOST_SECONDS_BETWEEN_STARTS = 30.0  # of what ends again and again
UNANSWERED = 2  # questions, five seconds each, until a scheduler counts as lost


class Crew:
    """The workers, as `muster` has last found them."""

    def __init__(self, wanted: int, megabytes: int, sparing: bool = False):
        """`megabytes` is how much memory a worker of this server's own may take; what `sparing` ones are, Processes says."""
        self.wanted, self.megabytes, self.sparing = wanted, megabytes, sparing
        self.at: str | None = None  # a cluster's address; empty for processes of our own, None until that is known
        self.own: Processes | None = None
        self.connection: Connection | None = None
        self.workers: list[Worker] = []
        self.trouble = STARTING  # one sentence, for whoever waits while there are no workers
        self.silent: dict[str, float] = {}  # how long each has not said that it is there, by address, s
        self._unanswered = 0
        self._next_start = self._pause = 0.0

    def muster(self, passed: float) -> None:
        """Bring back what is gone, and see who is there; `passed` seconds after the last time."""
        if self.at is None:
            self.at = cluster_address()
        before = self.workers  # whoever asks meanwhile is told of them: a page, while a scheduler takes its time
        try:
            self._tend()
            self._connect()
            if self.connection is not None:
                self.workers = self.connection.workers()
                self._unanswered = 0
        except Lost as lost:
            self._unanswered += 1
            if self.connection is None or self._unanswered >= UNANSWERED or not self.connection.open:
                self._lose_scheduler(lost)
        self._count_silence(before, passed)

    def find(self, address: str) -> Worker | None:
        return next((worker for worker in self.workers if worker.address == address), None)

    def well(self) -> list[Worker]:
        """The workers that answer."""
        return [worker for worker in self.workers if self.silent[worker.address] <= SECONDS_OF_SILENCE]

    def end(self, worker: Worker) -> None:
        """End a worker that does not answer. Of a cluster's it is only known that it is not to be given work."""
        process = (
            next((process for process in self.own.workers if process.name == worker.name), None) if self.own else None
        )
        if process is not None:
            process.end()

    def close(self) -> None:
        """Part from them all, and end those that are this server's."""
        if self.connection is not None:
            self.connection.close()
        if self.own is not None:
            self.own.close()

    def _tend(self) -> None:
        """Start this server's own processes, and others in the place of those that have ended; not too often."""
        if self.at or not self.wanted or monotonic() < self._next_start:
            return
        if self.own is None:
            self._put_off()
            self.own = Processes(self.wanted, self.megabytes, self.sparing)
        elif not self.own.scheduler.alive:
            raise Lost(self.own.scheduler.last_words() or "its process has ended")
        elif self.own.tend():
            self._put_off()

    def _put_off(self) -> None:
        """The first start is at once; what ends as soon as it is started is not started twice a second."""
        self._next_start = monotonic() + self._pause
        self._pause = min(2 * self._pause + 1, MOST_SECONDS_BETWEEN_STARTS)
        if self._pause > 4:
            self.trouble = "The workers end as soon as they are started. It is tried again; the server's log says more."

    def _connect(self) -> None:
        address = self.at or (self.own.address if self.own else "")
        if self.connection is None and address:
            self.connection = Connection(address, self.own.certificate if self.own else None)

    def _lose_scheduler(self, lost: Lost) -> None:
        """Part from a scheduler that is gone; the next look starts another one, or tries the cluster again."""
        if self.trouble != (words := self._words_of_loss()):
            log.warning("%s (%s)", words, lost)
        self.trouble, self.workers, self._unanswered = words, [], 0
        if self.connection is not None:
            self.connection.close()
        if self.own is not None:
            self.own.close()
        self.own = self.connection = None

    def _words_of_loss(self) -> str:
        if self.at:
            return "The cluster's scheduler does not answer. It is tried again."
        return "The workers' scheduler was lost. It is started again with new workers …"

    def _count_silence(self, before: list[Worker], passed: float) -> None:
        heard = {worker.address: worker.heartbeat for worker in before}
        self.silent = {
            worker.address: self.silent.get(worker.address, 0.0) + passed
            if heard.get(worker.address) == worker.heartbeat
            else 0.0
            for worker in self.workers
        }
        if len(self.workers) >= self.wanted or (self.at and self.workers):
            self._pause, self.trouble = 0.0, STARTING
