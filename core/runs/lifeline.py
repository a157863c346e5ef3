"""Runs one of Dask's commands, and ends it soon after the dashboard's process has died: python -P lifeline.py MODULE ARGUMENTS.

It imports nothing of ours, so that it watches before anything else has begun.
"""

import os
import runpy
import shutil
import sys
import time
from pathlib import Path
from threading import Thread

import psutil

FOLDER = "DIGIT_LAB_SCRATCH"  # the environment variable that names the folder of such processes, which goes with them
SECONDS_BETWEEN_LOOKS = 0.5
SAME = 60.0  # s; a process's age comes from a clock that may be set, another process of its number is younger by more


def folder_name() -> str:
    """How the folder begins that belongs to this process: it says whose it is."""
    process = psutil.Process()
    return f"digit-lab-{process.pid}-{process.create_time():.0f}-"


def owner(folder: Path) -> psutil.Process | None:
    """The process that such a folder belongs to, or None once it is gone. Its number alone may by now be another's."""
    pid, created = map(int, folder.name.split("-")[2:4])
    try:
        process = psutil.Process(pid)
        return process if abs(process.create_time() - created) < SAME else None
    except psutil.NoSuchProcess:
        return None


def lives(process: psutil.Process) -> bool:
    """Whether a process still runs: one that has ended stays in the system's list until its parent has taken note."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _watch(folder: Path, dashboard: psutil.Process | None) -> None:
    while dashboard is not None and lives(dashboard):
        time.sleep(SECONDS_BETWEEN_LOOKS)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


if __name__ == "__main__":
    scratch = Path(os.environ[FOLDER])
    Thread(target=_watch, args=(scratch, owner(scratch)), daemon=True, name="lifeline").start()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
