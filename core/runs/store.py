"""The folder of the runs as it is written: each run in its file, and all of them in the room that there is."""

from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from threading import RLock

from core import checkpoints, labels
from core.checkpoints import FOLDER
from core.files.folder import FolderError, sweep
from core.runs.room import Room
from core.runs.run import COMMITTED
from core.runs.shelf import Shelf


class Store(Shelf):
    """A shelf that keeps runs, too."""

    def __init__(self, folder: Path = FOLDER, megabytes: int = 5_000):
        """`megabytes` is how large all files of the folder together may become."""
        super().__init__(folder)
        self.room = Room(folder, megabytes)
        self.failed_saves = 0  # since the server began
        self.closing = False  # whether everything is being stopped: a run that is stopped then was stopped by nobody
        self._changing = RLock()
        sweep(folder)

    def keep_what_was_left(self) -> None:
        """Write what there was no room for when its run was over, as far as there is room now."""
        for run in self.known():
            if run.unsaved and not run.live:
                try:
                    self._write(run.key, run.state)
                except FolderError as error:
                    self.failed_saves += 1
                    run.unsaved = str(error)
                    return
                run.unsaved, run.state = "", b""

    def _write(self, key: str, data: bytes) -> None:
        """Put the bytes of a run in its file, after others have made room for it. Raises FolderError where that cannot be done."""
        with self._changing:
            gone = self.room.make(key, len(data), self._stays)
            if gone:
                for other in gone:
                    self.forget(other)
                with suppress(FolderError):
                    labels.forget(gone, self.folder)
                self._went(gone)
            checkpoints.write(key, data, self.folder)

    def _went(self, keys: Collection[str]) -> None:
        """Take note that runs have made way. Here nobody has to be told."""

    def _stays(self, key: str) -> bool:
        """Whether a run makes no way for others: it comes with the project, is pinned, or is going on."""
        given = labels.read(self.folder).get(key)
        here = [run for run in (self._runs.get(key), self._checks.get(key)) if run is not None]
        return key in COMMITTED or bool(given and given.pinned) or any(run.live or run.unsaved for run in here)
