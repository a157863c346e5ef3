"""A file that says that somebody is at work on a search, so that no second process asks for its runs at the same time."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psutil

from core.files.folder import MACHINE, FolderError, reason

SECONDS_OF_A_BEAT = 5.0
SECONDS_OF_SILENCE = 60.0  # after which a claim is nobody's, on whichever machine it was made
MOST_BYTES = 1_000


class Taken(RuntimeError):
    """Somebody else is at work. The message is one sentence."""


@contextmanager
def claimed(path: Path) -> Iterator[None]:
    """Nobody else is at work as long as this lasts. Raises Taken where somebody is, and FolderError where nothing can be kept."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not _made(path):
            if not _is_nobodys(path):
                raise Taken("This search goes on in another process of the same folder.")
            path.unlink(missing_ok=True)
            if not _made(path):
                raise Taken("This search has just been taken up by another process of the same folder.")
    except OSError as error:
        raise FolderError(
            f"Nothing can be kept in the folder {path.parent.name} ({reason(error, path.parent)})."
        ) from None
    over = Event()
    beat = Thread(target=_beat, args=(path, over), daemon=True, name="claim")
    beat.start()
    try:
        yield
    finally:
        over.set()
        beat.join()
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _made(path: Path) -> bool:
    """Make the file, unless there is one."""
    who = {"machine": MACHINE, "pid": os.getpid(), "began": psutil.Process().create_time()}
    try:
        with open(path, "x", encoding="utf-8") as file:
            json.dump(who, file)
    except FileExistsError:
        return False
    return True


def _beat(path: Path, over: Event) -> None:
    while not over.wait(SECONDS_OF_A_BEAT):
        with suppress(OSError):
            os.utime(path)


def _is_nobodys(path: Path) -> bool:
    """Whether whoever made it is no more: their process is gone, or they have been silent for too long."""
    try:
        if time.time() - path.stat().st_mtime > SECONDS_OF_SILENCE:
            return True
        with open(path, encoding="utf-8") as file:
            who: Any = json.loads(file.read(MOST_BYTES))
        if who["machine"] != MACHINE:
            return False
        return (
            abs(psutil.Process(int(who["pid"])).create_time() - float(who["began"])) > 2
        )  # seconds: numbers come again
    except (FileNotFoundError, psutil.NoSuchProcess):
        return True
    except (ValueError, KeyError, TypeError, RecursionError, OSError, psutil.Error):
        return False  # it may be half written at this moment; if not, it is silent
