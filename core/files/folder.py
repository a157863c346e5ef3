"""The room that everything is written in: files of a folder, kept in one step, read with care, and moved aside when damaged.

What cannot be kept is one sentence. A file is written under another name, which tells who writes it, and then renamed: a process
that is killed leaves such a file behind, and the next one to open the folder takes it away.
"""

import errno
import itertools
import os
import platform
import re
import stat
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import BinaryIO, NamedTuple

import psutil

# After which a temporary file of another machine's, or of 0.1.0's, is nobody's any more.
SECONDS_OF_STRANGERS = 86_400.0
SECONDS_OF_A_READER = 1.0  # for which a file may be read that is to be renamed or removed
TEMPORARY = re.compile(r"\.[\w.-]+\.(?P<machine>[0-9a-f]{8})-(?P<pid>\d{1,10})-(?P<began>\d{1,12})-\d+\.tmp")
TEMPORARY_ONCE = re.compile(r"\.(shelf|room|(mlp|cnn)-[0-9a-f]{10})-[a-z0-9_]{8}")  # as 0.1.0 called them
DAMAGED = ".damaged"  # how the name ends of a file that was moved aside
MACHINE = f"{zlib.crc32(platform.node().encode()):08x}"

_placing = Lock()  # a file is put in its place, or moved out of it
_numbers = itertools.count()


class FolderError(OSError):
    """A folder in which nothing can be kept. The message is one sentence."""


class Entry(NamedTuple):
    """A file of a folder."""

    name: str
    size: int  # in bytes
    when: float  # it was written last; Unix time


def entries(folder: Path) -> list[Entry]:
    """The files of a folder; none of one that cannot be read."""
    found = []
    with suppress(OSError), os.scandir(folder) as listed:
        for entry in listed:
            with suppress(OSError):  # it may be gone again
                if entry.is_file(follow_symlinks=False):
                    status = entry.stat(follow_symlinks=False)
                    found.append(Entry(entry.name, status.st_size, status.st_mtime))
    return found


def replace(path: Path, data: bytes) -> None:
    """Make these the bytes of a file, in one step, for good. Raises FolderError where they cannot be kept."""
    with _keeping(path.parent), _temporary(path.parent, path.name, data) as written:
        with _placing:
            patiently(os.replace, written, path)
        _keep_names(path.parent)


def require_bytes(n: int, folder: Path) -> None:
    """Raise FolderError unless so many bytes can be kept in a folder."""
    with _keeping(folder), _temporary(folder, "room", bytes(n)):
        pass


@contextmanager
def reading(path: Path, most: int) -> Iterator[BinaryIO]:
    """A file to be read, which has at most so many bytes.

    Raises OSError, whose `strerror` is the reason, for any that has more and for what is no file: a pipe would be waited for, and
    a device read, without end.
    """
    _require_file(os.stat(path), most)
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)  # should it become a pipe meanwhile
    with open(os.open(path, flags), "rb") as file:
        _require_file(os.fstat(file.fileno()), most)
        yield file


def patiently(do: Callable[..., None], *arguments: Path) -> None:
    """Rename or remove a file. Windows refuses to as long as somebody reads it, which takes them milliseconds."""
    end = time.monotonic() + SECONDS_OF_A_READER
    while True:
        try:
            return do(*arguments)
        except PermissionError:
            if time.monotonic() > end:
                raise
        time.sleep(0.02)


def move_aside(path: Path, seen: os.stat_result) -> str:
    """Move a damaged file, which was `seen` to be so, out of its place. Returns what became of it, without a full stop.

    Another thread may have been faster, and a sound file may be in its place by now: that one stays.
    """
    try:
        with _placing:
            if identity(os.stat(path)) == identity(seen):
                os.replace(path, aside(path))
    except FileNotFoundError:
        pass  # somebody else has moved it
    except OSError as error:
        return f"It could not be moved to {aside(path).name} ({error.strerror or error})"
    return f"It was moved to {aside(path).name}"


def identity(file: os.stat_result) -> tuple[int, ...]:
    """What tells a file from one that has come in its place: a number alone is given to another one as soon as it is free."""
    return file.st_dev, file.st_ino, file.st_size, file.st_mtime_ns


def aside(path: Path) -> Path:
    """Where a damaged file is moved to."""
    return path.with_name(path.name + DAMAGED)


def sweep(folder: Path) -> int:
    """Take away what processes that are no more were about to write. Returns how many files that were."""
    removed = 0
    for entry in entries(folder):
        if entry.name.startswith(".") and _is_nobodys(entry):
            with suppress(OSError):  # another server may sweep, too
                os.unlink(folder / entry.name)
                removed += 1
    return removed


def reason(error: OSError, folder: Path) -> str:
    """Why a folder cannot be written, in the system's words."""
    return "a file is in its place" if folder.is_file() else error.strerror or str(error)


@contextmanager
def _temporary(folder: Path, name: str, data: bytes) -> Iterator[Path]:
    """A file with these bytes, on the disk, closed, and gone in the end unless it was renamed."""
    path = folder / f".{name}.{MACHINE}-{os.getpid()}-{_began()}-{next(_numbers)}.tmp"
    try:
        with open(path, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield path
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _began(pid: int | None = None) -> int:
    """When a process began, in seconds: with its number it names one process, since numbers come again."""
    return int(psutil.Process(pid).create_time())


def _is_nobodys(entry: Entry) -> bool:
    """Whether a file is temporary, and the process that wrote it is no more."""
    name = TEMPORARY.fullmatch(entry.name)
    if name and name["machine"] == MACHINE:
        try:
            return abs(_began(int(name["pid"])) - int(name["began"])) > 2  # seconds: clocks are set
        except psutil.NoSuchProcess:
            return True
        except psutil.Error:
            return False
    old = time.time() - entry.when > SECONDS_OF_STRANGERS
    return old and bool(name or TEMPORARY_ONCE.fullmatch(entry.name))


def _keep_names(folder: Path) -> None:
    """Have the system keep which names a folder has, where it can: Windows cannot."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _require_file(found: os.stat_result, most: int) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is no file, but a device or a pipe")
    if found.st_size > most:
        raise OSError(errno.EFBIG, f"it has more than {most / 2**20:.0f} MB")


@contextmanager
def _keeping(folder: Path) -> Iterator[None]:
    """A folder to write in, made where it is missing. Raises FolderError for whatever cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise FolderError(f"Nothing can be kept in the folder {folder.name} ({reason(error, folder)}).") from error
