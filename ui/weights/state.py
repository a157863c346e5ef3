"""What the page of weights shows: its parameters, which are those of its address."""

from collections.abc import Collection
from dataclasses import dataclass

from core.analysis.ablation import NOISE
from core.config import PRESETS, MLPConfig, range_of
from core.data import CLASSES, SIDE
from core.kinds import Choice, Range, setting
from ui.parameters import ImageCode, RunKey, Several
from ui.state import PageState, Values

# What there is to see, by kind of network; the first is where one begins.
VIEWS = {
    "mlp": {"neurons": "Neurons", "why": "Why this answer?", "step": "One step", "break": "Break it"},
    "cnn": {
        "filters": "Filters",
        "layers": "Layer by layer",
        "pixel": "One pixel",
        "why": "Why this answer?",
        "step": "One step",
        "break": "Break it",
    },
}
SORTS = {"number": "Number", "norm": "Norm", "votes": "Digit it votes for", "similarity": "Similarity"}
SCALES = {"common": "One for all", "own": "Each its own", "training": "Whole training"}
IMAGE = "test-0"
LAYERS = ("conv1", "conv2", "conv3", "conv4")  # those of the two convolutional networks
# Why this answer? Which digit is asked about, and against which one: the network's own choices, or one of the ten.
# What they are called stays the same whatever the image: a browser sends a choice back by its name.
ANSWER, RIVAL, NOTHING = "answer", "rival", "nothing"
NAMES = {ANSWER: "its answer", RIVAL: "the best other digit", NOTHING: "nothing"}
DIGITS = tuple(map(str, range(CLASSES)))
# One step: how a batch's gradients become one, of how many images it is, and which layer the weight is of.
GRADIENTS = {"sum": "Sum", "mean": "Mean"}
BATCHES = {"1": "This image", "8": "With 7 others", "64": "With 63 others"}
WEIGHTS = {"w2": "Neuron to digit", "w1": "Pixel to neuron"}
MOST_STEPS = 200
SUMS = {"all": "All neurons", "strongest": "The eight strongest", "one": "The chosen one"}


@dataclass(frozen=True)
class WeightsState:
    """None is decided by what is shown: the last epoch, the network's first view."""

    run: str = setting(PRESETS["MLP full"].key, RunKey("epoch"))
    epoch: int | None = setting(None, Range(0, 200, int))
    view: str | None = setting(None, Choice(tuple(VIEWS["mlp"] | VIEWS["cnn"])))
    image: str = setting(IMAGE, ImageCode())
    unit: int = setting(0, Range(0, 4095, int))  # a hidden neuron, or a kernel of a convolution
    sort: str = setting("number", Choice(tuple(SORTS)))
    scale: str = setting("common", Choice(tuple(SCALES)))
    layer: str = setting(LAYERS[0], Choice(LAYERS))
    digit: str = setting(ANSWER, Choice((ANSWER, *DIGITS)))
    against: str = setting(RIVAL, Choice((RIVAL, NOTHING, *DIGITS)))
    sum: str = setting("all", Choice(tuple(SUMS)))
    square: int = setting(5, Range(0, 10, int))
    off: tuple[int, ...] = setting((), Several(Range(0, 255, int), 256, "units", separator="."))
    weakest: int = setting(0, Range(0, 256, int))
    prune: int = setting(0, Range(0, 100, int))
    noise: float = setting(0.0, NOISE)
    noise_seed: int = setting(0, Range(0, 9999, int))
    steps: int = setting(0, Range(0, MOST_STEPS, int))  # that were taken since the saved weights
    gradient: str = setting("sum", Choice(tuple(GRADIENTS)))
    batch: str = setting("1", Choice(tuple(BATCHES)))
    learning_rate: float = setting(0.01, range_of(MLPConfig, "learning_rate"))
    weight_decay: float = setting(0.0001, range_of(MLPConfig, "weight_decay"))
    meant: str = setting(ANSWER, Choice((ANSWER, *DIGITS)))  # what a drawing is of: what the network reads, or a digit
    weight: str = setting("w2", Choice(tuple(WEIGHTS)))
    output: int = setting(0, Range(0, CLASSES - 1, int))  # the digit that the weight leads to,
    row: int = setting(SIDE // 2, Range(0, SIDE - 1, int))  # or the pixel that it comes from; a feature map's, too
    column: int = setting(SIDE // 2, Range(0, SIDE - 1, int))


def _complete(values: Values, given: Collection[str]) -> Values:
    """An address with an image and no view asks why the network answers as it does."""
    asks_why = "image" in given and "view" not in given
    return values | {"view": "why"} if asks_why else values


STATE = PageState.of("weights", WeightsState, complete=_complete)
