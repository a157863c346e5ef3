"""Runs that are compared, together on two workers, beside the same one by one: what two workers and their queue are worth."""

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

from benchmarks.compare import Comparison, Target
from core.config import Config, MLPConfig
from core.data import Digits
from core.runs import Runs
from core.search.grid import Axis, Grid


def together(_: Digits) -> Comparison:
    """Both runs on two workers. Every round takes seeds of its own, so that nothing is in the cache."""
    train, seeds = _two_workers(), count(1)

    def both() -> None:
        seed = next(seeds)
        train(MLPConfig(seed=seed), MLPConfig(train_size=2_000, seed=seed))

    return Comparison(
        "The report's two MLP runs, 70 epochs on 50,000 and on 2,000 images, on two workers",
        2,
        {"50,000 images alone": lambda: train(MLPConfig(seed=next(seeds))), "ours": both},
        [Target("ours", "at most", 1.25, "50,000 images alone")],
    )


def twelve(_: Digits) -> Comparison:
    """A search of four learning rates with three seeds. Every round takes seeds of its own, so that nothing is in the cache."""
    train, firsts = _two_workers(), count(1, 3)

    def grid() -> list[Config]:
        first, shared = next(firsts), MLPConfig(train_size=10_000, epochs=15)
        axes = (Axis("learning_rate", (0.003, 0.01, 0.03, 0.1)),)
        return [
            replace(config, seed=first + config.seed) for config in Grid(shared=(shared,), axes=axes, seeds=3).configs()
        ]

    def one_by_one() -> None:
        for config in grid():
            train(config)

    return Comparison(
        "A search of twelve runs, four learning rates with three seeds, on two workers",
        2,
        {"one by one": one_by_one, "ours": lambda: train(*grid())},
        [Target("ours", "at most", 1.15 / 2, "one by one")],
    )


def _two_workers() -> Callable[..., None]:
    """What trains runs, all of them at once, and waits for them, on two workers that are up."""
    runs = Runs(Path(tempfile.mkdtemp(prefix="digit-lab-")), workers=2)

    def train(*configs: Config) -> None:
        started = [runs.start(config) for config in configs]
        while any(run.live for run in started):
            time.sleep(0.01)

    train(MLPConfig(train_size=100, epochs=1), MLPConfig(train_size=100, epochs=1, seed=1))
    return train
