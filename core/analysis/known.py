"""Published figures that a run can be held beside, each with its source: what the networks of others did, and not what ours do.

Accuracies are from 0 to 1. Only what was read at the source itself stands here.
"""

from typing import NamedTuple

from core.analysis.disputed import CEILING
from core.config import Config, MLPConfig
from core.data import TEST_SIZE, TRAIN_SIZE
from core.words import share_words


class Figure(NamedTuple):
    """The accuracy of a network of others on MNIST's 10,000 test images."""

    network: str
    accuracy: float
    source: str  # in Markdown, with its address


class Point(NamedTuple):
    """A point of a published learning curve."""

    size: int  # images that the network learned from
    accuracy: float  # on MNIST's 10,000 validation images


# One hidden layer of ReLU, by its number of units, without any ablation.
HIDDEN = {64: 0.9674, 128: 0.9737, 256: 0.9762}
COTTEN = (
    "[Tim Cotten, 2025](https://github.com/tcotten-scrypted/persistent-stochastic-ablation-mlp/blob/main/results/"
    "psa_simplemlp_summary.md), the mean of 10 runs"
)
LECUN = "[the page of MNIST](http://yann.lecun.com/exdb/mnist/), where the images were not altered for training"
AN = "[An and others, 2020](https://arxiv.org/abs/2008.10400)"
USPS = (
    "[Human Performance on the USPS Database](https://paperexplained.cn/articles/paper/detail/57068e381ba0432486e08e6ac3e9e5b083d66201), whose "
    "authors found an error of 2.37% on single digits"
)
PEOPLE = Figure("people", 0.9763, USPS)  # digits from envelopes, which are not MNIST's
CONVOLUTIONAL = [Figure("LeNet-5", 0.9905, LECUN), Figure("three networks together", 0.9987, AN)]

# M. Nielsen's network of 784, 30 and 10 neurons: fig/more_data.py, whose results are fig/more_data.json. It sees as many images at
# every size, so its epochs are these divided by the size.
LEARNING_CURVE = tuple(
    Point(size, accuracy)
    for size, accuracy in (
        (100, 0.6909),
        (200, 0.7637),
        (500, 0.8529),
        (1_000, 0.8885),
        (2_000, 0.9127),
        (5_000, 0.9324),
        (10_000, 0.9489),
        (20_000, 0.9585),
        (50_000, 0.9597),
    )
)
NIELSEN = "M. Nielsen, 784-30-10"
IMAGES_SEEN = 1_500_000


def beside(config: Config) -> list[Figure]:
    """The published figures about networks such as one with these settings, trained on all images; for other widths none."""
    if config.train_size < TRAIN_SIZE:
        return []
    if not isinstance(config, MLPConfig):
        return CONVOLUTIONAL
    units = config.hidden_units
    return [Figure(f"{units} hidden units with ReLU", HIDDEN[units], COTTEN)] if units in HIDDEN else []


def line(config: Config) -> str:
    """What others have come to on the test images, what people do on such digits, and the ceiling that disputed labels leave; nothing where that is not known."""
    found = [f"{figure.network} {share_words(figure.accuracy, TEST_SIZE)}" for figure in beside(config)]
    if not found:
        return ""
    people = f"{PEOPLE.network} {share_words(PEOPLE.accuracy, TEST_SIZE)} of other digits, from envelopes"
    ceiling = f"more than {share_words(CEILING, TEST_SIZE)} only by agreeing with labels that people dispute"
    return f"Published for comparison: {' · '.join([*found, people, ceiling])}"


def sources(config: Config) -> str:
    """Where that was published, in Markdown."""
    said = " ".join(
        f"{figure.network[0].upper()}{figure.network[1:]}: {figure.source}." for figure in [*beside(config), PEOPLE]
    )
    return f"{said} Their settings are others than this run's."


def learning_curve(least: int, most: int) -> tuple[Point, ...]:
    """The points of Nielsen's curve from one size to another; none where they make no line."""
    points = tuple(point for point in LEARNING_CURVE if least <= point.size <= most)
    return points if len(points) > 1 else ()


def learning_curve_words(points: tuple[Point, ...]) -> str:
    """What these points are, and why they lie elsewhere than ours, in Markdown."""
    first, last = points[0].size, points[-1].size
    return (
        "Grey and dotted, not trained here: what [Michael Nielsen](https://github.com/mnielsen/neural-networks-and-deep-learning/blob/"
        "master/fig/more_data.py) published of a network with 30 hidden units. Its learning rate was 0.5, its batches were of 10 "
        "images, and its L2 was set for each size; above all it took as many steps at every size: "
        f"{IMAGES_SEEN // first:,} epochs of {first:,} images, {IMAGES_SEEN // last:,} of {last:,}."
    )
