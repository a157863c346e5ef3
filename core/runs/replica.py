"""The runs of a server that is one of several: what is written in its folder comes to the others, and theirs comes here (mirror.py).

Exchanged are runs that have ended, what people gave runs (labels.py), and labelled sketches (handwriting.py). Runs that are going on
are their server's alone, and those that come with the project are everywhere.
"""

import json
import logging
import os
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from core import checkpoints, labels
from core.checkpoints import FOLDER, KEY
from core.files.archive import MAX_BYTES, CheckpointError
from core.files.folder import entries
from core.labels import UNLABELLED, Label
from core.runs.mirror import Here, Kind, Later, Mirror
from core.runs.registry import Registry
from core.runs.run import COMMITTED, Run
from core.runs.versions import Version
from core.sketch import handwriting
from core.sketch.handwriting import HandwritingError
from core.training import Checkpoint

log = logging.getLogger(__name__)


class Replica(Registry):
    """A registry whose folder has a mirror, where there is a `url` of one."""

    def __init__(self, folder: Path = FOLDER, megabytes: int = 5_000, url: str = ""):
        super().__init__(folder, megabytes)
        self.mirror: Mirror | None = None
        if url:
            kinds: list[Kind] = [EndedRuns(self), Labels(self), Sketches(folder)]
            self.mirror = Mirror(url, folder, kinds, self._changing)

    def find(self, key: str) -> Run | None:
        """The run of a key, as `Shelf.find` has it; others are asked for one that is not here."""
        run = super().find(key)
        if run is None and self.mirror is not None and key not in self.damaged:
            self.mirror.ask()
            run = super().find(key)
        return run

    def conclude(self, run: Run, status: str, error: str = "") -> None:
        """A run is over, and others may have it."""
        super().conclude(run, status, error)
        if self.mirror is not None:
            self.mirror.wake()

    def delete(self, key: str) -> bytes:
        """Delete a run, as `Registry.delete` does, here and everywhere."""
        with self._changing:  # before it could be taken again
            data = super().delete(key)
            self._went([key])
        return data

    def take(self, brought: Checkpoint, data: bytes, when: float) -> Run | None:
        """Put a run here that another server has ended at some Unix time, unless what is here is as good. Returns what is here then.

        Raises Later where it is going on.
        """
        key = brought.config.key
        with self._changing:
            run = self.find(key)
            if run is not None and (run.live or run.unsaved):
                raise Later
            if run is None or _yields(run, brought):
                os.utime(checkpoints.write(key, data, self.folder), (when, when))
                self.forget(key)
            return self.find(key)

    def drop(self, key: str) -> None:
        """Delete a run that was deleted elsewhere. Raises Later where it is going on."""
        with self._changing:
            run = self.find(key)
            if run is not None and (run.live or run.committed):
                raise Later
            labels.forget([key], self.folder)  # before, so that nobody finds a name of no run
            checkpoints.delete(key, self.folder)
            self.forget(key)

    def close(self) -> None:
        """Let others have what has ended."""
        if self.mirror is not None:
            self.mirror.close()

    def _went(self, keys: Collection[str]) -> None:
        if self.mirror is not None:
            self.mirror.delete(keys)
            self.mirror.wake()


def _yields(run: Run, brought: Checkpoint) -> bool:
    """Whether what is here of a run makes way for what another server has."""
    uploaded, trained_here = brought.about.get("origin"), run.summary is not None and not run.origin
    if run.status == "done" and not (run.origin and brought.test_accuracy is not None):
        return False  # the same result once more, or less
    return not (uploaded and trained_here)


