"""What more data buys: what the runs of each training-set size came to."""

from collections.abc import Mapping, Sequence

from core.config import NAMES, NETWORKS
from core.search.grid import Place
from core.search.outcome import Attempt, Outcome, outcome


def outcomes(panels: Mapping[Place, Sequence[Attempt]], epochs: int, patience: int = 0) -> list[Outcome]:
    """The outcome of each network and size that has one. Of its settings it knows those alone that a size is read by."""
    found = [
        outcome(NETWORKS[network](train_size=size, epochs=epochs, patience=patience), attempts)
        for (network, size), attempts in panels.items()
    ]
    return [one for one in found if one is not None]


def rows(outcomes: Sequence[Outcome]) -> list[dict]:
    """The same numbers as a table: accuracies in percent, the gap in points, the time in seconds.

    The ends of the gap over the seeds are there if anything has more than one.
    """
    several = any(outcome.seeds > 1 for outcome in outcomes)
    return [
        {
            "Network": NAMES[outcome.network],
            "Images": outcome.size,
            "Seeds": outcome.seeds,
            "After epoch": outcome.epoch,
            "Training %": round(outcome.training.mean * 100, 2),
            "Validation %": round(outcome.validation.mean * 100, 2),
            "Gap, points": round(outcome.gap.mean, 2),
        }
        | ({"Gap from": round(outcome.gap.low, 2), "Gap to": round(outcome.gap.high, 2)} if several else {})
        | {"Seconds": round(outcome.seconds.mean, 2)}
        for outcome in outcomes
    ]
