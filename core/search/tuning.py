"""The report's tuning, redone: what it only speaks of ("I also experimented with various learning rates …").

Each grid varies a hyperparameter of one of its runs, or two of them, and leaves the others as the report has them.
"""

from dataclasses import replace
from typing import Any, NamedTuple

from core.config import REPORT, Config, MLPConfig
from core.search.grid import QUICK, Axis, Grid, alike, usual_values

RATES, BATCHES = (0.001, 0.003, 0.01, 0.03, 0.1), (16, 32, 64, 128, 256)


def _around(run: str, seeds: int = 3, **values: tuple[Any, ...]) -> Grid:
    """A run of the report's over these values of a setting, or of two."""
    axes = tuple(Axis(setting, tried) for setting, tried in values.items())
    return Grid(shared=(REPORT[run],), axes=axes, seeds=seeds)


TUNING: dict[str, Grid] = {
    "MLP: learning rate": _around("MLP small", learning_rate=RATES),
    "MLP: weight decay": _around("MLP small", weight_decay=(0.0, 0.0001, 0.001, 0.01, 0.1)),
    "MLP: batch size": _around("MLP small", batch_size=BATCHES),
    "MLP: epochs": _around("MLP small", epochs=(10, 20, 50, 70, 100)),
    "MLP: rate and batch": _around("MLP small", seeds=2, learning_rate=RATES, batch_size=BATCHES),
    "CNN: dropout": _around("CNN small", dropout=(0.0, 0.25, 0.5, 0.75)),
    "CNN: weight decay": _around("CNN small", weight_decay=(0.0, 0.0001, 0.001, 0.01)),
}
# What the page Search opens with.
FIRST = Grid(shared=alike(("mlp",), QUICK), axes=(Axis("learning_rate", usual_values("learning_rate")),), seeds=3)


JUDGES = 5  # seeds that the test images see of settings which were chosen without them


class Judged(NamedTuple):
    """Settings of an MLP of the report's size, and how they were come by."""

    words: str
    config: MLPConfig

    def runs(self) -> list[Config]:
        return [replace(self.config, seed=seed) for seed in range(JUDGES)]


# Chosen by their accuracy on the validation images alone.
JUDGED = (
    Judged("the report's", MLPConfig(train_size=2_000)),
    Judged(
        "the best found without augmentation",
        MLPConfig(train_size=2_000, activation="relu", epochs=100, schedule="cosine", weight_decay=0.1),
    ),
    Judged(
        "the best found",
        MLPConfig(train_size=2_000, activation="relu", epochs=200, schedule="cosine", augmentation=1.0),
    ),
    Judged("the report's", MLPConfig()),
    Judged(
        "the best found without augmentation",
        MLPConfig(activation="relu", epochs=50, schedule="cosine", weight_decay=0.01),
    ),
    Judged(
        "the best found",
        MLPConfig(activation="relu", epochs=200, schedule="cosine", augmentation=0.3),
    ),
)


def configs() -> list[Config]:
    """The settings of all these runs, each once."""
    tuned = [config for grid in (*TUNING.values(), FIRST) for config in grid.configs()]
    return list(dict.fromkeys([*tuned, *(config for judged in JUDGED for config in judged.runs())]))


def is_judged(config: Config) -> bool:
    """Whether the test images are asked about a run of these settings."""
    return any(config in judged.runs() for judged in JUDGED)
