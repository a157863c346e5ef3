"""What is inside a convolutional network: feature maps, what excites a filter and where, and which ink an answer rests on.

Everything follows the steps that the network itself names (`stages`), so that it holds for any number of convolutions.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from core.analysis.attribution import Attribution
from core.cnn import Network
from core.data import PIXELS, SIDE

IMAGES_AT_ONCE = 400  # in a batch: the feature maps of a few wide layers then take some tens of megabytes
STEPS = 128  # of a sum that stands for an integral


class Layer(NamedTuple):
    """What a step of the network makes of one image."""

    name: str  # of the layer, e.g. "conv1"; "input" for the image itself
    kind: str  # normalised, or one of core.cnn.Stage's
    values: np.ndarray  # (maps, h, w), or (units,)


class Field(NamedTuple):
    """The receptive field of the units of a layer: the unit at (row, column) sees the `size` x `size` pixels from

    (start + step row, start + step column) on. Part of that may lie outside of the image, where the layer pads it.
    """

    size: int
    step: int
    start: int

    def corner(self, row: int, column: int) -> tuple[int, int]:
        """The first row and column of pixels that a unit sees."""
        return self.start + self.step * row, self.start + self.step * column


class Strongest(NamedTuple):
    """How strongly each filter of a layer answers to each image at most, after ReLU, and where."""

    values: np.ndarray  # (n, filters) float32, zero or more
    rows: np.ndarray  # (n, filters) uint8, in the feature map
    columns: np.ndarray

    def best(self, filter: int, k: int) -> np.ndarray:
        """The k images that excite a filter most, strongest first; only such as excite it at all."""
        values = self.values[:, filter]
        first = np.argsort(-values, kind="stable")[:k]
        return first[values[first] > 0]


def convolutions(model: Network) -> dict[str, nn.Conv2d]:
    """The convolutional layers by name, in their order."""
    return {name: layer for name, layer in model.named_modules() if isinstance(layer, nn.Conv2d)}


def pixels(model: Network, images: np.ndarray) -> Tensor:
    """Images (n, 28, 28), uint8 or float from 0 to 1, as the network sees them: (n, 1, 28, 28)."""
    model.eval()  # or batch norm would take the mean of these images, and remember it
    weights = next(model.parameters())
    return model.normalise(torch.tensor(images, device=weights.device)).to(weights.dtype)


@torch.inference_mode()
def layers(model: Network, image: np.ndarray) -> list[Layer]:
    """What every step of the network makes of an image (28, 28); the last are the ten logits."""
    x = pixels(model, image[None])
    first = Layer("input", "normalised", x[0].cpu().numpy())
    return [first, *(Layer(name, kind, values[0].cpu().numpy()) for name, kind, values in model.stages(x))]


@torch.inference_mode()
def receptive_field(model: Network, layer: str) -> Field:
    """What the units of a convolutional layer see of the image, after its ReLU. Raises ValueError for any other layer.

    Size and step grow from layer to layer: a kernel of k adds (k - 1) steps to the size, and a stride of s multiplies the
    step (V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep learning", 2016).
    """
    size, step, start, height = 1, 1, 0, SIDE
    known = convolutions(model)
    if layer not in known:
        raise ValueError(f"There is no convolution {layer}.")
    for stage in model.stages(pixels(model, np.zeros((1, SIDE, SIDE), np.uint8))):
        if stage.kind == "convolution":
            convolution = known[stage.name]
            start -= int(convolution.padding[0]) * step
            size += (convolution.kernel_size[0] - 1) * convolution.dilation[0] * step
            step *= convolution.stride[0]
        elif stage.kind == "pooling":
            window = height // stage.values.shape[2]
            size += (window - 1) * step
            step *= window
        elif (stage.name, stage.kind) == (layer, "ReLU"):
            break
        height = stage.values.shape[2]
    return Field(size, step, start)


@torch.inference_mode()
def strongest(model: Network, images: np.ndarray, layer: str) -> Strongest:
    """How strongly every filter of a layer answers to images (n, 28, 28) at most, and where, after ReLU.

    Only the maxima are kept, so that 10,000 images take a megabyte for sixteen filters.
    """
    parts = []
    for start in range(0, len(images), IMAGES_AT_ONCE):
        x = pixels(model, images[start : start + IMAGES_AT_ONCE])
        maps = next(stage.values for stage in model.stages(x) if (stage.name, stage.kind) == (layer, "ReLU"))
        flat = maps.flatten(2).cpu().numpy()  # NumPy finds the places of maxima ten times as fast
        places = flat.argmax(axis=2)
        values = np.take_along_axis(flat, places[..., None], axis=2)[..., 0]
        parts.append((values, *(part.astype(np.uint8) for part in np.divmod(places, maps.shape[3]))))
    return Strongest(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def patch(image: np.ndarray, field: Field, row: int, column: int) -> np.ndarray:
    """The pixels (size, size) of an image (28, 28) that the unit at (row, column) sees; paper outside of the image."""
    top, left = field.corner(row, column)
    around = np.pad(image, field.size)  # enough on every side for any unit that sees some of the image
    top, left = top + field.size, left + field.size
    return around[top : top + field.size, left : left + field.size]


def mean_patch(images: np.ndarray, found: Strongest, field: Field, filter: int, k: int = 100) -> np.ndarray | None:
    """What a filter looks for: the mean of the k patches (size, size) that excite it most, 0 paper to 255 ink.

    None where nothing excites it.
    """
    best = found.best(filter, k)
    if not len(best):
        return None
    seen = [patch(images[i], field, int(found.rows[i, filter]), int(found.columns[i, filter])) for i in best]
    return np.stack(seen).mean(axis=0, dtype=np.float64)


def logits(model: Network, x: Tensor, digit: int, over: int | None = None) -> Tensor:
    """The logit of a digit, less that of the digit `over`, for normalised pixels (n, 1, 28, 28): (n,)."""
    found = model(x)
    return found[:, digit] if over is None else found[:, digit] - found[:, over]


def gradient(model: Network, x: Tensor, digit: int, over: int | None = None) -> Tensor:
    """How fast those logits change with each pixel, (n, 1, 28, 28). The network's own gradients stay as they are."""
    x = x.detach().requires_grad_()
    return torch.autograd.grad(logits(model, x, digit, over).sum(), x)[0]


def integrated_gradients(
    model: Network, image: np.ndarray, digit: int, over: int | None = None, steps: int = STEPS
) -> Attribution:
    """Which pixels of an image (28, 28) a digit's logit, less that of the digit `over`, comes from.

    The ink appears little by little on blank paper, and each pixel is given its ink times the mean of the gradient on the
    way. With infinitely many steps all of it would sum to logit(image) - logit(blank paper) exactly (M. Sundararajan,
    A. Taly and Q. Yan, "Axiomatic attribution for deep networks", 2017, equations 1 and 3; here by the midpoint rule).
    """
    ends = pixels(model, np.stack([np.zeros_like(image), image]))  # (2, 1, 28, 28)
    way = ends[1] - ends[0]
    shares = (torch.arange(steps, dtype=way.dtype, device=way.device) + 0.5) / steps
    slope = torch.zeros_like(way)
    for batch in shares.split(IMAGES_AT_ONCE):
        slope += gradient(model, ends[0] + batch[:, None, None, None] * way, digit, over).sum(dim=0) / steps
    with torch.inference_mode():
        blank, there = logits(model, ends, digit, over).tolist()
    return Attribution((way * slope)[0].cpu().numpy(), blank, there)


@torch.inference_mode()
def occluded(model: Network, image: np.ndarray, size: int) -> np.ndarray:
    """What the network says to an image (28, 28) uint8 while a square of paper covers a part of it.

    (28, 28, 10) float32: the log-probability of each digit with a `size` x `size` square whose middle is at each pixel (of an
    even size, half a pixel up and left of it). A square of size 0 covers nothing (M. Zeiler, R. Fergus, "Visualizing and
    understanding convolutional networks", 2014, section 4.2).
    """
    copies = np.repeat(image[None], PIXELS, axis=0)
    for place in range(PIXELS):
        row, column = divmod(place, SIDE)
        top, left = max(row - size // 2, 0), max(column - size // 2, 0)
        copies[place, top : row - size // 2 + size, left : column - size // 2 + size] = 0
    changed = (copies != image).any(axis=(1, 2))  # a square that covers no ink changes nothing
    shown = np.concatenate([image[None], copies[changed]])
    logs = np.concatenate(list(_log_probs(model, shown)))
    answers = np.repeat(logs[:1], PIXELS, axis=0)
    answers[changed] = logs[1:]
    return answers.reshape(SIDE, SIDE, -1)


def _log_probs(model: Network, images: np.ndarray) -> Iterator[np.ndarray]:
    """The log-probabilities (n, 10) for images (n, 28, 28), a batch at a time."""
    for start in range(0, len(images), IMAGES_AT_ONCE):
        yield model(pixels(model, images[start : start + IMAGES_AT_ONCE])).log_softmax(dim=1).cpu().numpy()
