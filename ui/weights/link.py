"""The state of the page that looks inside a network, and how it and the page's address keep each other up to date.

Every control has a name here, which is also its parameter in the address. What they are set to is kept under
"weights_<name>" by Streamlit while a control is on the page, and in `st.session_state.weights` for good.
"""

from collections.abc import Collection
from typing import Any, NamedTuple

from core.config import PRESETS, Choice, Range, SettingsError
from core.images.codes import ChosenError, chosen
from ui import links
from ui.controls import Controls, gone, run_in
from ui.shared import digits

PAGE = "weights"
# What there is to see, by kind of network; the first is where one begins.
VIEWS = {
    "mlp": {"neurons": "Neurons", "why": "Why this answer?", "break": "Break it"},
    "cnn": {"filters": "Filters", "layers": "Layer by layer", "why": "Why this answer?", "break": "Break it"},
}
VIEW_WORDS = VIEWS["mlp"] | VIEWS["cnn"]  # a browser may still say the other network's view when the run has changed
ALL_VIEWS = tuple(VIEW_WORDS)
SORTS = {"number": "Number", "norm": "Norm", "votes": "Digit it votes for", "similarity": "Similarity"}
SCALES = {"common": "One for all", "own": "Each its own", "training": "Whole training"}
IMAGE = "test-0"
LAYERS = ("conv1", "conv2", "conv3", "conv4")  # those of the two convolutional networks
# Why this answer? Which digit is asked about, and against which one: the network's own choices, or one of the ten.
# What they are called stays the same whatever the image: a browser sends a choice back by its name.
ANSWER, RIVAL, NOTHING = "answer", "rival", "nothing"
NAMES = {ANSWER: "its answer", RIVAL: "the best other digit", NOTHING: "nothing"}
DIGITS = tuple(map(str, range(10)))
SUMS = {"all": "All neurons", "strongest": "The eight strongest", "one": "The chosen one"}


class ImageCode:
    """The name of an image, as core/images/codes.py reads it."""

    def nearest(self, text: str) -> str:
        """The name itself. Raises SettingsError where it is no image's."""
        try:
            return chosen(text, digits()).code
        except ChosenError as error:
            raise SettingsError(f"cannot be opened ({str(error).rstrip('.')})") from None


class Units(NamedTuple):
    """Some of a layer's units by number, written with points between them, e.g. "3.17.40"."""

    most: int  # the largest number

    def nearest(self, text: str) -> list[int]:
        """Those numbers in order, each once. Raises SettingsError for any other text."""
        words = text.split(".") if text else []
        if not all(word.isascii() and word.isdigit() and int(word[:9]) <= self.most for word in words):
            raise SettingsError(f"must be numbers up to {self.most} with points between them, not “{text[:40]}”")
        return sorted({int(word) for word in words})


# Everything but the run. None is decided by what is shown: the last epoch, the network's first view.
LIMITS: dict[str, Range | Choice | ImageCode | Units] = {
    "epoch": Range(0, 200, int),
    "view": Choice(ALL_VIEWS),
    "image": ImageCode(),
    "unit": Range(0, 4095, int),  # a hidden neuron, or a kernel of a convolution
    "sort": Choice(tuple(SORTS)),
    "scale": Choice(tuple(SCALES)),
    "layer": Choice(LAYERS),
    "digit": Choice((ANSWER, *DIGITS)),
    "against": Choice((RIVAL, NOTHING, *DIGITS)),
    "sum": Choice(tuple(SUMS)),
    "square": Range(0, 10, int),
    "off": Units(255),
    "weakest": Range(0, 256, int),
    "prune": Range(0, 100, int),
    "noise": Range(0.0, 2.0, float),
    "noise_seed": Range(0, 9999, int),
}
DEFAULTS: dict[str, Any] = {
    "run": PRESETS["MLP full"].key,
    "epoch": None,
    "view": None,
    "image": IMAGE,
    "unit": 0,
    "sort": "number",
    "scale": "common",
    "layer": LAYERS[0],
    "digit": ANSWER,
    "against": RIVAL,
    "sum": "all",
    "square": 5,
    "off": [],
    "weakest": 0,
    "prune": 0,
    "noise": 0.0,
    "noise_seed": 0,
}
PARAMETERS = set(DEFAULTS)  # of the page's address

controls = Controls(PAGE, LIMITS, DEFAULTS)
get, put, key_of = controls.get, controls.put, controls.key_of


def read(keys: Collection[str]) -> None:
    """Take over what the address brings, and note what of it could not be taken. `keys` are the runs that there are.

    A run that is not among them, or no longer, makes way for the first of them.
    """
    query = links.arriving(PAGE, PARAMETERS)
    if query is not None:
        controls.take(*from_link(query, keys))
    controls.recall()
    if get("run") not in keys:
        if query is None:
            links.note([f"{gone(get('run'))}: showing another one."])
        put("run", next(iter(keys)))
        put("epoch", None)
    controls.remember()


def write(instead: dict[str, Any]) -> None:
    """Make the address one that brings anybody else to what is shown. `instead` are other words for some of it."""
    link = controls.remember() | instead
    links.write(PAGE, {name: _words(value) for name, value in link.items() if value != DEFAULTS[name]})


def from_link(query: links.Link, keys: Collection[str]) -> tuple[dict[str, Any], list[str]]:
    """The state that an address asks for, and one sentence for each value that had to be replaced.

    An address with an image and no view asks why the network answers as it does.
    """
    values, sentences = controls.read(query)
    values["run"], said = run_in(query, "run", keys, DEFAULTS["run"])
    if "view" not in query and query.get("image") == values["image"]:
        values["view"] = "why"
    return values, said + sentences


def _words(value: Any) -> str:
    return ".".join(map(str, value)) if isinstance(value, list) else str(value)
