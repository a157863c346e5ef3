"""The report's comparison of training-set sizes: its two MLP runs together, beside the longer one alone."""

import tempfile
import time
from itertools import count
from pathlib import Path

from benchmarks.compare import Comparison, Target
from core.config import Config, MLPConfig
from core.data import Digits
from core.runs import Runs


def together(_: Digits) -> Comparison:
    """Both runs on two workers. Every round takes seeds of its own, so that nothing is in the cache."""
    runs = Runs(Path(tempfile.mkdtemp(prefix="digit-lab-")), workers=2)
    seeds = count(1)

    def train(*configs: Config) -> None:
        started = [runs.start(config) for config in configs]
        while any(run.live for run in started):
            time.sleep(0.01)

    def both() -> None:
        seed = next(seeds)
        train(MLPConfig(seed=seed), MLPConfig(train_size=2_000, seed=seed))

    train(MLPConfig(train_size=100, epochs=1), MLPConfig(train_size=100, epochs=1, seed=1))  # the workers are up
    return Comparison(
        "The report's two MLP runs, 70 epochs on 50,000 and on 2,000 images, on two workers",
        2,
        {"50,000 images alone": lambda: train(MLPConfig(seed=next(seeds))), "ours": both},
        [Target("ours", "at most", 1.25, "50,000 images alone")],
    )
