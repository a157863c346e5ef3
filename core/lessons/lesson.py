"""What a lesson is made of, and what an experiment gives."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from core.config import Config
from core.data import Digits
from core.history import EpochEnd
from core.lessons.prediction import Answer, Asks
from core.training import Checkpoint


class Curves(NamedTuple):
    """A figure: accuracy after every epoch, of some runs by what they are called."""

    histories: Mapping[str, Sequence[EpochEnd]]


class Bars(NamedTuple):
    """A figure: a bar for each name, from 0 to `most`; `words` is what each says, and `marked` the ones that stand out."""

    title: str
    values: Mapping[str, float]
    words: Sequence[str]
    most: float
    marked: frozenset[str] = frozenset()


class Line(NamedTuple):
    """A figure: the curve that was predicted, and the one that came, in percent."""

    found: tuple[float, ...]


class Pictures(NamedTuple):
    """A figure: rows of images (n, 28, 28) float from 0 (paper) to 1 (ink), each with what it shows."""

    rows: Mapping[str, np.ndarray]


class Weights(NamedTuple):
    """A figure: the weights of one hidden neuron (784,)."""

    row: np.ndarray


Figure = Curves | Bars | Line | Pictures | Weights


class Material(NamedTuple):
    """What a lesson is computed from: its runs, all of them finished, by their names; and MNIST."""

    runs: Mapping[str, Checkpoint]
    digits: Digits

    def val_accuracy(self, name: str) -> float:
        """At the end of a run, from 0 to 1."""
        return self.runs[name].history[-1].val_accuracy


class Outcome(NamedTuple):
    """What an experiment shows. `takeaway` is what to keep of it, as far as these runs bear it out."""

    answer: Answer
    sentences: Sequence[str]
    holds: bool  # whether the runs show what the lesson is about
    takeaway: str
    figure: Figure


class Way(NamedTuple):
    """Where to go on: a page and its parameters, and what is to be seen there."""

    page: str
    words: str
    query: Mapping[str, str]


class Lesson(NamedTuple):
    """One experiment. `shown` is what is seen with the question, where there is something to look at."""

    title: str
    short: str
    question: str
    asks: Asks
    runs: Mapping[str, Config]
    find: Callable[[Material], Outcome]
    ways: Sequence[Way]
    shown: Callable[[Material], Figure] | None = None
    called: str = "{}"  # what its runs are called, by their names
