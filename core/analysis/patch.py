"""One pixel of a CNN's feature map, number by number: a filter's kernels on the patch under them, and what becomes of it.

    z = sum over the input maps, rows and columns of (patch times kernel) + bias

The sums are NumPy's, in double precision, of the arrays that the network has learnt: torch's convolution has no part in them.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from core.analysis.filters import Layer
    from core.cnn import Network


class Pixel(NamedTuple):
    """What a filter makes of one patch. `corner` is its first row and column in the input: below zero in the padding."""

    patches: np.ndarray  # (inputs, k, k): what lies under the filter in each input map, zeros in the padding
    kernels: np.ndarray  # (inputs, k, k)
    bias: float
    corner: tuple[int, int]

    @property
    def products(self) -> np.ndarray:
        return self.patches * self.kernels

    @property
    def sums(self) -> np.ndarray:
        """The products of each input map together, (inputs,)."""
        return self.products.sum(axis=(1, 2))

    @property
    def z(self) -> float:
        """The pixel that the convolution makes."""
        return float(self.sums.sum()) + self.bias


class Norm(NamedTuple):
    """Batch norm of one map: (z - mean) / deviation * scale + shift. The first two were seen in training, the last learnt."""

    mean: float
    deviation: float
    scale: float
    shift: float

    def __call__(self, z: float) -> float:
        return (z - self.mean) / self.deviation * self.scale + self.shift


class After(NamedTuple):
    """What a later step makes of the pixel, and where it is in the map then."""

    kind: str  # pooling, batch norm or ReLU
    value: float
    place: tuple[int, int]
    window: np.ndarray | None = None  # of pooling, (2, 2): of which the largest is kept
    norm: Norm | None = None


def pixel(model: "Network", steps: list["Layer"], layer: str, map: int, row: int, column: int) -> Pixel:
    """The pixel at (row, column) of a map of a convolution with stride 1, for the image whose `filters.layers` are `steps`."""
    convolution, arrays = model.get_submodule(layer), model.arrays()
    kernels = arrays[f"{layer}.weight"][map].astype(np.float64)
    padding, size = int(convolution.padding[0]), kernels.shape[-1]  # type: ignore[index]  # torch types no attribute
    padded = np.pad(
        steps[convolution_at(steps, layer) - 1].values.astype(np.float64), ((0, 0), (padding,) * 2, (padding,) * 2)
    )
    patches = padded[:, row : row + size, column : column + size]
    return Pixel(patches, kernels, float(arrays[f"{layer}.bias"][map]), (row - padding, column - padding))


def afterwards(
    model: "Network", steps: list["Layer"], layer: str, map: int, place: tuple[int, int], z: float
) -> Iterator[After]:
    """What becomes of the pixel z at a place of a convolution's map, step by step until the next layer."""
    first = convolution_at(steps, layer)
    for before, step in zip(steps[first:], steps[first + 1 :], strict=False):
        if step.name != layer:
            return
        if step.kind == "pooling":
            times = before.values.shape[-1] // step.values.shape[-1]
            place = place[0] // times, place[1] // times
            top, left = place[0] * times, place[1] * times
            window = before.values[map, top : top + times, left : left + times].astype(np.float64)
            z = float(window.max())
            yield After(step.kind, z, place, window=window)
        elif step.kind == "batch norm":
            norm = norm_of(model, layer, map)
            z = norm(z)
            yield After(step.kind, z, place, norm=norm)
        else:
            z = max(z, 0.0)
            yield After(step.kind, z, place)


def norm_of(model: "Network", layer: str, map: int) -> Norm:
    """The batch norm that follows a convolution, for one of its maps."""
    name, arrays = layer.replace("conv", "norm"), model.arrays()
    variance, epsilon = arrays[f"{name}.running_var"][map], float(model.get_submodule(name).eps)  # type: ignore[arg-type]
    mean, scale, shift = (float(arrays[f"{name}.{what}"][map]) for what in ("running_mean", "weight", "bias"))
    return Norm(mean, float(np.sqrt(float(variance) + epsilon)), scale, shift)


def convolution_at(steps: list["Layer"], layer: str) -> int:
    """Where the convolution of a layer stands among the steps; the one before it is what it is given."""
    return next(i for i, step in enumerate(steps) if (step.name, step.kind) == (layer, "convolution"))
