"""Who is next: the order in which runs start, and when each will. Pure: it knows neither workers nor files."""

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from core.checkpoints import Summary
from core.runs.estimate import estimate
from core.runs.run import Run


def line(runs: Iterable[Run], taken: Collection[str] = ()) -> list[Run]:
    """The queued runs in the order in which they start: one of each visitor in turn, in the order they were asked for.

    The next is always of the visitor who has least in training and ahead in the line, so that nobody's long list holds up
    somebody else's single run. `taken` are the keys of the runs that workers have.
    """
    runs = list(runs)
    queued = sorted((run for run in runs if run.status == "queued" and run.key not in taken), key=lambda run: run.asked)
    has = Counter(run.visitor for run in runs if run.key in taken)
    ordered = []
    while queued:
        run = min(queued, key=lambda run: has[run.visitor])  # the first of them asked first
        queued.remove(run)
        ordered.append(run)
        has[run.visitor] += 1
    return ordered


def starts(waiting: Sequence[Run], training: Sequence[Run], finished: Sequence[Summary]) -> dict[str, float]:
    """In how many seconds each waiting run starts, by key, as far as the pace of those in training tells.

    `waiting` are in their order, and `finished` is what their times are estimated from; after one that cannot be estimated
    nothing can be said.
    """
    left = [run.seconds_left for run in training]
    free = [seconds for seconds in left if seconds is not None]  # when each worker is free again
    if not free or len(free) < len(left):
        return {}
    heapq.heapify(free)
    found: dict[str, float] = {}
    for run in waiting:
        found[run.key] = heapq.heappop(free)
        expected = estimate(run.config, finished)
        if expected is None:
            break
        heapq.heappush(free, found[run.key] + expected.seconds)
    return found
