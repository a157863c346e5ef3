"""A trained network with parts of it switched off, pruned or covered in noise: a copy, the network itself stays as it was."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.config import Config
from core.kinds import Range, SettingsError, check_settings, setting
from core.networks import Model, restore

# Of a curve: finer where it falls.
PRUNED_PERCENTS = (0, 10, 20, 30, 40, 50, 60, 65, 70, 75, 80, 85, 90, 93, 96, 98, 100)
NOISE = Range(0.0, 2.0, float)  # standard deviation, in those of each layer's weights


@dataclass(frozen=True)
class Ablation:
    """What is done to a network, in this order: noise, pruning, switching off. Raises SettingsError outside the limits."""

    noise: float = setting(0.0, NOISE)
    noise_seed: int = setting(0, Range(0, 9999, int))
    prune: int = setting(0, Range(0, 100, int))  # percent of all weights, the smallest
    off: tuple[int, ...] = ()  # units by number, as `units` counts them

    def __post_init__(self) -> None:
        check_settings(self)


class Unit(NamedTuple):
    """A hidden neuron of an MLP, or a filter of a CNN: its layer's name, and its number there."""

    layer: str
    number: int


def ablated(config: Config, model: Model, ablation: Ablation) -> Model:
    """A copy of the network, ablated. Raises SettingsError for a unit that it does not have."""
    arrays = {name: np.array(array) for name, array in model.arrays().items()}
    there = units(arrays)
    strangers = [unit for unit in ablation.off if not 0 <= unit < len(there)]
    if strangers:
        raise SettingsError(f"The units are numbered 0 to {len(there) - 1}, so there is no {strangers[0]}.")
    _add_noise(arrays, ablation.noise, ablation.noise_seed)
    _prune(arrays, ablation.prune)
    for unit in ablation.off:
        _switch_off(arrays, there[unit])
    return restore(config, arrays)


def weights(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Those of a network's arrays that are weights of connections, layer by layer: neither biases nor normalisation."""
    return {name: array for name, array in arrays.items() if array.ndim >= 2}


def units(arrays: dict[str, np.ndarray]) -> list[Unit]:
    """What can be switched off: the hidden neurons of an MLP, the filters of a CNN, counted through its convolutions."""
    layers = weights(arrays)
    convolutions = [name for name, array in layers.items() if array.ndim == 4] or [next(iter(layers))]
    return [Unit(name.removesuffix(".weight"), number) for name in convolutions for number in range(len(layers[name]))]


def least_important(arrays: dict[str, np.ndarray]) -> np.ndarray:
    """The units, least important first, judged by their weights alone.

    A neuron counts by the length of its output weights, a filter by the sum of the sizes of its weights (H. Li and others,
    "Pruning filters for efficient ConvNets", 2017), each relative to the mean of its layer.
    """
    layers, importance = list(weights(arrays).values()), []
    if any(array.ndim == 4 for array in layers):
        sums = [np.abs(array).sum(axis=(1, 2, 3)) for array in layers if array.ndim == 4]
    else:
        sums = [np.linalg.norm(layers[1], axis=0)]
    for size in sums:
        importance.append(size / (size.mean() or 1.0))
    return np.argsort(np.concatenate(importance), kind="stable")


def _add_noise(arrays: dict[str, np.ndarray], noise: float, seed: int) -> None:
    """Add normal noise to every layer's weights, in place. The same seed is the same noise, more or less of it."""
    if noise == 0:
        return
    for place, array in enumerate(weights(arrays).values()):
        drawn = np.random.default_rng((seed, place)).standard_normal(array.shape)
        array += (noise * array.std() * drawn).astype(array.dtype)


def _prune(arrays: dict[str, np.ndarray], percent: int) -> None:
    """Set the smallest weights to zero, in place: this share of all there are, over all layers together."""
    layers = weights(arrays)
    sizes = np.concatenate([np.abs(array).ravel() for array in layers.values()])
    n = round(percent / 100 * sizes.size)
    smallest = np.zeros(sizes.size, bool)
    smallest[np.argsort(sizes, kind="stable")[:n]] = True
    start = 0
    for array in layers.values():
        array[smallest[start : start + array.size].reshape(array.shape)] = 0
        start += array.size


def _switch_off(arrays: dict[str, np.ndarray], unit: Unit) -> None:
    """Let nobody listen to a unit, in place: the weights from it to the next layer become zero."""
    layers = {name.removesuffix(".weight"): array for name, array in weights(arrays).items()}
    names = list(layers)
    following = layers[names[names.index(unit.layer) + 1]]
    if following.ndim == 4:
        following[:, unit.number] = 0
        return
    each = following.shape[1] // len(layers[unit.layer])  # a map that is flattened has so many places
    following[:, unit.number * each : (unit.number + 1) * each] = 0
