"""A network as the row of its layers: what each is called, the shape of what it makes, how many parameters it learns, what it does.

From the settings alone: no network is built, and torch stays unimported.
"""

from typing import NamedTuple

from core.config import CNNConfig, Config, MLPConfig
from core.data import CLASSES, PIXELS, SIDE

CONVOLUTION = "Slides small kernels over what comes in: each one looks for a pattern of its own, wherever it is."
POOLED = (
    f"{CONVOLUTION} Of neighbouring answers only the strongest is kept, so that where exactly it is no longer matters."
)
IMAGE = "The image: how much ink each pixel has. Nothing is learnt here."
OUTPUT = "A unit for each digit sums up what speaks for it; softmax makes probabilities of these sums."


class Layer(NamedTuple):
    """A layer. `shape` is (maps, h, w) or (units,): of what leaves it, after its activation and its pooling if it has one."""

    name: str
    shape: tuple[int, ...]
    parameters: int
    words: str


def layers(config: Config) -> list[Layer]:
    """The layers from the image to the ten digits. Their parameters sum to config.parameter_count."""
    image = Layer("image", (1, SIDE, SIDE), 0, IMAGE)
    if isinstance(config, MLPConfig):
        words = (
            f"Every neuron sums all pixels by weights of its own, its template, and its activation ({config.activation}) "
            "bends the sum."
        )
        hidden = Layer("hidden", (config.hidden_units,), (PIXELS + 1) * config.hidden_units, words)
        return [image, hidden, _connected("output", config.hidden_units, CLASSES, OUTPUT)]
    assert isinstance(config, CNNConfig)
    return [image, *(_deep() if config.architecture == "deep" else _lenet(config))]


def _lenet(config: CNNConfig) -> list[Layer]:
    words = "Every unit sees all that comes before it." + " Dropout silences some of them in training." * bool(
        config.dropout
    )
    return [
        _convolution("conv1", 1, (6, 12, 12), 5, 1, POOLED),
        _convolution("conv2", 6, (16, 4, 4), 5, 1, POOLED),
        _connected("fc1", 16 * 4 * 4, 120, words),
        _connected("fc2", 120, 84, words),
        _connected("fc3", 84, CLASSES, OUTPUT),
    ]


def _deep() -> list[Layer]:
    """Each convolution learns a bias and the two numbers of its batch norm for each map."""
    return [
        _convolution("conv1", 1, (24, 12, 12), 5, 3, POOLED),
        _convolution("conv2", 24, (32, 12, 12), 3, 3, CONVOLUTION),
        _convolution("conv3", 32, (48, 6, 6), 3, 3, POOLED),
        _convolution("conv4", 48, (80, 3, 3), 3, 3, POOLED),
        _connected("fc1", 80 * 3 * 3, 64, "Every unit sees all that comes before it."),
        _connected("fc2", 64, CLASSES, OUTPUT),
    ]


def _convolution(name: str, before: int, shape: tuple[int, int, int], side: int, each: int, words: str) -> Layer:
    """A convolution of `side` x `side` kernels over so many maps, with `each` more parameters for every map that it makes."""
    return Layer(name, shape, (before * side * side + each) * shape[0], words)


def _connected(name: str, before: int, units: int, words: str) -> Layer:
    return Layer(name, (units,), (before + 1) * units, words)
