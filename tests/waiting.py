"""Waiting for what must happen, on a machine that may be busy."""

import time
from collections.abc import Callable


def wait_until(condition: Callable[[], object], seconds: float = 240.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