class EndedRuns:
    """Runs that are finished or were stopped, each a checkpoint."""

    kind, names, most = "run", KEY, MAX_BYTES

    def __init__(self, registry: Replica):
        self.registry = registry
        self._free = 0  # bytes that the folder has for what others bring: for that nothing makes way

    def here(self) -> Mapping[str, Here | None]:
        folder, room = self.registry.folder, self.registry.room
        self._free = room.megabytes * 2**20 - sum(file.size for file in entries(folder))
        return {run.key: self._run(run) for run in self.registry.all() if run.key not in COMMITTED}

    def _run(self, run: Run) -> Here | None:
        try:
            if run.live or run.unsaved or run.summary is None:
                return None
            when = checkpoints.path_of(run.key, self.registry.folder).stat().st_mtime
        except OSError:
            return None
        return Here(run.state_id, len(run.summary.history) + run.summary.done, when)

    def wants(self, name: str, size: int) -> bool:
        run = self.registry.find(name)
        fits = size <= self._free
        if not fits:
            log.warning("There is no room here for all runs of the mirror: it needs more megabytes_of_runs.")
        self._free -= size * fits
        return fits and name not in COMMITTED and not (run is not None and run.live)

    def pack(self, name: str) -> bytes:
        return checkpoints.read_bytes(name, self.registry.folder)

    def take(self, version: Version, data: bytes) -> str:
        brought = checkpoints.loads(data)
        if brought.config.key != version.name:
            raise CheckpointError(f"it holds the run {brought.config.key}")
        if len(brought.history) + (brought.test_accuracy is not None) != version.progress:
            raise CheckpointError("it is not as far as its name says")
        run = self.registry.take(brought, data, version.when)
        if run is None:
            raise Later
        return run.state_id

    def drop(self, name: str) -> None:
        self.registry.drop(name)


class Labels:
    """Names, pins and owners of the runs that are here."""

    kind, names, most = "label", KEY, 10_000

    def __init__(self, registry: Replica):
        self.registry = registry
        self._seen: Mapping[str, Label] = {}

    def here(self) -> Mapping[str, Here | None]:
        self._seen, sound = labels.read(self.registry.folder), labels.sound(self.registry.folder)
        given = {run.key: self._seen.get(run.key, UNLABELLED) for run in self.registry.all()}
        return {key: Here(_text(label)) for key, label in given.items() if label != UNLABELLED or sound}

    def wants(self, name: str, size: int) -> bool:
        return self.registry.find(name) is not None

    def pack(self, name: str) -> bytes:
        return _text(self._seen.get(name, UNLABELLED)).encode()

    def take(self, version: Version, data: bytes) -> str:
        label = labels.parse(data)
        self._put(version.name, label)
        return _text(label)

    def drop(self, name: str) -> None:
        self._put(name, UNLABELLED)

    def _put(self, key: str, label: Label) -> None:
        folder = self.registry.folder
        before = labels.read(folder).get(key, UNLABELLED)
        if before != self._seen.get(key, UNLABELLED):
            raise Later  # somebody has given it another one since
        if before != label:
            labels.put(key, label, folder)


def _text(label: Label) -> str:
    """A label as others get it; nothing of none."""
    return json.dumps(labels.entry(label), sort_keys=True) if label != UNLABELLED else ""


class Sketches:
    """Labelled sketches, each under the digest of its image."""

    kind, names, most = "sketch", re.compile("[0-9a-f]{64}"), handwriting.MOST_TEXT

    def __init__(self, folder: Path):
        self.folder = folder
        self._usable = True

    def here(self) -> Mapping[str, Here | None]:
        found: dict[str, str] = {}
        try:
            if (self.folder / handwriting.FILE).exists():
                found = handwriting.states(self.folder)
            self._usable = True
        except HandwritingError as error:
            log.warning("Sketches are not exchanged: %s", error)
            self._usable = False
        return {digest: Here(state) for digest, state in found.items()}

    def wants(self, name: str, size: int) -> bool:
        return self._usable

    def pack(self, name: str) -> bytes:
        return handwriting.pack(self.folder, name)

    def take(self, version: Version, data: bytes) -> str:
        with _usable():
            handwriting.take(self.folder, version.name, data)
            return handwriting.states(self.folder)[version.name]

    def drop(self, name: str) -> None:
        if (self.folder / handwriting.FILE).exists():
            with _usable():
                handwriting.drop(self.folder, name)


@contextmanager
def _usable() -> Iterator[None]:
    """Raises Later where the file of the sketches cannot be used."""
    try:
        yield
    except HandwritingError:
        raise Later from None
