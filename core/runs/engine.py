"""Dask, as the server sees it: who works, and one try of a worker at a run.

With the worker it is the only module that imports distributed, and it does so when it is first needed: nobody waits for it. Every
question to Dask ends after a few seconds, in `Lost` where there is no answer.
"""

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, NamedTuple
from uuid import uuid4

from core.config import Config, to_dict
from core.runs.certificate import Certificate

SECONDS_TO_ANSWER = 5.0
SECONDS_TO_PART = 1.0


def cluster_address() -> str:
    """Where Dask is told that a scheduler is, by DASK_SCHEDULER_ADDRESS or its own files; empty where it is not."""
    from dask import config

    return str(config.get("scheduler-address", None) or "").strip()


class Lost(RuntimeError):
    """The scheduler, or the worker that had a run, is no longer there."""


class Worker(NamedTuple):
    """A worker that has joined."""

    address: str
    name: str  # as whoever started it calls it
    threads: int
    heartbeat: float  # when it last said that it is there; the scheduler's clock


class Connection:
    """The way to a scheduler. Raises Lost where it does not answer."""

    def __init__(self, address: str, certificate: Certificate | None = None):
        """With the certificate of this server's own processes; a cluster's stands where Dask looks for it."""
        from dask import config as dask_config
        from distributed import Client, Security

        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # whoever asks here says what is wrong, once
        # A run's state goes with its task, and is no reason to warn.
        dask_config.set({"distributed.admin.large-graph-warning-threshold": "256 MiB"})
        security = Security(**certificate.of_client()) if certificate else None
        try:
            self.client = Client(address, timeout=SECONDS_TO_ANSWER, set_as_default=False, security=security)
        except (OSError, ValueError, RuntimeError) as error:
            raise Lost(str(error)) from None

    def ask(self, question: Callable[[], Awaitable]) -> Any:
        """The answer to a question, asked on Dask's own thread."""

        async def asked() -> Any:
            return await question()

        try:
            return self.client.sync(asked, callback_timeout=SECONDS_TO_ANSWER)
        except (OSError, RuntimeError, AttributeError) as error:  # TimeoutError and a closed line among them
            raise Lost(str(error) or type(error).__name__) from None

    @property
    def open(self) -> bool:
        return self.client.status == "running"

    def workers(self) -> list[Worker]:
        """Who is there to train."""
        if not self.open:
            raise Lost("the connection is closed")
        found = self.ask(self.client.scheduler.identity)["workers"]
        return [Worker(at, str(w["name"]), w["nthreads"], w["last_seen"]) for at, w in found.items()]

    def close(self) -> None:
        """Part, whether or not anybody listens."""
        with suppress(Exception):
            self.client.close(timeout=SECONDS_TO_PART)


class Attempt:
    """One try of one worker at a run: it goes on from a state, and is heard until it is over or lost.

    The worker puts the run's newest state into a Variable, stops when an Event is set, and speaks under a topic. All three have a
    name that no other attempt has had: Dask may carry out what was said last to an earlier one, or to another server's, after
    what is said first to this one. No other worker gets it, and none again: who is next is not for Dask to say.
    """

    def __init__(self, connection: Connection, config: Config, state: bytes, worker: str, hear: Callable[[list], None]):
        from distributed import Event, Variable

        from core.runs.worker import train_run

        self.connection, self.worker = connection, worker
        client, self.name = connection.client, f"{config.key}-{uuid4().hex}"
        self._state, self._stop = Variable(self.name, client), Event(self.name, client)
        client.subscribe_topic(self.name, lambda event: hear(event[1]))
        self._future = client.submit(
            train_run,
            to_dict(config),
            self.name,
            state,
            pure=False,
            workers=[worker],
            allow_other_workers=False,
            retries=0,
        )

    @property
    def over(self) -> bool:
        """Whether the worker has come to an end, good or bad."""
        return self._future.status != "pending"

    def require_result(self) -> None:
        """Raise what the worker's training raised, or Lost where Dask has lost it, and nothing where it came to its end."""
        if self._future.status == "error":
            error = self._future.exception(timeout=SECONDS_TO_ANSWER)
            if type(error).__module__.partition(".")[0] in ("core", "builtins") and not isinstance(error, OSError):
                raise error
            raise Lost(str(error))  # a word of Dask's: the scheduler was gone, or it has killed the worker
        if self._future.status != "finished":
            raise Lost(self._future.status)

    def state(self) -> bytes:
        """The run's newest state."""
        return self.connection.ask(lambda: self._state.get(timeout=SECONDS_TO_ANSWER))

    def stop(self) -> None:
        """Ask the worker to stop after its batch."""
        self.connection.ask(self._stop.set)

    def forget(self) -> None:
        """Clear up after it. Whatever does not answer any more has nothing to clear up."""
        with suppress(Exception):
            self.connection.client.unsubscribe_topic(self.name)
            self._future.release()  # or Dask would train it once more when the worker that has its result is lost
            self._state.delete()
            self.connection.ask(self._stop.clear)  # how Dask forgets it; last, since it alone waits for an answer

    def abandon(self) -> None:
        """Hear it no more, and have it stop should it still be there: another worker has its run."""
        with suppress(Exception):
            self.connection.client.unsubscribe_topic(self.name)
            self._future.release()
            self.stop()
