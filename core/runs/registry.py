"""What becomes of runs beside training: they are asked for, deleted, brought back, and brought from elsewhere."""

import logging

from core import checkpoints, description
from core.config import Config
from core.files.folder import FolderError, reason
from core.runs.check import compare
from core.runs.run import Run, RunError
from core.runs.store import Store
from core.training import Checkpoint

log = logging.getLogger(__name__)


class Registry(Store):
    """The runs of a folder, and what is done with them: one at a time, whoever asks.

    While something is done nobody looks for a run anywhere else than here: `super().find`.
    """

    def request(self, config: Config, visitor: str) -> tuple[Run, bool]:
        """The run of these settings, queued unless it is live or done; and whether it has been queued now."""
        with self._changing:  # two visitors may press at the same moment
            run = super().find(config.key)
            new = run is None or not (run.live or run.status == "done")
            if run is None or new:
                summary = run.summary if run else None
                events = list(summary.history) if summary else []
                left = (run.state, run.unsaved) if run and run.unsaved else (b"", "")
                run = self._runs[config.key] = Run(config, visitor, events=[*events], summary=summary)
                run.state, run.unsaved = left
        return run, new

    def request_check(self, key: str, visitor: str) -> bool:
        """Queue the training that checks a finished upload, unless it is going on. Returns whether it was queued now."""
        with self._changing:
            run, before = super().find(key), self._checks.get(key)
            if run is None or run.status != "done" or not run.origin or (before is not None and before.live):
                return False
            self._checks[key] = Run(run.config, visitor, check=True)
            return True

    def keep(self, run: Run) -> None:
        """Write a run's newest state to its file. Where that cannot be done it stays in memory, and the run says why."""
        if run.check:
            self._note_finding(run)
            return
        try:
            self._write(run.key, run.state)
        except FolderError as error:
            self.failed_saves += 1
            if not run.unsaved:
                log.warning("%s is not saved: %s", run.key, error)
            run.unsaved = str(error)
        else:
            run.unsaved = ""
            self.keep_what_was_left()

    def _note_finding(self, check: Run) -> None:
        """Once a check is at its end, note what it has found with the upload."""
        if not checkpoints.summary_of(check.state).done:
            return
        with self._changing:
            run = super().find(check.key)
            if run is None or run.status != "done" or not run.origin:
                return  # it was deleted meanwhile
            upload = self.load(run.key, run.state_id)
            finding = compare(upload, checkpoints.loads(check.state))
            upload.about = {**upload.about, "origin": finding.origin, "finding": finding.sentence}
            self._write(run.key, checkpoints.dumps(upload, compress=True))
            self.forget(run.key)

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
        try:
            data = run.state if run is not None and run.unsaved else checkpoints.read_bytes(key, self.folder)
            checkpoints.delete(key, self.folder)
        except (FileNotFoundError, NotADirectoryError):
            data = b""
        except OSError as error:
            raise RunError(f"The run {key} cannot be deleted ({reason(error, self.folder)}).") from None
        self.forget(key)
        return data

    def restore(self, data: bytes) -> Run:
        """Bring a run back that `delete` took away, unless another one of its settings is here, and return the one that is.

        A finished run takes the place of one that was stopped or failed. Raises CheckpointError where the bytes are no
        checkpoint and FolderError where they cannot be kept, and changes nothing then.
        """
        return self._place(checkpoints.loads(data), data)

    def upload(self, data: bytes) -> Run:
        """Put a run on the shelf that somebody has brought, marked as that, and return the run that is here.

        It never takes the place of a run that was trained here. Raises as `restore` does.
        """
        brought = checkpoints.loads(data)
        brought.about = description.of_upload(brought.about)
        return self._place(brought, checkpoints.dumps(brought, compress=brought.done))

    def _place(self, brought: Checkpoint, data: bytes) -> Run:
        key = brought.config.key
        with self._changing:
            run = super().find(key)
            if run is None or _makes_way(run, brought):
                self._write(key, data)
                self.forget(key)
                run = self._runs.setdefault(key, self._from_file(key))
        return run


def _makes_way(run: Run, brought: Checkpoint) -> bool:
    """Whether a run's place is taken by one that is brought: not by an upload, where it has been trained here itself."""
    trained_here = run.summary is not None and not run.origin
    uploaded = bool(brought.about.get("origin"))
    return brought.done and run.status in ("stopped", "failed") and not (trained_here and uploaded)
