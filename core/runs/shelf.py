"""The runs that there are, one for each key: those of this server's memory, and those in a folder of checkpoints."""

import logging
from collections import Counter
from pathlib import Path

from core import checkpoints
from core.checkpoints import FOLDER, Summary
from core.files.archive import CheckpointError
from core.runs.run import Gone, Run
from core.training import Checkpoint

log = logging.getLogger(__name__)


class Shelf:
    """The runs of a folder, in memory while they live and in files for good: to be found and looked at."""

    def __init__(self, folder: Path = FOLDER):
        self.folder = folder
        self.damaged: dict[str, str] = {}  # by key: what is wrong with a file that is left out
        self.ended: Counter[str] = Counter()  # how runs have ended since the server began: done, failed or stopped
        self._runs: dict[str, Run] = {}
        self._checks: dict[str, Run] = {}  # by the key of the upload that is checked

    def find(self, key: str) -> Run | None:
        """The run of a key: live, finished, or None if this server has never trained it or its file is damaged."""
        run = self._runs.get(key)
        if run is not None:
            return run
        try:
            run = self._runs.setdefault(key, self._from_file(key))
        except FileNotFoundError:
            if key in self.damaged and not checkpoints.is_aside(key, self.folder):
                self.damaged.pop(key, None)  # somebody has cleared up
            return None
        except CheckpointError as error:
            if self.damaged.get(key) != str(error):
                log.warning("%s", error)
            self.damaged[key] = str(error)
            return None
        self.damaged.pop(key, None)
        return run

    def left_out(self) -> list[str]:
        """A sentence for each file that the list of runs leaves out, since it cannot be read."""
        return [sentence for key, sentence in sorted(self.damaged.items()) if key not in self._runs]

    def all(self) -> list[Run]:
        """Every run that there is, live ones first, then the newest."""
        keys = dict.fromkeys([*self._runs, *checkpoints.keys(self.folder)])
        runs = [run for run in map(self.find, keys) if run is not None]
        return sorted(runs, key=lambda run: (not run.live, -run.asked))

    def known(self) -> list[Run]:
        """Those that are in memory: all live ones among them, and what is trained for a check."""
        return [*self._runs.values(), *self._checks.values()]

    def check_of(self, key: str) -> Run | None:
        """What is, or was, trained to check an upload."""
        return self._checks.get(key)

    def checks(self) -> list[Run]:
        """What is trained for checks at present."""
        return [run for run in list(self._checks.values()) if run.live]

    def finished(self) -> list[Summary]:
        """What the finished runs say of themselves that were trained here: an upload may say anything."""
        done = [run for run in self.all() if run.status == "done" and not run.origin]
        return [run.summary for run in done if run.summary is not None]

    def load(self, key: str, state_id: str) -> Checkpoint:
        """A saved state of a run, with its network. Raises Gone where the run was deleted, trained further or damaged."""
        run = self._runs.get(key)
        if run is not None and run.unsaved and not run.live and run.state_id == state_id:
            return checkpoints.loads(run.state)
        try:
            return checkpoints.load(key, self.folder, state_id)
        except FileNotFoundError:
            self._forget_state(key, state_id)
            raise Gone(f"The run {key} was deleted, or trained further, since this page was opened.") from None
        except CheckpointError as error:
            self.damaged[key] = str(error)
            self._forget_state(key, state_id)
            raise Gone(str(error)) from None

    def newest(self, run: Run) -> bytes:
        """The state that a run goes on from; none where it begins. Raises CheckpointError where its file cannot be read."""
        return run.state if run.check or run.state else checkpoints.newest_bytes(run.key, self.folder)

    def conclude(self, run: Run, status: str, error: str = "") -> None:
        """A run is over."""
        self.ended[status] += 1
        log.info("%s: %s%s", run.key, status, " (a check)" if run.check else "")
        run.error, run.status = error, status  # the status last: others look at it

    def forget(self, key: str) -> None:
        """Drop what is in memory of a run; its file, if any, stays."""
        self._runs.pop(key, None)

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
