"""What a training led to, in a form that two trainings can be compared by."""

import hashlib

import numpy as np

from core.config import Config
from core.data import Digits
from core.training import Checkpoint, begin, train


def run(config: Config, digits: Digits) -> Checkpoint:
    """Train from the start to the end."""
    checkpoint = begin(config, digits)
    for _ in train(config, digits, checkpoint):
        pass
    return checkpoint


def begun(config: Config, digits: Digits, epochs: int) -> Checkpoint:
    """Train from the start until so many epochs are over."""
    checkpoint = begin(config, digits)
    training = train(config, digits, checkpoint)
    while len(checkpoint.history) < epochs:
        next(training)
    return checkpoint


def outcome(checkpoint: Checkpoint) -> dict:
    """Every bit of a run except the time that it took. Arrays become digests, which a failing test can print."""
    return {
        "config": checkpoint.config,
        "history": [event._replace(seconds=0) for event in checkpoint.history],
        "position": (checkpoint.step, checkpoint.loss_sum, checkpoint.test_accuracy),
        "model": digests(checkpoint.model.arrays()),
        "optimizer": digests(checkpoint.optimizer),
        "snapshots": {epoch: digests(arrays) for epoch, arrays in checkpoint.snapshots.items()},
    }


def digests(arrays: dict[str, np.ndarray]) -> dict[str, str]:
    return {name: f"{a.dtype}{a.shape} {hashlib.sha256(a.tobytes()).hexdigest()[:12]}" for name, a in arrays.items()}
