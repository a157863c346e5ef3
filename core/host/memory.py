"""What the C library is told about memory. The numbers are glibc's (mallopt(3)); elsewhere nothing happens."""

import ctypes
from functools import cache

TRIM_THRESHOLD, TOP_PAD, MMAP_THRESHOLD, ARENA_MAX = -1, -2, -3, -8
ARENAS = 2


@cache
def keep_memory() -> None:
    """Keep what arrays free for the next ones, instead of giving it back to the system: for a process that trains.

    A training step frees and asks for the same megabytes again and again. Getting each page anew from the system takes
    longer than computing with it, and Dask's own setting for its workers (MALLOC_TRIM_THRESHOLD_) returns it eagerly: with
    it an epoch of the CNN takes twice as long.
    """
    _tell({MMAP_THRESHOLD: 2**30, TRIM_THRESHOLD: 2**30, TOP_PAD: 2**26})


def share_memory() -> None:
    """Have all threads ask for memory in the same few places: for a server, which answers each rerun by another thread.

    By itself the library gives threads up to eight places for each processor, and what was freed in one serves no other. After
    some eighty views a server took 800 MB that takes 663 MB so, and the more processors, the more.
    """
    _tell({ARENA_MAX: ARENAS})


def _tell(settings: dict[int, int]) -> None:
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (TypeError, OSError, AttributeError):  # Windows has no library without a name, and macOS no mallopt
        return
    for name, value in settings.items():
        mallopt(name, value)
