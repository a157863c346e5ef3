"""What networks answer, computed once for all visitors: by run, epoch and part of the data."""

from typing import NamedTuple, TypeVar

import numpy as np
import streamlit as st

from core.analysis import doubt
from core.analysis.evaluation import Answers, Share, answers
from core.images.codes import FIRST
from core.images.corruption import Corruption, corrupted
from core.networks import Model
from core.runs import Run
from core.training import Checkpoint, model_at
from ui.shared import images_of, saved

PARTS = ("test", "validation")
IN_WORDS = {"test": "test images", "validation": "validation images"}
EVERY = 5  # of the images are enough for a curve: 2,000 say it to about one point, in a fifth of the time

Place = TypeVar("Place", int, np.ndarray)


class Version(NamedTuple):
    """A network: a saved state of a run, and an epoch in it. Whatever is computed from the network is kept under it."""

    key: str
    epoch: int
    state_id: str

    @property
    def checkpoint(self) -> Checkpoint:
        """The state itself. Raises Gone where it is not there any more."""
        return saved(self.key, self.state_id)


def epochs_of(run: Run) -> list[int]:
    """The epochs whose weights are kept, in order; 0 is before training."""
    return run.saved.epochs


def nearest_epoch(run: Run, epoch: int | None) -> int:
    """The kept epoch that is nearest to one; the last for None."""
    epochs = epochs_of(run)
    return epochs[-1] if epoch is None else min(epochs, key=lambda kept: abs(kept - epoch))


def version(run: Run, epoch: int) -> Version:
    return Version(run.key, epoch, run.state_id)


def model(version: Version) -> Model:
    """The network itself. Only to be looked at: everybody has the same one.

    After the last epoch of a finished run it is the run's own; before that the snapshot's, at half precision.
    """
    state = version.checkpoint
    return state.model if state.ends_after(version.epoch) else _model_at(version)


@st.cache_resource(max_entries=32, show_spinner=False)
def _model_at(version: Version) -> Model:
    return model_at(version.checkpoint, version.epoch)


def sure_from(version: Version) -> float:
    """From which probability on an answer of a network counts as sure. Of those that come trained it is known."""
    if version.key in doubt.SURE and version.checkpoint.ends_after(version.epoch):
        return doubt.SURE[version.key]
    return doubt.threshold(drawn_answers(version)[0])


@st.cache_resource(max_entries=64, show_spinner="Showing the network drawings …")
def drawn_answers(version: Version) -> tuple[np.ndarray, np.ndarray]:
    """How sure a network is of drawn digits (n,) and of what is no digit (m,), by its largest probability. Read-only."""
    found = [model(version).predict_proba(images).max(axis=1) for images in (doubt.digits_drawn(), doubt.no_digits())]
    for array in found:
        array.flags.writeable = False
    return found[0], found[1]


def mnist_index(part: str, place: Place) -> Place:
    """Where MNIST has an image: in its test file, or among its 60,000 training images, whose last 10,000 validate.

    `place` is a place among the images of the part, or an array of them.
    """
    return FIRST[part] + place


@st.cache_resource(max_entries=64, show_spinner="Asking the network …")
def answers_of(version: Version, part: str) -> Answers:
    """What a network says to all images of a part: half a megabyte, read-only."""
    images, labels = images_of(part)
    found = answers(model(version).predict_proba(images), labels)
    for array in found:
        array.flags.writeable = False
    return found


@st.cache_resource(max_entries=2, show_spinner=False)
def corrupted_sample(part: str, corruption: Corruption, every: int) -> np.ndarray:
    """The images of a part, or every so many of them, corrupted: (n, 28, 28) float32. Only to be looked at."""
    return corrupted(images_of(part)[0][::every], corruption)


@st.cache_resource(max_entries=2048, show_spinner=False)
def accuracy_under(version: Version, part: str, corruption: Corruption, every: int) -> Share:
    """How many images of a part, or of every so many of them, a network reads right when they are corrupted."""
    found = model(version).predict_proba(corrupted_sample(part, corruption, every)).argmax(axis=1)
    labels = images_of(part)[1][::every]
    return Share(int((found == labels).sum()), len(labels))
