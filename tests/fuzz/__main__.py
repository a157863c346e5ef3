"""python -m tests.fuzz [inputs] [seed] [target …]: 100,000 inputs unless told otherwise, and a table of what became of them.

The last column is the memory that the input has taken that took most, in MB: the first ones of a target load what it needs.
"""

import logging
import sys
import time
import traceback
import warnings

from tests.fuzz.feed import IN_ONE_GO, Fed, feed
from tests.fuzz.quiet import quiet
from tests.fuzz.targets import TARGETS


def main(total: int, seed: int, *names: str) -> int:
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("error", RuntimeWarning)
    warnings.simplefilter("ignore", UserWarning)  # what Pillow says of tags that are none
    failures = 0
    print(f"{'target':14}{'inputs':>9}{'taken':>9}{'mended':>9}{'refused':>9}{'failed':>8}{'seconds':>9}{'MB':>6}")
    with quiet():
        for name in names or TARGETS:
            n, began = max(1, round(total * TARGETS[name][1])), time.monotonic()
            fed = Fed()
            for first in range(0, n, IN_ONE_GO):
                try:
                    feed(name, min(IN_ONE_GO, n - first), seed + first, fed)
                except Exception:
                    fed.counts["failed"] += 1
                    print(f"--- {name}, from input {first} on:\n{traceback.format_exc()}", file=sys.stderr)
            counts, failed = fed.counts, fed.counts["failed"]
            failures += failed
            columns = [counts.total(), counts["taken"], counts["mended"], counts["refused"]]
            words = "".join(f"{column:9,}" for column in columns)
            print(f"{name:14}{words}{failed:8,}{time.monotonic() - began:9.0f}{fed.megabytes:6.0f}", flush=True)
    print(f"failures: {failures}")
    return int(failures > 0)


if __name__ == "__main__":
    total, seed, *names = [*sys.argv[1:], *("100000", "0")[len(sys.argv) - 1 :]]
    sys.exit(main(int(total), int(seed), *names))
