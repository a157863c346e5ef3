"""Training, as a generator that yields what happened. It does not print, draw, save or know who listens.

    for event in train(MLPConfig(epochs=3), load_digits()):
        print(event)

Stop iterating, and the training has stopped. Pass the checkpoint it stood at, and it goes on, bit for bit as if it had
never stopped: the order of the images in epoch e comes from `numpy.random.default_rng((seed, e))`, and every other random
number from (seed, e, step) as well.
"""

import math
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from core.config import Config
from core.data import Digits
from core.history import EpochEnd, Progress, is_over, snapshot_epochs
from core.images.drawn import order_of, with_drawings
from core.mlp import TINY
from core.networks import Learner, Model, build, learner_of, restore, snapshot

SECONDS_BETWEEN_PROGRESS = 0.15
IMAGES_BETWEEN_PROGRESS = 5_000  # of an evaluation: at most about 0.1 s of the CNN's on one core


class Diverged(ArithmeticError):
    """The loss is no longer a finite number. The message says when, and which setting to change."""


@dataclass
class Checkpoint:
    """Where a run stands: all that it takes to go on, and all that it has shown so far.

    Between two events of `train` the record is consistent: it can be saved, and it can be trained further.
    """

    config: Config
    model: Model
    history: list[EpochEnd] = field(default_factory=list)
    snapshots: dict[int, dict[str, np.ndarray]] = field(default_factory=dict)  # by epoch; 0 is the random start
    optimizer: dict[str, np.ndarray] = field(default_factory=dict)
    step: int = 0  # how many steps of the epoch after the history's last are done,
    loss_sum: float = 0.0  # with this summed loss,
    seconds: float = 0.0  # in this time
    test_accuracy: float | None = None  # known once the last epoch is over
    about: dict[str, Any] = field(default_factory=dict)  # machine, versions, when: nothing that training needs

    @property
    def done(self) -> bool:
        return self.test_accuracy is not None

    @property
    def total_seconds(self) -> float:
        return sum(epoch.seconds for epoch in self.history) + self.seconds

    def ends_after(self, epoch: int) -> bool:
        """Whether the run is over and this was its last epoch, after which its network is there as it is, not at half precision."""
        return self.done and epoch == len(self.history)


class Score(NamedTuple):
    """How good a network is on some images: the share it gets right, and its mean cross-entropy in nats."""

    accuracy: float
    loss: float


class Clock:
    """The time that training itself takes, written to its checkpoint; what the listener does in between is not counted."""

    def __init__(self, checkpoint: Checkpoint):
        self.checkpoint = checkpoint
        self.go_on()

    def due(self) -> bool:
        """Whether it is time for a word."""
        return time.perf_counter() - self.since >= SECONDS_BETWEEN_PROGRESS

    def count(self) -> None:
        """Count the time since it last went on."""
        self.checkpoint.seconds += time.perf_counter() - self.since
        self.go_on()

    def go_on(self) -> None:
        self.since = time.perf_counter()


def begin(config: Config, digits: Digits) -> Checkpoint:
    """The untrained network of these settings, with the random weights that its seed gives."""
    model = build(config, digits.x_train[: config.train_size])
    return Checkpoint(config, model, snapshots={0: snapshot(model)})


def train(config: Config, digits: Digits, start: Checkpoint | None = None) -> Iterator[Progress | EpochEnd]:
    """Train until the last epoch is over: `Progress` a few times a second, `EpochEnd` after each epoch.

    `start` is where to go on from, and it is kept up to date in place: pass `begin(config, digits)` to look at a network
    while it learns. Raises Diverged when the loss is no longer finite; `start` then holds what broke.
    """
    checkpoint = start or begin(config, digits)
    if checkpoint.config != config:
        raise ValueError(f"The checkpoint is of {checkpoint.config.key}, not of {config.key}.")
    clock = Clock(checkpoint)
    for event in _events(checkpoint, digits, clock):
        yield event
        clock.go_on()  # what the listener did is not counted


def _events(checkpoint: Checkpoint, digits: Digits, clock: Clock) -> Iterator[Progress | EpochEnd]:
    """All that happens until the last epoch is over."""
    config = checkpoint.config
    images, labels = digits.x_train[: config.train_size], digits.y_train[: config.train_size]
    learner = learner_of(config, checkpoint.model, *with_drawings(config, images, labels), checkpoint.optimizer)
    while not is_over(checkpoint.history, config):
        yield from _steps(checkpoint, learner, clock)
        scores = []
        for part in ((images, labels), (digits.x_val, digits.y_val)):
            scores.append((yield from _score(checkpoint, part, clock)))
        clock.count()
        event = _end_epoch(checkpoint, *scores)
        if is_over(checkpoint.history, config):
            checkpoint.test_accuracy = evaluate(checkpoint.model, digits.x_test, digits.y_test).accuracy
            checkpoint.optimizer = {}  # nobody goes on from here
        yield event


