"""Finished runs on a shelf whose numbers are known, several seeds of each setting: nothing has to be trained for them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from core import checkpoints
from core.config import Config
from tests import hostile


def finished(
    config: Config, ends: Sequence[float], folder: Path, gap: float = 0.02, seconds: float = 1.0
) -> list[Config]:
    """A run for each of these validation accuracies at the end, with seeds from 0 on; the test accuracy is one point lower.

    Validation accuracy rises by a point with every epoch, but for the last, which loses half a point.
    """
    return [_put(replace(config, seed=seed), end, folder, gap, seconds) for seed, end in enumerate(ends)]


def _put(config: Config, end: float, folder: Path, gap: float, seconds: float) -> Config:
    run, last = hostile.sound(config), config.epochs
    for i, event in enumerate(run.history):
        val = end if event.epoch == last else end + 0.005 - 0.01 * (last - 1 - event.epoch)
        run.history[i] = event._replace(
            val_accuracy=val, train_accuracy=val + gap, val_loss=0.5, loss=0.4, seconds=seconds
        )
    run.test_accuracy = end - 0.01
    checkpoints.path_of(config.key, folder).write_bytes(checkpoints.dumps(run))
    return config
