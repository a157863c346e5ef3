"""How large the folder of the runs may become, and which files make way where one more would be too much."""

import logging
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path, PurePath

from core.checkpoints import KEY
from core.files.folder import DAMAGED, Entry, FolderError, entries, patiently, reason

log = logging.getLogger(__name__)

RUN = ".npz"


class Room:
    """The room that a folder has for runs."""

    def __init__(self, folder: Path, megabytes: int):
        self.folder, self.megabytes = folder, megabytes  # of all its files together
        self.made_way = 0  # how many runs have been deleted for others

    def make(self, key: str, size: int, stays: Callable[[str], bool]) -> list[str]:
        """Delete what makes way for a run of so many bytes, in the place of its file. Returns the keys of the runs that went.

        Raises FolderError, and deletes nothing, where what stays would be too much; `stays` is that of `making_way`.
        """
        files = entries(self.folder)
        before = sum(file.size for file in files if key_of(file) == key)
        most = self.megabytes * 2**20
        going = making_way(files, size - before, most, lambda other: other == key or stays(other))
        if going is None:
            kinds = "pinned runs, and those that come with it"
            raise FolderError(f"The {self.megabytes:,} MB that this Digit Lab keeps are full, of what stays: {kinds}.")
        gone: list[str] = []
        try:
            for file in going:
                patiently(partial((self.folder / file.name).unlink, missing_ok=True))
                gone += filter(None, [key_of(file)])
        except OSError as error:
            log.warning("No room can be made in %s (%s)", self.folder.name, reason(error, self.folder))
        if gone:
            self.made_way += len(gone)
            log.warning("Deleted, so that all runs stay below %s MB: %s", f"{self.megabytes:,}", ", ".join(gone))
        return gone


def making_way(files: Iterable[Entry], more: int, most: int, stays: Callable[[str], bool]) -> list[Entry] | None:
    """The files that are to be deleted so that so many bytes more come to at most `most`; None where not even that would do.

    First those that were moved aside as damaged, then runs, each time the oldest. `stays` says of a run's key that it is to be
    kept; any other file is.
    """
    files = list(files)
    over = sum(file.size for file in files) + more - most
    if more <= 0 or over <= 0:
        return []
    going = []
    for file in sorted(files, key=lambda file: (not _is_damaged(file), file.when)):
        if _is_damaged(file) or (key_of(file) and not stays(key_of(file))):
            going.append(file)
            over -= file.size
            if over <= 0:
                return going
    return None


def key_of(file: Entry) -> str:
    """The key of the run that is in a file; empty where it is none's."""
    name = PurePath(file.name)
    return name.stem if name.suffix == RUN and KEY.fullmatch(name.stem) else ""


def _is_damaged(file: Entry) -> bool:
    return file.name.endswith(DAMAGED)
