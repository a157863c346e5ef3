"""python -m tests.fuzz [inputs] [seed]: 100,000 inputs unless told otherwise, and a table of what became of them."""

import logging
import resource
import sys
import time
import traceback
import warnings
from random import Random

from tests.fuzz.quiet import quiet
from tests.fuzz.targets import TARGETS


def main() -> int:
    total, seed = (int(sys.argv[1]) if len(sys.argv) > 1 else 100_000), (int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("error", RuntimeWarning)
    failures, before = 0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{'target':14}{'inputs':>9}{'taken':>9}{'mended':>9}{'refused':>9}{'failed':>8}{'seconds':>9}")
    with quiet():
        for name, (target, share) in TARGETS.items():
            n, began = max(1, round(total * share)), time.monotonic()
            counts = {"taken": 0, "mended": 0, "refused": 0, "failed": 0}
            for i in range(n):
                try:
                    counts[target(Random(f"{name} {seed} {i}"))] += 1
                except Exception:
                    counts["failed"] += 1
                    if counts["failed"] <= 3:
                        print(f'--- {name}: Random("{name} {seed} {i}")\n{traceback.format_exc()}', file=sys.stderr)
            failures += counts["failed"]
            taken, mended, refused, failed = counts.values()
            print(
                f"{name:14}{n:9,}{taken:9,}{mended:9,}{refused:9,}{failed:8,}{time.monotonic() - began:9.0f}",
                flush=True,
            )
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"memory at its highest: {grown:.0f} MB above the beginning; failures: {failures}")
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())