def _steps(checkpoint: Checkpoint, learner: Learner, clock: Clock) -> Iterator[Progress]:
    """The steps of the epoch after the history's last that are still to be done."""
    config, epoch, steps = checkpoint.config, len(checkpoint.history) + 1, checkpoint.config.steps_per_epoch
    learning_rate = _learning_rate(config, epoch)
    order = order_of(config, epoch)
    loss_sum = checkpoint.loss_sum
    for step in range(checkpoint.step, steps):
        rows = order[step * config.batch_size : (step + 1) * config.batch_size]
        loss_sum += learner.step(rows, learning_rate, rng_key=(config.seed, epoch, step))
        if clock.due() or step == steps - 1:
            seen = min((step + 1) * config.batch_size, config.train_size)
            checkpoint.step, checkpoint.loss_sum, checkpoint.optimizer = step + 1, float(loss_sum), learner.state()
            _check_finite(checkpoint.loss_sum, epoch, config)
            clock.count()
            yield Progress(epoch, step + 1, steps, checkpoint.loss_sum / seen)


def _score(
    checkpoint: Checkpoint, part: tuple[np.ndarray, np.ndarray], clock: Clock
) -> Generator[Progress, None, Score]:
    """How good the network is on some images, with a word every few thousand of them."""
    config, epoch, steps = checkpoint.config, len(checkpoint.history) + 1, checkpoint.config.steps_per_epoch
    for score_so_far in _evaluate(checkpoint.model, *part):
        score = score_so_far
        clock.count()
        yield Progress(epoch, steps, steps, checkpoint.loss_sum / config.train_size)
    _check_finite(score.loss, epoch, config)
    return score


def _end_epoch(checkpoint: Checkpoint, train_score: Score, val_score: Score) -> EpochEnd:
    """Note what an epoch has led to."""
    config, epoch = checkpoint.config, len(checkpoint.history) + 1
    event = EpochEnd(
        epoch,
        checkpoint.loss_sum / config.train_size,
        train_score.accuracy,
        val_score.accuracy,
        _learning_rate(config, epoch),
        checkpoint.seconds,
        val_score.loss,
    )
    checkpoint.history.append(event)
    checkpoint.step, checkpoint.loss_sum, checkpoint.seconds = 0, 0.0, 0.0
    if is_over(checkpoint.history, config) or epoch in snapshot_epochs(config.epochs):
        checkpoint.snapshots[epoch] = snapshot(checkpoint.model)
    return event


def _learning_rate(config: Config, epoch: int) -> float:
    """That of an epoch; they count from 1.

    By the decay it is multiplied by the same number after each; by the cosine it falls from the first epoch to next to nothing in
    the last, slowly at both ends (I. Loshchilov, F. Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017).
    """
    if config.schedule == "cosine":
        return config.learning_rate * (1 + math.cos(math.pi * (epoch - 1) / config.epochs)) / 2
    return config.learning_rate * config.learning_rate_decay ** (epoch - 1)


def evaluate(model: Model, images: np.ndarray, labels: np.ndarray) -> Score:
    """Images (n, 28, 28) and their labels (n,) -> accuracy from 0 to 1 and mean loss."""
    *_, score = _evaluate(model, images, labels)
    return score


def _evaluate(model: Model, images: np.ndarray, labels: np.ndarray) -> Iterator[Score]:
    """The score on the images so far, every few thousand of them, so that nobody waits long for a word."""
    right, loss = 0, 0.0
    for start in range(0, len(images), IMAGES_BETWEEN_PROGRESS):
        batch = labels[start : start + IMAGES_BETWEEN_PROGRESS]
        with np.errstate(over="ignore", invalid="ignore"):  # a run that diverges says so through its loss
            probs = model.predict_proba(images[start : start + IMAGES_BETWEEN_PROGRESS])
        right += int((probs.argmax(axis=1) == batch).sum())
        loss -= float(np.log(np.maximum(probs[np.arange(len(batch)), batch], TINY)).sum())
        seen = start + len(batch)
        yield Score(right / seen, loss / seen)


def model_at(checkpoint: Checkpoint, epoch: int) -> Model:
    """The network as it was after an epoch that has a snapshot, at the snapshot's half precision; 0 is untrained."""
    return restore(checkpoint.config, checkpoint.snapshots[epoch])


def _check_finite(loss: float, epoch: int, config: Config) -> None:
    if not math.isfinite(loss):
        gradient = "summed gradient" if config.network == "mlp" else "gradient"
        size = "1 image" if config.batch_size == 1 else f"{config.batch_size} images"
        raise Diverged(
            f"Diverged at epoch {epoch}: the learning rate {config.learning_rate} is too high for a {gradient} of {size}."
        )
