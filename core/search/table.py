"""What a grid of runs has come to, as the rows of a table."""

from collections.abc import Mapping
from typing import Any

from core.config import NAMES
from core.kinds import label
from core.search.grid import Grid, Place
from core.search.outcome import Outcome
from core.search.seeds import deviation


def rows(grid: Grid, found: Mapping[Place, Outcome]) -> list[dict[str, Any]]:
    """Each place that is at its end: accuracies in percent, their standard deviation over the seeds and the gap in points, the time
    of a run in seconds. Where there is one seed everywhere there is no deviation; where some
    are compared before their end, it is said after which epoch.
    """
    finished = {place: one for place, one in found.items() if one.finished}
    several = any(one.seeds > 1 for one in finished.values())
    cut = any(one.epochs != grid.config(place).epochs for place, one in finished.items())
    return [
        {
            "Network": NAMES[place[0]],
            **{label(axis.setting): value for axis, value in zip(grid.axes, place[1:], strict=True)},
            "Seeds": one.seeds,
            **({"After epoch": one.epoch} if cut else {}),
            "Validation %": round(100 * one.validation.mean, 2),
            **({"SD, points": _points(deviation(one.values("validation")))} if several else {}),
            "Best validation %": round(100 * one.best.mean, 2),
            "Training %": round(100 * one.training.mean, 2),
            "Gap, points": round(one.gap.mean, 2),
            "Seconds": round(one.seconds.mean, 2),
        }
        for place, one in finished.items()
    ]


def _points(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 2)
