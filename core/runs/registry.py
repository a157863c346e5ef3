"""The runs that there are, one for each key: those of this server's memory, and those in a folder of checkpoints."""

import logging
from pathlib import Path
from threading import Lock
from time import time

from core import checkpoints
from core.checkpoints import FOLDER, CheckpointError, Summary
from core.config import Config
from core.folder import reason
from core.runs.run import Gone, Run, RunError
from core.training import Checkpoint

log = logging.getLogger(__name__)


class Registry:
    """The runs of a folder, in memory while they live and in files for good."""

    def __init__(self, folder: Path = FOLDER):
        self.folder = folder
        self.damaged: dict[str, str] = {}  # by key: what was wrong with the file that was moved aside
        self._runs: dict[str, Run] = {}
        self._changing = Lock()

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

    def known(self) -> list[Run]:
        """Those that are in memory: all live ones among them."""
        return list(self._runs.values())

    def finished(self) -> list[Summary]:
        """What the finished runs say of themselves."""
        return [run.summary for run in self.all() if run.status == "done" and run.summary is not None]

    def request(self, config: Config, visitor: str) -> tuple[Run, bool]:
        """The run of these settings, queued unless it is live or done; and whether it has been queued now."""
        with self._changing:  # two visitors may press at the same moment
            run = self.find(config.key)
            new = run is None or not (run.live or run.status == "done")
            if run is None or new:
                summary = run.summary if run else None
                events = list(summary.history) if summary else []
                run = self._runs[config.key] = Run(config, visitor, events=[*events], summary=summary)
            run.watchers[visitor] = time()
        return run, new

    def forget(self, key: str) -> None:
        """Drop what is in memory of a run; its file, if any, stays."""
        self._runs.pop(key, None)

    def delete(self, key: str) -> bytes:
        """Delete a run that is not live; `restore` takes the bytes that this returns, its file's, to undo it.

        Raises RunError, and changes nothing, for a live run, for those that come with the project, and where the folder
        cannot be written.
        """
        run = self.find(key)
        if run is not None and run.live:
            raise RunError("This run is still going on: stop it first.")
        if run is not None and run.committed and run.status != "failed":
            raise RunError("This run comes with the project and stays.")
        path = checkpoints.path_of(key, self.folder)
        try:
            data = path.read_bytes()
            checkpoints.delete(key, self.folder)
        except (FileNotFoundError, NotADirectoryError):
            data = b""
        except OSError as error:
            raise RunError(f"The run {key} cannot be deleted ({reason(error, self.folder)}).") from None
        self.forget(key)
        return data

    def restore(self, data: bytes) -> Run:
        """Put the bytes of a checkpoint's file on the shelf, unless its run is there already, and return the run.

        A finished run takes the place of one that was stopped or failed. Raises CheckpointError where the bytes are no
        checkpoint and FolderError where they cannot be kept, and changes nothing then.
        """
        brought = checkpoints.loads(data)
        key = brought.config.key
        with self._changing:
            run = self.find(key)
            if run is None or (brought.done and run.status in ("stopped", "failed")):
                checkpoints.write(key, data, self.folder)
                self.forget(key)
                run = self._runs.setdefault(key, self._from_file(key))
        return run

    def load(self, key: str, state_id: str) -> Checkpoint:
        """A saved state of a run, with its network. Raises Gone where the run was deleted, trained further or damaged."""
        try:
            return checkpoints.load(key, self.folder, state_id)
        except FileNotFoundError:
            self._forget_state(key, state_id)
            raise Gone(f"The run {key} was deleted, or trained further, since this page was opened.") from None
        except CheckpointError as error:
            self.damaged[key] = str(error)
            self._forget_state(key, state_id)
            raise Gone(str(error)) from None

    def _forget_state(self, key: str, state_id: str) -> None:
        """Drop what is known of a run whose saved state has turned out to be gone, so that its file is asked again."""
        run = self._runs.get(key)
        if run is not None and not run.live and run.state_id == state_id:
            self.forget(key)

    def _from_file(self, key: str) -> Run:
        summary = checkpoints.summary(key, self.folder)
        status = "done" if summary.done else "stopped"
        asked = checkpoints.path_of(key, self.folder).stat().st_mtime
        return Run(summary.config, status=status, events=[*summary.history], summary=summary, asked=asked)
