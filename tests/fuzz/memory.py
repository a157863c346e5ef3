"""How much memory something takes at its highest, where the system says so: Linux does."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STATUS, FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
SAYS_SO = os.access(FORGET, os.W_OK)


class Taken:
    """Megabytes above what there was at the beginning."""

    megabytes = 0.0


@contextmanager
def taken() -> Iterator[Taken]:
    """What is done in here, and how much memory it has taken at its highest once it is done."""
    found = Taken()
    if SAYS_SO:
        FORGET.write_text("5")  # the highest is what there is now; proc(5)
        before = _highest()
    yield found
    if SAYS_SO:
        found.megabytes = _highest() - before


def _highest() -> float:
    found = re.search(rb"VmHWM:\s+(\d+) kB", STATUS.read_bytes())
    assert found
    return int(found[1]) / 1024
