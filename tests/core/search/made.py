"""Runs whose end is known, for what is said of them."""

from core.history import EpochEnd
from core.search.outcome import Attempt

EPOCHS = 3


def run(train: float, val: float, best: float | None = None, loss: float = 0.3) -> Attempt:
    """A finished run of three epochs that ends with these accuracies; `best` is the validation accuracy of the one before."""
    rising = [
        EpochEnd(1, 1.0, train / 2, val / 2, 0.01, 1.0, 1.0),
        EpochEnd(2, 0.5, train, best or val / 2, 0.01, 1.0, 0.5),
    ]
    return Attempt([*rising, EpochEnd(EPOCHS, loss, train, val, 0.01, 1.0, loss)])


def seeds(train: float, *vals: float) -> list[Attempt]:
    """A run for each of these validation accuracies, all with about this training accuracy."""
    return [run(train + i / 10_000, val) for i, val in enumerate(vals)]


def diverged(n: int = 1) -> list[Attempt]:
    return [Attempt([], "failed", "Diverged in epoch 1: the loss is no number.")] * n


MISSING = Attempt([], "missing")
