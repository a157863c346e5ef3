"""What a network is to whoever trains it or asks it, made from its settings or from what it has learnt."""

import math
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np

from core.config import CNNConfig, Config, MLPConfig
from core.data import SIDE
from core.images.augmentation import augmented
from core.mlp import MLP, MLPLearner

PIXELS_AT_ONCE = 2**18  # of a count: NumPy makes eight bytes of each first
PAPER_AND_INK = np.stack([np.full((SIDE, SIDE), level, np.uint8) for level in (0, 255)])


class Model(Protocol):
    """What an MLP and a CNN have in common."""

    @property
    def device(self) -> str: ...  # where it computes, in words
    def predict_proba(self, images: np.ndarray) -> np.ndarray: ...
    def arrays(self) -> dict[str, np.ndarray]: ...
    def load(self, arrays: dict[str, np.ndarray]) -> None: ...


class Learner(Protocol):
    """What takes the steps of a run: a network, its optimizer and the data."""

    def step(self, rows: np.ndarray, learning_rate: float, rng_key: tuple[int, ...]) -> Any: ...
    def state(self) -> dict[str, np.ndarray]: ...


def build(config: Config, images: np.ndarray) -> Model:
    """A new network for these settings; a CNN takes mean and deviation from the training images (n, 28, 28) uint8."""
    if isinstance(config, MLPConfig):
        return MLP(config.hidden_units, config.activation, config.seed)
    assert isinstance(config, CNNConfig)
    from core.cnn import ARCHITECTURES, best_device  # torch takes a second to import, and the MLP does without

    pixels = images.ravel()
    parts = range(0, pixels.size, PIXELS_AT_ONCE)
    counts = sum(np.bincount(pixels[part : part + PIXELS_AT_ONCE], minlength=256) for part in parts)
    levels = np.arange(256) / 255
    mean = float(counts @ levels) / images.size
    std = math.sqrt(float(counts @ (levels - mean) ** 2) / images.size)
    return ARCHITECTURES[config.architecture](config.seed, mean, std or 1.0).to(best_device())


def learner_of(
    config: Config,
    model: Model,
    images: np.ndarray,
    labels: np.ndarray,
    optimizer: Mapping[str, np.ndarray] = MappingProxyType({}),
) -> Learner:
    """What takes the steps: the network, its optimizer and the data in the form that it learns from.

    `optimizer` is what `Learner.state` gave, where a run goes on.
    """
    augment = partial(augmented, config.augmentation) if config.augmentation else None
    if isinstance(model, MLP):
        return MLPLearner(model, images, labels, config.batch_size, config.weight_decay, augment)
    from core.cnn import CNNLearner, Network

    assert isinstance(config, CNNConfig)
    assert isinstance(model, Network)
    learner = CNNLearner(model, images, labels, config.momentum, config.weight_decay, config.dropout, augment)
    learner.restore(optimizer)
    return learner


def snapshot(model: Model) -> dict[str, np.ndarray]:
    """A copy of the weights at half precision: enough for a picture, and half the size."""
    highest = np.finfo(np.float16).max
    return {name: array.clip(-highest, highest).astype(np.float16) for name, array in model.arrays().items()}


def restore(config: Config, arrays: dict[str, np.ndarray]) -> Model:
    """The network that `Model.arrays` described, whatever kind of float they are kept in.

    Raises ValueError unless every array has its name, shape and kind and is finite as the network will use it, and unless
    the network's answers are numbers.
    """
    model = build(config, np.zeros((1, SIDE, SIDE), np.uint8))
    expected = model.arrays()
    if arrays.keys() != expected.keys():
        raise ValueError(f"The arrays must be {', '.join(expected)}, not {', '.join(arrays)}.")
    used = {}
    for name, array in expected.items():
        given = arrays[name]
        if given.shape != array.shape or given.dtype.kind != "f":
            raise ValueError(f"{name} must be {array.shape} of floats, not {given.shape} of {given.dtype}.")
        with np.errstate(over="ignore"):
            used[name] = given.astype(array.dtype, copy=False)
        if not np.isfinite(used[name]).all():
            raise ValueError(f"{name} holds values that are no finite numbers.")
    model.load(used)
    with np.errstate(over="ignore", invalid="ignore"):
        if not np.isfinite(model.predict_proba(PAPER_AND_INK)).all():  # say, of a variance below zero
            raise ValueError("The network's answers are no finite numbers.")
    return model
