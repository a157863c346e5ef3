"""python -m tests.fuzz [inputs] [seed]: 100,000 inputs unless told otherwise, and a table of what became of them."""

import logging
import resource
import sys
import time
import traceback
import warnings
from collections import Counter

from tests.fuzz.feed import IN_ONE_GO, feed
from tests.fuzz.quiet import quiet
from tests.fuzz.targets import TARGETS


def main(total: int = 100_000, seed: int = 0) -> int:
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("error", RuntimeWarning)
    warnings.simplefilter("ignore", UserWarning)  # what Pillow says of tags that are none
    failures, before = 0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{'target':14}{'inputs':>9}{'taken':>9}{'mended':>9}{'refused':>9}{'failed':>8}{'seconds':>9}")
    with quiet():
        for name, (_, share) in TARGETS.items():
            n, began = max(1, round(total * share)), time.monotonic()
            counts: Counter[str] = Counter()
            for first in range(0, n, IN_ONE_GO):
                try:
                    counts += feed(name, min(IN_ONE_GO, n - first), seed + first)
                except Exception:
                    counts["failed"] += 1
                    print(f"--- {name}, from input {first} on:\n{traceback.format_exc()}", file=sys.stderr)
            failures += counts["failed"]
            columns = [counts.total(), counts["taken"], counts["mended"], counts["refused"]]
            words = "".join(f"{column:9,}" for column in columns)
            print(f"{name:14}{words}{counts['failed']:8,}{time.monotonic() - began:9.0f}", flush=True)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"memory at its highest: {grown:.0f} MB above the beginning; failures: {failures}")
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
