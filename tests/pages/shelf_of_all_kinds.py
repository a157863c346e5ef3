"""A shelf with runs of every kind, and what is true of each: computed here from its weights and MNIST, with NumPy alone."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from time import monotonic, sleep

import numpy as np

from core import checkpoints, description
from core.checkpoints import load  # itself: what pages take for it is patched
from core.config import PRESETS, CNNConfig, Config, MLPConfig
from core.data import Digits
from core.history import EpochEnd
from core.networks import Model
from core.runs import Run, Runs
from core.training import begin, model_at, train

# Really trained, each so small that it takes a second or less.
FINISHED: dict[str, Config] = {
    "one tenth": MLPConfig(train_size=100, learning_rate=1.0, epochs=3, activation="relu"),
    "one tenth, CNN": CNNConfig(train_size=100, learning_rate=1.0, epochs=3),
    "sure and wrong": MLPConfig(train_size=100, learning_rate=1.0, epochs=12, hidden_units=256, activation="tanh"),
    "one epoch": MLPConfig(train_size=200, epochs=1, hidden_units=16),
    "ended early": MLPConfig(train_size=200, epochs=60, hidden_units=16, learning_rate=0.05, patience=2),
}
SWEPT = {"learning_rate": 0.02, "epochs": 4}
SWEEP: dict[str, Config] = {
    f"{network} {size} {seed}": kind(train_size=size, seed=seed, **SWEPT)
    for network, kind, sizes, seeds in (("mlp", MLPConfig, (200, 1_000), 2), ("cnn", CNNConfig, (200, 1_000), 1))
    for size in sizes
    for seed in range(seeds)
}
# Two values of each of two settings: with two seeds, and a third that only the first place has.
SEARCHED_FOR = {"train_size": 500, "epochs": 5, "hidden_units": 16}
SEARCHED: dict[str, Config] = {
    f"rate {rate}, batch {batch}, {seed}": MLPConfig(learning_rate=rate, batch_size=batch, seed=seed, **SEARCHED_FOR)
    for rate in (0.02, 0.05)
    for batch in (8, 32)
    for seed in range(3 if (rate, batch) == (0.02, 8) else 2)
}
# Each with the number of epochs after which it is stopped; 0 is within the first one.
STOPPED: dict[str, tuple[Config, int]] = {
    "stopped": (MLPConfig(train_size=1_000, epochs=60, hidden_units=32), 5),
    "stopped, CNN": (CNNConfig(train_size=500, epochs=20), 2),
    "begun": (MLPConfig(train_size=5_000, epochs=60, activation="tanh"), 0),
    "begun, CNN": (CNNConfig(train_size=5_000, epochs=20, seed=1), 0),
    "mlp 2000 0": (MLPConfig(train_size=2_000, **SWEPT), 2),  # of the sweep as well
}
DIVERGED: dict[str, Config] = {
    "diverged": CNNConfig(
        train_size=2_000, learning_rate=1.0, momentum=0.99, weight_decay=0.1, epochs=4
    ),  # after an epoch
    "diverged at once": CNNConfig(
        train_size=100, learning_rate=1.0, momentum=0.99, dropout=0.0, batch_size=1, epochs=4
    ),
    "diverged in a sweep": CNNConfig(train_size=500, learning_rate=1.0, epochs=3),
}
WORKERS = 2
LATER: dict[str, Config] = {  # nobody has trained it
    "missing": MLPConfig(train_size=500, epochs=2)
}


@dataclass
class Answered:
    """What a network says to the 10,000 images of a part, and what would have been right."""

    probs: np.ndarray  # (10000, 10)
    labels: np.ndarray  # (10000,)

    @cached_property
    def digits(self) -> np.ndarray:
        return self.probs.argmax(axis=1)

    @cached_property
    def confidence(self) -> np.ndarray:
        return self.probs.max(axis=1)

    @cached_property
    def right(self) -> np.ndarray:
        return self.digits == self.labels

    @cached_property
    def accuracy(self) -> float:
        return float(self.right.mean())

    @cached_property
    def matrix(self) -> np.ndarray:
        """How many images of each true digit (rows) got each answer (columns)."""
        counts = np.zeros((10, 10), int)
        np.add.at(counts, (self.labels, self.digits), 1)
        return counts


class Facts:
    """What is true of a run."""

    def __init__(self, kind: str, run: Run, runs: Runs, mnist: Digits):
        self.kind, self.config, self.status, self.error = kind, run.config, run.status, run.error
        self.key, self.network = run.key, run.config.network
        self.run, self.mnist, self.folder = run, mnist, runs.folder
        self._after: dict[int, Model] = {}
        self._answered: dict[tuple[int, str], Answered] = {}

    @cached_property
    def checkpoint(self):
        return load(self.key, self.folder)

    @property
    def history(self) -> list[EpochEnd]:
        return self.run.history if self.status == "failed" else self.checkpoint.history

    @property
    def kept(self) -> list[int]:
        """The epochs whose weights are kept."""
        return sorted(self.checkpoint.snapshots)

    @property
    def as_it_is(self):
        """The network as it stands, wherever it was stopped."""
        return self.checkpoint.model

    def after(self, epoch: int):
        """The network as it was after an epoch."""
        saved = self.checkpoint
        if epoch not in self._after:
            is_the_end = saved.done and epoch == len(saved.history)
            self._after[epoch] = saved.model if is_the_end else model_at(saved, epoch)
        return self._after[epoch]

    def answered(self, epoch: int, part: str) -> Answered:
        if (epoch, part) not in self._answered:
            images, labels = self.images(part)
            self._answered[epoch, part] = Answered(self.after(epoch).predict_proba(images), labels.astype(int))
        return self._answered[epoch, part]

    def images(self, part: str) -> tuple[np.ndarray, np.ndarray]:
        mnist = self.mnist
        return (mnist.x_test, mnist.y_test) if part == "test" else (mnist.x_val, mnist.y_val)

    @property
    def finished(self) -> bool:
        return self.status == "done"


def fill(runs: Runs, mnist: Digits) -> dict[str, Facts]:
    """Put runs of every kind beside the report's, and say what is true of each, by its kind."""
    failing = [runs.start(config) for config in DIVERGED.values()]
    for config in [*FINISHED.values(), *SWEEP.values(), *SEARCHED.values()]:
        _train(runs, mnist, config, lambda checkpoint: False)
    for config, epochs in STOPPED.values():
        _train(runs, mnist, config, lambda checkpoint, epochs=epochs: len(checkpoint.history) >= epochs)
    deadline = monotonic() + 120
    while any(run.live for run in failing) and monotonic() < deadline:
        sleep(0.05)
    named = {name: config for name, (config, _) in STOPPED.items()} | FINISHED | SWEEP | SEARCHED | DIVERGED | PRESETS
    facts = {kind: Facts(kind, runs.find(config.key), runs, mnist) for kind, config in named.items()}
    assert all(facts[kind].status == "stopped" for kind in STOPPED)
    # Where exactly the numbers overflow is a matter of the processor: that some of these runs do is enough.
    assert any(facts[kind].status == "failed" for kind in DIVERGED)
    return {kind: one for kind, one in facts.items() if kind not in DIVERGED or one.status == "failed"}


def _train(runs: Runs, mnist: Digits, config: Config, is_enough: Callable) -> None:
    """Train until it is done, or stop as soon as that is enough."""
    checkpoint = begin(config, mnist)
    for _ in train(config, mnist, checkpoint):
        if is_enough(checkpoint):
            break
    checkpoint.about = description.about(checkpoint.model)
    checkpoints.save(checkpoint, runs.folder)
