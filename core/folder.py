"""Files of a folder: kept in one step, moved aside when they are damaged, and one sentence where nothing can be kept."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import BinaryIO

_placing = Lock()  # a file is put in its place, or moved out of it


class FolderError(OSError):
    """A folder in which nothing can be kept. The message is one sentence."""


def replace(path: Path, data: bytes) -> None:
    """Make these the bytes of a file, in one step. Raises FolderError where they cannot be kept."""
    with (
        _keeping(path.parent),
        tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.stem}-", delete=False) as file,
    ):
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(file.name, 0o644)
            with _placing:
                os.replace(file.name, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(file.name)
            raise


def require_bytes(n: int, folder: Path) -> None:
    """Raise FolderError unless so many bytes can be kept in a folder."""
    with _keeping(folder), tempfile.NamedTemporaryFile(dir=folder, prefix=".room-") as file:
        file.write(bytes(n))
        file.flush()
        os.fsync(file.fileno())


def move_aside(path: Path, file: BinaryIO) -> str:
    """Move a damaged file, which is still open, out of its place. Returns what became of it, without a full stop.

    Another thread may have been faster, and a sound file may be in its place by now: that one stays.
    """
    aside = path.with_name(path.name + ".damaged")
    try:
        with _placing:
            if os.path.samestat(os.fstat(file.fileno()), os.stat(path)):
                os.replace(path, aside)
    except FileNotFoundError:
        pass  # somebody else has moved it
    except OSError as error:
        return f"It could not be moved to {aside.name} ({error.strerror or error})"
    return f"It was moved to {aside.name}"


def reason(error: OSError, folder: Path) -> str:
    """Why a folder cannot be written, in the system's words."""
    return "a file is in its place" if folder.is_file() else error.strerror or str(error)


@contextmanager
def _keeping(folder: Path) -> Iterator[None]:
    """A folder to write in, made where it is missing. Raises FolderError for whatever cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise FolderError(f"Nothing can be kept in the folder {folder.name} ({reason(error, folder)}).") from error
